"""The command ``doorline``: each command parses, calls one function, prints, exits.

Exit codes: 0 done, 1 some source failed (or something was found to be wrong), 2 usage or configuration,
130 interrupted.

The modules here import what does the work inside their functions, so that help, usage errors and completion do not
wait for libraries that they do not need.
"""

from pipeline.cli.app import main

__all__ = ["main"]
