"""The homepage: what FractureLens does, and the way in."""
