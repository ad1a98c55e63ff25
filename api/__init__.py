"""The REST interface: verdicts and overlays for programs, on the same engine as the pages."""
