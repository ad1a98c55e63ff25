"""From a network's probabilities to numbered regions and their drawings."""
