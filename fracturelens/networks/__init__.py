"""What a network is, and how it is asked."""
