"""Many films on many machines: `fracturelens predict --ray`."""
