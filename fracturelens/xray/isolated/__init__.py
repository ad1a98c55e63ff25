"""Decoders that may crash, hang or eat memory run in a process of their own."""
