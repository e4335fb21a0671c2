"""A training test in the making: kept until it is saved, also over a reload and a restart."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import streamlit as st

from parihs.coding.training_picks import Pick
from parihs.ui import kept_drafts
from parihs.ui.state import Current

KEPT: Final = "training-drafts"


@dataclass(slots=True)
class Picked:
    """An excerpt that is to be asked, and why its codes are right."""

    pick: Pick
    why: str = ""


class TrainingDraft:
    """What one person has picked for a test so far, and what they call it."""

    def __init__(self, now: Current) -> None:
        self._owner = now.viewer_id
        self.name = f"{self._owner}:training:{now.study.id}"
        drafts = st.session_state.setdefault(KEPT, {})
        if self.name not in drafts:
            values = kept_drafts.load(self._owner, self.name).get("values", {})
            drafts[self.name] = _begun(values, 0)
        self._kept: dict[str, Any] = drafts[self.name]

    @property
    def round(self) -> int:
        """Grows with each test that is saved or given up, so that fields begin anew."""
        return int(self._kept["round"])

    @property
    def title(self) -> str:
        """What the test is to be called."""
        return str(self._kept["title"])

    @property
    def picked(self) -> dict[str, Picked]:
        """The excerpts to ask, by their place, in the order in which they were picked."""
        found: dict[str, Picked] = self._kept["picked"]
        return found

    def turn(self, pick: Pick) -> None:
        """Ask an excerpt, or ask it no longer."""
        place = place_of(pick)
        if self.picked.pop(place, None) is None:
            self.picked[place] = Picked(pick)
        self._keep()

    def because(self, place: str, why: str) -> None:
        """Keep the reason for an excerpt."""
        self.picked[place].why = why
        self._keep()

    def call(self, title: str) -> None:
        """Keep the title."""
        self._kept["title"] = title
        self._keep()

    def drop(self) -> None:
        """Begin anew: it was saved, or given up."""
        st.session_state[KEPT][self.name] = self._kept = _begun({}, self.round + 1)
        self._keep()

    def _keep(self) -> None:
        picked = [asdict(each) for each in self.picked.values()]
        values = {"title": self.title, "picked": picked}
        given = bool(self.title or picked)
        kept_drafts.keep(self._owner, self.name, {"values": values} if given else {})


def place_of(pick: Pick) -> str:
    """What tells one excerpt from all others."""
    return f"{pick.version_id}-{pick.start}-{pick.end}"


def _begun(values: dict[str, Any], round_: int) -> dict[str, Any]:
    picked = [Picked(Pick(**each["pick"]), each["why"]) for each in values.get("picked", ())]
    return {
        "round": round_,
        "title": values.get("title", ""),
        "picked": {place_of(each.pick): each for each in picked},
    }
