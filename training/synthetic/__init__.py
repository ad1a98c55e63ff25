"""What the computer draws: radiographs, fractures and pieces moved from one X-ray into another."""
