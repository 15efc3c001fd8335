"""Zones -> disjoint pieces of watched ground, and how much of a contact band lies on each.

Where polygons overlap, one meaning wins: ignore and fixture, then shopfront, then permitted (while it is in
force), then frontage, then public. All of that but the time is worked out once: every piece knows whose ground
it is and which permitted zones lie over it. Areas are plain arithmetic (a polygon clipped to a box), so that a
look costs microseconds and the result does not depend on the version of a geometry library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from pipeline.rules.contact import Band
from pipeline.types import BoundingBox
from pipeline.zones import CameraZones, Zone, ZoneKind

Ring = tuple[tuple[float, float], ...]

_SPECK = 1e-9
"""Pieces below this share of the picture are rounding, not ground."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground of one meaning. ``shops`` are the codes whose frontage it is (several where frontages overlap), none on public ground."""

    outers: tuple[Ring, ...]
    holes: tuple[Ring, ...]
    bounds: tuple[float, float, float, float]
    shops: tuple[str, ...]
    place: str
    permits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Footing:
    """What part of a contact band stands where, at one moment. All shares are 0..1 of the band.

    ``watched`` counts all watched ground, ``forbidden`` only where nothing permits it now; ``shops`` and
    ``places`` split ``forbidden`` by whose ground it is, in a fixed order.
    """

    watched: float
    forbidden: float
    shops: tuple[tuple[str, float], ...]
    places: tuple[tuple[str, float], ...]


class Ground:
    """The watched ground of one camera."""

    def __init__(self, zones: CameraZones, default_place: str = "") -> None:
        """Cut the polygons into pieces. ``default_place`` names public ground whose zone has neither place nor name."""
        self.aspect = zones.picture_aspect
        self.permitted = zones.of_kind(ZoneKind.PERMITTED)
        self._place_of_shop = _places_of_shops(zones)
        self._shopfronts = {
            code: shapely.transform(shape, lambda xy: xy * [self.aspect, 1.0]) for code, shape in _shopfronts(zones).items()
        }
        self._pieces = tuple(_cut(zones, self.permitted, default_place))
        self._areas = lru_cache(maxsize=4096)(self._measure)

    def footing(self, band: Band, in_force: frozenset[int]) -> Footing:
        """Where a band stands while the permitted zones with these numbers (places in ``permitted``) are in force.

        A permit for certain shops frees their own frontage from others' things only for them; on public ground
        it frees whatever stands there, since a camera can't tell whose it is.
        """
        watched = forbidden = 0.0
        shops: dict[str, float] = {}
        places: dict[str, float] = {}
        for piece, share in self._areas(band):
            watched += share
            permits = [self.permitted[number] for number in piece.permits if number in in_force]
            if not piece.shops:
                if not permits:
                    forbidden += share
                    places[piece.place] = places.get(piece.place, 0.0) + share
                continue
            for code in piece.shops:
                if not any(not permit.shop_codes or code in permit.shop_codes for permit in permits):
                    forbidden += share / len(piece.shops)
                    shops[code] = shops.get(code, 0.0) + share / len(piece.shops)
        return Footing(watched, forbidden, tuple(sorted(shops.items())), tuple(sorted(places.items())))

    def near_shopfront(self, band: Band, codes: Iterable[str], within: float) -> bool:
        """Whether a band is at most ``within`` picture heights from the shopfront of one of these shops."""
        parts = [shapely.box(part.x_min * self.aspect, part.y_min, part.x_max * self.aspect, part.y_max) for part in band]
        shape = shapely.union_all(parts)
        return any(code in self._shopfronts and self._shopfronts[code].distance(shape) <= within for code in codes)

    def place_of(self, code: str) -> str:
        """The place name of a shop's frontage; "" if it has none."""
        return self._place_of_shop.get(code, "")

    def _measure(self, band: Band) -> tuple[tuple[Piece, float], ...]:
        """The pieces under a band with the share 0..1 of the band on each."""
        whole = sum(part.area for part in band)
        if whole <= 0:
            return ()
        found = []
        for piece in self._pieces:
            area = sum(_shared(piece, part) for part in band)
            if area > 0:
                found.append((piece, min(1.0, area / whole)))
        return tuple(found)


def _shared(piece: Piece, box: BoundingBox) -> float:
    """Area of a piece inside a box."""
    left, top, right, bottom = piece.bounds
    if box.x_min >= right or box.x_max <= left or box.y_min >= bottom or box.y_max <= top:
        return 0.0
    return sum(clipped_area(ring, box) for ring in piece.outers) - sum(clipped_area(ring, box) for ring in piece.holes)


