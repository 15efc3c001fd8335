"""models/<name>/card.yaml: what a model is, which file it must be, and what its classes mean here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self

import yaml
from pydantic import Field, ValidationError, model_validator

from pipeline.config import Settings, Share
from pipeline.errors import FaultsError, ModelError
from pipeline.types import Role


class WeightsFormat(StrEnum):
    """How the weights are stored."""

    PT = "pt"
    """A PyTorch checkpoint. It is a pickle: loading one runs what is in it, so its hash is checked first."""
    ONNX = "onnx"
    OPENVINO = "openvino"
    """A folder with .xml, .bin and metadata.yaml."""
    ENGINE = "engine"
    """TensorRT; works on the kind of card that it was built for."""


_SUFFIXES = {
    WeightsFormat.PT: ".pt",
    WeightsFormat.ONNX: ".onnx",
    WeightsFormat.OPENVINO: "_openvino_model",
    WeightsFormat.ENGINE: ".engine",
}


class ModelCard(Settings):
    """One model. Classes that the card doesn't name are ignored; ones that the model lacks are an error."""

    name: str = Field(pattern=r"^[\w.\-]+$")
    title: str = Field(min_length=1)
    format: WeightsFormat
    weights: Path
    """Seen from the card's folder; absolute once loaded. OpenVINO: a folder whose name ends in _openvino_model."""
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    """See hash_weights. Empty: not pinned yet, and not loaded before it is."""
    bytes: int | None = Field(default=None, gt=0)
    image_size: int = Field(default=640, ge=160, le=2560, multiple_of=32)
    """Longest side that the model was trained at, in pixels."""
    classes: Mapping[str, Role] = Field(min_length=1)
    """The model's class name -> what such a thing means for the rules."""
    min_confidence: Mapping[str, Share] = Field(default_factory=dict)
    """Class name -> confidence below which it is ignored, where that class needs more than the settings ask of all."""
    licence: str = Field(min_length=1)
    source: str | None = None
    """Where ``doorline models fetch`` gets the file, only when somebody asks for it."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        unknown = sorted(set(self.min_confidence) - set(self.classes))
        if unknown:
            raise ValueError(f"min_confidence names classes that 'classes' doesn't: {', '.join(unknown)}")
        suffix = _SUFFIXES[self.format]
        if not self.weights.name.endswith(suffix):
            raise ValueError(f"weights of format {self.format} must end in {suffix!r}; found {self.weights.name!r}")
        return self


def load_card(path: Path) -> ModelCard:
    """Read and check one card; its weights path comes back absolute. The weights themselves are not touched.

    Raises ModelError (missing, unreadable, no YAML) or FaultsError with one line per fault.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise ModelError("cannot read model card", where=str(path), found=str(err), hint="Give the path of a card.yaml") from err
    except yaml.YAMLError as err:
        raise ModelError("model card is not valid YAML", where=str(path), found=str(err)) from err
    if not isinstance(data, dict):
        raise ModelError("not a model card", where=str(path), expected="keys and values", found=type(data).__name__)
    try:
        card = ModelCard.model_validate(data)
    except ValidationError as err:
        faults = tuple(f"{path}: {'.'.join(map(str, item['loc'])) or 'card'}: {item['msg']}" for item in err.errors())
        raise FaultsError("model card refused", faults) from err
    return card.model_copy(update={"weights": (path.resolve().parent / card.weights).resolve()})


def hash_weights(path: Path) -> str:
    """The sha256 that a card pins, 64 hex digits.

    Of a file: of its bytes. Of a folder: of the lines ``<sha256>  <relative path>``, sorted by path, one for
    every file in it, as ``sha256sum`` writes them. Raises ModelError where something can't be read.
    """
    try:
        if not path.is_dir():
            return _hash_file(path)
        files = sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file())
        listing = "".join(f"{_hash_file(file)}  {name}\n" for name, file in files)
    except OSError as err:
        raise ModelError(
            "cannot read weights",
            where=str(path),
            found=err.strerror or str(err),
            hint="Run: doorline models fetch CARD, or put the file there",
        ) from err
    return hashlib.sha256(listing.encode()).hexdigest()


def verify_model(card: ModelCard) -> str:
    """Check that the weights are what the card pins, before anything of them is loaded; returns their sha256.

    Raises ModelError: weights missing or unreadable, other than pinned, or not pinned at all.
    """
    found = hash_weights(card.weights)
    if not card.sha256:
        raise ModelError(
            "weights are not pinned",
            where=str(card.weights),
            expected="sha256 in the model card",
            found=found,
            hint="If you trust this file, write that hash into the card",
        )
    if found != card.sha256:
        raise ModelError(
            "weights are not what the card pins",
            where=str(card.weights),
            expected=f"sha256 {card.sha256}",
            found=f"sha256 {found}",
            hint="Do not use this file; fetch it again or correct the card",
        )
    return found


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
