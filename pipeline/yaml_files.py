"""YAML files with line numbers, ``${NAME}`` from the environment, and no secret in any message.

Two habits of YAML 1.1 that turn settings to nonsense are switched off: ``22:00`` is a text, not 1320 (base 60), and
``007`` is a text, not 7 (base 8). A key that is given twice is refused; YAML would quietly keep the last.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from pipeline.errors import ConfigError, FaultsError, fault_line

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to a value."""

_MOST_VALUES = 20_000
_DEEPEST = 40
_LONGEST_SHOWN = 80
_SECRET_PARAMETER = re.compile(r"(?i)([\w\-]*(?:pass|pwd|token|secret|key|auth|sign|credential)[\w\-]*=)[^&;#\s'\"]+")


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file's values, where they stand, and which of them came from the environment.

    ``filled`` names the environment variables of each value that holds some.
    """

    path: Path
    data: dict[str, Any]
    lines: Mapping[KeyPath, int]
    filled: Mapping[KeyPath, tuple[str, ...]]

    def where(self, key: KeyPath) -> str:
        """File, line and key, as far down as the file goes."""
        known = key
        while known and known not in self.lines:
            known = known[:-1]
        return f"{self.path}:{self.lines.get(known, 1)}: {'.'.join(map(str, key)) or '(whole file)'}"

    def found(self, key: KeyPath, value: object) -> str:
        """A value as it may be shown: nothing that came from the environment, no password of an address, no heaps."""
        names = self._variables_at(key)
        if names:
            return "the value of " + ", ".join(f"${{{name}}}" for name in names)
        if isinstance(value, dict | list | tuple):
            return f"a {'section' if isinstance(value, dict) else 'list'}"
        shown = hide_secrets(repr(value))
        return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"

    def masked(self, key: KeyPath, message: str) -> str:
        """A message about a value, with what came from the environment written as ``${NAME}`` again."""
        for name in sorted(self._variables_at(key), key=lambda name: -len(os.environ.get(name, ""))):
            value = os.environ.get(name, "")
            message = message.replace(value, f"${{{name}}}") if value else message
        return hide_secrets(message)

    def _variables_at(self, key: KeyPath) -> tuple[str, ...]:
        # Of the value itself, of what stands below it, and of what it is a part of.
        names = [names for at, names in self.filled.items() if at[: len(key)] == key or key[: len(at)] == at]
        return tuple(dict.fromkeys(name for group in names for name in group))


def hide_secrets(text: str) -> str:
    """A text with the user and password of addresses, and secret-looking parameters, written as ``***``."""
    return _SECRET_PARAMETER.sub(r"\1***", re.sub(r"://.*@", "://***@", text, flags=re.DOTALL))


def read_yaml(path: Path) -> YamlFile:
    """Read a file of keys and values and fill in ``${NAME}``.

    Raises ConfigError (missing, no UTF-8, no YAML, no keys) or FaultsError with every key given twice and every
    environment variable that is not set, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as err:
        found = err.strerror or str(err)
        raise ConfigError("cannot read configuration", where=str(path), found=found, hint="Give --config FILE") from err
    except UnicodeDecodeError as err:
        raise ConfigError(
            "cannot read configuration", where=str(path), expected="UTF-8", found="other bytes", hint="Save it as UTF-8"
        ) from err
    try:
        root = yaml.compose(text, Loader=_Loader)
        lines, repeated = _walk(root, path)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    except yaml.MarkedYAMLError as err:
        # Neither str(err) nor a traceback: both quote the line, which may hold a password.
        line = err.problem_mark.line + 1 if err.problem_mark else 1
        raise ConfigError("not valid YAML", where=f"{path}:{line}", found=err.problem or err.context or "") from None
    except (yaml.YAMLError, ValueError, RecursionError) as err:
        raise ConfigError("not valid YAML", where=str(path), found=type(err).__name__) from err
    if not isinstance(data, dict):
        raise ConfigError("not a configuration", where=str(path), expected="keys and values", found=type(data).__name__)
    filled: dict[KeyPath, tuple[str, ...]] = {}
    file = YamlFile(path, _fill(data, (), filled), lines, filled)
    unset = [(key, name) for key, names in filled.items() for name in names if name not in os.environ]
    faults = [fault_line(file.where(key), "key given twice", hint="Keep one") for key in repeated]
    for key, name in unset:
        hint = f"export {name}=..."
        faults.append(fault_line(file.where(key), "environment variable is not set", expected=f"${{{name}}} to have a value", hint=hint))
    if faults:
        raise FaultsError("configuration refused", tuple(faults))
    return file


class _Loader(yaml.SafeLoader):
    """A safe loader whose numbers are plain decimal ones."""


_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NUMBERS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_NUMBERS[0], re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    _NUMBERS[1],
    re.compile(
        r"^(?:[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+0123456789."),
)


def _walk(root: yaml.Node | None, path: Path) -> tuple[dict[KeyPath, int], list[KeyPath]]:
    """Key path -> line number, and the keys that are given twice. Refuses files that unfold without end."""
    lines: dict[KeyPath, int] = {}
    repeated: list[KeyPath] = []
    waiting: list[tuple[KeyPath, yaml.Node]] = [((), root)] if root else []
    while waiting:
        at, node = waiting.pop()
        if len(lines) > _MOST_VALUES or len(at) > _DEEPEST:
            raise ConfigError("configuration too large", where=str(path), expected=f"at most {_MOST_VALUES} values, {_DEEPEST} deep")
        if isinstance(node, yaml.MappingNode):
            seen: set[KeyPath] = set()
            for key, value in node.value:
                here = (*at, str(key.value))
                repeated += [here] if here in seen else []
                seen.add(here)
                lines[here] = key.start_mark.line + 1
                waiting.append((here, value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                lines[*at, index] = value.start_mark.line + 1
                waiting.append(((*at, index), value))
    return lines, repeated


def _fill(value: Any, at: KeyPath, filled: dict[KeyPath, tuple[str, ...]]) -> Any:
    """Replace ${NAME} in every string; unset ones stay, and are noted like the others."""
    if isinstance(value, dict):
        return {key: _fill(item, (*at, str(key)), filled) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, (*at, index), filled) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    names = re.findall(r"\$\{(\w+)\}", value)
    if names:
        filled[at] = tuple(dict.fromkeys(names))
    return re.sub(r"\$\{(\w+)\}", lambda match: os.environ.get(match.group(1), match.group(0)), value)
