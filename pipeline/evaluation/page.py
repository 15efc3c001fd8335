"""An evaluation as one page of HTML that needs nothing else: no script, no other file, no network."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.figures import UNWANTED, EvaluatedClip
from pipeline.evaluation.matching import Outcome, Pairing
from pipeline.evaluation.page_figures import cards, figures_table
from pipeline.evaluation.page_style import STYLE
from pipeline.evaluation.pictures import Shot, shots_of
from pipeline.evaluation.timeline import timeline
from pipeline.evaluation.wording import ATTRIBUTION_WORDS, KIND_WORDS, OUTCOME_WORDS, is_misattributed, outcome_count, whose_event
from pipeline.whole_files import write_whole

PAGE_NAME = "index.html"


def write_page(evaluation: Evaluation, folder: Path, clips: Path | None = None) -> tuple[Path, tuple[str, ...]]:
    """Write ``index.html`` into a folder, in one step.

    Args:
        evaluation: what to show.
        folder: made where it is missing.
        clips: where the footage lies; None: beside the truth, or where the run found it.

    Returns:
        The file, and one line for each picture that could not be had.

    Raises:
        PipelineError: the disk refuses.
    """
    shots = {number: shots_of(clip, wrong_lines(clip), clips) for number, clip in enumerate(evaluation.clips)}
    path = folder / PAGE_NAME
    write_whole(path, page_text(evaluation, shots).encode())
    unseen = dict.fromkeys(shot.why_not for of_clip in shots.values() for shot in of_clip if shot.why_not)
    return path, tuple(unseen)


def wrong_lines(clip: EvaluatedClip) -> tuple[Pairing, ...]:
    """What needs a picture: every miss, everything found that should not be, every hit that names somebody else."""
    return tuple(one for one in clip.pairings if one.outcome is Outcome.MISS or one.outcome in UNWANTED or is_misattributed(one))


def page_text(evaluation: Evaluation, shots: dict[int, tuple[Shot, ...]]) -> str:
    """The whole page; ``shots`` are the pictures of each clip by its number."""
    clips = enumerate(evaluation.clips)
    return "".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Doorline evaluation: {escape(evaluation.judged_by)}</title><style>{STYLE}</style></head><body><main>",
            _head(evaluation),
            cards(evaluation.whole),
            "<h2>What went wrong</h2>",
            _gallery(evaluation, shots),
            "<h2>Figures</h2>",
            figures_table(evaluation),
            "<h2>Clips</h2>",
            _LEGEND,
            *(_clip(number, clip) for number, clip in clips),
            _not_judged(evaluation),
            _foot(evaluation),
            "</main></body></html>\n",
        ]
    )


def _head(evaluation: Evaluation) -> str:
    whole = evaluation.whole
    told = [
        f"{whole.clips} clip{'s' * (whole.clips != 1)}",
        f"{whole.hours * 60:.1f} minutes of one camera",
        f"{whole.due} event{'s' * (whole.due != 1)} to be reported",
    ]
    if evaluation.not_judged:
        told.append(f"{len(evaluation.not_judged)} not judged")
    if evaluation.outside:
        told.append(f"{evaluation.outside} found outside of these clips, not counted")
    return f'<h1>Evaluation</h1><p class="soft intro">{escape(evaluation.judged_by)} · {escape(" · ".join(told))}</p>'


def _gallery(evaluation: Evaluation, shots: dict[int, tuple[Shot, ...]]) -> str:
    figures = [_figure(number, evaluation.clips[number], shot) for number, of_clip in sorted(shots.items()) for shot in of_clip]
    if not figures:
        told = "Nothing: every event that was due was found, once, under its name, and nothing else was."
        return (
            f'<p class="fine">{told}</p>' if evaluation.whole.due else '<p class="fine">Nothing: no event was due, and none was found.</p>'
        )
    return f'<div class="gallery">{"".join(figures)}</div>'


def _figure(number: int, clip: EvaluatedClip, shot: Shot) -> str:
    pairing, truth = shot.pairing, clip.judged.truth
    about = _about(pairing)
    if shot.jpeg:
        data = base64.b64encode(shot.jpeg).decode()
        picture = f'<img loading="lazy" alt="{escape(about, quote=True)}" src="data:image/jpeg;base64,{data}">'
    else:
        picture = f'<div class="none">No picture: {escape(shot.why_not)}</div>'
    where = f'<span class="where"><a href="#clip-{number}">{escape(truth.name)}</a>, at {shot.at_s:.1f} s</span>'
    return (
        f"<figure>{picture}<figcaption>{_tag(pairing)}<strong>{escape(about)}</strong>{escape(_why(pairing))} {where}</figcaption></figure>"
    )


def _about(pairing: Pairing) -> str:
    """Kind and whose, of the find where there is one, of the event where it was missed."""
    if pairing.found is not None and pairing.outcome is not Outcome.MISS:
        return f"{KIND_WORDS[pairing.found.kind]}, {pairing.found.whose}"
    if pairing.claim is not None:
        return f"{pairing.claim.event.name}: {KIND_WORDS[pairing.claim.event.kind]}, {whose_event(pairing.claim.event)}"
    return ""


def _why(pairing: Pairing) -> str:
    if is_misattributed(pairing) and pairing.claim:
        return f"{pairing.claim.event.name} is of {whose_event(pairing.claim.event)}"
    return pairing.reason


def _tag(pairing: Pairing) -> str:
    if is_misattributed(pairing) and pairing.attribution:
        return f'<span class="tag wrong">{ATTRIBUTION_WORDS[pairing.attribution]}</span>'
    return f'<span class="tag {pairing.outcome.value}">{OUTCOME_WORDS[pairing.outcome]}</span>'


_SAMPLES: Sequence[tuple[str, str]] = (
    ('<rect class="event due" y="1" width="26" height="12" rx="3"/>', "had to be reported"),
    ('<path class="due-mark" d="M8 0v14M8 0l6 4l-6 4z"/>', "dwell reached"),
    ('<rect class="event missed" x="1" y="2" width="24" height="10" rx="3"/>', "missed"),
    ('<rect class="event excused" y="1" width="26" height="12" rx="3"/>', "must not be reported"),
    ('<rect class="event optional" y="1" width="26" height="12" rx="3"/>', "may be reported or not"),
    ('<rect class="seen hit" y="1" width="13" height="12"/><rect class="hit" x="13" y="1" width="13" height="12"/>', "seen, then reported"),
    ('<rect class="false_alarm" y="1" width="26" height="12" rx="3"/>', "false alarm"),
    ('<rect class="duplicate" y="1" width="26" height="12" rx="3"/>', "duplicate, wrong kind or wrong name"),
    ('<path class="hatch" d="M2 14l8-14M10 14l8-14M18 14l8-14"/>', "nothing could be seen"),
)
_SAMPLE_BOX = '<svg class="timeline" viewBox="0 0 26 14">'
_LEGEND = f'<ul class="legend">{"".join(f"<li>{_SAMPLE_BOX}{shape}</svg>{text}</li>" for shape, text in _SAMPLES)}</ul>'


def _clip(number: int, clip: EvaluatedClip) -> str:
    truth = clip.judged.truth
    about = [truth.name, truth.camera_id, truth.starts_at.strftime("%Y-%m-%d %H:%M:%S UTC"), f"{truth.length_s:g} s"]
    about += [truth.conditions.light, truth.conditions.weather] + (["held out"] if truth.held_out else [])
    counts = {outcome: sum(one.outcome is outcome for one in clip.pairings) for outcome in Outcome}
    tags = [f'<span class="tag {one.value}">{outcome_count(one, count)}</span>' for one, count in counts.items() if count]
    tags = tags or ['<span class="tag quiet">nothing due, nothing found</span>']
    return (
        f'<section class="clip" id="clip-{number}"><header><h3>{escape(truth.title or truth.name)}</h3>'
        f'<span class="soft">{escape(" · ".join(about))}</span><span class="tags">{"".join(tags)}</span></header>'
        f'<div class="wide">{timeline(clip, f"gap-{number}")}</div></section>'
    )


def _not_judged(evaluation: Evaluation) -> str:
    if not evaluation.not_judged:
        return ""
    rows = "".join(
        f'<tr><td>{escape(one.truth.name)}</td><td class="text">{escape(one.problem)}</td></tr>' for one in evaluation.not_judged
    )
    head = '<tr><th>clip</th><th class="text">why</th></tr>'
    return f'<h2>Not judged</h2><div class="plain wide"><table>{head}{rows}</table></div>'


def _foot(evaluation: Evaluation) -> str:
    settings = evaluation.settings
    return (
        "<footer><p>An event of the truth is due when it could be seen standing for its dwell. A find is about an event of the same "
        f"kind when they lie at most {settings.tolerance_s:g} s apart, at least {settings.min_cover:g} of the smaller box lies in the "
        f"other, and their intersection over union is at least {settings.min_iou:g}; pairs are chosen one to one with the greatest total "
        f"score. Events that stand within {settings.margin_s:g} s of the dwell count neither way. Duplicates and wrong kinds count as "
        "false alarms.</p>"
        "<p>Intervals are 95 %: Wilson's for shares, the exact one of Poisson for false alarms per hour, a bootstrap over clips for F1. "
        "Wide intervals say that there is little to judge from.</p></footer>"
    )
