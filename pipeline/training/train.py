"""A recipe, from COCO weights to a street model: phase after phase, going on where a kill left off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from pydantic import ValidationError

from pipeline.errors import ConfigError, ModelError
from pipeline.training.libraries import cores, device_of, ultralytics_ready
from pipeline.training.pictures import PictureSet, collect_pictures, draw_epoch
from pipeline.training.recipe import Recipe, Roots, root_of
from pipeline.training.seeing import read_picture
from pipeline.types import Image
from pipeline.whole_files import write_aside

if TYPE_CHECKING:
    import torch

    from pipeline.training.trainer import PhaseJob, Progress

_STATE = "training.json"
_MEASURED_BATCHES = 12
"""Of pictures, for the statistics of a base whose normalisation was folded away."""


@dataclass(frozen=True, slots=True)
class Training:
    """What was trained."""

    weights: Path
    """A ``.pt`` that plain ultralytics loads."""
    pictures: int
    real_pictures: int
    device: str


def train(
    recipe: Recipe, roots: Roots, out: Path, *, resume: bool = False, device: str = "auto", progress: Progress | None = None
) -> Training:
    """Train to the last phase and write ``<out>/<name>.pt``.

    Args:
        out: its own folder; holds checkpoints and state, so that a training that was stopped can go on.
        resume: go on with what ``out`` holds; a training that is complete is only told of.
        device: ``auto``, ``cpu``, ``cuda:0``.

    Raises ConfigError (folders, pictures, another training in ``out``), FaultsError (held-out pictures) or ModelError.
    """
    base = root_of(recipe.base.root, roots) / recipe.base.path
    _claim(recipe, out, resume=resume)
    pictures = collect_pictures(recipe, roots)
    if not pictures.watching:
        raise ConfigError("no pictures watch over the training", where=recipe.name, expected="a source with validate_every")
    if not pictures.training:
        raise ConfigError("nothing to train on", where=recipe.name, expected="pictures that do not all watch over the training")
    threads = cores()
    with ultralytics_ready(threads):
        from pipeline.training.head import averaged, blended, load_checkpoint, recalling, save_weights
        from pipeline.training.trainer import PhaseJob

        coco, weights = _base(load_checkpoint(base, recipe.base.sha256), base, recipe, pictures, out)
        chosen = device_of(device)
        phases: list[Path] = []
        for number in range(1, len(recipe.phases) + 1):
            start = phases[-1] if phases else weights
            job = PhaseJob(recipe, number, pictures, start, coco, (out / f"phase-{number}").resolve(), chosen, threads)
            phases.append(_run(job, progress))
        final = out / f"{recipe.name}.pt"
        trained = averaged([load_checkpoint(each) for each in phases[-recipe.average :]])
        kept = trained if recipe.blend == 1 else blended(trained, coco, recipe.blend)
        save_weights(recalling(kept, coco, recipe.recall) if recipe.recall else kept, final)
    return Training(final, len(pictures.training), sum(picture.real for picture in pictures.training), chosen)


def _base(coco: Any, path: Path, recipe: Recipe, pictures: PictureSet, out: Path) -> tuple[Any, Path]:
    """The network that training begins from, and its file: one that can be trained, where normalisation was folded away."""
    from pipeline.training.head import load_checkpoint, save_weights
    from pipeline.training.normalising import is_folded, with_statistics

    if not is_folded(coco):
        return coco, path
    made = out / "base.pt"
    if not made.is_file():
        size = recipe.phases[0].image_size or recipe.image_size
        save_weights(with_statistics(coco, _batches(recipe, pictures, size)), made, half=False)
    return load_checkpoint(made), made


def _batches(recipe: Recipe, pictures: PictureSet, size: int) -> Iterator[torch.Tensor]:
    """Some of the pictures that are trained on, in the mix of the training, as squares."""
    import torch

    rng = np.random.default_rng(recipe.seed)
    drawn = draw_epoch(pictures.training, real_share=recipe.real_share, size=_MEASURED_BATCHES * recipe.batch, rng=rng)
    for start in range(0, len(drawn), recipe.batch):
        squares = [_square(read_picture(pictures.training[at].path), size) for at in drawn[start : start + recipe.batch]]
        yield torch.from_numpy(np.stack(squares)[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32)) / 255


def _square(image: Image, size: int) -> Image:
    """The middle of a picture, scaled so that it fills a square."""
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return np.asarray(cv2.resize(image[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def _run(job: PhaseJob, progress: Progress | None) -> Path:
    """Run a phase, or what is left of it; returns its best checkpoint."""
    from pipeline.training.trainer import StreetTrainer

    last, best = (job.folder / "weights" / f"{name}.pt" for name in ("last", "best"))
    done = _epochs_done(last)
    if done < job.phase.epochs:
        StreetTrainer(job, resume=last if done else None, progress=progress).train()  # type: ignore[no-untyped-call]  # not annotated there
    if not best.is_file():
        raise ModelError("training gave no weights", where=str(job.folder), hint="The losses may have been no numbers: lower learning_rate")
    return best


def _epochs_done(last: Path) -> int:
    """Whole epochs in a checkpoint that we wrote; 0 where there is none."""
    if not last.is_file():
        return 0
    import torch

    # A pickle, but one from our own folder, written by StreetTrainer.
    return int(torch.load(last, map_location="cpu", weights_only=False)["epoch"]) + 1


def _claim(recipe: Recipe, out: Path, *, resume: bool) -> None:
    """Make sure that ``out`` is empty or holds this very training. ConfigError otherwise."""
    state = out / _STATE
    if state.is_file():
        if not resume:
            raise ConfigError("a training was begun here", where=str(out), hint="Give --resume to go on, or another --out")
        if not _is_same(state, recipe):
            raise ConfigError("this training was begun with another recipe", where=str(out), hint="Give another --out")
        return
    out.mkdir(parents=True, exist_ok=True)
    write_aside(state, json.dumps(recipe.model_dump(mode="json"), ensure_ascii=False, indent=1).encode())


def _is_same(state: Path, recipe: Recipe) -> bool:
    """A state of an earlier version lacks settings that are new since then: they have their defaults."""
    try:
        return Recipe.model_validate_json(state.read_bytes()) == recipe
    except ValidationError:
        return False
