"""Writes README, model card and benchmark tables from the figures."""
