"""How good a run is, per event: what it found beside what really happened."""
