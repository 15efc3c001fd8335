"""Zones: their files, their checks and when they permit."""
