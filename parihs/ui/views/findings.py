"""Findings: claims with the excerpts that bear them, and what a careful reader would ask."""

from __future__ import annotations

import streamlit as st

from parihs.compare.excerpts import CONSENSUS
from parihs.compare.passages import Passage
from parihs.errors import ParihsError
from parihs.inquiry import STANCES, FindingView, Lint, quoted
from parihs.inquiry.findings import CONTRADICTS, NUANCE, STATUSES, SUPPORTS
from parihs.ui import comparison
from parihs.ui import finding_writing as writing
from parihs.ui.choose import starting
from parihs.ui.drafts import Draft, owner
from parihs.ui.excerpt_choice import excerpt_labels, find_excerpts
from parihs.ui.opened import opened
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.ui.widgets.typing_kept import typing_kept

NEW = "new"
LISTED, LISTED_PX = 8, 280
"""Findings that are listed whole; more are scrolled in a list so high."""
CHOSEN, NEXT = "finding-chosen", "finding-next"
SHOWN = "finding-excerpts"
"""Which excerpts are open below the finding: (finding id, title, ids)."""


def listing(now: Current, desk: writing.Desk) -> str:
    """The findings in order, to choose one or to begin another; gives its id or ``NEW``."""
    names = {
        view.finding.id: f"{n}. {plain(view.finding.title)} {desk.mark(view)}"
        for n, view in enumerate(desk.findings, start=1)
    }
    names[NEW] = ":material/add: Write another finding" if names else "The first finding"
    key = f"finding:{now.study.key}"
    if (wanted := st.session_state.pop(NEXT, None)) in names:
        st.session_state[CHOSEN] = wanted
    last = remembered(key)
    chosen = st.radio(
        "Findings",
        list(names),
        key=starting(CHOSEN, last if last in names else next(iter(names)), names),
        format_func=lambda name: names[name],
        label_visibility="collapsed",
    )
    remember(key, chosen)
    return str(chosen)


def withdrawn_list(now: Current, desk: writing.Desk) -> None:
    """Withdrawn findings; nothing is ever deleted."""
    if not desk.withdrawn:
        return
    with st.expander(f"Withdrawn ({len(desk.withdrawn)})"):
        for view in desk.withdrawn:
            st.markdown(plain(view.finding.title))
            if st.button("Restore", key=f"restore-{view.finding.id}"):
                writing.restore(now, view.finding.id)
                st.session_state[NEXT] = view.finding.id
                st.rerun()


def write_new(now: Current) -> None:
    """A blank finding; its excerpts come once it has a title."""
    draft = Draft(owner(now), f"finding:{now.study.id}:new", 0, title="", claim="")
    st.subheader("A new finding")
    title = draft.text(
        st, "title", "What you found, in one sentence that somebody could disagree with"
    )
    claim = draft.text(st, "claim", "What bears it, and how far it goes", height=180)
    draft.warn()
    st.caption("After saving, add the excerpts that support it and those that speak against it.")
    if st.button("Save the finding", type="primary", disabled=not title.strip()):
        finding_id = writing.add(now, title, claim)
        draft.drop()
        st.session_state[NEXT] = finding_id
        st.rerun()