def clipped_area(ring: Sequence[tuple[float, float]], box: BoundingBox) -> float:
    """Area of the part of a simple closed ring (its last point is not repeated) inside a box; any vertex order."""
    points = list(ring)
    for axis, limit, sign in ((0, box.x_min, 1), (0, box.x_max, -1), (1, box.y_min, 1), (1, box.y_max, -1)):
        if not points:
            return 0.0
        points = _half(points, axis, limit, sign)
    doubled = 0.0
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        doubled += x1 * y2 - x2 * y1
    return abs(doubled) / 2


def _half(points: list[tuple[float, float]], axis: int, limit: float, sign: int) -> list[tuple[float, float]]:
    """Keep what lies on one side of an axis-parallel line (Sutherland-Hodgman)."""
    kept: list[tuple[float, float]] = []
    before = points[-1]
    was_in = sign * (before[axis] - limit) >= 0
    for point in points:
        is_in = sign * (point[axis] - limit) >= 0
        if is_in != was_in:
            part = (limit - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + part * (point[1 - axis] - before[1 - axis])
            kept.append((limit, other) if axis == 0 else (other, limit))
        if is_in:
            kept.append(point)
        before, was_in = point, is_in
    return kept


def _cut(zones: CameraZones, permitted: tuple[Zone, ...], default_place: str) -> Iterable[Piece]:
    """All pieces, in an order that depends on the zone file alone."""
    taken = shapely.union_all([zone.polygon for zone in zones.of_kind(ZoneKind.IGNORE, ZoneKind.FIXTURE, ZoneKind.SHOPFRONT)])
    shares: list[tuple[BaseGeometry, tuple[str, ...], str]] = []
    for zone in zones.of_kind(ZoneKind.FRONTAGE):
        if zone.shop_code is not None:
            shares = _overlay(shares, zone.polygon.difference(taken), zone.shop_code)
    taken = shapely.union_all([taken, *(shape for shape, _, _ in shares)])
    # A frontage without a shop is ground that must stay clear, and so is a permitted zone outside its hours.
    nobodys = [zone for zone in zones.of_kind(ZoneKind.FRONTAGE) if zone.shop_code is None]
    for zone in (*nobodys, *zones.of_kind(ZoneKind.PUBLIC), *permitted):
        shares.append((zone.polygon.difference(taken), (), zone.place or zone.name or default_place or zone.zone_id))
        taken = taken.union(zone.polygon)
    for shape, shops, place in shares:
        for part, permits in _by_permit(shape, permitted):
            polygons = [polygon for polygon in _polygons(part) if polygon.area > _SPECK]
            if polygons:
                yield Piece(
                    tuple(_ring(polygon.exterior) for polygon in polygons),
                    tuple(_ring(hole) for polygon in polygons for hole in polygon.interiors),
                    MultiPolygon(polygons).bounds,
                    shops,
                    place,
                    permits,
                )


def _overlay(
    shares: list[tuple[BaseGeometry, tuple[str, ...], str]], shape: BaseGeometry, code: str
) -> list[tuple[BaseGeometry, tuple[str, ...], str]]:
    """Add one more frontage: ground that two shops share belongs to both."""
    result = []
    for known, codes, place in shares:
        both = known.intersection(shape)
        if code in codes or both.area <= _SPECK:
            result.append((known, codes, place))
        else:
            result += [(known.difference(shape), codes, place), (both, tuple(sorted({*codes, code})), place)]
        shape = shape.difference(known)
    return [*result, (shape, (code,), "")]


def _by_permit(shape: BaseGeometry, permitted: tuple[Zone, ...]) -> list[tuple[BaseGeometry, tuple[int, ...]]]:
    """Cut ground along the permitted zones that lie over it."""
    parts: list[tuple[BaseGeometry, tuple[int, ...]]] = [(shape, ())]
    for number, zone in enumerate(permitted):
        parts = [
            cut
            for part, permits in parts
            for cut in ((part.difference(zone.polygon), permits), (part.intersection(zone.polygon), (*permits, number)))
            if cut[0].area > _SPECK
        ]
    return parts


def _ring(ring: LinearRing) -> Ring:
    return tuple((point[0], point[1]) for point in ring.coords[:-1])


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(shape).tolist() if isinstance(part, Polygon)]


def _shopfronts(zones: CameraZones) -> dict[str, BaseGeometry]:
    shapes: dict[str, BaseGeometry] = {}
    for zone in zones.of_kind(ZoneKind.SHOPFRONT):
        if zone.shop_code is not None:
            known = shapes.get(zone.shop_code)
            shapes[zone.shop_code] = zone.polygon if known is None else known.union(zone.polygon)
    return shapes


def _places_of_shops(zones: CameraZones) -> dict[str, str]:
    places: dict[str, str] = {}
    for zone in zones.of_kind(ZoneKind.FRONTAGE):
        if zone.shop_code is not None:
            places.setdefault(zone.shop_code, zone.place or zone.name or zone.zone_id)
    return places
