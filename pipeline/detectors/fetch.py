"""Getting a model's weights, only when somebody asks: ``doorline models fetch``."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import IO, TypeAlias
from urllib.parse import urlsplit

from pipeline.detectors.model_card import ModelCard, hash_weights, load_card
from pipeline.errors import ModelError

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called with (bytes received, bytes in all or None)."""

_CHUNK_BYTES = 1 << 18
_TIMEOUT_S = 30.0
_MOST_BYTES = 4 << 30
"""Where the card doesn't state a size, nothing larger than this is taken."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def fetch_model(card_path: Path, *, progress: Progress | None = None) -> Path:
    """Download the weights that a card pins to where it wants them, and return that path.

    What is there already and has the right hash is left alone. Otherwise the file is written to ``*.partial``,
    its size and sha256 are checked, and only then does it take its name. Raises ModelError; nothing half-written
    is left behind.
    """
    card = load_card(card_path)
    url = _checked_source(card, card_path)
    if card.weights.exists() and hash_weights(card.weights) == card.sha256:
        return card.weights
    partial = card.weights.with_name(f"{card.weights.name}.partial")
    try:
        try:
            card.weights.parent.mkdir(parents=True, exist_ok=True)
            found = _download(url, partial, card.bytes, progress)
            if found != card.sha256:
                raise ModelError("download is not what the card pins", where=url, expected=f"sha256 {card.sha256}", found=f"sha256 {found}")
            partial.replace(card.weights)
        finally:
            partial.unlink(missing_ok=True)
    except (urllib.error.URLError, HTTPException, OSError) as err:
        raise ModelError(
            "cannot fetch weights", where=url, found=str(err), hint=f"Get the file by other means and put it at {card.weights}"
        ) from err
    return card.weights


def _checked_source(card: ModelCard, card_path: Path) -> str:
    """The address to fetch from. Unpinned weights and folders are never fetched."""
    if not card.source:
        raise ModelError(
            "model card names no source", where=str(card_path), expected="source: https://...", hint=f"Put the weights at {card.weights}"
        )
    if not card.sha256:
        raise ModelError(
            "weights are not pinned",
            where=str(card_path),
            expected="sha256 in the model card",
            hint="Nothing is fetched that can't be checked",
        )
    if card.format.value == "openvino":
        raise ModelError(
            "an OpenVINO model is a folder and can't be fetched as one file", where=str(card_path), hint="Fetch and export the .pt"
        )
    _check_address(card.source)
    return card.source


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise ModelError(
        "source is not safe to fetch from", where=url, expected="https:// (http:// only to this machine)", found=parts.scheme or "no scheme"
    )


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to where fetching would have been allowed in the first place."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        _check_address(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # http.client.HTTPMessage, passed on as it came


def _download(url: str, path: Path, expected_bytes: int | None, progress: Progress | None) -> str:
    """Write the body to ``path``, synced to disk, and return its sha256. Stops as soon as it is too long."""
    most = expected_bytes or _MOST_BYTES
    received = 0
    digest = hashlib.sha256()
    opener = urllib.request.build_opener(_SafeRedirects)
    with opener.open(url, timeout=_TIMEOUT_S) as response, path.open("wb") as file:
        while chunk := response.read(_CHUNK_BYTES):
            received += len(chunk)
            if received > most:
                raise ModelError("download is too long", where=url, expected=f"{most} bytes", found="more")
            digest.update(chunk)
            file.write(chunk)
            if progress:
                progress(received, expected_bytes)
        file.flush()
        os.fsync(file.fileno())
    if expected_bytes is not None and received != expected_bytes:
        raise ModelError(
            "download is cut short", where=url, expected=f"{expected_bytes} bytes", found=f"{received} bytes", hint="Try again"
        )
    return digest.hexdigest()
