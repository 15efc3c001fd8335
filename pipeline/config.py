"""Every setting with its unit, range and default: frozen, unknown keys refused. Each stage gets its own class and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pipeline.addresses import is_channel, parse_channel
from pipeline.types import Role, ViolationKind

Share = Annotated[float, Field(ge=0, le=1)]
"""A fraction 0..1."""
Seconds = Annotated[float, Field(ge=0)]


def _is_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise ValueError(f"no such time zone: {name!r}; use a name such as Asia/Shanghai") from err
    return name


def _is_written_moment(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value.upper()):
        return value
    raise ValueError("expected a date and time; write 2024-01-31T09:42:17+08:00")


def _is_aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time zone is missing; write 2024-01-31T09:42:17+08:00")
    return moment


def _is_written_time(value: object) -> object:
    # A bare number would be taken for seconds since midnight.
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", value):
        return value
    if isinstance(value, time) and value.tzinfo is None:
        return value
    raise ValueError("expected a local time of day; write 22:00")


TimeZoneName = Annotated[str, AfterValidator(_is_time_zone)]
AwareDatetime = Annotated[datetime, BeforeValidator(_is_written_moment), AfterValidator(_is_aware)]
TimeOfDay = Annotated[time, BeforeValidator(_is_written_time)]


def _types_of(annotation: Any) -> set[Any]:
    """A type, or the types of a union, without their constraints."""
    return {getattr(one, "__origin__", one) for one in (get_args(annotation) or (annotation,))}


class Settings(BaseModel):
    """Base of all settings: frozen, no unknown keys, every setting described by the text below it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True, use_attribute_docstrings=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_switch(cls, value: object, info: ValidationInfo) -> object:
        # Else "warn_after_s: yes" would be one second.
        if isinstance(value, bool) and info.field_name and not _types_of(cls.model_fields[info.field_name].annotation) & {bool, Any}:
            raise ValueError("expected no yes or no")
        return value


class PatrolMode(StrEnum):
    """When a camera is watched live."""

    ALWAYS = "always"
    TOURED = "toured"
    """In turn with others, some at a time."""
    OFF = "off"


class CameraSettings(Settings):
    """One camera and where its zones lie."""

    id: str = Field(min_length=1, pattern=r"^[\w.\-]+$")
    """The camera's code: letters, digits, ``_``, ``-``, ``.``. Zone files and records carry it."""
    name: str = ""
    """What people call it."""
    place: str = ""
    """Where it hangs, as records show it."""
    street: str = ""
    """Its street: what stands on public ground belongs to it, and rules may differ by street."""
    zones: Path
    """Its zone file (docs/zones.md)."""
    files: tuple[str, ...] = ()
    """File name patterns (``*`` and ``?``) of this camera's footage; empty: any file if it is the only camera."""
    stream: str = Field(default="", repr=False)
    """Address of its live stream: ``rtsp://``, ``rtsps://``, ``rtmp://``, FLV or HLS by ``http(s)://``, or ``gb28181://`` by a gateway
    (docs/streams.md). Its password: ``${NAME}``."""

    interval_s: float | None = Field(default=None, gt=0, le=600)
    """Time from one look at its live stream to the next; left out: ``looks.interval_s``."""
    patrol: PatrolMode | None = None
    """Whether it is watched always, in turn with others, or not at all; left out: ``toured`` where ``patrol.slots`` is above 0,
    else ``always``."""

    coverage_target: float | None = Field(default=None, gt=0, le=1)
    """Share of the enforcement hours of a day that shall be observed; a patrol sees to it (docs/live.md)."""

    @field_validator("stream", mode="after")
    @classmethod
    def _names_a_channel(cls, stream: str) -> str:
        # Other addresses are checked when they are opened: one that is none stops no other camera.
        if is_channel(stream):
            parse_channel(stream)
        return stream


class LookSettings(Settings):
    """How often a source is looked at and how its wall clock is found."""

    interval_s: float = Field(default=2.0, gt=0, le=600)
    """Time from one look to the next."""
    timezone: TimeZoneName = "Asia/Shanghai"
    """Of the times in file names. Hours in zones and rules follow the time zone of the zone file."""
    batch: int = Field(default=4, ge=1, le=64)
    """Looks that go through the detectors together. Never changes a result."""


