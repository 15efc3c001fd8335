"""The console as an ASGI application."""

from __future__ import annotations

import logging
from contextlib import suppress
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from pipeline.cases import StepRefusedError
from pipeline.errors import ConfigError, EvidenceError, PipelineError, RecordError
from pipeline.records import ClaimedCaseError, NoSuchCaseError, NoSuchDrawError, NoSuchPageError, StaleCaseError, TooManyPhotosError
from pipeline.review import (
    accounts_page,
    api,
    audit_page,
    camera_page,
    coverage_page,
    draws_page,
    entering,
    export,
    item_page,
    me_page,
    media,
    oidc_entering,
    overview_export,
    overview_page,
    photo_page,
    queue_page,
    shop_cards,
    shop_page,
    shops_import,
    shops_page,
    streets_page,
    wall_page,
    zone_drawing,
    zone_uploads,
    zones_page,
)
from pipeline.review.accounts_page import NoSuchAccountError, OwnAccountError
from pipeline.review.asking import ForbiddenError, NotLoggedInError, WrongFormError, console_of, language_of, login_of
from pipeline.review.camera_tiles import NoSuchCameraError
from pipeline.review.console import STATIC, Console
from pipeline.review.frame import frame
from pipeline.review.headers import SafeHeaders
from pipeline.review.photo_files import PhotoNotKeptError, PhotoRefusedError
from pipeline.review.shops_import import NoShopListError
from pipeline.review.small_bodies import SmallBodies, TooLargeError
from pipeline.review.wording import size_text
from pipeline.revising.saving_shops import NoShopDraftError, RefusedShopsError, ShopsNotWrittenError, StaleShopsError
from pipeline.revising.saving_zones import ZonesNotWrittenError
from pipeline.zones.zone_writing import DraftError

_LOG = logging.getLogger(__name__)
_MOST_BYTES = 64 * 2**10
_UPLOADS = {"/photos": 16 * 2**20, "/import": 8 * 2**20, "/draft": 2**20, "/pictures": 21 * 2**20}
"""How a path ends that takes files or whole drawings -> bytes of a request."""
_FOR_GOOD = "public, max-age=31536000, immutable"

_ANSWERS: dict[type[Exception], tuple[int, str]] = {
    NoSuchCaseError: (404, "error.not_found"),
    NoSuchDrawError: (404, "error.not_found"),
    NoSuchCameraError: (404, "error.no_camera"),
    StaleCaseError: (409, "error.stale"),
    ClaimedCaseError: (409, "error.claimed"),
    NoSuchAccountError: (404, "error.no_account"),
    OwnAccountError: (403, "error.own_account"),
    ForbiddenError: (403, "error.forbidden"),
    WrongFormError: (403, "error.form"),
    DraftError: (422, "error.zones_draft"),
    ZonesNotWrittenError: (507, "error.zones_disk"),
    StaleShopsError: (409, "error.shops_stale"),
    NoShopDraftError: (409, "error.shops_draft"),
    RefusedShopsError: (409, "error.shops_used"),
    NoShopListError: (409, "error.shops_no_list"),
    ShopsNotWrittenError: (507, "error.shops_disk"),
    ConfigError: (400, "error.address"),
    NoSuchPageError: (400, "error.address"),
    TooManyPhotosError: (409, "error.photo_many"),
    PhotoNotKeptError: (507, "error.photo_disk"),
    EvidenceError: (410, "error.evidence"),
    RecordError: (503, "error.records"),
}
"""What is told, as a status and a key of the catalogue; of several that fit, the first."""


def create_app(console: Console) -> FastAPI:
    """All pages, with what they work with."""
    app = FastAPI(title="Doorline", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.console = console
    app.state.tries = entering.Tries()
    app.state.sign_ins = oidc_entering.SigningIn()
    app.add_middleware(SmallBodies, most_bytes=_MOST_BYTES, uploads=_UPLOADS, refuse=_too_large)
    app.add_middleware(SafeHeaders, https=console.settings.review.behind_proxy)
    for part in (
        entering,
        oidc_entering,
        queue_page,
        export,
        item_page,
        photo_page,
        overview_page,
        overview_export,
        audit_page,
        wall_page,
        camera_page,
        coverage_page,
        streets_page,
        accounts_page,
        me_page,
        zones_page,
        zone_drawing,
        zone_uploads,
        shops_page,
        shops_import,
        shop_cards,
        draws_page,
        shop_page,
        media,
        api,
    ):
        app.include_router(part.router)
    app.add_api_route("/static/{mark}/{path:path}", _static, include_in_schema=False)
    app.add_exception_handler(NotLoggedInError, _to_login)
    app.add_exception_handler(StepRefusedError, _refused)
    app.add_exception_handler(PhotoRefusedError, _no_photo)
    app.add_exception_handler(TooLargeError, _too_large)
    app.add_exception_handler(PipelineError, _told)
    app.add_exception_handler(ForbiddenError, _told)
    app.add_exception_handler(WrongFormError, _told)
    app.add_exception_handler(RequestValidationError, _not_a_form)
    app.add_exception_handler(HTTPException, _http)
    return app


def _static(mark: str, path: str) -> Response:
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC.resolve()) or not file.is_file():
        raise HTTPException(404)
    return FileResponse(file, headers={"cache-control": _FOR_GOOD})


def _to_login(request: Request, _: Exception) -> Response:
    if _wants_json(request):
        return _answer(request, 401, "error.expired_session")
    place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(place if request.method == 'GET' else '/', safe='')}", 303)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, StepRefusedError)  # noqa: S101 - registered for it alone
    return _answer(request, 409, f"refusal.{error.refusal.value}")


def _no_photo(request: Request, error: Exception) -> Response:
    assert isinstance(error, PhotoRefusedError)  # noqa: S101 - registered for it alone
    return _answer(request, 422, f"error.photo_{error.fault.value}", error.name)


def _too_large(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooLargeError)  # noqa: S101 - registered for it alone
    t, most = console_of(request).wording.of(language_of(request)), size_text(error.most_bytes)
    came = t("size.more", size=most) if error.came_bytes is None else size_text(error.came_bytes)
    return _answer(request, 413, "error.too_large", came=came, most=most)


def _told(request: Request, error: Exception) -> Response:
    status, key = next((found for kind, found in _ANSWERS.items() if isinstance(error, kind)), (500, "error.other"))
    if status >= 500:
        _LOG.error("%s %s: %s", request.method, request.url.path, error)
    return _answer(request, status, key, str(error) if isinstance(error, ConfigError) else "")


def _not_a_form(request: Request, _: Exception) -> Response:
    return _answer(request, 422, "error.fields")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    return _answer(request, error.status_code, "error.not_found" if error.status_code == 404 else "error.other")


def _answer(request: Request, status: int, key: str, more: str = "", **values: str) -> Response:
    """What went wrong, as a page or as JSON, in the language of whoever asks."""
    console, language = console_of(request), language_of(request)
    said = console.wording.of(language)(key, **values)
    if _wants_json(request):
        return JSONResponse({"error": {"code": key.partition(".")[2], "text": said}}, status)
    login = None
    # Where the records can't be asked, nobody can be asked who this is.
    with suppress(RecordError):
        login = None if status == 503 else login_of(request)
    page = console.render("message.html", language, status=status, heading=key, said=said, text=more, **frame(login, "/"))
    return HTMLResponse(page, status)


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")
