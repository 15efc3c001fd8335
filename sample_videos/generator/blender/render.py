"""Pictures by Cycles on the CPU: linear light, whole or a region of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bpy
import numpy as np
import OpenEXR
from mathutils import Matrix

from sample_videos.generator.blender.workshop import Workshop
from sample_videos.generator.camera import Projection
from sample_videos.generator.surfaces import Array

Region = tuple[int, int, int, int]
"""Columns and rows x0, y0, x1, y1 of the rendered picture, y down, the ends excluded."""


class Renderer:
    """Renders what stands in the workshop, as one camera sees it before its lens bends anything."""

    def __init__(self, workshop: Workshop, folder: Path, *, samples: int = 4) -> None:
        self._scene = workshop.scene
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "rendered.exr"
        self._count = 0
        self._camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        self._scene.collection.objects.link(self._camera)
        self._scene.camera = self._camera
        self._set_engine(samples)

    def look(self, projection: Projection, *, scale: float = 1.0) -> None:
        """Stand where that camera stands. scale < 1 makes smaller pictures."""
        view, pose = projection.rendered, projection.pose
        matrix = Matrix.Identity(4)
        right, down, forward = projection.axes
        for row in range(3):
            matrix[row][0], matrix[row][1], matrix[row][2] = right[row], -down[row], -forward[row]
        matrix[0][3], matrix[1][3], matrix[2][3] = pose.x, pose.y, pose.z
        self._camera.matrix_world = matrix
        self._camera.data.sensor_fit = "HORIZONTAL"
        self._camera.data.angle = view.fov
        self._camera.data.clip_start = 0.05
        render = self._scene.render
        render.resolution_x, render.resolution_y = round(view.width * scale), round(view.height * scale)
        render.resolution_percentage = 100

    def picture(self, region: Region | None = None) -> Array:
        """(height, width, 3) float32 linear RGB of the whole picture or of a region."""
        render = self._scene.render
        render.use_border = render.use_crop_to_border = region is not None
        if region is not None:
            x0, y0, x1, y1 = region
            # Blender cuts fractions of pixels off: a quarter more keeps every edge where it was asked for.
            width, height = render.resolution_x, render.resolution_y
            render.border_min_x, render.border_max_x = (x0 + 0.25) / width, min((x1 + 0.25) / width, 1.0)
            render.border_min_y, render.border_max_y = (height - y1 + 0.25) / height, min((height - y0 + 0.25) / height, 1.0)
        # With persistent data a changed setting only counts when the path changes too.
        self._count += 1
        path = self._file.with_stem(f"{self._file.stem}_{self._count}")
        render.filepath = str(path)
        with _silence():
            bpy.ops.render.render(write_still=True)
        made = OpenEXR.File(str(path)).channels()
        path.unlink()
        pixels = made["RGB"].pixels if "RGB" in made else np.stack([made[name].pixels for name in "RGB"], -1)
        return np.asarray(pixels, np.float32)

    def _set_engine(self, samples: int) -> None:
        render, cycles = self._scene.render, self._scene.cycles
        render.engine = "CYCLES"
        cycles.device = "CPU"
        cycles.samples, cycles.seed = samples, 7
        cycles.use_adaptive_sampling = False
        cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 2, 1, 1
        cycles.transmission_bounces, cycles.transparent_max_bounces = 2, 6
        cycles.caustics_reflective = cycles.caustics_refractive = False
        cycles.sample_clamp_indirect = 4.0
        cycles.use_light_tree = False
        cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
        cycles.denoising_quality, cycles.denoising_prefilter = "FAST", "FAST"
        render.use_persistent_data = True
        render.threads_mode, render.threads = "FIXED", 1
        image = render.image_settings
        image.file_format, image.color_mode, image.color_depth, image.exr_codec = "OPEN_EXR", "RGB", "16", "ZIP"


@contextmanager
def _silence() -> Iterator[None]:
    """Blender writes several lines per picture straight to the terminal."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
