"""Archives that hold X-rays: a ZIP of a study, a file in gzip."""
