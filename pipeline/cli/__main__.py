"""``python -m pipeline.cli`` is ``doorline``."""

from pipeline.cli import main

main()
