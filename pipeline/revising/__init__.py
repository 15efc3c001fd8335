"""What operators change while all else runs: a drawing or a list is checked, tried, and comes into force with its records or not at all."""
