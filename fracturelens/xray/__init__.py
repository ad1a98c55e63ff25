"""From the bytes of a file to pixels, and into the networks' square."""
