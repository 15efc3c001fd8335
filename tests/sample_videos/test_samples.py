"""The sample videos in the repository are what the generator makes: truth, zones, shops and settings to the byte."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import av
import pytest

from sample_videos.generator.objects import FORMAT
from sample_videos.generator.papers import write_papers
from sample_videos.generator.script import clip_name, load, names
from sample_videos.generator.truth import truth_json

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_videos"
MOST_BYTES = 32_000_000


@pytest.mark.parametrize("name", names())
def test_the_truth_of_a_clip_follows_from_its_script(name: str) -> None:
    play = load(name)
    assert (SAMPLES / f"{clip_name(play.scenario)}.truth.json").read_text(encoding="utf-8") == truth_json(play)


def test_zones_shops_and_settings_follow_from_the_plans(tmp_path: Path) -> None:
    made = write_papers(tmp_path)
    assert len(made) == 2 * len(names()) + 2
    for path in made:
        kept = ROOT / path.relative_to(tmp_path)
        assert kept.read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), kept


@pytest.mark.parametrize("name", names())
def test_a_clip_is_what_its_script_says(name: str) -> None:
    scenario = load(name).scenario
    camera = load(name).state(0.0).camera
    with av.open(str(SAMPLES / f"{clip_name(scenario)}.mp4")) as clip:
        video = clip.streams.video[0]
        assert video.codec_context.name == "h264"
        assert (video.width, video.height) == (camera.width, camera.height)
        assert video.average_rate == scenario.fps
        assert video.frames == round(scenario.length_s * scenario.fps)


@pytest.mark.parametrize("name", names())
def test_objects_are_listed_through_the_whole_clip(name: str) -> None:
    scenario = load(name).scenario
    path = SAMPLES / f"{clip_name(scenario)}.objects.json.gz"
    listed = json.loads(gzip.decompress(path.read_bytes()))
    assert listed["format"] == FORMAT
    times = [frame["at_s"] for frame in listed["frames"]]
    assert times == sorted(set(times))
    assert times[-1] >= scenario.length_s - 2
    assert any(frame["objects"] for frame in listed["frames"])


def test_all_samples_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.glob("*.*")) <= MOST_BYTES
