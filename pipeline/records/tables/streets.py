"""Cameras, zones and shops as they were at some time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.records.columns import CanonicalJson
from pipeline.records.tables.base import ID, SHA256, Table


class CameraRecord(Table):
    """A camera as last configured; what it was called at the time of a run is kept with the sources."""

    __tablename__ = "cameras"

    camera_id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str]
    place: Mapped[str]
    street: Mapped[str]


class ZoneVersionRecord(Table):
    """One version of a camera's zones with the whole file, so that every judgement can be shown as it was made."""

    __tablename__ = "zone_versions"

    camera_id: Mapped[str] = mapped_column(ID, ForeignKey("cameras.camera_id"), primary_key=True)
    version: Mapped[str] = mapped_column(ID, primary_key=True)
    sha256: Mapped[str] = mapped_column(SHA256)
    author: Mapped[str]
    drawn_on: Mapped[date]
    reason: Mapped[str]
    geojson: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime | None]
    """When it was drawn in the console; NULL for a file that was drawn elsewhere."""
    saved_by: Mapped[str | None] = mapped_column(ID)
    """Whose account that was; NULL for a file that was drawn elsewhere."""


class ShopRecord(Table):
    """A shop code (一店一码)."""

    __tablename__ = "shops"

    code: Mapped[str] = mapped_column(ID, primary_key=True)


class TenancyRecord(Table):
    """One tenancy as some version of the registry stated it. Never changed: a correction is another row.

    ``tenancy_id`` is the sha256 of its content.
    """

    __tablename__ = "tenancies"

    tenancy_id: Mapped[str] = mapped_column(SHA256, primary_key=True)
    code: Mapped[str] = mapped_column(ID, ForeignKey("shops.code"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    street: Mapped[str]
    squad: Mapped[str]
    trade: Mapped[str]
    grade: Mapped[str]
    contact: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]


class DrawRecord(Table):
    """Shops drawn at random for an inspection (双随机), with all that is needed to draw them again. Never changed."""

    __tablename__ = "draws"

    draw_id: Mapped[str] = mapped_column(ID, primary_key=True)
    drawn_at: Mapped[datetime] = mapped_column(index=True)
    drawn_by: Mapped[str] = mapped_column(ID)
    seed: Mapped[str] = mapped_column(ID)
    wanted: Mapped[Any] = mapped_column(CanonicalJson)
    """Which shops could be drawn, and how many were to be: street, grades, trade, size."""
    candidates: Mapped[Any] = mapped_column(CanonicalJson)
    """The codes that could be drawn, sorted."""
    drawn: Mapped[Any] = mapped_column(CanonicalJson)
    """The codes that were, in the order of the draw."""
    inspectors: Mapped[Any] = mapped_column(CanonicalJson)
    """Account names or names of people who were drawn to inspect, in the order of the draw; empty: nobody was to be drawn."""
