"""``parihs participation``: whose voice is heard, as a table or JSON."""

from __future__ import annotations

import json
from typing import Any

import click
import pandas as pd

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.compare.course import course
from parihs.compare.filters import Filters
from parihs.compare.heard import BY, ROWS, heard, load_talk, never_heard
from parihs.compare.interruptions import THRESHOLD_MS, WORDS, Rule
from parihs.exchange.transcripts_out import find_transcript
from parihs.home import Home
from parihs.store import Store
from parihs.store.studies import get_study

_SHOWN = {
    "row": "",
    "group": "",
    "n_present": "present",
    "n_heard": "heard",
    "n_turns": "turns",
    "n_words": "words",
    "talk_ms": "talk",
    "interruptions": "interrupts",
    "among_n_words": "participants’ words",
    "share_n_words": "all words",
}


@click.command("participation")
@click.option("--rows", type=click.Choice(list(ROWS)), default="site", show_default=True)
@click.option("--by", type=click.Choice(list(BY)), default="role", show_default=True)
@click.option(
    "--workshop", default=None, help="Over the course of one workshop: its key, or a transcript."
)
@click.option("--minutes", type=float, default=5, show_default=True, help="With --workshop.")
@click.option("--role", "roles", multiple=True, help="Only these roles.")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds of workshop.")
@click.option("--cycle", "cycles", multiple=True, type=int, help="Only these PAR cycles.")
@click.option("--facilitators/--no-facilitators", default=True, show_default=True)
@click.option(
    "--threshold-ms",
    type=click.IntRange(0),
    default=THRESHOLD_MS,
    show_default=True,
    help="How much of a turn must be left for the next to interrupt it.",
)
@click.option(
    "--words",
    type=click.IntRange(1),
    default=WORDS,
    show_default=True,
    help="How many words an interrupting turn has at least.",
)
@study_option
@json_option
@home_option
def participation_command(
    home: Home,
    rows: str,
    by: str,
    workshop: str | None,
    minutes: float,
    roles: tuple[str, ...],
    kinds: tuple[str, ...],
    cycles: tuple[int, ...],
    facilitators: bool,
    threshold_ms: int,
    words: int,
    study: str | None,
    as_json: bool,
) -> None:
    """Talk time, words, turns, interruptions and shares; and who took part and said nothing."""
    filters = Filters(roles or None, kinds or None, cycles or None, None, None, facilitators)
    rule = Rule(threshold_ms, words)
    with Store(home).read() as session:
        found = get_study(session, study)
        talk = load_talk(session, found.id)
        chosen = find_transcript(session, found.id, workshop).id if workshop else None
    if chosen is not None:
        step = max(1, round(minutes * 60_000))
        made = course(talk, chosen, by=by, step_ms=step, filters=filters, rule=rule)
        value: dict[str, Any] = {"caption": made.caption, "unit": made.unit}
        answer(as_json, {**value, "parts": _rows(made.frame)}, _lines(made.frame, made.caption))
        return
    result = heard(talk, rows=rows, by=by, filters=filters, rule=rule)
    silent = never_heard(talk, filters)
    shown = result.frame[list(_SHOWN)].rename(columns=_SHOWN)
    shown["talk"] = ["not timed" if pd.isna(ms) else _clock(int(ms)) for ms in shown["talk"]]
    for name in ("participants’ words", "all words"):
        shown[name] = ["–" if pd.isna(share) else f"{share:.0%}" for share in shown[name]]
    lines = _lines(shown, result.caption)
    lines += [
        f"Took part, never spoke: {one['participant']} ({one['role'] or 'role not given'}), "
        f"{one['workshop']}"
        for one in _rows(silent)
    ]
    answer(
        as_json,
        {
            "caption": result.caption,
            "groups": _rows(result.frame),
            "never_heard": _rows(silent),
            "rule": {"threshold_ms": threshold_ms, "words": words},
        },
        lines,
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain values; what is missing is null, never 0."""
    found: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", double_precision=15))
    return found


def _lines(frame: pd.DataFrame, caption: str) -> list[str]:
    return [*frame.to_string(index=False, na_rep="–").splitlines(), caption]


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
