"""Builds the sample videos and the training pictures; see README.md."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sample_videos.generator.pictures import PictureOptions

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "generator"
CLIPS = ROOT / "sample_videos"
REFERENCES = ROOT / "zones" / "samples"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all of it was made."""
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sample_videos.generator", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    clips = commands.add_parser("clips", help="sample videos with their truth; what is there already is kept")
    clips.add_argument("--only", nargs="+", metavar="NAME", help="these scenarios")
    clips.add_argument("--out", type=Path, default=CLIPS)
    clips.add_argument("--references", type=Path, help="folder of the reference pictures (default: zones/samples)")
    clips.add_argument("--preview", action="store_true", help="a quarter of the size, two pictures a second")
    clips.add_argument("--keep", action="store_true", help="use pieces made earlier even if the generator's code has changed")
    clips.add_argument(
        "--verify", action="store_true", help="make truth and objects anew, without pictures, and compare them with those in --out"
    )
    clips.add_argument("--from-s", type=float, default=0.0, help="an excerpt: its first second")
    clips.add_argument("--until-s", type=float, help="an excerpt: its end")
    _add_work(clips, _clips)

    pictures = commands.add_parser("pictures", help="training pictures with labels; goes on where it was stopped")
    pictures.add_argument("--count", type=int, default=2000)
    pictures.add_argument("--out", type=Path, default=ROOT / "build" / "pictures")
    pictures.add_argument(
        "--split",
        choices=("training", "unseen", "clean"),
        default="training",
        help="unseen: held-out streets and things; clean: training streets where nobody put anything down",
    )
    pictures.add_argument("--seed", type=int, default=1)
    pictures.add_argument(
        "--verify", action="store_true", help="make all labels anew, without pictures, and compare them with those in --out"
    )
    pictures.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    _add_work(pictures, _pictures)

    papers = commands.add_parser("papers", help="zones, shop list and settings of all sample videos")
    papers.set_defaults(run=_papers)

    stills = commands.add_parser("stills", help="a still of every clip, as sample_videos/README.md shows them")
    stills.set_defaults(run=_stills)

    sheet = commands.add_parser("sheet", help="one picture that shows many: of clips (their middle) or of pictures")
    sheet.add_argument("files", nargs="+", type=Path)
    sheet.add_argument("--out", type=Path, default=ROOT / "out" / "sheet.jpg")
    sheet.add_argument("--width", type=int, default=480, help="of each")
    sheet.add_argument("--columns", type=int, default=4)
    sheet.add_argument("--labels", action="store_true", help="draw the labels beside training pictures")
    sheet.set_defaults(run=_sheet)
    return parser


def _add_work(command: argparse.ArgumentParser, run: object) -> None:
    command.add_argument("--processes", type=int, default=1, help="so many at a time, one core each")
    command.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def _clips(options: argparse.Namespace) -> int:
    from sample_videos.generator import clips, script

    wanted = tuple(options.only or script.names())
    unknown = sorted(set(wanted) - set(script.names()))
    if unknown:
        print(f"no scenario named {', '.join(unknown)}; there are {', '.join(script.names())}", file=sys.stderr)
        return 2
    if options.verify:
        if options.preview or options.from_s or options.until_s is not None:
            print("--verify is about whole clips: not with --preview, --from-s or --until-s", file=sys.stderr)
            return 2
        return _verify_clips(options, wanted)
    if not options.here:
        return _spread([["clips", "--only", name, *_again(options, "only")] for name in wanted], options.processes)
    references = options.references or (REFERENCES if options.out == CLIPS else None)
    for name in wanted:
        made = clips.make_clip(
            name,
            clips.ClipOptions(
                BUILD,
                options.out,
                references,
                preview=options.preview,
                keep=options.keep,
                from_s=options.from_s,
                until_s=options.until_s,
                say=_say,
            ),
        )
        _say(f"{name}: {made.name}, {made.stat().st_size / 1e6:.2f} MB")
    return 0


def _verify_clips(options: argparse.Namespace, wanted: Sequence[str]) -> int:
    from sample_videos.generator import clips

    if options.here:
        for name in wanted:
            clips.make_truth(name, clips.ClipOptions(BUILD, options.out))
        return 0
    work = [
        (["clips", "--verify", "--here", "--only", name], [file.format(clips.stem_of(name)) for file in clips.TRUTH_FILES])
        for name in wanted
    ]
    return _verify(work, options)


