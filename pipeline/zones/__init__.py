"""zones/<camera>.geojson -> CameraZones: whose ground is where on a camera's picture.

``camera_zones`` are the values; ``zone_files`` loads and checks files (with ``zone_format``, ``zone_rings`` and ``zone_checks``; what is
wrong is a ``ZoneFault``); ``zone_writing`` makes a file of a draft; ``zone_imports`` reads what other programs drew.
"""

from pipeline.zones.camera_zones import WATCHED, CameraZones, OpenHours, Zone, ZoneKind

__all__ = ["WATCHED", "CameraZones", "OpenHours", "Zone", "ZoneKind"]
