"""Ultralytics' trainer with our network, our pictures in our mix, our loss, and speed on CPUs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import torch
from ultralytics.data.build import InfiniteDataLoader
from ultralytics.models.yolo.detect import DetectionTrainer

from pipeline.training.classes import CLASSES
from pipeline.training.dataset import EpochSampler, StreetDataset
from pipeline.training.head import street_model
from pipeline.training.loss import IgnoringLoss
from pipeline.training.pictures import PictureSet
from pipeline.training.recipe import Phase, Recipe
from pipeline.training.remembering import Memory


@dataclass(frozen=True, slots=True)
class EpochReport:
    """How one epoch went."""

    phase: int
    epoch: int
    epochs: int
    pictures_per_s: float
    """Trained on, without what watches over the training."""
    losses: dict[str, float]
    watching_map50: float
    """On the pictures that are not trained on."""


Progress: TypeAlias = Callable[[EpochReport], None]


@dataclass(frozen=True, slots=True)
class PhaseJob:
    """One phase of a recipe, ready to run."""

    recipe: Recipe
    number: int
    """Counted from 1."""
    pictures: PictureSet
    weights: Path
    """What it begins from: COCO's checkpoint or that of the phase before."""
    coco: Any
    """The detector that the first phase began from."""
    folder: Path
    device: str
    """As torch names it."""
    threads: int

    @property
    def phase(self) -> Phase:
        """Its settings."""
        return self.recipe.phases[self.number - 1]

    @property
    def real_share(self) -> float:
        """Least share of real pictures in each epoch."""
        return self.recipe.real_share if self.phase.real_share is None else self.phase.real_share

    @property
    def remember(self) -> float:
        """How much COCO's opinions count."""
        return self.recipe.remember if self.phase.remember is None else self.phase.remember


