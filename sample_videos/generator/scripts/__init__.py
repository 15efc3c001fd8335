"""One file per sample video: what happens in it, in the words of stage.py."""
