"""Composes the demo clip: a made-up street in metres, seen by a pinhole camera, with actors who follow a script."""
