"""CPU of the static eye per look: scaling the decoded picture and everything the eye does with it, without YOLO."""

from __future__ import annotations

import time

import cv2

from benchmarks.clip_maker import CAMERA, PROJECT, street_clip
from benchmarks.pipeline_config import LOOK_INTERVAL_S
from benchmarks.report import Better, Result
from pipeline.config import StaticObjectSettings
from pipeline.detectors.static_object import StaticObjectDetector
from pipeline.readers import open_reader
from pipeline.shops import load_shops
from pipeline.types import Frame
from pipeline.zones.zone_files import load_zones

WARM_UP_LOOKS = 10
CLIP_S = 300


def measure() -> Result:
    """Show the eye five minutes of street, one look per 2 s, and count the process's CPU time inside ``detect``."""
    cv2.setNumThreads(1)  # several threads on a picture this small cost more CPU than they save
    shops = load_shops(PROJECT / "zones" / "samples" / "shops.csv")
    zones = load_zones(PROJECT / "zones" / "samples" / f"{CAMERA}.geojson", camera_id=CAMERA, shops=shops)
    eye = StaticObjectDetector(StaticObjectSettings(), zones, None)
    spent_s: list[float] = []
    with open_reader(str(street_clip(CLIP_S)), camera_id=CAMERA, interval_s=LOOK_INTERVAL_S) as reader:
        for look in reader:
            if isinstance(look, Frame):
                began = time.process_time()
                eye.detect([look], [()])
                spent_s.append(time.process_time() - began)
    counted = sorted(spent_s[WARM_UP_LOOKS:])
    mean_ms = sum(counted) / len(counted) * 1000
    print(
        f"{len(counted)} looks: mean {mean_ms:.1f}, median {counted[len(counted) // 2] * 1000:.1f}, largest {counted[-1] * 1000:.1f} CPU-ms"
    )
    return Result("static_background", mean_ms, "CPU-ms per look", 10.0, Better.AT_MOST)
