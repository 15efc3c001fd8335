"""The append-only log of looks, and its reader."""
