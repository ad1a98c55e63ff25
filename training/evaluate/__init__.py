"""Chooses thresholds and measures the networks."""
