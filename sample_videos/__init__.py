"""Clips that ship with the project, their truth, and the code that makes them."""
