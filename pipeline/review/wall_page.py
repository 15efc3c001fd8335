"""The wall: every camera with its newest picture and how it is doing, what needs somebody first."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from pipeline.records import AuditEntry
from pipeline.review.asking import Asking, By, ByItself, The
from pipeline.review.camera_tiles import (
    NoSuchCameraError,
    as_json,
    camera_of,
    cameras_of,
    counts_of,
    seen_now,
    summary_of,
    tiles_of,
    told_of,
    troubled,
)
from pipeline.review.console import Console
from pipeline.review.frame import frame
from pipeline.review.live_cameras import CameraNow, CameraState

router = APIRouter(include_in_schema=False)
Street = Annotated[str, Query(max_length=200)]
_STATES = tuple(each.value for each in CameraState)
EVERY_S = 5
"""So often the script asks how all of them are doing."""


@router.get("/cameras")
def show_wall(console: The, by: By, street: Street = "", state: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """All cameras that this person sees; those of another state than asked for are there, and hidden."""
    state = state if state in _STATES else ""
    told = AuditEntry(console.now(), by.account.name, "cameras/viewed", "", {"street": street} if street else {}, by.remote)
    console.records.accounts.note((told,))
    asked = {name: value for name, value in (("street", street), ("state", state)) if value}
    every, values = _values(console, by, street)
    shown = console.render(
        "cameras.html",
        by.language,
        **frame(by.login, f"/cameras?{urlencode(asked)}" if asked else "/cameras"),
        **values,
        street=street,
        state=state,
        streets=sorted({camera.street for camera in cameras_of(console, by.account) if camera.street}),
        states=_STATES,
        configured=len(every),
        state_url=f"/cameras/state?{urlencode({'street': street})}" if street else "/cameras/state",
        every_s=EVERY_S,
    )
    return HTMLResponse(shown)


@router.get("/cameras/state")
def tell_state(console: The, by: ByItself, street: Street = "", camera: Annotated[str, Query(max_length=200)] = "") -> JSONResponse:
    """The same for the script, of all cameras, of a street or of one."""
    _, values = _values(console, by, street, camera)
    return JSONResponse(values | {"tiles": [as_json(tile) for tile in values["tiles"]]})


@router.get("/cameras/{camera_id}/picture")
def show_picture(camera_id: str, console: The, by: ByItself) -> Response:
    """The newest picture that is kept of a camera. NoSuchCameraError where there is none."""
    path = console.settings.live.picture_of(camera_of(console, by.account, camera_id).id)
    try:
        # Whole at once: while it is sent, the next one may take its place.
        data = path.read_bytes()
    except OSError as err:
        raise NoSuchCameraError("no picture is kept", where=camera_id) from err
    return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600, immutable"})


def _values(console: Console, by: Asking, street: str, camera_id: str = "") -> tuple[list[CameraNow], dict[str, Any]]:
    t = console.wording.of(by.language)
    sight = console.live.sight()
    cameras = (camera_of(console, by.account, camera_id),) if camera_id else cameras_of(console, by.account)
    every = seen_now(sight, [camera for camera in cameras if not street or camera.street == street])
    return every, {
        "tiles": tiles_of(console, by.account, t, every, console.now()),
        "counts": counts_of(every),
        "troubled": troubled(every),
        "summary": summary_of(t, every),
        "told": told_of(console, by.account, t, sight),
    }
