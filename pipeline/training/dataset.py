"""Our pictures as ultralytics wants them, and the order in which an epoch sees them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError
from torch.utils.data import Sampler
from ultralytics.data.augment import Compose, Format, Mosaic, RandomFlip, RandomHSV
from ultralytics.data.dataset import YOLODataset

from pipeline.errors import ConfigError
from pipeline.training.augment import as_cameras_see
from pipeline.training.closer import Labelled, Spoil, four_closer_looks
from pipeline.training.hiding import hide_some
from pipeline.training.labels import LabelledBox
from pipeline.training.loss import IGNORED, IGNORED_ANY
from pipeline.training.pictures import LabelledPicture, draw_epoch
from pipeline.training.recipe import Augmentation, Phase
from pipeline.training.seeing import read_picture


class StreetDataset(YOLODataset):
    """Pictures whose labels were read and checked before."""

    def __init__(
        self,
        pictures: Sequence[LabelledPicture],
        augmentation: Augmentation | None,
        *,
        phase: Phase | None = None,
        real_share: float = 0.0,
        **settings: Any,
    ) -> None:
        """Prepare to read.

        Args:
            augmentation: None for pictures that watch: they stay as they are, without ignored regions.
            phase: how much is hidden and looked at closely; None: nothing.
            real_share: of the pictures that are joined to the one asked for; see draw_epoch.
        """
        self._pictures = tuple(pictures)
        self._augmentation = augmentation
        self._hide = phase.hide if phase else 0.0
        self._closer = phase.closer if phase and augmentation else 0.0
        mix = draw_epoch(self._pictures, real_share=real_share, size=None, rng=np.random.default_rng(0))
        self._partners = [int(at) for at in mix]
        self._chance = _Chance(3)
        self._closer_transforms: Any = None
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
            joining = transforms.transforms[0].transforms
            joining[:] = [MixedMosaic(self, each, self._partners) if isinstance(each, Mosaic) else each for each in joining]
            later = [each for each in transforms.transforms if isinstance(each, (RandomHSV, RandomFlip, Format))]
            self._closer_transforms = Compose([SomethingInFront(self._hide), *later])  # type: ignore[no-untyped-call]  # not annotated there
            for ours in (SomethingInFront(self._hide), CameraLooks(self._augmentation)):
                transforms.insert(len(transforms.transforms) - 1, ours)  # type: ignore[no-untyped-call]  # not annotated there
        return transforms

    def __getitem__(self, index: int) -> dict[str, Any]:
        """See YOLODataset; some are closer looks at this picture and three others."""
        rng = self._chance.next()
        if rng.random() >= self._closer:
            return super().__getitem__(index)
        some = [index, *(self._partners[int(at)] for at in rng.integers(len(self._partners), size=3))]
        spoil = _spoiler(self._augmentation or Augmentation(), rng)
        size = self.imgsz if isinstance(self.imgsz, int) else max(self.imgsz)
        looks = four_closer_looks([self._whole(at) for at in some], IGNORED, size, spoil, rng)
        shape = looks.image.shape[:2]
        label: dict[str, Any] = {
            "im_file": str(self._pictures[index].path),
            "img": looks.image,
            "cls": looks.kinds.astype(np.float32).reshape(-1, 1),
            "bboxes": looks.boxes,
            "segments": [],
            "keypoints": None,
            "normalized": False,
            "bbox_format": "xyxy",
            "ori_shape": shape,
            "resized_shape": shape,
            "ratio_pad": (1.0, 1.0),
        }
        return self._closer_transforms(self.update_labels_info(label))  # type: ignore[no-any-return]

    def _whole(self, index: int) -> Labelled:
        """A picture in its own size; the cache holds it as large as the network sees it."""
        image, label = read_picture(self._pictures[index].path), self.labels[index]
        middle, half = label["bboxes"][:, :2], label["bboxes"][:, 2:] / 2
        sides = np.array([image.shape[1], image.shape[0]] * 2, dtype=np.float32)
        return Labelled(image, np.concatenate([middle - half, middle + half], axis=1) * sides, label["cls"].reshape(-1).astype(np.int64))

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


class MixedMosaic(Mosaic):
    """Ultralytics' mosaic, but what is joined to a picture is drawn in the mix of the epoch: real ones are few and would be rare."""

    def __init__(self, dataset: StreetDataset, mosaic: Any, partners: Sequence[int]) -> None:
        """``mosaic``: the one whose place it takes; ``partners``: positions to draw from."""
        super().__init__(dataset, imgsz=mosaic.imgsz, p=mosaic.p, n=mosaic.n)
        self._partners = partners

    def get_indexes(self) -> list[int]:
        """See Mosaic."""
        return random.choices(self._partners, k=self.n - 1)  # noqa: S311  ultralytics' own chance, seeded by it


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


def _spoiler(settings: Augmentation, rng: np.random.Generator) -> Spoil:
    return lambda image: as_cameras_see(image, settings, rng)


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