def _pictures(options: argparse.Namespace) -> int:
    from sample_videos.generator import pictures
    from sample_videos.generator.chances import Split

    split = Split[options.split.upper()]
    wanted = pictures.PictureOptions(BUILD, options.out, options.count, split, options.seed, _say)
    if options.here:
        (pictures.label_batch if options.verify else pictures.make_batch)(options.batch, wanted)
        return 0
    if options.verify:
        return _verify_pictures(options, wanted)
    missing = pictures.unfinished_batches(wanted)
    return _spread([["pictures", "--batch", str(batch), *_again(options, "batch")] for batch in missing], options.processes)


def _verify_pictures(options: argparse.Namespace, wanted: PictureOptions) -> int:
    from sample_videos.generator import pictures

    work = [
        (["pictures", "--batch", str(batch), *_again(options, "batch", "out")], pictures.label_files(batch, wanted))
        for batch in pictures.batches(wanted)
    ]
    return _verify(work, options)


def _verify(work: Sequence[tuple[list[str], list[str]]], options: argparse.Namespace) -> int:
    """Let each part of the work make its files (their names stand beside it) elsewhere; 1 when anything in options.out is not the same."""
    from sample_videos.generator.comparing import Comparison

    with tempfile.TemporaryDirectory(prefix="made-anew-") as fresh:
        comparison = Comparison(options.out, Path(fresh))

        def compare(part: int) -> None:
            comparison.add(work[part][1])
            _say(f"so far {comparison.summary()}")

        failed = _spread([[*words, "--out", fresh] for words, _ in work], options.processes, done=compare)
    _say(comparison.summary() + ("; but the work broke off" if failed else ""))
    return 0 if comparison.passed and not failed else 1


def _papers(_: argparse.Namespace) -> int:
    from sample_videos.generator import papers

    for path in papers.write_papers(ROOT):
        _say(str(path.relative_to(ROOT)))
    return 0


def _stills(_: argparse.Namespace) -> int:
    from sample_videos.generator import script, sheet

    for name in script.names():
        clip = CLIPS / f"{script.clip_name(script.load(name).scenario)}.mp4"
        sheet.make_still(clip, CLIPS / "stills" / f"{name}.jpg")
    return 0


def _sheet(options: argparse.Namespace) -> int:
    from sample_videos.generator import sheet

    sheet.make_sheet(options.files, options.out, width=options.width, columns=options.columns, labels=options.labels)
    _say(str(options.out))
    return 0


def _again(options: argparse.Namespace, *but: str) -> list[str]:
    """The same options for a process that does one part of the work."""
    found = ["--here"]
    for name, value in vars(options).items():
        if name in {"run", "here", "processes", *but} or value is None or value is False:
            continue
        found += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    return found


def _spread(parts: Sequence[Sequence[str]], processes: int, done: Callable[[int], None] = lambda _: None) -> int:
    """Each part in a process of its own: Blender builds one street per process. done is told the number of each. The worst exit status."""
    one_core = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
    waiting, running, worst, ended = list(enumerate(parts)), dict[int, tuple[int, subprocess.Popen[bytes]]](), 0, 0
    while waiting or running:
        free = [slot for slot in range(processes) if slot not in running]
        for slot in free[: len(waiting)]:
            part, words = waiting.pop(0)
            process = subprocess.Popen([sys.executable, "-m", "sample_videos.generator", *words], cwd=ROOT, env={**os.environ, **one_core})
            running[slot] = (part, process)
            _pin(process.pid, slot)
        time.sleep(0.2)
        for slot in [slot for slot, (_, process) in running.items() if process.poll() is not None]:
            part, process = running.pop(slot)
            worst = max(worst, abs(process.returncode))
            ended += 1
            _say(f"{ended} of {len(parts)} parts done")
            done(part)
    return worst


def _pin(pid: int, slot: int) -> None:
    """Keep a process on one core: left alone, the denoiser's threads wait for each other on all of them and take twice the time."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(pid, {cores[slot % len(cores)]})


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