def edit(now: Current, desk: writing.Desk, view: FindingView) -> None:
    """One finding: its words on the left, what to look at beside them."""
    finding = view.finding
    voices = writing.bearing(now, view)
    known = [*view.ids(), *quoted(finding.claim)]
    draft = Draft(
        owner(now),
        f"finding:{finding.id}",
        finding.rev,
        title=finding.title,
        claim=writing.readable(finding.claim, voices),
        status=finding.status,
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        title = draft.text(st, "title", "Finding", height=68)
        claim = writing.stored(draft.text(st, "claim", "Claim", height=260), known)
        status = draft.one(st, "status", "Status", STATUSES)
        draft.warn()
        if st.button("Save", type="primary", disabled=not draft.changed):
            if draft.save(
                lambda rev: writing.save(now, finding.id, rev, title, claim, status),
                reads=lambda theirs: writing.readable(theirs, voices),
            ):
                st.toast("Saved")
            st.rerun()
        if draft.changed or quoted(claim):
            shown(now, claim)
    with right:
        remarks(now, desk.about(finding.id), finding.id)
    st.divider()
    evidence(now, view, draft, voices)
    add_excerpts(now, view)
    tools(now, desk, view, draft, voices)


def shown(now: Current, claim: str) -> None:
    """The claim as it will read in a report."""
    with st.container(border=True):
        st.caption("As it will read")
        for part in writing.preview(now, claim):
            if part.kind == "text":
                for paragraph in part.text.split("\n"):
                    if paragraph.strip():
                        st.markdown(plain(paragraph))
            elif part.kind == "lost":
                st.caption(plain(part.text))
            else:
                words = "  \n> ".join(plain(line) for line in part.text.split("\n"))
                st.markdown(f"> *{words}*  \n> :small[{plain(part.attribution)}]")


def remarks(now: Current, found: list[Lint], finding_id: str) -> None:
    """What a careful reader would ask, with the excerpts it is about."""
    st.markdown("**To look at**")
    if not found:
        st.caption("Nothing stands out: several voices, several sites, no counter case unread.")
    for number, each in enumerate(found):
        st.markdown(f"{writing.ICONS[each.severity]} {plain(each.sentence)}")
        if not each.ids:
            continue
        read = st.button(
            f"Read {'it' if len(each.ids) == 1 else f'all {len(each.ids)}'}",
            key=f"read-{finding_id}-{number}",
            type="tertiary",
            icon=":material/format_quote:",
        )
        if read:
            st.session_state[SHOWN] = (finding_id, each.kind.capitalize(), each.ids)
        if each.kind == "contradicted":
            negative_cases(now, each, f"{finding_id}-{number}")


def negative_cases(now: Current, each: Lint, key: str) -> None:
    """Offer the excerpts that point the other way, to be linked one by one."""
    assert each.finding_id is not None
    with st.expander("Link them"):
        labels = excerpt_labels(now, each.ids)
        chosen = st.multiselect(
            "Which?",
            list(labels),
            format_func=lambda name: labels[name],
            key=f"against-{key}",
            placeholder="Choose excerpts",
        )
        one, two = st.columns(2)
        for place, stance, words in (
            (one, CONTRADICTS, "They contradict it"),
            (two, NUANCE, "They qualify it"),
        ):
            if place.button(words, key=f"{stance}-{key}", disabled=not chosen):
                writing.link(now, each.finding_id, chosen, stance)
                st.rerun()


def evidence(now: Current, view: FindingView, draft: Draft, voices: dict[str, Passage]) -> None:
    """What bears on the finding, by stance."""
    st.markdown("**What bears on it**")
    if not view.excerpts:
        st.info("No excerpt bears on this finding yet. Add the first one below.")
        return
    quotes = quoted(writing.stored(draft.value("claim"), view.ids()))
    lines = excerpt_labels(now, view.ids())
    for stance, name in STANCES.items():
        links = [link for link in view.excerpts if link.stance == stance]
        if links:
            st.caption(f"{name} ({len(links)})")
        for link in links:
            key = f"{view.finding.id}-{link.excerpt_id}"
            words, tools_ = st.columns([5, 3], vertical_alignment="center")
            gone = "This excerpt is no longer coded, or still coded blind."
            note = f"  \n:small[{plain(link.note)}]" if link.note else ""
            words.markdown(plain(lines.get(link.excerpt_id, gone)) + note)
            with tools_.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "Quote",
                    key=f"quote-{key}",
                    help="Put the words, who says them and where at the end of the claim",
                    disabled=link.excerpt_id not in voices or link.excerpt_id in quotes,
                    on_click=lambda d=draft, e=link.excerpt_id: d.put(
                        "claim", writing.with_quote(d.value("claim"), e, voices)
                    ),
                )
                with st.popover("Change"):
                    change_link(now, view, link.excerpt_id, stance, link.note, key)
    if st.button("Read and hear them all", icon=":material/format_quote:"):
        st.session_state[SHOWN] = (view.finding.id, "What bears on it", view.ids())
    kept = st.session_state.get(SHOWN)
    if kept and kept[0] == view.finding.id:
        opened(now, kept[2], kept[1], "finding")


def change_link(
    now: Current, view: FindingView, excerpt_id: str, stance: str, note: str, key: str
) -> None:
    """Another stance, a note, or away with it."""
    chosen = st.radio(
        "It …",
        list(STANCES),
        index=list(STANCES).index(stance),
        format_func=lambda name: f"{STANCES[name].lower()} the claim",
        key=f"stance-{key}",
    )
    words = st.text_area("Note", value=note, key=f"note-{key}", height=80)
    if st.button("Save", key=f"save-{key}", type="primary"):
        writing.link(now, view.finding.id, [excerpt_id], chosen, words)
        st.rerun()
    if st.button("Take it off this finding", key=f"off-{key}", type="tertiary"):
        writing.unlink(now, view.finding.id, excerpt_id)
        st.rerun()


