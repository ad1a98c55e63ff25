"""What every server of ours puts before its answers."""
