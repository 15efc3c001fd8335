"""``python -m sample_videos.compose``: make the demo clip, its truth, zones, shop list and reference picture anew."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2

from sample_videos.compose.camera import Camera
from sample_videos.compose.encoding import encode
from sample_videos.compose.film import Film
from sample_videos.compose.papers import shops_csv, truth_of, zones_of, zones_text
from sample_videos.compose.script import demo_scene

PROJECT = Path(__file__).resolve().parents[2]
CAMERA_ID = "CAM01"


def main() -> None:
    """Parse the command line and write the files."""
    parser = argparse.ArgumentParser(prog="python -m sample_videos.compose", description=__doc__)
    parser.add_argument("--into", type=Path, default=PROJECT, help="folder that gets sample_videos/ and zones/ (default: the project)")
    parser.add_argument("--papers", action="store_true", help="only truth, zones, shop list and reference picture, not the clip")
    parser.add_argument("--still", type=float, action="append", default=[], metavar="SECONDS", help="also write a PNG of this moment")
    arguments = parser.parse_args()
    clips, zones = arguments.into / "sample_videos", arguments.into / "zones"
    for folder in (clips, zones):
        folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(1280, 720)
    film = Film(camera, demo_scene())
    clip = clips / f"{CAMERA_ID}_{film.style.starts_at:%Y%m%d_%H%M%S}.mp4"
    truth = truth_of(camera, film.scene, film.style, clip.name, CAMERA_ID)
    clip.with_suffix(".truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    reference = zones / f"{CAMERA_ID}_reference.jpg"
    cv2.imwrite(str(reference), film.reference(), [cv2.IMWRITE_JPEG_QUALITY, 93])
    (zones / f"{CAMERA_ID}.geojson").write_text(
        zones_text(zones_of(camera, CAMERA_ID, reference.name, film.style.starts_at.date())), encoding="utf-8"
    )
    (zones / "shops.csv").write_text(shops_csv(), encoding="utf-8")
    for moment in arguments.still:
        cv2.imwrite(str(clips / f"still_{moment:05.1f}s.jpg"), film.still(moment), [cv2.IMWRITE_JPEG_QUALITY, 88])
    if not arguments.papers:
        encode(film, clip)
    print(f"{clips} and {zones} written")


if __name__ == "__main__":
    main()
