"""The dashboard: X-rays in; verdicts, overlays and downloads out."""
