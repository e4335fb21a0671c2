"""Joining the cues of one speaker into turns, for those who want to read instead of caption."""

from __future__ import annotations

from dataclasses import replace

from parihs.model import ParsedTranscript, ParsedTurn


def merge_turns(parsed: ParsedTranscript, gap_ms: int | None = None) -> ParsedTranscript:
    """Join consecutive turns of one named speaker with a space, keeping words and their times.

    A pause longer than ``gap_ms`` keeps two turns apart; None joins over any pause. Turns without a
    speaker are never joined: nobody knows whether they are one voice.
    """
    merged: list[ParsedTurn] = []
    for turn in parsed.turns:
        if merged and _belongs(merged[-1], turn, gap_ms):
            merged[-1] = _join(merged[-1], turn)
        else:
            merged.append(turn)
    return replace(parsed, turns=tuple(merged))


def _belongs(before: ParsedTurn, turn: ParsedTurn, gap_ms: int | None) -> bool:
    if turn.speaker is None or turn.speaker != before.speaker:
        return False
    if gap_ms is None or turn.start_ms is None:
        return True
    last = before.end_ms if before.end_ms is not None else before.start_ms
    return last is None or turn.start_ms - last <= gap_ms


def _join(before: ParsedTurn, turn: ParsedTurn) -> ParsedTurn:
    shift = len(before.text) + 1
    moved = tuple(
        replace(word, start=word.start + shift, end=word.end + shift) for word in turn.words
    )
    ends = [ms for ms in (before.end_ms, turn.end_ms) if ms is not None]
    return replace(
        before,
        text=f"{before.text} {turn.text}",
        start_ms=before.start_ms if before.start_ms is not None else turn.start_ms,
        # The end is known only if the later turn's is; an earlier end would cut its voice off.
        end_ms=max(ends) if turn.end_ms is not None else None,
        words=before.words + moved,
    )
