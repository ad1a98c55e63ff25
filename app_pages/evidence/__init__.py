"""Evidence: what was measured, how, and on which data."""
