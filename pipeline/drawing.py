"""Polygons, boxes and Chinese labels drawn onto pictures."""