class Transport(StrEnum):
    """How RTSP carries pictures."""

    TCP = "tcp"
    UDP = "udp"


class StreamSettings(Settings):
    """How live streams are connected to (pipeline/readers/stream_connection.py)."""

    transport: Transport = Transport.TCP
    """How RTSP carries pictures: ``tcp`` loses nothing, ``udp`` is for cameras that know nothing else."""
    open_timeout_s: float = Field(default=10.0, gt=0, le=120)
    """A stream that has not opened by then is given up."""
    read_timeout_s: float = Field(default=10.0, gt=0, le=120)
    """A stream that sends nothing for this long is given up."""


def _is_gateway_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and bool((parts.hostname or "").encode("idna")) and parts.port != 0
    except ValueError:  # a port that is none, brackets that don't close, an impossible host
        usable = False
    if not usable or not re.fullmatch(r"https?://[^@?#]+", url) or not re.fullmatch("[!-~]+", url):
        raise ValueError("expected an http:// or https:// address without user, password and parameters; write http://10.0.0.5:18080")
    return url.rstrip("/")


class MediaKind(StrEnum):
    """How a gateway hands out pictures."""

    RTSP = "rtsp"
    FLV = "flv"
    HLS = "hls"


class GatewaySettings(Settings):
    """A GB/T 28181 gateway, WVP-PRO 2.6 or 2.7, that wakes its cameras up and hands out their streams (docs/streams.md)."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.\-]+$")
    """What ``gb28181://`` addresses call it where there are several: letters, digits, ``_``, ``-``, ``.``."""
    url: Annotated[str, AfterValidator(_is_gateway_url)]
    """Where its HTTP interface is: ``http://10.0.0.5:18080``. Without user and password."""
    user: str = Field(default="", repr=False)
    """Who logs in. Left out, as is ``api_key``: the gateway asks nobody who they are."""
    password: str = Field(default="", repr=False)
    """The password of this user: write ``${NAME}``."""
    api_key: str = Field(default="", repr=False, pattern=r"^[!-~]*$")
    """Instead of user and password, a key that was made in the gateway (2.7): write ``${NAME}``."""
    prefer: MediaKind = MediaKind.RTSP
    """How it should hand out pictures; where it has no such address, by one of the others."""
    wake_timeout_s: float = Field(default=15.0, gt=0, le=120)
    """A camera that has not woken up by then is given up. Until then its time is a gap."""
    keep_alive_s: float = Field(default=60.0, ge=0, le=3600)
    """The gateway is asked again this often for a stream that is being watched, so that it wakes up a camera that fell asleep.
    0: never."""
    stop_unwatched: bool = False
    """At the end, stop a stream that nobody watches. Only for gateways that don't do so themselves (``stream-on-demand: false``)."""

    @model_validator(mode="after")
    def _knows_who_logs_in(self) -> Self:
        if bool(self.user) != bool(self.password):
            raise ValueError("user and password belong together: give both, or neither")
        if self.user and self.api_key:
            raise ValueError("give user and password or api_key, not both")
        return self


class GuardSettings(Settings):
    """When a picture is too poor to count, or of another view (pipeline/guards/)."""

    enabled: bool = True
    """Whether poor pictures are told from good ones at all. Off: every picture counts."""
    max_grey_share: Share = 0.45
    """A picture with more than this share of flat mid-grey (what decoders paint for lost blocks) is a gap."""
    min_brightness: float = Field(default=12.0, ge=0, le=255)
    """Mean grey level below which (with next to no contrast) nothing can be seen."""
    min_sharpness: float = Field(default=3.0, ge=0)
    """See frame_quality.sharpness; below it the picture is out of focus, fogged or smeared."""
    frozen_after_s: Seconds = 10.0
    """The same picture, pixel by pixel, for this long and at least three looks is a frozen stream."""
    max_torn_share: Share = 0.15
    """A picture with more than this share of rows that are smeared, one flat colour or below a new seam is torn."""
    check_pose: bool = True
    """Whether a turned, knocked, zoomed or covered camera is found out: by the clean reference picture, else by the first looks."""
    max_shake: Share = 0.02
    """How far, as a share of its width, the picture may be off before its zones are wrong: a camera on a pole shakes a little."""


