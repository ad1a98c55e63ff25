"""From a trained network to its INT8 LiteRT file."""
