"""Draws synthetic radiographs: shapes of bones and flesh, breaks, and the film."""