class YoloSettings(Settings):
    """The detector that names things (pipeline/detectors/yolo.py)."""

    card: Path
    """The model's card (models/<name>/card.yaml): weights, hash, classes and their roles."""
    device: str = "cpu"
    """Where it runs, as ultralytics names it: ``cpu``, ``cuda:0``."""
    image_size_px: int = Field(default=640, ge=160, le=2560, multiple_of=32)
    """Longer side of what the network sees."""
    min_confidence: Share = 0.25
    """Things it is less sure of are dropped."""
    min_mover_confidence: Share = 0.15
    """People, vehicles and animals explain foreground away: a faint one still hides what is behind it."""
    smallest_thing_px: int = Field(default=24, ge=8)
    """Smallest side, at the network's input, that a thing of interest should have; far zones are tiled to keep it."""
    skip_unchanged: bool = True
    """Do not infer again while the zones show what they showed at the last inferred look."""
    full_look_every_s: Seconds = 60.0
    """Infer at least this often, changed or not."""


class StaticObjectSettings(Settings):
    """The long-memory background that sees what was put down (pipeline/detectors/static_object/)."""

    enabled: bool = True
    """Whether what was put down is looked for whatever it is, beside what YOLO can name."""
    width_px: int = Field(default=320, ge=160, le=1280)
    """Pictures are compared at this width."""
    doubt_unchanged_ground: bool = True
    """What YOLO names (goods, furniture, stalls) is uncertain, neither present nor absent, where the ground looks as in the clean reference
    picture, or, without one, as when looking began: it may belong there. False: believe YOLO alone."""


class DwellSettings(Settings):
    """For how long, how surely, and when it is over."""

    warn_after_s: Seconds = 300
    """Seen standing for this long: a warning."""
    candidate_after_s: Seconds = 600
    """Seen standing for this long: a candidate, which opens a violation."""
    min_present_share: Share = 0.8
    """Share of the observed looks in which it must have stood there."""
    longest_gap_s: Seconds = 60
    """A longer unobserved time starts the dwell anew."""
    clear_looks: int = Field(default=3, ge=1)
    """Looks that must see the ground clear before a violation is over."""
    clear_span_s: Seconds = 60
    """Time that these looks must span at least."""
    reopen_within_s: Seconds = 600
    """What comes back within this time is the same violation."""
    loading_grace_s: Seconds = 900
    """Things next to a standing vehicle add no dwell for this long after they were first seen. 0: no grace."""

    @model_validator(mode="after")
    def _warns_before_it_accuses(self) -> Self:
        if self.warn_after_s > self.candidate_after_s:
            raise ValueError(f"warn_after_s ({self.warn_after_s}) is later than candidate_after_s ({self.candidate_after_s})")
        return self


class DwellOverride(Settings):
    """Other values where all the named conditions hold. Later overrides win over earlier ones."""

    kind: ViolationKind | None = None
    """``beyond_shopfront``, ``pavement_piling`` or ``street_stall``; left out: all."""
    grade: str | None = None
    """Grade of the shop (A, B, C); left out: all."""
    street: str | None = None
    """Street of the shop, or of the camera; left out: all."""
    cameras: tuple[str, ...] = ()
    """On what these cameras see; empty: all. Toured cameras need another ``longest_gap_s`` than watched ones (docs/live.md)."""
    hours: tuple[TimeOfDay, TimeOfDay] | None = None
    """Local time of day [from, to); may run over midnight."""
    warn_after_s: Seconds | None = None
    """Instead of ``rules.dwell.warn_after_s``."""
    candidate_after_s: Seconds | None = None
    """Instead of ``rules.dwell.candidate_after_s``."""
    min_present_share: Share | None = None
    """Instead of ``rules.dwell.min_present_share``."""
    longest_gap_s: Seconds | None = None
    """Instead of ``rules.dwell.longest_gap_s``."""
    clear_looks: int | None = Field(default=None, ge=1)
    """Instead of ``rules.dwell.clear_looks``."""
    clear_span_s: Seconds | None = None
    """Instead of ``rules.dwell.clear_span_s``."""
    reopen_within_s: Seconds | None = None
    """Instead of ``rules.dwell.reopen_within_s``."""
    loading_grace_s: Seconds | None = None
    """Instead of ``rules.dwell.loading_grace_s``."""


