"""The film viewer: our own component, Python here, HTML, CSS and JavaScript beside it."""
