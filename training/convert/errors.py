"""What `convert` and `export` raise."""


class ConversionError(RuntimeError):
    """A network cannot be converted or exported; the text says what to do."""
