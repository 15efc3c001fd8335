"""The words of the console: both catalogues say everything, and nothing is said that nobody asks for."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

from pipeline.cases import REASONS, Action, CaseRole, CaseState, Refusal
from pipeline.config import Language
from pipeline.evidence.look_timeline import Seen
from pipeline.records import CaseOrder
from pipeline.review.wording import Wording, span_text
from pipeline.types import GapReason, ViolationKind

FOLDER = Path(__file__).resolve().parents[2] / "pipeline" / "review"


@pytest.fixture(scope="module")
def words() -> Wording:
    return Wording()


def test_every_member_of_an_enumeration_has_a_name(words: Wording) -> None:
    wanted = {
        *(f"state.{state}" for state in CaseState),
        *(f"kind.{kind}" for kind in ViolationKind),
        *(f"action.{action}" for action in Action),
        *(f"told.{action}" for action in Action if action is not Action.UNDO),
        *(f"reason.{action}.{reason}" for action, reasons in REASONS.items() for reason in reasons),
        *(f"role.{role}" for role in CaseRole),
        *(f"refusal.{refusal}" for refusal in Refusal),
        *(f"gap.{reason}" for reason in GapReason),
        *(f"timeline.{seen}" for seen in Seen),
        *(f"order.{order}" for order in CaseOrder),
    }
    for language in Language:
        assert wanted - set(words.texts(language)) == set()


def test_both_languages_say_the_same_with_the_same_values(words: Wording) -> None:
    zh, en = (words.texts(language) for language in (Language.ZH, Language.EN))
    assert set(zh) == set(en)
    for key, text in zh.items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(en[key]), key
        assert not re.search(r"[\u4e00-\u9fff]", en[key]) or key == "lang.zh", key


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_templates_and_code_ask_for_keys_that_there_are(words: Wording) -> None:
    known = set(words.texts(Language.EN))
    asked = set()
    for path in (*FOLDER.glob("templates/*.html"), *FOLDER.glob("*.py")):
        content = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"""\bt\(\s*['"]([a-z_]+(?:\.[a-z_]+)+)['"]\s*[,)]""", content))
        asked |= set(re.findall(r"""['"]((?:error|login|version)\.[a-z_]+)['"]""", content))
    assert len(asked) > 80
    assert asked - known - {"login.html"} == set()


def test_catalogues_are_sorted_so_that_two_people_can_change_them() -> None:
    for path in sorted((FOLDER / "catalogues").glob("*.json")):
        keys = list(json.loads(path.read_text(encoding="utf-8")))
        assert keys == sorted(keys), path.name


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0 s"), (59.6, "1 min 0 s"), (61.0, "1 min 1 s"), (3600.0, "1 h 0 min"), (7384.0, "2 h 3 min"), (None, "–")]
)
def test_lengths_of_time(words: Wording, seconds: float | None, text: str) -> None:
    assert span_text(seconds, words.of(Language.EN)) == text


def test_a_part_of_evidence_that_nobody_knows_is_shown_by_its_name_and_no_other_key_may_be_missing(words: Wording) -> None:
    t = words.of(Language.EN)
    assert t("what.clip_from_a_later_version") == "clip_from_a_later_version"
    with pytest.raises(KeyError):
        t("state.unheard_of")
