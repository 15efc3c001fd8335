"""The shop list."""
