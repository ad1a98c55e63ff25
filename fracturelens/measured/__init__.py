"""Published figures: read, put into words and laid out as tables and plots."""
