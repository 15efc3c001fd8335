"""The base mesh of all people: the body that MakeHuman gives away (CC0), its shapes, joints and skinning weights.

The text files take seconds to read, so what is needed of them is kept in one binary file beside them.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sample_videos.generator.people.skeleton import BONES, SIDES, about, unit

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int64]

Weights = dict[str, list[tuple[int, float]]]
"""Vertex and weight pairs of every bone of the file."""

CACHE_NAME = "base_mesh_2.npz"
"""Its number rises when what is stored changes."""
GROUPS = ("body", "helper-tights", "helper-skirt", "helper-hair", "helper-l-eye", "helper-r-eye")
SEXES = ("female", "male")
STAGES = ("baby", "child", "young", "old")
FINGERS = ("index", "middle", "ring", "pinky")
CURL = math.radians(22)
"""Of each joint of a hanging hand."""
WEIGHTS = ("minweight", "averageweight", "maxweight")


class BodiesMissingError(FileNotFoundError):
    """The folder with the bodies' data is not there or not whole."""


@dataclass(frozen=True)
class BaseMesh:
    """The unshaped body: metres, looking along +x, its left at +y, z up."""

    vertices: FloatArray
    faces: dict[str, IndexArray]
    """Four corners per face, by group."""
    weights: FloatArray
    """One row per vertex, one column per bone of the skeleton; rows sum to 1."""
    joints: dict[str, IndexArray]
    """The vertices whose mean is the head of a bone."""
    shapes: dict[str, FloatArray]
    """What a shape adds to each vertex."""


@lru_cache(maxsize=2)
def load_base_mesh(assets: Path) -> BaseMesh:
    """Read the base mesh from assets/bodies, through the binary file there if it exists."""
    folder = assets / "bodies"
    cache = folder / CACHE_NAME
    if not cache.is_file():
        if not (folder / "3dobjs" / "base.obj").is_file():
            raise BodiesMissingError(f"no bodies in {folder}: 3dobjs/base.obj is missing")
        _write_whole(cache, _parse(folder))
    with np.load(cache) as stored:
        return BaseMesh(
            vertices=stored["vertices"].astype(np.float64),
            faces={group: stored[f"faces {group}"].astype(np.int64) for group in GROUPS},
            weights=stored["weights"].astype(np.float64),
            joints={bone: stored[f"joint {bone}"].astype(np.int64) for bone in BONES},
            shapes={name[6:]: stored[name].astype(np.float64) for name in stored.files if name.startswith("shape ")},
        )


def shape_name(sex: str, stage: str, weight: str | None = None) -> str:
    """Name of a shape: the East Asian build of a sex and stage of life, or how much such a body weighs."""
    return f"{sex} {stage}" if weight is None else f"{sex} {stage} {weight}"


def _write_whole(path: Path, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
    """Write beside the target and rename: a second process never reads half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    with os.fdopen(handle, "wb") as stream:
        np.savez(stream, **arrays)  # type: ignore[arg-type]
    Path(name).replace(path)


def _parse(folder: Path) -> dict[str, npt.NDArray[np.generic]]:
    vertices, groups = _read_obj(folder / "3dobjs" / "base.obj")
    rigs = folder / "rigs" / "standard"
    stored = json.loads((rigs / "weights.game_engine.json").read_text(encoding="utf-8"))["weights"]
    rig = json.loads((rigs / "rig.game_engine.json").read_text(encoding="utf-8"))
    cubes = {bone: ends["head"].get("cube_name") for bone, ends in rig.get("bones", rig).items()}
    joints = {bone: np.unique(np.array(groups[cube], np.int32)) for bone, cube in cubes.items() if cube in groups}
    relaxed = with_relaxed_hands(vertices, stored, {bone: vertices[corners].mean(0) for bone, corners in joints.items()})
    arrays: dict[str, npt.NDArray[np.generic]] = {"vertices": relaxed.astype(np.float32)}
    for group in GROUPS:
        arrays[f"faces {group}"] = np.array(groups[group], np.int32)
    arrays["weights"] = _kept_weights(stored, len(vertices)).astype(np.float32)
    for bone in BONES:
        arrays[f"joint {bone}"] = joints[bone]
    macro = folder / "targets" / "macrodetails"
    for sex in SEXES:
        for stage in STAGES:
            path = macro / f"asian-{sex}-{stage}.target.gz"
            arrays["shape " + shape_name(sex, stage)] = _read_target(path, len(vertices))
            for weight in WEIGHTS:
                path = macro / f"universal-{sex}-{stage}-averagemuscle-{weight}.target.gz"
                arrays["shape " + shape_name(sex, stage, weight)] = _read_target(path, len(vertices))
    return arrays


def _metres(points: FloatArray) -> FloatArray:
    """From decimetres with y up, looking along z, to the generator's axes."""
    return points[:, [2, 0, 1]] * 0.1


def _read_obj(path: Path) -> tuple[FloatArray, dict[str, list[list[int]]]]:
    points: list[list[float]] = []
    groups: dict[str, list[list[int]]] = {}
    current: list[list[int]] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            kind, _, rest = line.partition(" ")
            if kind == "v":
                points.append([float(number) for number in rest.split()[:3]])
            elif kind == "g":
                current = groups.setdefault(rest.strip(), [])
            elif kind == "f":
                current.append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    return _metres(np.array(points)), groups


def with_relaxed_hands(vertices: FloatArray, stored: Weights, joints: dict[str, FloatArray]) -> FloatArray:
    """Fingers half closed, as hands hang: the base mesh stretches them."""
    points = vertices.copy()
    for side, _ in SIDES:
        across = unit(joints["pinky_01" + side] - joints["index_01" + side])
        for finger in FINGERS:
            chain = [f"{finger}_0{number}{side}" for number in (1, 2, 3)]
            first, second, third = (joints[bone] for bone in chain)
            # The stretched fingers are bent a little already: bend on in the same direction.
            sense = 1.0 if float(np.cross(second - first, third - second) @ across) > 0 else -1.0
            turn, place = np.eye(3), first
            for bone, parent in zip(chain, [None, *chain], strict=False):
                if parent is not None:
                    place = place + turn @ (joints[bone] - joints[parent])
                turn = about(across, sense * CURL) @ turn
                for vertex, weight in stored[bone]:
                    points[vertex] += weight * (place + turn @ (vertices[vertex] - joints[bone]) - vertices[vertex])
    return points


def _kept_weights(stored: Weights, count: int) -> FloatArray:
    weights = np.zeros((count, len(BONES)))
    for bone, pairs in stored.items():
        column = BONES.index(_kept_bone(bone))
        for vertex, weight in pairs:
            weights[vertex, column] += weight
    weights[weights.sum(1) == 0, BONES.index("pelvis")] = 1
    return np.asarray(weights / weights.sum(1, keepdims=True))


def _kept_bone(bone: str) -> str:
    """Fingers move with the hand; what is left over with the pelvis."""
    if bone in BONES:
        return bone
    if bone.startswith(("thumb", "index", "middle", "ring", "pinky")):
        return "hand" + bone[-2:]
    return "pelvis"


def _read_target(path: Path, count: int) -> npt.NDArray[np.float32]:
    delta = np.zeros((count, 3))
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.split()
            if len(parts) == 4 and not parts[0].startswith("#"):
                delta[int(parts[0])] = [float(number) for number in parts[1:]]
    return _metres(delta).astype(np.float32)
