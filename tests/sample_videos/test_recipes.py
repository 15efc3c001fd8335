"""Every thing of the catalogue is imported or built by exactly one recipe, in a module that is entered. Reads source only."""

import re
from collections import Counter
from pathlib import Path

from sample_videos.generator import catalogue
from sample_videos.generator.catalogue import THINGS

FOLDER = Path(catalogue.__file__).parent / "blender"
RECIPE = re.compile(r"^@recipe\(([^)]*)\)", re.MULTILINE)


def _recipes() -> dict[str, list[str]]:
    """Names of things by module."""
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("things_*.py"))}
    return {module: [name for args in RECIPE.findall(text) for name in re.findall(r'"(\w+)"', args)] for module, text in sources.items()}


def test_each_thing_that_is_not_imported_has_one_recipe() -> None:
    built = Counter(name for names in _recipes().values() for name in names)
    assert set(built) == {spec.name for spec in THINGS.values() if not spec.source}
    assert max(built.values()) == 1


def test_every_module_with_recipes_is_entered() -> None:
    entered = (FOLDER / "things.py").read_text(encoding="utf-8").split("_RECIPE_MODULES = (")[1].split(")")[0]
    assert {module for module, names in _recipes().items() if names} == set(re.findall(r"things_\w+", entered))
