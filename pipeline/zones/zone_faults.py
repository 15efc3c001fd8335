"""What is wrong with zones: a line for a terminal, and a code with values for those who say it in other words at the polygon itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pipeline.errors import fault_line


class FaultCode(StrEnum):
    """What can be wrong with zones, or is a likely mistake."""

    # The file
    UNREADABLE = "unreadable"
    NOT_JSON = "not_json"
    NOT_ZONES = "not_zones"
    UNKNOWN_MEMBER = "unknown_member"
    NO_FEATURES = "no_features"
    WATCHES_NOTHING = "watches_nothing"
    # Its metadata
    NO_METADATA = "no_metadata"
    OTHER_CAMERA = "other_camera"
    REFERENCE_MISSING = "reference_missing"
    REFERENCE_UNREADABLE = "reference_unreadable"
    REFERENCE_SHAPE = "reference_shape"
    OTHER_TIMEZONE = "other_timezone"
    NO_SHOP_LIST = "no_shop_list"
    VERSION_TAKEN = "version_taken"
    PICTURE_GONE = "picture_gone"
    # Properties, of the metadata or of a feature
    UNKNOWN_PROPERTY = "unknown_property"
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN_KIND = "unknown_kind"
    # A feature
    NOT_A_FEATURE = "not_a_feature"
    NO_PROPERTIES = "no_properties"
    NO_SHOP_CODE = "no_shop_code"
    IDLE_SHOP_CODE = "idle_shop_code"
    NO_PLACE = "no_place"
    IDLE_PROPERTY = "idle_property"
    VALIDITY_REVERSED = "validity_reversed"
    NO_TIME_OPEN = "no_time_open"
    # Its polygon
    NOT_A_POLYGON = "not_a_polygon"
    NO_VERTICES = "no_vertices"
    HOLES = "holes"
    NO_POINT = "no_point"
    TOO_FEW_VERTICES = "too_few_vertices"
    PIXELS = "pixels"
    OUTSIDE = "outside"
    NO_AREA = "no_area"
    CROSSES_ITSELF = "crosses_itself"
    # Features together, and with the shops
    REPEATED_ID = "repeated_id"
    UNKNOWN_SHOP = "unknown_shop"
    VACANT_SHOP = "vacant_shop"
    DRAWN_TWICE = "drawn_twice"
    SHOPFRONTS_OVERLAP = "shopfronts_overlap"
    FRONTAGES_OVERLAP = "frontages_overlap"
    FRONTAGE_OVER_FRONT = "frontage_over_front"
    STRAY_FRONTAGE = "stray_frontage"
    NO_FRONTAGE = "no_frontage"


@dataclass(frozen=True, slots=True)
class ZoneFault:
    """One thing that is wrong, or a likely mistake.

    ``text`` is the whole line, with file, feature, expected and found. ``feature_id`` and ``number`` (place in the file, from 1) say
    which feature it is of, ``others`` which it has to do with besides; ``member`` is the property, of the feature or of the metadata.
    ``values`` are what the words for ``code`` need.
    """

    code: FaultCode
    text: str
    feature_id: str | None = None
    number: int | None = None
    member: str = ""
    others: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a zone file something is, and how a line names that; the rest is as of ZoneFault."""

    where: str
    feature_id: str | None = None
    number: int | None = None
    member: str = ""
    others: tuple[str, ...] = ()

    @classmethod
    def of_feature(cls, path: str, number: int, feature_id: object = "?") -> Spot:
        """A feature by its place (from 1) and its id, if it has one."""
        return cls(f"{path}: feature {feature_id!r} ({number})", feature_id if isinstance(feature_id, str) else None, number)

    def of(self, member: str) -> Spot:
        """A property of what is here."""
        return replace(self, member=member)

    def beside(self, *feature_ids: str) -> Spot:
        """Together with other features."""
        return replace(self, others=feature_ids)

    def fault(self, code: FaultCode, what: str, *, expected: str = "", found: str = "", hint: str = "", **values: str) -> ZoneFault:
        """Something that is wrong here. The first words make the line, ``values`` go with the code."""
        text = fault_line(self.where, what, expected=expected, found=found, hint=hint)
        return ZoneFault(code, text, self.feature_id, self.number, self.member, self.others, values)
