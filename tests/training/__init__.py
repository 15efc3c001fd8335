"""Tests of making the street model."""
