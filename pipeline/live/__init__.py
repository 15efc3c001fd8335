"""Many cameras at once, until told to stop: streams in, violations with evidence and records out."""
