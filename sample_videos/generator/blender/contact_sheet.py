"""python -m sample_videos.generator.blender.contact_sheet OUT.png [names] - a picture of things with their names."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import bpy
from mathutils import Vector
from PIL import Image, ImageDraw

from sample_videos.generator.blender.things import ThingMaker
from sample_videos.generator.blender.workshop import Workshop
from sample_videos.generator.catalogue import THINGS, names
from sample_videos.generator.prints import font
from sample_videos.generator.values import LABELS, Placed

ROOT = Path(__file__).resolve().parents[3]
TILE_PX = (240, 200)


def main() -> None:
    """Reads the command line; names may be things, kinds or labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", help="things, kinds or labels; all when left out")
    parser.add_argument("--assets", type=Path, default=ROOT / "build/generator")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--columns", type=int, default=6)
    args = parser.parse_args()
    chosen = [name for one in args.names or (*LABELS, None) for name in ((one,) if one in THINGS else names(one))]
    workshop = Workshop()
    maker = ThingMaker(workshop, args.assets, args.assets / "prints")
    _prepare(workshop)
    rows = math.ceil(len(chosen) / args.columns)
    sheet = Image.new("RGB", (TILE_PX[0] * args.columns, (TILE_PX[1] + 18) * rows), "#ffffff")
    draw = ImageDraw.Draw(sheet)
    tile = args.out.with_suffix(".tile.png")
    for index, name in enumerate(chosen):
        _tile(workshop, maker, name, args.seed, tile)
        left, top = index % args.columns * TILE_PX[0], index // args.columns * (TILE_PX[1] + 18)
        sheet.paste(Image.open(tile).convert("RGB"), (left, top))
        spec = THINGS[name]
        draw.text((left + 4, top + TILE_PX[1]), f"{name}{' (held out)' if spec.held_out else ''}", font=font(12), fill="#202020")
    tile.unlink(missing_ok=True)
    sheet.save(args.out)


def _prepare(workshop: Workshop) -> None:
    """A grey ground, a sun, a bright sky; small and quick."""
    scene = workshop.scene
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 4
    scene.cycles.use_denoising = True
    scene.cycles.max_bounces = 3
    scene.cycles.transparent_max_bounces = 12
    scene.render.threads_mode = "FIXED"
    scene.render.threads = 1
    scene.render.resolution_x, scene.render.resolution_y = TILE_PX
    scene.view_settings.view_transform = "Standard"
    sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
    sun.data.energy, sun.data.angle = 3.0, 0.05
    sun.rotation_euler = (-0.7, 0.35, 0)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    for one in (sun, camera):
        scene.collection.objects.link(one)
    scene.camera = camera
    scene.world = bpy.data.worlds.new("sky")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.6, 0.68, 0.78, 1)
    ground = workshop.plain((0.27, 0.26, 0.25), rough=0.9)
    workshop.place(workshop.quad("sheet ground", [(-40, -40, 0), (40, -40, 0), (40, 40, 0), (-40, 40, 0)], ground))


def _tile(workshop: Workshop, maker: ThingMaker, name: str, seed: int, path: Path) -> None:
    """One thing, seen obliquely from its front and above."""
    spec = THINGS[name]
    parts = maker.place(Placed("tile", name, 0, 0, z=0.4 if spec.hangs else 0.0, seed=seed))
    size = max(spec.width_m, spec.depth_m, spec.height_m, 2.6 if len(parts) > 1 else 0.3)
    camera = workshop.scene.camera
    middle = Vector((0, 0, (2.4 if len(parts) > 1 else spec.height_m) / 2))
    camera.location = middle + Vector((0.62, 1.0, 0.72)) * size * 2.1
    camera.rotation_euler = (middle - camera.location).to_track_quat("-Z", "Y").to_euler()
    camera.data.lens = 44
    workshop.scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    maker.remove(parts)


if __name__ == "__main__":
    main()