class Suspension(Settings):
    """A time in which nothing is a violation, for everyone (typhoon boards, a festival) or for some shops (a filed permit)."""

    since: AwareDatetime
    """When it begins, with a time zone: 2026-07-01T08:00:00+08:00."""
    until: AwareDatetime
    """When it ends (exclusive), with a time zone."""
    reason: str = Field(min_length=1)
    """Why, as a reviewer reads it."""
    kinds: tuple[ViolationKind, ...] = ()
    """Empty: all kinds."""
    shop_codes: tuple[str, ...] = ()
    """Empty: everybody."""
    streets: tuple[str, ...] = ()
    """Empty: all streets."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until <= self.since:
            raise ValueError(f"until ({self.until.isoformat()}) is not later than since ({self.since.isoformat()})")
        return self


def _default_bands() -> dict[str, float]:
    # By label first, then by role. From the domain: tables and carts 40 % of the height, signs 35 %, bins 45 %,
    # umbrellas none (they hang over ground they don't stand on), vehicles 12-15 %.
    return {
        "table": 0.40,
        "dining table": 0.40,
        "cart": 0.40,
        "sign": 0.35,
        "rack_or_sign": 0.35,
        "bin": 0.45,
        "umbrella": 0.0,
        Role.GOODS.value: 0.40,
        Role.FURNITURE.value: 0.40,
        Role.STALL.value: 0.30,
        Role.CANOPY.value: 0.0,
        Role.VEHICLE.value: 0.15,
        Role.PERSON.value: 0.10,
        Role.ANIMAL.value: 0.15,
        Role.UNKNOWN_OBJECT.value: 0.40,
    }


class ContactSettings(Settings):
    """What part of a box stands on the ground, and when that ground counts as the place."""

    bands: Mapping[str, Share] = Field(default_factory=_default_bands)
    """Label or role -> lowest share of the box height that touches ground. 0: touches none."""
    min_share: Share = 0.5
    """Share of the band that must lie on ground where it may not be."""
    own_shop_share: Share = 0.6
    """One shop is named when it holds at least this share of what lies in frontages, and twice any other's."""
    max_box_area: Share = 0.5
    """Larger boxes are no things but mistakes."""


class StallSettings(Settings):
    """When things on public ground are a stall."""

    attended_share: Share = 0.6
    """Share of looks with a person in attendance, over the whole dwell and over its second half."""
    reach: float = Field(default=0.6, ge=0)
    """A person attends when their feet are within this many of their own box heights of the thing."""


class RuleSettings(Settings):
    """When what stands where is a violation (pipeline/rules/)."""

    dwell: DwellSettings = DwellSettings()
    """How long is too long."""
    overrides: tuple[DwellOverride, ...] = ()
    """Other dwells by kind, grade, street, camera and hour."""
    contact: ContactSettings = ContactSettings()
    """What stands where."""
    stall: StallSettings = StallSettings()
    """What makes things a stall."""
    suspensions: tuple[Suspension, ...] = ()
    """Times in which things are allowed: typhoon boards, festivals, filed permits."""
    enforcement_hours: tuple[tuple[TimeOfDay, TimeOfDay], ...] = ()
    """Local times of day in which rules are enforced; empty: always."""
    longest_look_interval_s: float = Field(default=15.0, gt=0)
    """Time between two looks beyond which nobody was looking: a gap, whatever the log says."""

    @property
    def needs_wall_clock(self) -> bool:
        """Whether any rule depends on the time of day or the date."""
        return bool(self.suspensions or self.enforcement_hours or any(o.hours for o in self.overrides))


