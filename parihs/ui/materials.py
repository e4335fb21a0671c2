"""What there is to compare, read ahead in the background and kept for all pages of the app.

The first reading of a large study takes seconds, so it begins when somebody opens the app and not
when they open a comparison. Later, only what changed since is read.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from parihs.store import Store
from parihs.ui.state import Current, remembered
from parihs.web.memory import give_back, keep_what_is_here

if TYPE_CHECKING:
    from parihs.compare.heard import Talk
    from parihs.figures import Material

KEPT = 3
"""Materials that stay in memory: whose codings, with whose eyes."""


class Asked(NamedTuple):
    """What is read: with whose eyes, and whose codings (``layer``)."""

    study_id: str
    codebook_version_id: str
    viewer_id: str
    layer: str


class Materials:
    """The materials of one store; one thread reads at a time, others wait for what it reads."""

    def __init__(self, store: Store) -> None:
        # pandas takes a moment to load, which the first page should not wait for.
        from parihs.compare import KeptCodings, KeptTalk

        self._store = store
        self._codings = KeptCodings()
        self._talk = KeptTalk()
        self._kept: OrderedDict[Asked, tuple[int, Material]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: Asked) -> Material:
        """The material as it is now."""
        from parihs.compare import last_change, load_excerpts
        from parihs.figures import Material
        from parihs.store.codebooks import definitions

        with self._lock:
            with self._store.read() as session:
                # Read first: a change meanwhile is read next time.
                seen = last_change(session)
                if asked in self._kept and self._kept[asked][0] == seen:
                    self._kept.move_to_end(asked)
                    return self._kept[asked][1]
                earlier = self._kept.pop(asked, None)
                while len(self._kept) >= KEPT:
                    self._kept.popitem(last=False)
                study_id, version_id = asked.study_id, asked.codebook_version_id
                material = Material(
                    load_excerpts(
                        session,
                        study_id,
                        version_id,
                        viewer_id=asked.viewer_id,
                        layer=asked.layer,
                        kept=self._codings,
                        before=earlier and (earlier[0], earlier[1].excerpts),
                    ),
                    self._talk.denominators(session, study_id),
                    definitions(session, version_id),
                )
            self._kept[asked] = seen, material
            give_back()
            return material

    def talk(self, study_id: str) -> Talk:
        """Who said how much in the study, as it is now."""
        with self._store.read() as session:
            return self._talk.talk(session, study_id)

    def has_talk(self, study_id: str) -> bool:
        """Whether it was read before, so that getting it is quick."""
        return self._talk.has_talk(study_id)

    def has(self, asked: Asked) -> bool:
        """Whether it was read before, so that getting it is quick."""
        return asked in self._kept


@cache
def materials(store: Store) -> Materials:
    """The materials of a store, shared by all pages."""
    return Materials(store)


def asked_for(now: Current, layer: str) -> Asked:
    """What a page asks for."""
    assert now.codebook is not None
    return Asked(now.study.id, now.codebook.id, now.viewer_id, layer)


_begun: set[tuple[int, Asked]] = set()


def read_in_advance(now: Current) -> None:
    """Begin reading what the next comparison will need, while people look at other pages."""
    if now.codebook is None:
        return
    layer = remembered(f"compare:{now.study.key}", {}).get("layer", "consensus")
    store, asked = now.app.store, asked_for(now, layer)
    if (id(store), asked) in _begun:
        return
    _begun.add((id(store), asked))

    def read() -> None:
        # What is wrong is said on the page that asks for it.
        with suppress(Exception):
            materials(store).get(asked)
            materials(store).talk(asked.study_id)
            keep_what_is_here()

    threading.Thread(target=read, name="reading in advance", daemon=True).start()
