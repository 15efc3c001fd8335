"""Real weights through ultralytics: a checkpoint made here, and the OpenVINO model beside the project."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from pipeline.config import CameraSettings, DoorlineSettings, StaticObjectSettings, YoloSettings
from pipeline.detectors import hash_weights, load_card, load_detectors
from pipeline.detectors.loading import NO_MODEL
from pipeline.detectors.network import Boxes, load_network
from pipeline.detectors.openvino_shapes import resized
from pipeline.detectors.unchanged import UnchangedZonesDetector
from pipeline.detectors.yolo import YoloDetector, YoloModel
from pipeline.errors import ModelError
from pipeline.types import BoundingBox, Detection, Image, Role
from tests.detectors.looks import DATA, clip_looks, look, zones_of
from tests.detectors.test_model_card import write_card

ROOT = Path(__file__).parents[2]
OPENVINO_CARD = ROOT / "tests" / "footage" / "models" / "coco-yolo11n-int8" / "card.yaml"

pytestmark = pytest.mark.long
footage = [
    pytest.mark.footage,
    pytest.mark.skipif(not (DATA / "weights").is_dir(), reason="no real weights beside the project (../shared/data)"),
]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A card with a real checkpoint: YOLO11n as it is before training, with fixed random weights."""
    folder = tmp_path_factory.mktemp("checkpoint")
    script = """
        import sys
        import torch
        from ultralytics import YOLO
        torch.manual_seed(7)
        YOLO("yolo11n.yaml", task="detect").save(sys.argv[1])
    """
    environment = os.environ | {"YOLO_CONFIG_DIR": str(folder), "YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false"}
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(folder / "weights.pt")], check=True, env=environment, capture_output=True
    )
    return write_card(folder, sha256=hash_weights(folder / "weights.pt"), classes=dict.fromkeys(_names(folder), "person"))


def _names(folder: Path) -> list[str]:
    card = write_card(folder, sha256=hash_weights(folder / "weights.pt"))
    return list(load_network(load_card(card), "cpu").class_names.values())[:5]


def settings(card: Path, **changes: float) -> YoloSettings:
    return YoloSettings.model_validate({"card": card} | changes)


def test_a_checkpoint_loads_runs_and_repeats_itself(checkpoint: Path) -> None:
    model = YoloModel.load(load_card(checkpoint), settings(checkpoint, min_confidence=0.0, min_mover_confidence=0.0, image_size_px=320))
    image = np.random.default_rng(0).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    eye = YoloDetector(model, zones_of())
    first, second = eye.detect([look(image, 0.0), look(image, 1.0)], [(), ()])
    assert first == second
    assert first, "with no least confidence, even random weights name something"