class EvidenceSettings(Settings):
    """What is kept as proof."""

    folder: Path = Path("out/evidence")
    """Folder of the evidence files, relative to the configuration file."""
    before_s: float = Field(default=10.0, ge=0)
    """Length of a clip before its moment."""
    after_s: float = Field(default=10.0, ge=0)
    """Length of a clip after its moment."""
    jpeg_quality: int = Field(default=92, ge=50, le=100)
    """Of the stills."""
    close_margin: float = Field(default=0.6, ge=0)
    """Room round the thing in the close still, in box sizes."""
    best_look_within_s: Seconds = 10.0
    """A still may show a look this far from its moment if the nearest one shows the thing hidden."""
    join_clips_within_s: Seconds = 5.0
    """The clips of first sight and confirmation become one if less than this lies between them."""
    longest_lead_s: Seconds = 30.0
    """A copied clip may begin this much before what was asked for (at a key frame); beyond, its pictures are encoded anew."""
    marked_clip_width_px: int = Field(default=1280, ge=320, le=3840, multiple_of=2)
    """Widest marked clip; the original keeps its own size."""
    encode_threads: int = Field(default=1, ge=1, le=16)
    """Threads of one ffmpeg. The same number gives the same bytes."""
    ffmpeg_timeout_s: float = Field(default=900.0, gt=0)
    """One cut or rendering that takes longer is given up."""


class RecordSettings(Settings):
    """Where records go."""

    url: str = "sqlite:///out/doorline.db"
    """SQLAlchemy URL: sqlite:///PATH (relative to the config file) or postgresql+psycopg://..."""
    busy_timeout_s: float = Field(default=30.0, gt=0, le=3600)
    """How long to wait for a lock that another program holds on the database."""


class NotifyEvent(StrEnum):
    """What a message tells of: the phases of a violation, and cameras that fail and come back."""

    WARNED = "warned"
    OPENED = "opened"
    CHANGED = "changed"
    CLEARED = "cleared"
    REOPENED = "reopened"
    CAMERA_TROUBLE = "camera_trouble"
    CAMERA_WELL = "camera_well"


class MessageTemplate(StrEnum):
    """What the body of a message looks like (docs/notifications.md)."""

    DOORLINE = "doorline"
    SMS = "sms"
    YWTG = "ywtg"


def _is_web_address(url: str) -> str:
    """Refuse what no message could be posted to. The message must not quote the address: it may hold a password."""
    expected = "expected http:// or https://, a host, and no spaces or Chinese in the address (write them as %..)"
    if not re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE):
        raise ValueError(expected)
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and bool((parts.hostname or "").encode("idna")) and parts.port != 0
    except ValueError:  # a port that is none, brackets that don't close, an impossible host
        usable = False
    if not usable:
        raise ValueError(expected)
    return url


WebAddress = Annotated[str, AfterValidator(_is_web_address)]


class ReceiverSettings(Settings):
    """One receiver of messages, and which of them it gets."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[\w.\-]+$")
    """Letters, digits, ``_``, ``-``, ``.``. The outbox knows it by this name: under a new name it is another receiver."""
    url: WebAddress = Field(repr=False)
    """Where messages are posted to: ``https://`` or ``http://``. Passwords and keys in it: ``${NAME}``."""
    secret: str = Field(default="", repr=False)
    """Key of the signature, as ``${NAME}``; left out: messages are not signed."""
    authorization: str = Field(default="", repr=False, pattern=r"^[ -~]*$")
    """Value of the ``Authorization`` header where the receiver wants one, such as ``Bearer ${NAME}``."""
    template: MessageTemplate = MessageTemplate.DOORLINE
    """What the body looks like."""
    events: tuple[NotifyEvent, ...] = ()
    """What it is told of; empty: all but ``changed``."""
    kinds: tuple[ViolationKind, ...] = ()
    """Violations of these kinds only; empty: all. Says nothing about cameras."""
    streets: tuple[str, ...] = ()
    """Of these streets only, by the street of the shop, or of the camera; empty: all."""
    phones: tuple[Annotated[str, Field(pattern=r"^\+?[0-9]{5,20}$")], ...] = ()
    """Numbers that the SMS gateway shall write to. Needed with ``sms``; put them in quotes."""
    type_codes: Mapping[ViolationKind, str] = Field(default_factory=dict)
    """For ``ywtg``: kind of violation -> code of the event type on that platform; empty: the code is left empty."""
    timeout_s: float = Field(default=10.0, gt=0, le=120)
    """A receiver that has not answered by then has not got the message."""

    def is_told_of(self, event: NotifyEvent) -> bool:
        """Whether it gets messages of this event."""
        return event in self.events if self.events else event is not NotifyEvent.CHANGED

    @model_validator(mode="after")
    def _knows_whom_to_write_to(self) -> Self:
        if self.template is MessageTemplate.SMS and not self.phones:
            raise ValueError("the template sms needs phones")
        return self


