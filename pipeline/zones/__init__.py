"""zones/<camera>.geojson -> CameraZones: whose ground is where on a camera's picture.

``camera_zones`` are the values; ``zone_files`` loads and checks files (with ``zone_format`` and ``zone_checks``).
"""

from pipeline.zones.camera_zones import WATCHED, CameraZones, OpenHours, Zone, ZoneKind

__all__ = ["WATCHED", "CameraZones", "OpenHours", "Zone", "ZoneKind"]
