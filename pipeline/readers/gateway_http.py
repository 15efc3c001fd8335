"""One HTTP request to a gateway, with its faults as those of a source."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.errors import SourceError
from pipeline.http_exchange import HttpAnswer, HttpRequest, NoAnswerError, StoppedError, UnreachableError, exchange

__all__ = ["HttpAnswer", "HttpRequest", "NoAnswerError", "StoppedError", "get"]


def get(request: HttpRequest, *, within_s: float, monotonic: Callable[[], float], stopped: Callable[[], bool]) -> HttpAnswer:
    """The answer to a request.

    Args:
        request: a GET.
        within_s: seconds until the whole answer must be there.
        monotonic: a clock that runs on, seconds.
        stopped: asked several times a second; True ends the wait.

    Raises SourceError (the gateway can't be reached), NoAnswerError, StoppedError.
    """
    try:
        return exchange(request, within_s=within_s, monotonic=monotonic, stopped=stopped)
    except UnreachableError as err:
        hint = err.hint or "Check the url of the gateway, and that it runs"
        raise SourceError("cannot reach the gateway", where=request.url, expected=err.expected, found=err.found, hint=hint) from err
