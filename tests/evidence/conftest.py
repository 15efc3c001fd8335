"""Clips that several tests look at, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evidence import ViolationEvidence
from tests.evidence import scene


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street as H.264."""
    return scene.street_clip(tmp_path_factory.mktemp("street") / "CAM01_20240131_094217.mp4")


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty street as a PNG."""
    return scene.reference_picture(tmp_path_factory.mktemp("reference") / "CAM01.png")


@pytest.fixture(scope="session")
def written(street: Path, reference: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ViolationEvidence]:
    """Evidence folder and what was written into it, somebody in front at 16 and 17 s, two grey looks."""
    folder = tmp_path_factory.mktemp("evidence")
    looks = scene.observations(hidden=(16.0, 17.0), gaps=(27.0, 28.0))
    evidence = scene.writer(folder, reference=reference).write(
        scene.violation(), scene.ClipFootage(street), looks, scene.CLOCK, source=street.name
    )
    return folder, evidence
