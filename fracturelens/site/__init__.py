"""X-rays of one's own site: measured, and the gate calibrated on them."""
