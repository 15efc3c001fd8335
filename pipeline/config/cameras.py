"""Cameras, how often they are looked at, and how their streams are reached and watched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    field_validator,
    model_validator,
)

from pipeline.addresses import is_channel, parse_channel
from pipeline.config.fields import Settings, TimeOfDay, TimeZoneName
from pipeline.config.review import DeviceFileSettings


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

    device_file: DeviceFileSettings | None = None
    """The file that a penalty by this camera rests on; left out: there is none, and no penalty."""

    @field_validator("stream", mode="after")
    @classmethod
    def _names_a_channel(cls, stream: str) -> str:
        # Other addresses are checked when they are opened: one that is none stops no other camera.
        if is_channel(stream):
            parse_channel(stream)
        return stream


_NAME_GROUPS = frozenset({"camera", "start", "end"})


def _reads_names(expression: str) -> str:
    try:
        groups = set(re.compile(expression).groupindex)
    except re.error as err:
        raise ValueError(f"no regular expression: {err}") from err
    if not groups or groups - _NAME_GROUPS:
        found = ", ".join(sorted(groups)) or "none"
        raise ValueError(f"expected some of the groups (?P<camera>...), (?P<start>...), (?P<end>...); found {found}")
    return expression


class LookSettings(Settings):
    """How often a source is looked at and how its wall clock is found."""

    interval_s: float = Field(default=2.0, gt=0, le=600)
    """Time from one look to the next."""
    timezone: TimeZoneName = "Asia/Shanghai"
    """Of the times in file names. Hours in zones and rules follow the time zone of the zone file."""
    file_names: tuple[Annotated[str, AfterValidator(_reads_names)], ...] = ()
    """How a recorder names its files, where Doorline does not know it: regular expressions with the groups ``camera`` (an id, or what a
    camera's ``files`` match), ``start`` and ``end`` (``20240131094217``, whatever stands between the digits), searched in the path.
    ``"/ch(?P<camera>\\d+)/(?P<start>\\d{14})_(?P<end>\\d{14})"``"""
    apart_s: float = Field(default=6 * 3600.0, gt=0)
    """Recordings of one camera that follow each other are one timeline; after a hole longer than this, looking begins anew."""
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


class LiveSettings(Settings):
    """How live streams are watched (pipeline/live/)."""

    folder: Path = Path("out/live")
    """Folder of what is kept of the streams until a violation is over, relative to the configuration file."""
    ring_s: float = Field(default=45.0, ge=10, le=600)
    """The last seconds of each stream are held in memory, compressed as they came: clips begin before anybody knew."""
    ring_mb: float = Field(default=24.0, gt=0, le=1024)
    """No more than this much of each stream is held, in MiB."""
    streams_per_process: int = Field(default=50, ge=1, le=1000)
    """So many streams are watched by one process beside the program; more streams have more processes."""
    judges: int = Field(default=2, ge=1, le=16)
    """Threads that judge side by side: while the network runs for one of them, the others look at pictures. It runs for one at a time."""
    still_every_s: float = Field(default=15.0, gt=0)
    """While something stands, one key frame of so many seconds is kept for the still in the middle of its dwell."""
    memory_every_s: float = Field(default=30.0, gt=0)
    """What the eyes remember of the street is saved ten times as seldom as this, at the end, and before the log tells of something new."""
    keep_logs_days: int = Field(default=90, ge=1, le=3650)
    """Logs of looks that are older are removed: until then they can be replayed, and coverage is counted from them."""
    gap_every_s: float = Field(default=10.0, gt=0)
    """While there is no stream, a gap is logged this often."""
    picture_every_s: float = Field(default=30.0, ge=0, le=3600)
    """For the wall of cameras, the newest picture of each is kept, 480 pixels wide, and replaced this often; 0: none is kept."""
    watch_files_s: float = Field(default=3.0, ge=0, le=3600)
    """Zone files and shop list are looked at this often; what was saved there comes into force by itself. 0: only when asked (SIGHUP)."""
    disk_warn_gib: float = Field(default=10.0, ge=0)
    """Less room than this for evidence, in GiB, is warned of."""
    disk_stop_gib: float = Field(default=1.0, ge=0)
    """With less room than this no evidence is written: violations wait, and the log of looks goes on."""
    health: str = Field(default="", pattern=r"^(|.+:\d{1,5})$")
    """``HOST:PORT`` of the health page (``/healthz``, ``/readyz``, ``/status``, ``/metrics``), such as ``127.0.0.1:9108``; empty: none."""

    def picture_of(self, camera_id: str) -> Path:
        """Where the newest picture of a camera lies, while one is kept."""
        return self.folder / "pictures" / f"{camera_id}.jpg"

    def quiet_of(self, camera_id: str) -> Path:
        """The folder of the last pictures of a camera that were taken in a quiet minute, named by when that was."""
        return self.folder / camera_id / "quiet"


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
