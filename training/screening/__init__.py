"""Fits what tells an X-ray that the networks know from other pictures."""