class NotifySettings(Settings):
    """Who is told of violations and of cameras in trouble (docs/notifications.md)."""

    receivers: tuple[ReceiverSettings, ...] = ()
    """The receivers; empty: nobody is told."""
    trouble_after_s: float = Field(default=120.0, gt=0, le=86400)
    """A camera none of whose looks counted for this long is in trouble."""
    well_after_s: float = Field(default=30.0, ge=0, le=86400)
    """It is well again when all of its looks counted for this long."""
    first_retry_s: float = Field(default=10.0, gt=0, le=3600)
    """Time before a message that was not taken is sent again; doubles each time. Chance shortens each wait by up to a half."""
    longest_retry_s: float = Field(default=900.0, gt=0, le=86400)
    """Longest time between two attempts."""
    keep_trying_s: float = Field(default=86400.0, ge=0)
    """A message that was not taken for this long has failed: it is kept, and told. ``doorline notify retry`` puts it back."""

    @model_validator(mode="after")
    def _receivers_differ(self) -> Self:
        if self.first_retry_s > self.longest_retry_s:
            raise ValueError(f"first_retry_s ({self.first_retry_s:g}) is longer than longest_retry_s ({self.longest_retry_s:g})")
        names = [receiver.name for receiver in self.receivers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"receiver name used more than once: {', '.join(twice)}")
        return self


class LiveSettings(Settings):
    """How live streams are watched (pipeline/live/)."""

    folder: Path = Path("out/live")
    """Folder of what is kept of the streams until a violation is over, relative to the configuration file."""
    ring_s: float = Field(default=45.0, ge=10, le=600)
    """The last seconds of each stream are held in memory, compressed as they came: clips begin before anybody knew."""
    ring_mb: float = Field(default=24.0, gt=0, le=1024)
    """No more than this much of each stream is held, in MiB."""
    still_every_s: float = Field(default=15.0, gt=0)
    """While something stands, one key frame of so many seconds is kept for the still in the middle of its dwell."""
    memory_every_s: float = Field(default=30.0, gt=0)
    """What the eyes remember of the street is saved at most this often, after something new stands there, and at the end."""
    gap_every_s: float = Field(default=10.0, gt=0)
    """While there is no stream, a gap is logged this often."""
    disk_warn_gib: float = Field(default=10.0, ge=0)
    """Less room than this for evidence, in GiB, is warned of."""
    disk_stop_gib: float = Field(default=1.0, ge=0)
    """With less room than this no evidence is written: violations wait, and the log of looks goes on."""
    health: str = Field(default="", pattern=r"^(|.+:\d{1,5})$")
    """``HOST:PORT`` of the health page (``/healthz``, ``/readyz``, ``/status``, ``/metrics``), such as ``127.0.0.1:9108``; empty: none."""


class PatrolSettings(Settings):
    """More cameras than can be watched at a time take turns (docs/live.md, "Patrols")."""

    slots: int = Field(default=0, ge=0, le=1000)
    """Toured cameras that are watched at a time, beside those that are watched always; 0: no patrol."""
    stay_s: float = Field(default=60.0, gt=0, le=3600)
    """How long each is watched when its turn comes."""
    warm_up_s: float = Field(default=10.0, ge=0, le=120)
    """Time to connect and to get to the first look that counts, before the stay. Who has none by then loses the turn."""
    quiet_hours: tuple[tuple[TimeOfDay, TimeOfDay], ...] = ()
    """Local times of day [from, to) in which nobody tours, of ``looks.timezone``; may run over midnight."""
    grade_weights: Mapping[str, Annotated[float, Field(ge=0.1, le=10)]] = Field(default_factory=dict)
    """Grade of a shop (A, B, C) -> how much sooner cameras that see one come: 2 is about twice as often. Left out: 1."""
    history_days: float = Field(default=14.0, ge=0, le=365)
    """Violations of so many days are remembered, the older the fainter."""
    history_weight: float = Field(default=1.0, ge=0, le=10)
    """How much sooner a camera with many of them comes: up to 1 + this many times as often. 0: they make no difference."""


