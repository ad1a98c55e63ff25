"""FracAtlas on disk: brought, unpacked, audited and read."""
