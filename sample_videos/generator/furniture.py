"""Reads catalogues of furniture in the format of Sweet Home 3D: where a model lies, who made it, under which licence. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CATALOGUE_FILE = "PluginFurnitureCatalog.properties"
LICENCES = {
    "BlendSwap-CC-0": "CC0 (public domain)",
    "BlendSwap-CC-BY": "CC BY 3.0",
    "KatorLegaz": "CC BY 3.0 US",
    "Reallusion": "CC BY 3.0 US",
    "Scopia": "CC BY 3.0",
}
"""Licence of each catalogue of the package, as its own file states it."""
_ENTRY = re.compile(r"(\w+)#(\d+)\s*=\s*(.*)")


@dataclass(frozen=True, slots=True)
class Model:
    """One model of a catalogue."""

    source: str
    """<catalogue>/<model>, as the catalogue of things names it."""
    title: str
    path: Path
    """The OBJ file."""
    size_m: tuple[float, float, float]
    """Width, depth, height."""
    creator: str
    licence: str
    rotation: tuple[tuple[float, float, float], ...] | None
    """3x3, in the axes of the file (y up)."""

    @property
    def rotation_matrix(self) -> np.ndarray | None:
        """The rotation as an array."""
        return None if self.rotation is None else np.array(self.rotation)


def read_models(furniture: Path) -> dict[str, Model]:
    """All models under the folder, by source. FileNotFoundError says what to do when there are none."""
    found: dict[str, Model] = {}
    for catalogue in sorted(furniture.glob(f"*/{CATALOGUE_FILE}")):
        entries: dict[int, dict[str, str]] = {}
        for line in catalogue.read_text(encoding="latin1").splitlines():
            match = _ENTRY.match(line)
            if match:
                entries.setdefault(int(match[2]), {})[match[1]] = match[3].strip()
        for entry in entries.values():
            model = _model(catalogue.parent, entry)
            found.setdefault(model.source, model)
    if not found:
        raise FileNotFoundError(f"no catalogue of furniture in {furniture}: run python -m sample_videos.generator.assets")
    return found


def _model(folder: Path, entry: dict[str, str]) -> Model:
    """From the entries of one number; sizes are centimetres there."""
    path = folder / entry["model"].lstrip("/")
    rotation = None
    if "modelRotation" in entry:
        values = [float(value) for value in entry["modelRotation"].split()]
        rotation = ((values[0], values[1], values[2]), (values[3], values[4], values[5]), (values[6], values[7], values[8]))
    return Model(
        source=f"{folder.name}/{path.stem}",
        title=entry.get("name", path.stem),
        path=path,
        size_m=(float(entry["width"]) / 100, float(entry["depth"]) / 100, float(entry["height"]) / 100),
        creator=entry.get("creator", ""),
        licence=LICENCES.get(folder.name, "unknown"),
        rotation=rotation,
    )
