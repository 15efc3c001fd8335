"""Whose zones somebody may see, and who may draw them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException

from pipeline.cases import CaseRole
from pipeline.config import CameraSettings
from pipeline.records import Account
from pipeline.review.asking import By, ByForm, ForbiddenError, The
from pipeline.review.console import Console
from pipeline.review.frame import sees_all


def may_draw_zones(account: Account) -> bool:
    """Operators do."""
    return CaseRole.OPERATOR in account.roles and sees_all(account)


def camera_of(console: Console, account: Account, camera_id: str) -> CameraSettings:
    """A camera of the configuration. 404 where there is none, and for squads: nobody of them learns what there is."""
    camera = next((camera for camera in console.settings.cameras if camera.id == camera_id), None)
    if camera is None or not sees_all(account):
        raise HTTPException(404)
    return camera


def seen_camera(camera_id: str, console: The, by: By) -> CameraSettings:
    """For those who look."""
    return camera_of(console, by.account, camera_id)


def drawn_camera(camera_id: str, console: The, by: ByForm) -> CameraSettings:
    """For those who draw. Raises ForbiddenError for others who may look."""
    camera = camera_of(console, by.account, camera_id)
    if not may_draw_zones(by.account):
        raise ForbiddenError
    return camera


SeenCamera = Annotated[CameraSettings, Depends(seen_camera)]
DrawnCamera = Annotated[CameraSettings, Depends(drawn_camera)]
