"""Marks and text on pictures."""
