"""All words of the console, by language: catalogues/zh.json and catalogues/en.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import Language

_FOLDER = Path(__file__).parent / "catalogues"
_PART = "what."
Translate = Callable[..., str]
"""``t(key, **values)``: the text of a key, with its ``{placeholders}`` filled in."""


class Wording:
    """The catalogues, read once."""

    def __init__(self) -> None:
        """Read them all. ValueError where two of them have other keys: then somebody would read a key instead of a text."""
        self._texts: dict[Language, Mapping[str, str]] = {
            language: json.loads((_FOLDER / f"{language.value}.json").read_text(encoding="utf-8")) for language in Language
        }
        zh, en = (set(self._texts[language]) for language in (Language.ZH, Language.EN))
        if zh != en:
            raise ValueError(f"keys that one catalogue lacks: {', '.join(sorted(zh ^ en))}")

    def of(self, language: Language) -> Translate:
        """How to say things in that language. KeyError for a key that nobody wrote a text for."""
        texts = self._texts[language]

        def translate(key: str, **values: object) -> str:
            # Parts of evidence are named by whoever wrote them: one that is not known here is shown by that name.
            text = texts[key] if key in texts or not key.startswith(_PART) else key.removeprefix(_PART)
            return text.format(**values) if values else text

        return translate

    def texts(self, language: Language) -> Mapping[str, str]:
        """All texts of a language, for scripts."""
        return self._texts[language]


def local_time(at: datetime | None, zone: ZoneInfo, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A moment as people at the cameras read their clocks; a dash where nobody knows it."""
    return "–" if at is None else at.astimezone(zone).strftime(form)


def span_text(seconds: float | None, t: Translate) -> str:
    """A length of time in the two largest units that it needs."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return t("span.hours", hours=hours, minutes=minutes)
    return t("span.minutes", minutes=minutes, seconds=rest) if minutes else t("span.seconds", seconds=rest)


def size_text(size: int) -> str:
    """A number of bytes, never less than it is: what is a little too large must not read like what may be."""
    if size < 2**20:
        return f"{-(-size // 2**10)} KB"
    tenths = -(-10 * size // 2**20)
    return f"{tenths // 10} MB" if tenths % 10 == 0 else f"{tenths / 10:.1f} MB"


def left_text(seconds: float | None, t: Translate) -> str:
    """How long there is until a deadline, or how long ago it was, in the two largest units that it needs."""
    if seconds is None:
        return "–"
    minutes = int(abs(seconds) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        span = t("span.days", days=days, hours=hours)
    else:
        span = t("span.hours", hours=hours, minutes=minutes) if hours else t("span.whole_minutes", minutes=minutes)
    return t("deadline.late" if seconds < 0 else "deadline.left", span=span)
