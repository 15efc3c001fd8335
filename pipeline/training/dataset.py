"""Our pictures as ultralytics wants them, and the order in which an epoch sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError
from torch.utils.data import Sampler
from ultralytics.data.dataset import YOLODataset

from pipeline.errors import ConfigError
from pipeline.training.augment import as_cameras_see
from pipeline.training.hiding import hide_some
from pipeline.training.labels import LabelledBox
from pipeline.training.loss import IGNORED, IGNORED_ANY
from pipeline.training.pictures import LabelledPicture, draw_epoch
from pipeline.training.recipe import Augmentation


class StreetDataset(YOLODataset):
    """Pictures whose labels were read and checked before."""

    def __init__(
        self, pictures: Sequence[LabelledPicture], augmentation: Augmentation | None, *, hide: float = 0.0, **settings: Any
    ) -> None:
        """Args: augmentation: None for pictures that watch: they stay as they are, without ignored regions; hide: see Phase."""
        self._pictures = tuple(pictures)
        self._augmentation = augmentation
        self._hide = hide
        super().__init__(img_path="", augment=augmentation is not None, task="detect", **settings)

    def get_img_files(self, img_path: str | list[str]) -> list[str]:
        """The pictures in the order given: positions in it mean something to EpochSampler."""
        return [str(picture.path) for picture in self._pictures]

    def get_labels(self) -> list[dict[str, Any]]:
        """See YOLODataset: one record for each picture. Raises ConfigError where a picture can't be read."""
        return [self._label_of(picture) for picture in self._pictures]

    def build_transforms(self, hyp: Any = None) -> Any:
        """See YOLODataset; what cameras do to pictures comes last."""
        transforms = super().build_transforms(hyp)
        if self._augmentation is not None:
            for ours in (SomethingInFront(self._hide), CameraLooks(self._augmentation)):
                transforms.insert(len(transforms.transforms) - 1, ours)  # type: ignore[no-untyped-call]  # not annotated there
        return transforms

    def _label_of(self, picture: LabelledPicture) -> dict[str, Any]:
        boxes = picture.boxes if self._augmentation is None else (*picture.boxes, *picture.ignored)
        kinds = [_code(box, ignored=number >= len(picture.boxes)) for number, box in enumerate(boxes)]
        try:
            with PillowImage.open(picture.path) as image:
                width, height = image.size
        except (OSError, UnidentifiedImageError) as err:
            raise ConfigError("cannot read picture", where=str(picture.path), found=str(err)) from err
        return {
            "im_file": str(picture.path),
            "shape": (height, width),
            "cls": np.array(kinds, dtype=np.float32).reshape(-1, 1),
            "bboxes": np.array([box.box for box in boxes], dtype=np.float32).reshape(-1, 4),
            "segments": [],
            "keypoints": None,
            "normalized": True,
            "bbox_format": "xywh",
        }


class _Chance:
    """A generator for each picture; each process that loads pictures draws numbers of its own."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._used = 0

    def next(self) -> np.random.Generator:
        self._used += 1
        return np.random.default_rng([torch.initial_seed() % (1 << 63), self._used, self._step])


class SomethingInFront:
    """hide_some in ultralytics' chain of transforms."""

    def __init__(self, share: float) -> None:
        """``share`` of the pictures."""
        self._share = share
        self._chance = _Chance(1)

    def __call__(self, labels: dict[str, Any]) -> dict[str, Any]:
        rng = self._chance.next()
        things = labels["instances"]
        if rng.random() >= self._share or not len(things):
            return labels
        image = np.ascontiguousarray(labels["img"])
        things.convert_bbox("xyxy")
        things.denormalize(image.shape[1], image.shape[0])
        kinds = labels["cls"].reshape(-1).astype(np.int64)
        left = hide_some(image, things.bboxes, kinds, IGNORED, rng)
        labels["img"], labels["cls"] = image, kinds.astype(np.float32).reshape(labels["cls"].shape)
        things.bboxes[:] = left
        return labels


class CameraLooks:
    """as_cameras_see in ultralytics' chain of transforms."""

    def __init__(self, settings: Augmentation) -> None:
        """``settings``: how often and how strongly."""
        self._settings = settings
        self._chance = _Chance(2)

    def __call__(self, labels: dict[str, Any]) -> dict[str, Any]:
        labels["img"] = as_cameras_see(labels["img"], self._settings, self._chance.next())
        return labels


class EpochSampler(Sampler[int]):
    """The pictures of each epoch, at least the given share of them real. Epochs differ; each can be drawn again."""

    def __init__(self, pictures: Sequence[LabelledPicture], *, real_share: float, size: int | None, seed: int) -> None:
        """See draw_epoch."""
        self._pictures, self._real_share, self._size, self._seed = pictures, real_share, size, seed
        self.epoch = 0
        """Which epoch comes next."""

    def __len__(self) -> int:
        return len(self._draw(0))

    def __iter__(self) -> Iterator[int]:
        drawn = self._draw(self.epoch)
        self.epoch += 1
        yield from drawn

    def _draw(self, epoch: int) -> list[int]:
        rng = np.random.default_rng([self._seed, epoch])
        return [int(at) for at in draw_epoch(self._pictures, real_share=self._real_share, size=self._size, rng=rng)]


def _code(box: LabelledBox, *, ignored: bool) -> int:
    if box.cls is None:
        return IGNORED_ANY
    return IGNORED + box.cls if ignored else box.cls
