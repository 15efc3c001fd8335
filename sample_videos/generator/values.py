"""Every value that crosses a part of the generator. Pure: no bpy, no pictures, no clock.

World: metres, right-handed, z up. x runs along the street, y = 0 is the line of the house fronts, y < 0 is inside the
shops, y > 0 the pavement and, beyond the kerb, the road. The pavement lies at z = 0. Angles are radians, seconds count
from the first picture of a clip.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

LABELS = ("person", "goods", "table", "chair", "rack_or_sign", "stall", "canopy", "two_wheeler", "tricycle", "vehicle")
"""The classes of the street model, in the order of its outputs. What has none of them carries no label."""


class Front(StrEnum):
    """What a shop front is closed with."""

    OPEN = "open"
    GLASS = "glass"
    SHUTTER = "shutter"
    HALF = "half"
    """One half glass, one half open."""


@dataclass(frozen=True, slots=True)
class ShopUnit:
    """One shop of a row: its own ground is x_min..x_max, door_y - depth_m..door_y."""

    code: str
    name: str
    trade: str
    x_min: float
    x_max: float
    front: Front
    sign: tuple[str, str]
    """Colours (#rrggbb) of the sign's ground and letters."""
    door_y: float = 0.0
    """The door line; less than 0 where the front is set back."""
    depth_m: float = 2.6
    address: str = ""


@dataclass(frozen=True, slots=True)
class PermittedArea:
    """外摆位: trading is allowed here at these hours."""

    x_min: float
    x_max: float
    y_min: float
    y_max: float
    name: str
    hours: tuple[str, str]
    """Local "HH:MM" from and until."""
    shop_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """How one thing differs from its design. Training pictures only: a model is to learn what a thing is, not these very meshes."""

    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Width, depth and height in multiples of the design's; about 0.8 to 1.2."""
    livery: int | None = None
    """Chooses other colours, other prints and another gloss, see livery.py; None: the design's own."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing that stands (or rolls) somewhere. turn = 0: its front looks at the road (+y)."""

    object_id: str
    """One per thing and scene; stays the same while the thing stays."""
    thing: str
    """Its name in the catalogue of things."""
    x: float
    y: float
    z: float = 0.0
    turn: float = 0.0
    scale: float = 1.0
    seed: int = 0
    """Chooses colours, prints, filling."""
    group: str | None = None
    """Things of one group are one in the truth: the crates of a stack, the parts of a display, a stall and its wares."""
    moving: bool = False
    variant: Variant | None = field(default=None, repr=False)
    """None: just as it was designed. Left out of the repr, which names kept pieces of clips: clips have no variants."""


class Pose(StrEnum):
    """What a body does."""

    WALK = "walk"
    STAND = "stand"
    TALK = "talk"
    SIT = "sit"
    SQUAT = "squat"
    REACH = "reach"
    CARRY = "carry"
    """Walks with something held before the body."""
    BEND = "bend"
    """Puts something down or picks it up."""
    RIDE = "ride"
    """Sits on a bicycle, scooter or tricycle."""
    PUSH = "push"


class Age(StrEnum):
    """Coarse age of a person."""

    CHILD = "child"
    YOUNG = "young"
    MIDDLE = "middle"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Looks:
    """Who a person is; the same looks give the same body and clothes."""

    seed: int
    female: bool
    age: Age = Age.YOUNG


@dataclass(frozen=True, slots=True)
class Figure:
    """One person at one moment. heading = 0 looks along +x, pi/2 at the road (+y)."""

    person_id: str
    looks: Looks
    x: float
    y: float
    z: float = 0.0
    heading: float = 0.0
    pose: Pose = Pose.STAND
    phase: float = 0.0
    """Of the gait, in steps-pairs (1 = one full cycle), or of an idle movement."""
    carries: str | None = None
    """Thing held before the body."""
    carries_seed: int = 0
    seat_m: float = 0.45
    """Height of the seat when sitting or riding; x, y is the middle of the seat then."""


class Light(StrEnum):
    """What the light is like."""

    DAY = "day"
    OVERCAST = "overcast"
    DUSK = "dusk"
    NIGHT = "night"
    INFRARED = "infrared"
    """The camera has switched to its own infrared lamp: grey, flat, falling off with distance."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Light and weather of one moment."""

    light: Light = Light.DAY
    sun_azimuth: float = 0.9
    """Where the light comes from: 0 = along +x, pi/2 = from the road."""
    sun_elevation: float = 0.8
    wet: bool = False
    """The ground mirrors."""
    rain: bool = False
    """Drops fall."""
    lamps_on: tuple[int, ...] = ()
    """Indices of the street lamps of the plan that burn (dusk and night)."""
    brightness: float = 1.0
    """Of the whole picture: a cloud, the exposure of the camera."""
    turbidity: int = 0
    """Which of the skies."""


@dataclass(frozen=True, slots=True)
class CameraPose:
    """One fixed camera: where it hangs, where it looks, what it records."""

    x: float
    y: float
    z: float
    target: tuple[float, float, float]
    fov: float
    """Horizontal angle of view, radians, before distortion."""
    width: int = 960
    height: int = 540
    roll: float = 0.0
    k1: float = 0.0
    """Radial distortion: r_distorted = r (1 + k1 r^2), r = 1 at half the picture's width. Less than 0 is barrel."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A street lamp: its head."""

    x: float
    y: float
    z: float = 5.5


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """A street as a plan: everything that does not move and that zones are drawn from."""

    name: str
    seed: int
    units: tuple[ShopUnit, ...]
    kerb_y: float
    """Where the pavement ends."""
    road_width_m: float
    road_z: float = -0.14
    road_name: str = ""
    style: str = ""
    """Which architecture builds it; see streets/."""
    facade: str = ""
    pavement: str = ""
    tactile_y: float | None = None
    """Middle of the tactile strip, if there is one."""
    house_height_m: float = 9.0
    fixtures: tuple[Placed, ...] = ()
    """Trees, planters, bins, bollards, poles, cabinets: they belong there and carry no label."""
    lamps: tuple[Lamp, ...] = ()
    permitted: tuple[PermittedArea, ...] = ()
    cameras: tuple[CameraPose, ...] = ()
    """Good places for a camera, the first one the best."""
    held_out: bool = False
    """Never used for training or for choosing a threshold."""


@dataclass(frozen=True, slots=True)
class SceneState:
    """All that can be seen at one moment."""

    at_s: float
    camera: CameraPose
    conditions: Conditions
    things: tuple[Placed, ...] = ()
    """Without the fixtures of the plan."""
    figures: tuple[Figure, ...] = ()
    frozen_since_s: float | None = None
    """Set: the camera repeats the picture of that moment."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens and that an officer would have an opinion on."""

    name: str
    kind: str
    """beyond_shopfront, pavement_piling or street_stall."""
    object_ids: tuple[str, ...]
    """What stands there, as it comes; groups by their group name."""
    began_s: float
    ended_s: float | None
    """None: still there at the end of the clip."""
    shop_codes: tuple[str, ...] = ()
    """One: that shop. Several: ambiguous. None: the place."""
    place: str | None = None
    excused_by: str | None = None
    """Why it must not be reported: permitted, loading, attended_by_owner ... None: it must, if it stands long enough."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a clip shows, before anybody rendered it. The states are a pure function of time; see script.py."""

    name: str
    title: str
    street: str
    camera_id: str
    starts_at: str
    """ISO 8601 with offset; also in the file name."""
    length_s: float
    fps: int
    seed: int
    dwell: dict[str, float] = field(default_factory=dict)
    """Settings of rules.dwell that the clip is meant to be judged with."""
    held_out: bool = False