class DoorlineSettings(Settings):
    """A whole configuration file."""

    cameras: tuple[CameraSettings, ...] = Field(min_length=1)
    """The cameras, at least one."""
    shops: Path | None = None
    """The shop list (docs/shops.md); left out: shop codes are not checked and no tenant is named."""
    observations: Path = Path("out/observations")
    """Folder of the observation logs."""
    looks: LookSettings = LookSettings()
    """How often to look, and at what time that was."""
    streams: StreamSettings = StreamSettings()
    """How live streams are connected to."""
    gateways: tuple[GatewaySettings, ...] = ()
    """GB/T 28181 gateways, for cameras whose ``stream`` is ``gb28181://``."""
    live: LiveSettings = LiveSettings()
    """How live streams are watched."""
    patrol: PatrolSettings = PatrolSettings()
    """How cameras take turns where there are too many."""
    guards: GuardSettings = GuardSettings()
    """Which pictures may count."""
    yolo: YoloSettings | None = None
    """The detector that names things; left out: only what was put down is seen."""
    static_object: StaticObjectSettings = StaticObjectSettings()
    """The detector of what was put down."""
    rules: RuleSettings = RuleSettings()
    """When it is a violation."""
    evidence: EvidenceSettings = EvidenceSettings()
    """What is kept as proof."""
    records: RecordSettings = RecordSettings()
    """Where records go."""
    notify: NotifySettings = NotifySettings()
    """Who is told."""

    @model_validator(mode="after")
    def _can_see_and_tell_apart(self) -> Self:
        if self.yolo is None and not self.static_object.enabled:
            raise ValueError("no detector: give a 'yolo' section or enable 'static_object'")
        if self.looks.interval_s > self.rules.longest_look_interval_s:
            raise ValueError(
                f"looks.interval_s ({self.looks.interval_s:g}) is longer than rules.longest_look_interval_s "
                f"({self.rules.longest_look_interval_s:g}): every step would be a gap and nothing could ever be reported"
            )
        ids = [camera.id for camera in self.cameras]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"camera id used more than once: {', '.join(twice)}")
        return self

    def patrol_of(self, camera: CameraSettings) -> PatrolMode:
        """When this camera is watched live."""
        return camera.patrol or (PatrolMode.TOURED if self.patrol.slots else PatrolMode.ALWAYS)

    @model_validator(mode="after")
    def _turns_can_be_taken(self) -> Self:
        known = [camera.id for camera in self.cameras]
        unknown = sorted({name for item in self.rules.overrides for name in item.cameras if name not in known})
        if unknown:
            raise ValueError(f"rules.overrides: no such camera: {', '.join(unknown)}; cameras: {', '.join(known)}")
        for camera in self.cameras:
            if self.patrol_of(camera) is not PatrolMode.TOURED:
                continue
            if not self.patrol.slots:
                raise ValueError(f"patrol of camera {camera.id}: toured, but patrol.slots is 0: nobody would ever watch it")
            interval_s = camera.interval_s or self.looks.interval_s
            if self.patrol.stay_s < 2 * interval_s:
                raise ValueError(
                    f"patrol.stay_s ({self.patrol.stay_s:g}) gives camera {camera.id} no two looks; they come every {interval_s:g} s"
                )
        return self

    @model_validator(mode="after")
    def _streams_have_their_gateway(self) -> Self:
        names = [gateway.name for gateway in self.gateways]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"gateway name used more than once: {', '.join(twice)}")
        known = ", ".join(names) or "none"
        for camera in self.cameras:
            wanted = parse_channel(camera.stream).gateway if is_channel(camera.stream) else None
            if wanted and wanted not in names:
                raise ValueError(f"stream of camera {camera.id}: no such gateway: {wanted}; gateways: {known}")
            if wanted == "" and len(names) != 1:
                raise ValueError(f"stream of camera {camera.id}: it names no gateway, and there is not exactly one; gateways: {known}")
        return self
