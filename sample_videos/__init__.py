"""Clips that ship with the project, their truth, and the generator that makes them."""
