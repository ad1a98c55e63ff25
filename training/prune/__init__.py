"""From a trained segmenter to a narrower one that costs fewer multiply-accumulates."""
