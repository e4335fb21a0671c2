"""Who speaks in another transcription of the same sound: the same people as before.

An engine numbers voices as it finds them, so its “Voice 1” may be another person than last time's.
Here each new voice becomes the old one that was heard longest while it spoke.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select, update

from parihs.correction.versions import turns_of
from parihs.model import Speaker, TranscriptVersion, Turn
from parihs.store import Transaction

_LEAST_SHARE = 0.3
"""Of its time a new voice must have been the old one; else it is somebody new."""


def keep_voices(tx: Transaction, old: TranscriptVersion, new: TranscriptVersion) -> None:
    """Give the new version's turns to the voices that were heard at these moments before.

    Where either version has no times or no voices, labels are all there is and they stay.
    """
    before, after = turns_of(tx.session, old.id), turns_of(tx.session, new.id)
    together = _heard_together(before, after)
    if not together:
        return
    lasts = _lengths(after)
    same: dict[str, str] = {}
    for (voice, was), ms in sorted(together.items(), key=lambda each: -each[1]):
        if voice not in same and was not in same.values() and ms >= _LEAST_SHARE * lasts[voice]:
            same[voice] = was
    earlier = {turn.speaker_id for turn in before}
    for voice in lasts.keys() - same.keys():
        # Somebody new must not pass as the one who bore this label before.
        same[voice] = _newcomer(tx, new, voice) if voice in earlier else voice
    moves = [
        {"id": turn.id, "speaker_id": same[turn.speaker_id]}
        for turn in after
        if turn.speaker_id is not None
        and same.get(turn.speaker_id, "") not in ("", turn.speaker_id)
    ]
    if moves:
        tx.session.execute(update(Turn), moves)
        tx.session.expire_all()


def _heard_together(before: Sequence[Turn], after: Sequence[Turn]) -> dict[tuple[str, str], int]:
    """Milliseconds for which a new voice and an old one were heard at the same time."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    old = [t for t in before if None not in (t.speaker_id, t.start_ms, t.end_ms)]
    first = 0
    for turn in after:
        if turn.speaker_id is None or turn.start_ms is None or turn.end_ms is None:
            continue
        while first < len(old) and (old[first].end_ms or 0) <= turn.start_ms - _LOOK_BACK_MS:
            first += 1
        for was in old[first:]:
            if (was.start_ms or 0) >= turn.end_ms:
                break
            both = min(was.end_ms or 0, turn.end_ms) - max(was.start_ms or 0, turn.start_ms)
            if both > 0 and was.speaker_id is not None:
                found[turn.speaker_id, was.speaker_id] += both
    return found


_LOOK_BACK_MS = 600_000
"""Turns overlap one another, so those that ended a little earlier are not passed over at once."""


def _lengths(turns: Sequence[Turn]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for turn in turns:
        if turn.speaker_id is not None:
            found[turn.speaker_id] += (turn.end_ms or 0) - (turn.start_ms or 0)
    return found


def _newcomer(tx: Transaction, version: TranscriptVersion, voice: str) -> str:
    label = tx.session.get_one(Speaker, voice).label
    taken = set(
        tx.session.scalars(select(Speaker.label).filter_by(transcript_id=version.transcript_id))
    )
    number = 2
    while f"{label} ({number})" in taken:
        number += 1
    speaker = Speaker(transcript_id=version.transcript_id, label=f"{label} ({number})")
    tx.session.add(speaker)
    tx.session.flush()
    return speaker.id
