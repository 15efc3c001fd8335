"""Watches live streams in processes of its own: connections, packets in memory, key frames decoded when somebody has time for them."""
