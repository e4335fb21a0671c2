"""Texts being written: kept while people look elsewhere, and never saved over somebody else's.

A draft stays until it is saved or given up, also over a reload and a restart of the app. What
others saved meanwhile is shown beside it, and the next save knows that it was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from parihs.inquiry import NewerTextError
from parihs.ui import kept_drafts
from parihs.ui.plain import plain
from parihs.ui.state import Current

KEPT = "drafts"


class Draft:
    """One thing in writing: what is saved of it, and what a person has changed since."""

    def __init__(self, owner: str, name: str, rev: int, **saved: Any) -> None:
        """``owner`` writes it; ``rev`` is the saved state's revision, ``saved`` its fields."""
        self.owner = owner
        self.name = f"{owner}:{name}"
        self.saved = saved
        self._rev = rev
        drafts = st.session_state.setdefault(KEPT, {})
        if self.name not in drafts:
            drafts[self.name] = kept_drafts.load(owner, self.name)

    @property
    def changed(self) -> bool:
        """Whether there is anything that is not saved."""
        return bool(self._kept().get("values"))

    @property
    def rev(self) -> int:
        """The revision that the writer has seen."""
        return int(self._kept().get("rev", self._rev))

    def value(self, field: str) -> Any:
        """What the field holds now."""
        return self._kept().get("values", {}).get(field, self.saved[field])

    def put(self, field: str, value: Any) -> None:
        """Change a field; for callbacks, which run before the page is drawn."""
        kept = self._begun()
        kept["values"][field] = value
        if value == self.saved[field]:
            kept["values"].pop(field)
        if not kept["values"] and "theirs" not in kept:
            self.drop()
        else:
            kept_drafts.keep(self.owner, self.name, kept)
        if st.session_state.get(self._key(field)) != value:
            st.session_state.pop(self._key(field), None)

    def drop(self) -> None:
        """Forget what is not saved."""
        st.session_state[KEPT][self.name] = {}
        kept_drafts.keep(self.owner, self.name, {})
        for field in self.saved:
            st.session_state.pop(self._key(field), None)

    def text(self, place: Any, field: str, label: str, *, height: int | None = None) -> str:
        """A field for a line, or with ``height`` (pixels) for a text."""
        key = self._started(field)
        options: dict[str, Any] = {"key": key, "on_change": self._keep, "args": (field,)}
        if height is None:
            return str(place.text_input(label, **options))
        return str(place.text_area(label, height=height, **options))

    def one(
        self, place: Any, field: str, label: str, options: Mapping[str, str], **more: Any
    ) -> str:
        """A choice of one of ``options`` (key → words)."""
        key = self._started(field)
        return str(
            place.selectbox(
                label,
                list(options),
                format_func=lambda name: options[name],
                key=key,
                on_change=self._keep,
                args=(field,),
                **more,
            )
        )

    def several(
        self, place: Any, field: str, label: str, options: Mapping[str, str], **more: Any
    ) -> list[str]:
        """A choice of some of ``options``; what is chosen already stays a choice."""
        known = {**options, **{k: options.get(k, "Not coded any more") for k in self.value(field)}}
        key = self._started(field)
        chosen: Sequence[str] = place.multiselect(
            label,
            list(known),
            format_func=lambda name: known[name],
            key=key,
            on_change=self._keep,
            args=(field,),
            **more,
        )
        return list(chosen)

    def save(
        self, write: Callable[[int], object], reads: Callable[[str], str] | None = None
    ) -> bool:
        """Save by calling ``write`` with the revision seen; False when others were quicker.

        ``reads`` makes what they saved readable.
        """
        try:
            write(self.rev)
        except NewerTextError as error:
            kept = self._begun()
            theirs = reads(error.theirs) if reads else error.theirs
            kept.update(rev=error.rev, theirs=theirs, by=error.by)
            kept_drafts.keep(self.owner, self.name, kept)
            return False
        self.drop()
        return True

    def warn(self) -> None:
        """Say that something is not saved yet, and show what somebody else saved meanwhile."""
        kept = self._kept()
        if "theirs" in kept:
            st.warning(
                f"{plain(kept['by'])} saved another text here while you were writing, so yours was "
                "not saved over it. Take over into yours what should stay, and save again.",
                icon=":material/warning:",
            )
            with st.container(border=True):
                st.caption(f"What {plain(kept['by'])} saved")
                st.text(kept["theirs"])
            st.button("Give up mine and take theirs", key=f"theirs:{self.name}", on_click=self.drop)
        elif kept.get("values"):
            left, right = st.columns([3, 2], vertical_alignment="center")
            left.caption(":orange[Not saved yet.] It stays here until you save it or give it up.")
            right.button("Give it up", key=f"drop:{self.name}", on_click=self.drop, type="tertiary")

    def _kept(self) -> dict[str, Any]:
        found: dict[str, Any] = st.session_state[KEPT].get(self.name, {})
        return found

    def _begun(self) -> dict[str, Any]:
        """What is kept, begun where nothing was."""
        kept = self._kept()
        if "values" not in kept:
            kept = {"rev": self._rev, "values": {}}
            st.session_state[KEPT][self.name] = kept
        return kept

    def _key(self, field: str) -> str:
        return f"draft:{self.name}:{field}"

    def _started(self, field: str) -> str:
        key = self._key(field)
        # Setting what the field holds already would take back what is being typed into it.
        if key not in st.session_state or st.session_state[key] != self.value(field):
            st.session_state[key] = self.value(field)
        return key

    def _keep(self, field: str) -> None:
        self.put(field, st.session_state[self._key(field)])


def owner(now: Current) -> str:
    """Who writes: the person chosen in the side bar, in their study."""
    return f"{now.study.id}:{now.viewer_id}"


def unsaved(owner: str) -> int:
    """How many texts of ``owner`` are not saved."""
    return kept_drafts.count(owner)
