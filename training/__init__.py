"""The workshop: everything that makes what lies in saved_model."""
