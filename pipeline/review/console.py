"""What every page of the console works with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2

from pipeline.cases import CasePolicy, CaseRole, Facts
from pipeline.config import DoorlineSettings, Language
from pipeline.coverage_logs import CoverageReport, live_coverage
from pipeline.records import Account, CaseDetail, Records
from pipeline.review.coverage_counts import CoverageCounts, Wanted
from pipeline.review.live_cameras import LiveCameras
from pipeline.review.oidc_provider import BACK, Provider
from pipeline.review.shop_list import ShopList
from pipeline.review.wording import Wording, left_text, local_time, span_text
from pipeline.shops import ShopRegistry

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


@dataclass(frozen=True)
class Console:
    """Settings, records and clock; templates and words are read once."""

    settings: DoorlineSettings
    records: Records
    shops_at_start: ShopRegistry | None
    now: Callable[[], datetime]
    wording: Wording = field(default_factory=Wording)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Of the cameras: times are shown in it."""
        return ZoneInfo(self.settings.looks.timezone)

    @cached_property
    def shop_list(self) -> ShopList:
        """The shop list, which may change while the console runs."""
        return ShopList(self.settings.shops, self.shops_at_start)

    @property
    def shops(self) -> ShopRegistry | None:
        """The shops of the list in force; None where there is no list."""
        current = self.shop_list.current()
        return None if current is None else current.registry

    @property
    def policy(self) -> CasePolicy:
        """What the district has decided."""
        return CasePolicy(penalties=self.settings.review.penalties)

    @property
    def idle(self) -> timedelta:
        """Who does nothing for so long is logged out."""
        return timedelta(minutes=self.settings.review.idle_minutes)

    @cached_property
    def provider(self) -> Provider | None:
        """The OpenID provider that people may sign in by; None where the settings name none."""
        review = self.settings.review
        return None if review.oidc is None else Provider(review.oidc, review.public_url.rstrip("/") + BACK, self.now)

    def sso(self, language: Language) -> str:
        """What people call that provider; "" where there is none."""
        oidc = self.settings.review.oidc
        return "" if oidc is None else oidc.label.get(language) or self.wording.of(language)("login.sso")

    @cached_property
    def live(self) -> LiveCameras:
        """The live cameras as everybody who looks sees them."""
        return LiveCameras(self.settings, self.records, self.now)

    @cached_property
    def coverage(self) -> CoverageCounts:
        """How much was seen of the live cameras."""

        def count(wanted: Wanted, until: datetime, on_camera: Callable[[int], None]) -> CoverageReport:
            cameras = [camera for camera in self.settings.cameras if camera.id in wanted.cameras]
            return live_coverage(self.settings, cameras, self.live.looks, (wanted.since, until), self.shops, on_camera)

        return CoverageCounts(count, self.now)

    @cached_property
    def templates(self) -> jinja2.Environment:
        """What is inserted is escaped; what is missing is an error, not an empty place."""
        made = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals["static"] = self.static
        made.filters["iso"] = lambda at: "" if at is None else at.isoformat()
        made.filters["when"] = lambda at: local_time(at, self.zone)
        made.filters["clock"] = lambda at: local_time(at, self.zone, "%H:%M:%S")
        made.filters["span"] = jinja2.pass_context(lambda context, seconds: span_text(seconds, context["t"]))
        made.filters["left"] = jinja2.pass_context(lambda context, seconds: left_text(seconds, context["t"]))
        return made

    def static(self, path: str) -> str:
        """Address of a file of the console, with a mark of its content: browsers may keep it for good."""
        return f"/static/{self._marks[path]}/{path}"

    @cached_property
    def _marks(self) -> dict[str, str]:
        files = [path for path in sorted(STATIC.rglob("*")) if path.is_file()]
        # One mark for all: a script imports its neighbours by relative address.
        whole = hashlib.sha256()
        for path in files:
            whole.update(path.read_bytes())
        return {path.relative_to(STATIC).as_posix(): whole.hexdigest()[:12] for path in files}

    def render(self, template: str, language: Language, **values: Any) -> str:
        """A page in a language."""
        other = Language.EN if language is Language.ZH else Language.ZH
        t = self.wording.of(language)
        return self.templates.get_template(template).render(
            t=t, texts=self.wording.texts(language), lang=language.value, other_lang=other.value, **values
        )

    def shown_name(self) -> Callable[[str], str]:
        """Account name -> what people call them; names that are no account's stay as they are."""
        known = {account.name: account.shown_as or account.name for account in self.records.accounts.list()}
        return lambda name: known.get(name, name)

    def facts_of(self, detail: CaseDetail) -> Facts:
        """What is known of a violation when somebody decides."""
        found = detail.detail.violation
        day = None if found.first_seen_at is None else found.first_seen_at.astimezone(self.zone).date()
        camera = next((camera for camera in self.settings.cameras if camera.id == found.camera_id), None)
        device_file = camera.device_file if camera else None
        return Facts(
            shop_codes=found.shop_codes,
            evidence_complete=found.complete,
            seen_clear=not found.open,
            day=day,
            device_file_since=device_file.since if device_file else None,
            device_file_until=device_file.until if device_file else None,
        )


def streets_of(account: Account) -> Sequence[str] | None:
    """The streets whose cases somebody may see; None: all. A squad sees its own, whatever else it is."""
    return account.streets if CaseRole.SQUAD in account.roles else None
