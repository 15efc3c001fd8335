"""Verifying what was made before against what the seeds give today: files, then the commands. Blender's part is played by a stand-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sample_videos.generator import __main__ as command
from sample_videos.generator.comparing import MOST_NAMED, Comparison, difference

LABELS = [
    f"{folder}/street_{number:05d}.{ending}"
    for number in range(2)
    for folder, ending in (("labels", "txt"), ("ignored", "txt"), ("seen", "json"))
]
CLIP = [f"CAM24_20260512_094200.{ending}" for ending in ("truth.json", "objects.json.gz")]


def write(folder: Path, names: Sequence[str], text: str = "2 0.20000\n") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    kept, fresh = tmp_path / "kept", tmp_path / "fresh"
    write(kept, LABELS)
    write(fresh, LABELS)
    return kept, fresh


def compared(folders: tuple[Path, Path]) -> Comparison:
    comparison = Comparison(*folders)
    comparison.add(LABELS)
    return comparison


def test_equal_files_pass(folders: tuple[Path, Path]) -> None:
    comparison = compared(folders)
    assert comparison.passed
    assert comparison.summary() == "all 6 files are the same"


def test_one_byte_is_found_and_told(folders: tuple[Path, Path]) -> None:
    write(folders[0], LABELS[3:4], "2 0.20001\n")
    comparison = compared(folders)
    assert not comparison.passed
    assert comparison.differing == LABELS[3:4]
    assert comparison.first == "labels/street_00001.txt: from byte 8 (line 1) it says '1' in place of '0'"
    assert comparison.summary() == f"5 of 6 files are the same, not {LABELS[3]}; {comparison.first}"


def test_a_longer_or_shorter_file_differs(folders: tuple[Path, Path]) -> None:
    write(folders[0], LABELS[:1], "2 0.20000\n1 0.5\n")
    assert "from byte 10 (line 2) it says '1 0.5' in place of nothing" in compared(folders).first
    write(folders[0], LABELS[:1], "")
    assert "it says nothing in place of '2 0.20000'" in compared(folders).first


def test_bytes_that_are_no_text_are_told_too(folders: tuple[Path, Path]) -> None:
    (folders[0] / LABELS[0]).write_bytes(b"\x1f\x8b\x08\xff")
    assert "(line 1) it says '\\x1f\\\\x8b\\x08\\\\xff' in place of '2 0.20000'" in compared(folders).first


def test_a_missing_file_differs(folders: tuple[Path, Path]) -> None:
    (folders[0] / LABELS[5]).unlink()
    (folders[1] / LABELS[1]).unlink()
    comparison = compared(folders)
    assert comparison.differing == [LABELS[1], LABELS[5]]
    assert comparison.first == f"{LABELS[1]}: was not made again"
    assert difference(folders[0] / LABELS[5], folders[1] / LABELS[5]) == "is missing"


def test_many_differing_files_are_counted_not_all_named(tmp_path: Path) -> None:
    comparison = Comparison(tmp_path, tmp_path)
    comparison.add([f"{number}.txt" for number in range(MOST_NAMED + 4)])
    assert "9.txt and 4 more; 0.txt: is missing" in comparison.summary()
    assert "10.txt" not in comparison.summary()


def test_nothing_compared_is_nothing_verified(folders: tuple[Path, Path]) -> None:
    assert not Comparison(*folders).passed


Spread = Callable[[Sequence[Sequence[str]], int, Callable[[int], None]], int]


def making(names: Sequence[str], status: int) -> Spread:
    """Stands for the processes with Blender: writes files where it is told to."""

    def spread(parts: Sequence[Sequence[str]], _processes: int, done: Callable[[int], None]) -> int:
        for part, words in enumerate(parts):
            options = command._parser().parse_args(words)
            assert options.here
            assert options.verify
            write(options.out, names)
            done(part)
        return status

    return spread


COMMANDS = [(["pictures", "--count", "2"], LABELS), (["clips", "--only", "three_kinds"], CLIP)]


@pytest.mark.parametrize(("words", "names"), COMMANDS)
@pytest.mark.parametrize(
    ("harm", "last"),
    [
        ("none", "all {} files are the same"),
        ("other", "{less} of {} files are the same, not {name}; {name}: from byte 0 (line 1) it says 'x' in place of '2 0.20000'"),
        ("missing", "{less} of {} files are the same, not {name}; {name}: is missing"),
        ("crash", "all {} files are the same; but the work broke off"),
    ],
)
def test_verify_passes_only_when_all_is_the_same(
    words: list[str],
    names: list[str],
    harm: str,
    last: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path, names)
    if harm == "other":
        write(tmp_path, names[1:2], "x")
    if harm == "missing":
        (tmp_path / names[1]).unlink()
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(command, "_spread", making(names, status=int(harm == "crash")))
    assert command.main([*words, "--verify", "--out", str(tmp_path)]) == int(harm != "none")
    assert capsys.readouterr().out.splitlines()[-1] == last.format(len(names), less=len(names) - 1, name=names[1])
    assert sorted(tmp_path.rglob("*")) == before


def test_only_whole_clips_are_verified(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["clips", "--verify", "--preview"]) == 2
    assert "--verify" in capsys.readouterr().err


def test_every_part_is_told_when_it_is_done_with_more_processes_than_parts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_pin", lambda _pid, _slot: None)
    done: list[int] = []
    assert command._spread([["--help"], ["no-such-command"], ["--help"]], 4, done.append) == 2
    assert sorted(done) == [0, 1, 2]
