"""``python -m pipeline.watching DESCRIPTOR PIXELS LEVEL``: started by the program, never by people."""

import sys

from pipeline.watching.stream_process import serve

serve(*(int(argument) for argument in sys.argv[1:4]))
