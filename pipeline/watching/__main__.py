"""``python -m pipeline.watching DESCRIPTOR LEVEL``: started by the program, never by people."""

import sys

from pipeline.watching.stream_process import serve

serve(int(sys.argv[1]), int(sys.argv[2]))
