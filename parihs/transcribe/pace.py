"""How long a transcription still takes, from how fast it has been so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parihs.transcribe.messages import STAGES, Stage
from parihs.transcribe.settings import TranscriptionSettings

SHARE: dict[Stage, int] = {"decode": 3, "plan": 2, "recognise": 70, "align": 10, "speakers": 15}
"""Percent of the work that each stage is, roughly, on a processor."""
ENOUGH_S = 2.0
"""So much of a stage has to be measured before it says anything about the rest."""


def shares(settings: TranscriptionSettings | None = None) -> dict[Stage, float]:
    """Percent of the work by stage, without the stages that were not asked for."""
    left_out = set()
    if settings is not None:
        left_out = {s for s in ("align", "speakers") if not getattr(settings, s)}
    kept = {stage: share for stage, share in SHARE.items() if stage not in left_out}
    whole = sum(kept.values())
    return {stage: kept.get(stage, 0) * 100 / whole for stage in STAGES}


class Pace:
    """Measures stages as they run.

    ``seconds`` are what each stage took in earlier attempts at the same job; they are kept up to
    date, so that an attempt can go on counting where the last one was killed.
    """

    def __init__(
        self,
        share: Mapping[Stage, float],
        seconds: Mapping[str, float],
        now: Callable[[], float],
    ) -> None:
        self._share = share
        self.seconds: dict[str, float] = dict(seconds)
        self._now = now
        self._stage: Stage = STAGES[0]
        self._began = now()
        self._counted = now()
        self._first = self._done = 0.0
        self._moved = False

    def start(self, stage: Stage) -> None:
        """A stage begins, or is passed through again."""
        self._count()
        self._stage, self._began = stage, self._now()
        self._first = self._done = 0.0
        self._moved = False

    def reach(self, done: float) -> None:
        """The stage is through up to ``done`` (0–1); what the first call says was done before."""
        if not self._moved:
            self._first, self._moved, self._began = done, True, self._now()
        self._done = done
        self._count()

    def left_s(self) -> int | None:
        """Seconds until everything is done, or None where too little is known yet."""
        recognise = self._whole("recognise")
        if recognise is None:
            return None
        left = 0.0
        for stage in STAGES[STAGES.index(self._stage) :]:
            whole = self._whole(stage)
            if whole is None:
                whole = recognise * self._share[stage] / self._share["recognise"]
            left += whole * (1 - self._done) if stage == self._stage else whole
        return round(left)

    def _whole(self, stage: Stage) -> float | None:
        """Seconds that a stage takes from its beginning to its end, as far as can be told."""
        if stage == self._stage:
            spent, gained = self._now() - self._began, self._done - self._first
            if gained <= 0 or spent < ENOUGH_S:
                return None
            return spent / gained
        if STAGES.index(stage) < STAGES.index(self._stage):
            return self.seconds.get(stage)
        return None

    def _count(self) -> None:
        moment = self._now()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + moment - self._counted
        self._counted = moment
