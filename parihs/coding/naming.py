"""What transcripts are called, so that people can tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from parihs.model import Transcript, Workshop


def transcript_names(
    workshops: Iterable[Workshop], transcripts: Iterable[Transcript]
) -> dict[str, str]:
    """Transcript id → its workshop's title, and its own where the workshop has several.

    In the order of the transcripts, no two the same: the second of one name ends in “(2)”. Choices
    are made by name, and of two equal names a browser could not say which was meant.
    """
    titles = {workshop.id: workshop.title for workshop in workshops}
    written = list(transcripts)
    several = {key for key, n in Counter(each.workshop_id for each in written).items() if n > 1}
    names: dict[str, str] = {}
    taken: set[str] = set()
    for each in written:
        wanted = held = titles[each.workshop_id]
        if each.workshop_id in several and each.title != held:
            wanted = f"{held}: {each.title}"
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted} ({number})"
        taken.add(name)
        names[each.id] = name
    return names
