"""Trains the networks and what screens pictures before them."""