def add_excerpts(now: Current, view: FindingView) -> None:
    """Find excerpts by site, code and words, and say how they bear on the finding."""
    with st.expander("Add excerpts", icon=":material/add:", expanded=not view.excerpts):
        material = comparison.material(now, CONSENSUS)
        if material.excerpts.empty:
            st.info("Nothing is coded by two coders yet, so there are no excerpts to add.")
            return
        linked = set(view.ids())
        found = find_excerpts(now, material, f"find-{view.finding.id}")
        free = {key: label for key, label in found.items() if key not in linked}
        chosen = st.multiselect(
            f"{len(free):,} excerpts",
            list(free),
            format_func=lambda name: free.get(name, name),
            key=f"add-{view.finding.id}",
            placeholder="Choose excerpts, or type words of them",
        )
        stance, button = st.columns([2, 1], vertical_alignment="bottom")
        given = stance.segmented_control(
            "They",
            list(STANCES),
            default=SUPPORTS,
            required=True,
            format_func=lambda name: STANCES[name],
            key=f"stance-{view.finding.id}",
        )
        if button.button("Add", type="primary", disabled=not chosen, width="stretch"):
            writing.link(now, view.finding.id, chosen, given or SUPPORTS)
            st.session_state.pop(f"add-{view.finding.id}", None)
            st.rerun()


def tools(
    now: Current,
    desk: writing.Desk,
    view: FindingView,
    draft: Draft,
    voices: dict[str, Passage],
) -> None:
    """Order, earlier texts, withdrawing."""
    place = [each.finding.id for each in desk.findings].index(view.finding.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Move up", icon=":material/arrow_upward:", disabled=place == 0):
            writing.move(now, view.finding.id, place - 1)
            st.rerun()
        last = place == len(desk.findings) - 1
        if st.button("Move down", icon=":material/arrow_downward:", disabled=last):
            writing.move(now, view.finding.id, place + 1)
            st.rerun()
        with st.popover("Earlier texts", icon=":material/history:"):
            earlier(now, view, draft, voices)
        with st.popover("Withdraw", icon=":material/archive:"):
            reason = st.text_input("Why?", key=f"why-{view.finding.id}")
            st.caption("It leaves the list and the report, and can be restored.")
            if st.button("Withdraw it", disabled=not reason.strip()):
                writing.withdraw(now, view.finding.id, reason)
                st.rerun()


def earlier(now: Current, view: FindingView, draft: Draft, voices: dict[str, Passage]) -> None:
    """Every text that was saved, to be put back into the fields."""
    for saved in writing.history(now, view.finding.id):
        st.markdown(f"**{plain(saved.by)}** · {saved.at:%d %b %Y %H:%M} UTC · {saved.verb}")
        claim = writing.readable(saved.data["claim"], voices)
        st.text(f"{saved.data['title']}\n\n{claim}")

        def take(data: dict[str, str] = saved.data | {"claim": claim}) -> None:
            for field in ("title", "claim", "status"):
                draft.put(field, data[field])

        st.button("Put it into the fields", key=f"earlier-{saved.seq}", on_click=take)


now = need_study()
st.title("Findings")
typing_kept()
if now.codebook is None:
    st.info("This study has no codebook yet, so there are no excerpts that could bear a finding.")
    st.stop()
desk = writing.read_desk(now)
if not desk.findings:
    st.info(
        "There is no finding yet. A finding is a claim that somebody could disagree with, and the "
        "excerpts that bear it: those that support it and those that speak against it."
    )
with st.container(height=LISTED_PX if len(desk.findings) > LISTED else "content", border=False):
    chosen = listing(now, desk)
withdrawn_list(now, desk)
for each in desk.about(None):
    st.caption(f"{writing.ICONS[each.severity]} {plain(each.sentence)}")
st.divider()
view = next((v for v in desk.findings if v.finding.id == chosen), None)
try:
    if view is None:
        write_new(now)
    else:
        edit(now, desk, view)
except ParihsError as error:
    st.error(plain(str(error)), icon=":material/error:")