class StreetTrainer(DetectionTrainer):
    """Runs one phase; goes on after the last whole epoch where ``resume`` is given."""

    def __init__(self, job: PhaseJob, *, resume: Path | None, progress: Progress | None) -> None:
        """Args: resume: a ``last.pt`` that this class wrote."""
        self._job = job
        self._progress = progress
        self.model: Any
        self.metrics: Any
        self.tloss: Any
        self._epoch_began = 0.0
        self._speed = 0.0
        self._sampler: EpochSampler | None = None
        super().__init__(overrides=_settings(job) | ({"resume": str(resume)} if resume else {}))
        self.add_callback("on_train_epoch_start", lambda _: self._begin_epoch())
        self.add_callback("on_train_epoch_end", lambda _: self._end_epoch())
        self.add_callback("on_fit_epoch_end", lambda _: self._tell())

    def get_dataset(self) -> dict[str, Any]:
        """See BaseTrainer."""
        return {"train": "", "val": "", "names": dict(enumerate(CLASSES)), "nc": len(CLASSES), "channels": 3}

    def build_dataset(self, img_path: str, mode: str = "train", batch: int | None = None) -> StreetDataset:
        """See DetectionTrainer."""
        trains = mode == "train"
        recipe = self._job.recipe
        pictures = self._job.pictures.training if trains else self._job.pictures.watching
        return StreetDataset(
            pictures,
            recipe.augmentation if trains else None,
            phase=self._job.phase if trains else None,
            real_share=self._job.real_share,
            imgsz=self.args.imgsz,
            cache=self.args.cache,
            hyp=self.args,
            batch_size=batch or recipe.batch,
            stride=32,
            data=self.data,
        )

    def get_dataloader(self, dataset_path: str, batch_size: int = 16, rank: int = 0, mode: str = "train") -> Any:
        """See DetectionTrainer; what is trained on is drawn by an EpochSampler."""
        if mode != "train":
            return super().get_dataloader(dataset_path, batch_size, rank, mode)
        recipe = self._job.recipe
        self._sampler = EpochSampler(
            self._job.pictures.training,
            real_share=self._job.real_share,
            size=recipe.epoch_pictures,
            seed=recipe.seed * 1000 + self._job.number,
        )
        return InfiniteDataLoader(
            self.build_dataset(dataset_path, "train", batch_size),
            batch_size=batch_size,
            sampler=self._sampler,
            num_workers=self.args.workers,
            collate_fn=StreetDataset.collate_fn,
            pin_memory=self.device.type == "cuda",
            # A last batch of one picture would give batch normalisation nothing to normalise over.
            drop_last=len(self._sampler) > batch_size,
        )

    def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> Any:
        """COCO's network with our head; a network that has it already stays as it is."""
        return weights if weights.model[-1].nc == len(CLASSES) else street_model(weights)

    def set_model_attributes(self) -> None:
        """See DetectionTrainer; also gives the network its loss."""
        super().set_model_attributes()  # type: ignore[no-untyped-call]  # ultralytics is not annotated here
        self.model.criterion = IgnoringLoss(self.model, self._job.recipe.smallest_px)

    def _setup_train(self) -> None:
        super()._setup_train()  # type: ignore[no-untyped-call]  # as above
        if self._sampler is not None:
            self._sampler.epoch = self.start_epoch
        if self._job.remember:
            # Only now: the averaged copy that checkpoints are made of must know nothing of it.
            self.model.criterion.memory = Memory(self._job.coco, self.model, frozen=self._job.phase.freeze)
            self.model.criterion.remember = self._job.remember
        if self.device.type == "cpu":
            # bfloat16 and channels-last: 30 pictures a second on two cores instead of 18 (frozen backbone, 480 px).
            # Ultralytics offers both on GPUs only; its loop asks self.amp.
            self.amp = True
            self.model.to(memory_format=torch.channels_last)
            torch.set_num_threads(self._job.threads)

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        """See DetectionTrainer."""
        batch = super().preprocess_batch(batch)
        batch["img"] = batch["img"].contiguous(memory_format=torch.channels_last)
        return batch

    def save_model(self) -> bool:
        """See BaseTrainer; a kill in the middle of writing leaves the checkpoint of the epoch before."""
        names = self.last, self.best
        self.last, self.best = (name.with_suffix(".partial") for name in names)
        try:
            super().save_model()  # type: ignore[no-untyped-call]  # as above
            for partial, name in zip((self.best, self.last), reversed(names), strict=True):
                if partial.exists():
                    _sync(partial)
                    partial.replace(name)
        finally:
            self.last, self.best = names
        return True

    def final_eval(self) -> None:
        """Nothing: ``doorline models check`` measures."""

    def _begin_epoch(self) -> None:
        self._epoch_began = time.monotonic()

    def _end_epoch(self) -> None:
        self._speed = len(self.train_loader) * self.batch_size / max(time.monotonic() - self._epoch_began, 1e-9)

    def _tell(self) -> None:
        if self._progress:
            losses = {name: float(value) for name, value in (self.tloss or {}).items()}
            found = float((self.metrics or {}).get("metrics/mAP50(B)", 0.0))
            self._progress(EpochReport(self._job.number, self.epoch + 1, self.epochs, self._speed, losses, found))


def _settings(job: PhaseJob) -> dict[str, Any]:
    """What ultralytics' trainer is told."""
    recipe, phase, how = job.recipe, job.phase, job.recipe.augmentation
    on_cpu = job.device == "cpu"
    return {
        "task": "detect",
        "mode": "train",
        "model": str(job.weights),
        "save_dir": str(job.folder),
        "exist_ok": True,
        "device": job.device,
        "workers": 0 if on_cpu else min(8, job.threads),
        # Not on CPUs: see _setup_train. By name on GPUs, because "True" looks for a model to try it with.
        "amp": False if on_cpu else "bf16",
        "cache": "ram",
        "epochs": phase.epochs,
        "imgsz": phase.image_size or recipe.image_size,
        "batch": recipe.batch,
        "nbs": recipe.batch,
        "freeze": phase.freeze or None,
        "optimizer": "AdamW",
        "lr0": phase.learning_rate,
        "lrf": 0.05,
        "cos_lr": True,
        "warmup_epochs": 1.0,
        "warmup_bias_lr": phase.learning_rate,
        "weight_decay": 5e-4,
        "patience": 0,
        "seed": recipe.seed,
        "deterministic": False,
        "close_mosaic": phase.close_mosaic,
        "mosaic": how.mosaic,
        "hsv_h": how.hsv_h,
        "hsv_s": how.hsv_s,
        "hsv_v": how.hsv_v,
        "scale": how.scale,
        "translate": how.translate,
        "degrees": how.degrees,
        "shear": how.shear,
        "fliplr": how.flip,
        "val": True,
        "plots": False,
        "verbose": False,
    }


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
