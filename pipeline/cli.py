"""Reads arguments, calls one function, prints, exits."""
