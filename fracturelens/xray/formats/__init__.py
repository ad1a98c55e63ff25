"""Readers of picture files, one module for each format, registered in `registry`."""
