"""Networks from PyTorch, and ours for other programs."""
