"""Things in other colours: objects get materials of their own and go on sharing their mesh."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import bpy

from sample_videos.generator.blender.things_shape import Material
from sample_videos.generator.blender.workshop import Workshop
from sample_videos.generator.livery import Finish, Livery
from sample_videos.generator.prints_tints import tinted_file


class Painter:
    """Gives objects other materials, made from those of their mesh."""

    def __init__(self, workshop: Workshop, prints: Path) -> None:
        """prints: where prints.py painted; tinted ones are kept beside them."""
        self._workshop, self._prints = workshop, prints

    def repaint(self, one: bpy.types.Object, livery: int, *, first: int = 0) -> None:
        """first: number of the object's first material in the whole thing."""
        look = Livery(livery)
        chosen = [self._repainted(slot.material, look, first + index) for index, slot in enumerate(one.material_slots)]
        for slot, material in zip(one.material_slots, chosen, strict=True):
            slot.link = "OBJECT"
            slot.material = material

    def _repainted(self, material: Material | None, look: Livery, part: int) -> Material | None:
        shader = material.node_tree.nodes.get("Principled BSDF") if material is not None and material.node_tree else None
        if shader is None:
            return material
        inputs = shader.inputs
        glow, alpha = float(inputs["Emission Strength"].default_value), float(inputs["Alpha"].default_value)
        rough, metal = float(inputs["Roughness"].default_value), float(inputs["Metallic"].default_value)
        if inputs["Base Color"].is_linked:
            picture = self._picture(inputs["Base Color"], look, part)
            cut_out = bool(inputs["Alpha"].is_linked)
            return (
                self._workshop.printed(picture, rough=rough, metal=metal, glow=glow, alpha=-1.0 if cut_out else alpha)
                if picture
                else material
            )
        red, green, blue = (float(value) for value in inputs["Base Color"].default_value[:3])
        after = look.finish(Finish((red, green, blue), rough, metal, alpha), part)
        return self._workshop.plain(after.colour, rough=after.rough, metal=after.metal, glow=glow, alpha=after.alpha)

    def _picture(self, socket: Any, look: Livery, part: int) -> Path | None:
        """The tinted file in place of the picture that feeds a socket; None: it is no file."""
        image = getattr(socket.links[0].from_node, "image", None)
        path = Path(bpy.path.abspath(image.filepath)) if image is not None else None
        if path is None or not path.is_file():
            return None
        if path.parent == self._prints:
            name, tint = look.print(path.stem, part)
            return tinted_file(self._prints / f"{name}.png", tint, self._prints / "tints", name)
        # Models have pictures of equal names.
        name = f"{path.stem}-{zlib.crc32('/'.join(path.parts[-3:]).encode()):08x}"
        return tinted_file(path, look.tint(part), self._prints / "tints", name)
