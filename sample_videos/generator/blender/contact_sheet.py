"""python -m sample_videos.generator.blender.contact_sheet OUT.png [names] - a picture of things with their names; * = held out."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view  # type: ignore[import-not-found]
from mathutils import Vector
from PIL import Image, ImageDraw

from sample_videos.generator.blender.things import ThingMaker
from sample_videos.generator.blender.workshop import Workshop
from sample_videos.generator.catalogue import THINGS, names
from sample_videos.generator.fonts import font
from sample_videos.generator.values import LABELS, Placed
from sample_videos.generator.variants import random_variant

ROOT = Path(__file__).resolve().parents[3]
GAP_M = 0.5
"""Between things."""
ROW_M = 14.0
"""Width of a row."""
TILT = math.radians(38)
"""The camera looks down by this angle; without perspective, so that sizes compare."""


def main() -> None:
    """Reads the command line; names may be things, kinds or labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", help="things, kinds or labels; all when left out")
    parser.add_argument("--assets", type=Path, default=ROOT / "build/generator")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--variants", action="store_true", help="in other sizes and colours, as training pictures show them")
    parser.add_argument("--width", type=int, default=1000, help="pixels")
    args = parser.parse_args()
    asked: list[str | None] = list(args.names) or [*LABELS, None]
    chosen = [name for one in asked for name in ((one,) if one is not None and one in THINGS else names(one))]
    workshop = Workshop()
    maker = ThingMaker(workshop, args.assets, args.assets / "prints")
    spots, depth = _spots(chosen)
    for name, (x, y) in spots.items():
        hang = 0.5 if THINGS[name].hangs else 0.0
        rng = np.random.default_rng([*name.encode(), args.seed])
        variant = random_variant(THINGS[name], rng) if args.variants else None
        maker.place(Placed(name, name, x, y, z=hang, turn=0.35, seed=args.seed, variant=variant))
    _prepare(workshop, depth, args.width)
    workshop.scene.render.filepath = str(args.out)
    bpy.ops.render.render(write_still=True)
    _write_names(workshop.scene, args.out, spots)


def _spots(chosen: list[str]) -> tuple[dict[str, tuple[float, float]], float]:
    """Where each thing stands: rows along -x, the first one farthest from the camera (-y); and the depth of all rows."""
    spots: dict[str, tuple[float, float]] = {}
    left, row_y, row_depth, before = 0.0, 0.0, 0.0, 0.0
    for name in chosen:
        spec = THINGS[name]
        size = max(spec.width_m, spec.depth_m) * 1.1 + (1.0 if spec.label == "stall" else 0.0)
        if left and left + size > ROW_M:
            row_y += row_depth + GAP_M
            left, row_depth = 0.0, 0.0
        # High things hide what stands behind them: their row begins later.
        deep = size + 0.6 * spec.height_m
        row_depth = max(row_depth, deep)
        spots[name] = (ROW_M / 2 - left - size / 2, row_y + deep - size / 2)
        left += size + GAP_M
        before = row_y + row_depth
    return spots, before


def _prepare(workshop: Workshop, depth: float, width_px: int) -> None:
    """A grey ground, a sun, a bright sky, a camera that sees all rows; few samples."""
    scene = workshop.scene
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 2
    scene.cycles.use_denoising = True
    scene.cycles.max_bounces = 3
    scene.cycles.transparent_max_bounces = 12
    scene.render.threads_mode = "FIXED"
    scene.render.threads = 1
    scene.view_settings.view_transform = "Standard"
    sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
    sun.data.energy, sun.data.angle = 3.0, 0.05
    sun.rotation_euler = (-0.7, 0.35, 0)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    for one in (sun, camera):
        scene.collection.objects.link(one)
    scene.camera = camera
    high = depth * math.sin(TILT) + 1.6
    camera.data.type = "ORTHO"
    camera.data.ortho_scale = max(ROW_M + 1.0, high)
    middle = Vector((0, depth / 2, 0.6))
    camera.location = middle + Vector((0, math.cos(TILT), math.sin(TILT))) * 60
    camera.rotation_euler = (middle - camera.location).to_track_quat("-Z", "Y").to_euler()
    scene.render.resolution_x = width_px
    scene.render.resolution_y = round(width_px * high / (ROW_M + 1.0))
    scene.world = bpy.data.worlds.new("sky")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.6, 0.68, 0.78, 1)
    ground = workshop.plain((0.27, 0.26, 0.25), rough=0.9)
    workshop.place(workshop.quad("sheet ground", [(-90, -90, 0), (90, -90, 0), (90, 90, 0), (-90, 90, 0)], ground))


def _write_names(scene: bpy.types.Scene, out: Path, spots: dict[str, tuple[float, float]]) -> None:
    """Each thing's name on the ground before it."""
    picture = Image.open(out).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for name, (x, y) in spots.items():
        spec = THINGS[name]
        front = y + max(spec.width_m, spec.depth_m) * 0.55 + 0.12
        across, up, _ = world_to_camera_view(scene, scene.camera, Vector((x, front, 0)))
        at = (across * picture.width, (1 - up) * picture.height)
        draw.text(
            at, name + (" *" if spec.held_out else ""), font=font(13), fill="#ffffff", anchor="mm", stroke_width=2, stroke_fill="#303030"
        )
    picture.save(out)


if __name__ == "__main__":
    main()
