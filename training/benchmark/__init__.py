"""Times the networks, here and on other processors."""
