"""An executor for tests that need no threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from pipeline.errors import PipelineError


class AtOnce(Executor):
    """Does the work when it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except (PipelineError, OSError) as err:
            future.set_exception(err)
        return future