@pytest.mark.parametrize("content", [b"", b"not a model", pickle.dumps({"model": None}), b"PK\x03\x04cut off"])
def test_a_file_that_is_no_model_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights.pt").write_bytes(content)
    path = write_card(tmp_path, sha256=hash_weights(tmp_path / "weights.pt"))
    with pytest.raises(ModelError, match="cannot load weights") as caught:
        YoloModel.load(load_card(path), settings(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("format_name", "package"), [("onnx", "onnxruntime"), ("engine", "tensorrt")])
def test_a_missing_package_is_named_and_never_installed(tmp_path: Path, format_name: str, package: str) -> None:
    weights = tmp_path / f"weights.{format_name}"
    weights.write_bytes(b"weights")
    path = write_card(tmp_path, format=format_name, weights=weights.name, sha256=hash_weights(weights))
    with pytest.raises(ModelError, match=f"pip install .*{package}"):
        YoloModel.load(load_card(path), settings(path))


@pytest.mark.long
def test_loading_a_model_leaves_pillow_as_it_was(checkpoint: Path, tmp_path: Path) -> None:
    load_network(load_card(checkpoint), "cpu")
    assert PillowImage.open.__module__ == "PIL.Image"
    (tmp_path / "no_picture.jpg").write_bytes(b"no picture")
    with pytest.raises(UnidentifiedImageError):
        PillowImage.open(tmp_path / "no_picture.jpg")


def test_importing_the_eyes_imports_nothing_heavy() -> None:
    script = "import sys, pipeline.detectors; sys.exit(any(name in sys.modules for name in ('torch', 'ultralytics', 'openvino')))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_loading_and_looking_touch_no_network(checkpoint: Path) -> None:
    cards = [str(checkpoint), *([str(OPENVINO_CARD)] if (DATA / "weights").is_dir() else [])]
    script = """
        import socket, sys
        tried = []
        def refuse(*args, **more):
            tried.append(args)
            raise OSError("no network in this test")
        socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
        socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
        from pathlib import Path
        import numpy as np, os
        from pipeline.config import YoloSettings
        from pipeline.detectors import load_card
        from pipeline.detectors.yolo import YoloDetector, YoloModel
        from tests.detectors.looks import look, zones_of
        before = dict(os.environ)
        for card in sys.argv[1:]:
            model = YoloModel.load(load_card(Path(card)), YoloSettings(card=Path(card)))
            YoloDetector(model, zones_of()).detect([look(np.zeros((360, 640, 3), np.uint8), 0.0)], [()])
        changed = sorted(name for name in before.keys() | os.environ.keys() if before.get(name) != os.environ.get(name))
        print(tried, changed)
        sys.exit(bool(tried or changed))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script), *cards], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_a_model_there_is_no_model_version() -> None:
    chosen = DoorlineSettings(cameras=(CameraSettings(id="cam1", zones=Path("z.geojson")),))
    loaded = load_detectors(chosen)
    assert (loaded.version, loaded.model_sha256) == (NO_MODEL, NO_MODEL)
    assert len(loaded.chain_for(zones_of())) == 1


@pytest.mark.parametrize(("skip", "static"), [(True, True), (False, True), (True, False)])
def test_a_chain_is_made_fresh_for_each_source(checkpoint: Path, skip: bool, static: bool) -> None:
    yolo = YoloSettings(card=checkpoint, skip_unchanged=skip)
    chosen = DoorlineSettings(
        cameras=(CameraSettings(id="cam1", zones=Path("z.geojson")),), yolo=yolo, static_object=StaticObjectSettings(enabled=static)
    )
    loaded = load_detectors(chosen)
    first, second = loaded.chain_for(zones_of()), loaded.chain_for(zones_of())
    assert len(first) == 1 + static
    assert isinstance(first[0], UnchangedZonesDetector if skip else YoloDetector)
    assert not set(map(id, first)) & set(map(id, second))
    assert loaded.model_sha256 == load_card(checkpoint).sha256


@pytest.fixture(scope="module")
def coco() -> YoloModel:
    """The INT8 OpenVINO model beside the project."""
    return YoloModel.load(load_card(OPENVINO_CARD), settings(OPENVINO_CARD))


class TestOpenVino:
    """With the real OpenVINO weights."""

    pytestmark = footage

    def test_batches_and_repeats_give_the_same_bytes(self, coco: YoloModel) -> None:
        frames = list(clip_looks("towncentre_a_10s.mp4", 2.0))
        whole = YoloDetector(coco, zones_of()).detect(frames, [()] * len(frames))
        one_by_one = YoloDetector(coco, zones_of())
        assert [one_by_one.detect([frame], [()])[0] for frame in reversed(frames)] == whole[::-1]
        assert sum(detection.role is Role.PERSON for detection in whole[0]) >= 8

    def test_a_size_it_was_not_exported_with_sees_the_same_things(self, coco: YoloModel) -> None:
        """384x640 against the exported 640x640, on labelled pictures."""
        square = YoloModel(coco.card, _Square(coco), coco.settings, coco.sha256)
        found = {"wide": 0, "square": 0}
        labelled = 0
        for path in sorted((DATA / "images" / "coco_val128" / "images").glob("*.jpg"))[:24]:
            image = cv2.imread(str(path))
            assert image is not None
            frame = look(np.asarray(image, np.uint8), 0.0)
            people = _labelled_people(path)
            labelled += len(people)
            for name, eye in (("wide", coco), ("square", square)):
                (seen,) = YoloDetector(eye, zones_of()).detect([frame], [()])
                found[name] += sum(any(d.role is Role.PERSON and d.box.iou(person) > 0.5 for d in seen) for person in people)
        assert labelled > 30
        assert found["wide"] >= 0.97 * found["square"] > 0.5 * labelled

    def test_rewriting_for_the_exported_size_changes_nothing(self) -> None:
        import openvino

        xml = load_card(OPENVINO_CARD).weights / "yolo11n.xml"
        core = openvino.Core()
        config = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        picture = np.random.default_rng(0).random((1, 3, 640, 640), dtype=np.float32)
        as_exported = core.compile_model(core.read_model(xml), "CPU", config)(picture)[0]
        rewritten = core.compile_model(resized(openvino, core.read_model(xml), (640, 640), (640, 640)), "CPU", config)(picture)[0]
        assert np.array_equal(as_exported, rewritten)

    def test_nothing_in_the_shopping_street_is_called_goods(self, coco: YoloModel) -> None:
        frames = list(clip_looks("towncentre_a_10s.mp4", 1.0))
        seen = [d for found in YoloDetector(coco, zones_of()).detect(frames, [()] * len(frames)) for d in found]
        assert {detection.role for detection in seen} == {Role.PERSON, Role.VEHICLE}

    @pytest.mark.parametrize("name", ["aboda_video4.avi", "pedestrian_road_30s.mp4"])
    def test_sparing_looks_loses_no_mover(self, coco: YoloModel, name: str) -> None:
        frames = list(clip_looks(name, 1.0))
        always = YoloDetector(coco, zones_of()).detect(frames, [()] * len(frames))
        sparing = UnchangedZonesDetector(YoloDetector(coco, zones_of()), zones_of(), 60.0)
        spared = sparing.detect(frames, [()] * len(frames))
        lost = [
            (frame.media_time_s, detection)
            for frame, truth, found in zip(frames, always, spared, strict=True)
            for detection in truth
            if detection.role in {Role.PERSON, Role.VEHICLE} and not _seen_in(detection, found)
        ]
        assert lost == []
        assert sparing.spared > 0

    def test_a_closer_look_names_a_person(self, coco: YoloModel) -> None:
        frame = next(clip_looks("towncentre_a_10s.mp4"))
        (seen,) = YoloDetector(coco, zones_of()).detect([frame], [()])
        person = next(detection for detection in seen if detection.role is Role.PERSON)
        closer = coco.closer_look(frame, person.box)
        assert any(detection.role is Role.PERSON and detection.box.iou(person.box) > 0.5 for detection in closer)


class _Square:
    """The same network, held to the size that it was exported with."""

    fixed_shape = (640, 640)

    def __init__(self, model: YoloModel) -> None:
        self._inner = model.network
        self.class_names = model.network.class_names

    def infer(self, picture: Image, classes: list[int], min_confidence: float) -> Boxes:
        return self._inner.infer(picture, classes, min_confidence)


def _seen_in(detection: Detection, found: tuple[Detection, ...]) -> bool:
    return any(other.role is detection.role and other.box.iou(detection.box) > 0.4 for other in found)


def _labelled_people(image: Path) -> list[BoundingBox]:
    """People of at least a twentieth of the picture's height."""
    rows = [line.split() for line in (image.parents[1] / "labels" / f"{image.stem}.txt").read_text().splitlines()]
    people = []
    for kind, *numbers in rows:
        x, y, width, height = map(float, numbers)
        if kind == "0" and height > 0.05:
            people.append(BoundingBox(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    return people
