"""The surfaces of the streets: complete, seeded, of a credible brightness."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sample_videos.generator import fonts, textures
from sample_videos.generator.streets import STREETS
from sample_videos.generator.streets.styles import style_of
from sample_videos.generator.streets.trades import TRADES
from sample_videos.generator.textures import ground, lettering, make_textures, texture_names
from sample_videos.generator.textures.noise import Array, clouds


def albedo(picture: Array) -> float:
    """Mean reflectance of an sRGB picture with 0..255."""
    values = np.clip(picture, 0, 255) / 255
    return float(np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).mean())


def test_every_surface_that_a_plan_names_is_drawn() -> None:
    names = set(texture_names())
    for plan in STREETS.values():
        wanted = {plan.pavement, plan.facade, style_of(plan).asphalt, f"across_{style_of(plan).opposite}"}
        wanted |= {f"{sort}/{unit.code}" for unit in plan.units for sort in ("sign", "plate")}
        wanted |= {f"poster_{TRADES[unit.trade].key}" for unit in plan.units}
        wanted |= {f"inside_{TRADES[unit.trade].shelves}_{index}" for unit in plan.units for index in range(textures.INTERIORS)}
        assert wanted <= names, wanted - names


def test_names_are_drawn_once() -> None:
    assert len(set(texture_names())) == len(texture_names())


@pytest.mark.parametrize("name", [name for name in textures.GROUND if name.startswith("pave_")])
def test_pavements_are_neither_dark_nor_glaring(name: str) -> None:
    picture = textures.GROUND[name](np.random.default_rng(1))
    assert 0.15 < albedo(picture) < 0.45
    assert np.mean(picture > 235) < 0.02


@pytest.mark.parametrize("name", ["asphalt_worn", "asphalt_patched", "asphalt_new"])
def test_asphalt_is_darker_than_every_pavement(name: str) -> None:
    assert 0.04 < albedo(textures.GROUND[name](np.random.default_rng(1))) < 0.15


@pytest.mark.parametrize("stones", [ground.rows_of(8, 16, shift=0.5), ground.herringbone(20), ground.hexagons(10, 12)])
def test_stones_meet_themselves_at_the_edges(stones: Array) -> None:
    """Across the edge of the texture there are not more joints than across any other line."""
    across = np.mean(stones[:, 0] != stones[:, -1])
    inside = max(np.mean(stones[:, i] != stones[:, i - 1]) for i in range(1, stones.shape[1]))
    assert across <= inside + 0.01


def test_herringbone_stones_are_two_cells_long() -> None:
    stones = ground.herringbone(20)
    cell = (ground.SIZE / 20) ** 2
    _, counts = np.unique(stones, return_counts=True)
    assert np.allclose(counts / cell, 2, atol=0.15)


def test_clouds_meet_themselves_at_the_edges() -> None:
    picture = clouds(np.random.default_rng(3), (256, 256), octaves=3)
    inside = np.abs(np.diff(picture, axis=1)).max()
    assert np.abs(picture[:, 0] - picture[:, -1]).max() <= inside * 1.5


@pytest.mark.skipif(not fonts.are_there(), reason="run python -m sample_videos.generator.assets first")
def test_a_sign_has_letters_in_its_colour() -> None:
    picture = lettering.sign(np.random.default_rng(5), "惠家水果", "新鲜水果", ("#14663a", "#f4e879"), 0.2)
    yellow = (picture[..., 0] > 150) & (picture[..., 1] > 140) & (picture[..., 2] < 150)
    assert 0.03 < yellow.mean() < 0.5


def test_only_missing_textures_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textures, "_all", lambda: iter([("one", ground.tactile), ("folder/two", ground.tactile)]))
    make_textures(tmp_path)
    first = (tmp_path / "one.png").read_bytes()
    (tmp_path / "folder/two.png").write_bytes(b"kept")
    (tmp_path / "one.png").unlink()
    make_textures(tmp_path)
    assert (tmp_path / "folder/two.png").read_bytes() == b"kept"
    assert (tmp_path / "one.png").read_bytes() == first
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["one.png", "two.png"]
