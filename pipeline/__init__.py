"""Doorline: street cameras in, violations of the street front with evidence and records out."""

__version__ = "0.1.0"
