"""Suggestions: how good they are, and only then, when asked for, what they are."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from parihs.coding.naming import transcript_names
from parihs.model.terms import VALENCES
from parihs.store.codebooks import CodeView, definitions
from parihs.store.studies import workshops
from parihs.store.transcripts import transcripts
from parihs.suggestions import CodeQuality, Results, load_results, start_training, training_of
from parihs.suggestions.offering import NO_CODE, why_none
from parihs.ui.choose import starting
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study
from parihs.ui.widgets.suggestions import TURNED_DOWN, CodeOption, SuggestionsView, suggestions

HOW = (
    "The suggestions learn from the codings that you may see, on this computer; nothing is sent "
    "anywhere. Each workshop is suggested to by a model that has never seen it, and what it "
    "suggests is compared with what the team coded there. A suggestion counts as right where at "
    "least one coder gave that code to the sentence, or one below it. So a suggestion that is not "
    "counted as right may still be a coding that everybody missed."
)


def learning(now: Current, results: Results | None) -> None:
    """The button that starts a training, and how far one is."""
    training = training_of(now.app.home, now.study.id, now.viewer_id)
    if training is not None and training.running:
        progress(now)
        return
    if training is not None and training.problem:
        st.warning(plain(training.problem))
    label = "Learn from the codings" if results is None else "Learn again"
    if st.button(label, type="primary" if results is None else "secondary"):
        start_training(now.app.home, now.study.id, now.viewer_id)
        st.rerun()
    if results is None:
        st.caption("This takes about a minute and can be stopped. You can go on working meanwhile.")


@st.fragment(run_every=1.0)
def progress(now: Current) -> None:
    """How far the training is; the page comes back to itself when it is through."""
    training = training_of(now.app.home, now.study.id, now.viewer_id)
    if training is None or not training.running:
        st.rerun()
    else:
        bar, stop = st.columns([5, 1], vertical_alignment="center")
        bar.progress(min(1.0, training.share), text=training.doing)
        if stop.button("Stop"):
            training.stop()
            st.rerun()


def quality(results: Results, codes: dict[str, CodeView]) -> None:
    """How good they are, before anything else."""
    offered = results.offered
    total = len(results.codes)
    if not offered:
        st.warning(
            f"None of {total} codes can be suggested well enough yet. The codings are still worth "
            "reading with “What did I miss?” below."
        )
    else:
        right, suggested = sum(c.right for c in offered), sum(c.suggested for c in offered)
        verb = "is" if len(offered) == 1 else "are"
        st.info(
            f"{len(offered)} of {total} codes {verb} suggested. In workshops that the model had "
            f"not seen, {right:,} of {suggested:,} of those suggestions were right "
            f"({right / suggested:.0%}): expect to turn down about "
            f"{round(10 * (1 - right / suggested))} in 10."
        )
        table([*offered], codes)
    with st.expander(f"{len(results.refused)} codes are not suggested, and why"):
        refused = [
            {
                "Code": _name(codes, each),
                "Coded sentences": each.n_examples,
                "Workshops": each.n_workshops,
                "Why not": each.refused,
            }
            for each in results.refused
        ]
        st.dataframe(pd.DataFrame(refused), hide_index=True, width="stretch")
    seconds = f"{results.seconds:.0f} s"
    st.caption(
        f"Learned from {results.n_codings:,} codings on {results.n_units:,} sentences of "
        f"{results.n_workshops} workshops in {seconds}; tested in {results.n_folds} parts, no "
        f"workshop in two. {HOW}"
    )


def table(offered: list[CodeQuality], codes: dict[str, CodeView]) -> None:
    """How many suggestions of each code are right, and how much of it they find."""
    rows = [
        {
            "Code": _name(codes, each),
            "Right": f"{each.precision or 0:.0%} of {each.suggested}",
            "Finds": f"{each.recall or 0:.0%} of {each.n_examples}",
            "At random": f"{each.base_rate:.0%}",
        }
        for each in offered
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        column_config={
            "Right": st.column_config.TextColumn(
                help="Share of the suggestions that the team had coded so (precision)."
            ),
            "Finds": st.column_config.TextColumn(
                help="Share of the sentences with this code that were suggested (recall)."
            ),
            "At random": st.column_config.TextColumn(
                help="Share of all sentences with this code: what picking blindly gets right."
            ),
        },
    )


def _name(codes: dict[str, CodeView], quality: CodeQuality) -> str:
    view = codes.get(quality.code_id)
    if view is None:
        return "a code of another codebook"
    # Construct and code: all the way between them does not fit on a narrow screen.
    return " › ".join(dict.fromkeys((view.path[0], view.path[-1])))


def asking(now: Current, results: Results, codes: dict[str, CodeView]) -> None:
    """What is asked for; nothing is shown until something is."""
    with now.app.store.read() as session:
        held, written = workshops(session, now.study.id), transcripts(session, now.study.id)
        titles = transcript_names(held, written)
        blind = [titles[key] for key in titles if key not in set(results.open_transcripts)]
    st.subheader("Show me")
    modes = {
        "codes": "Suggested codes",
        NO_CODE: "What did I miss?",
        TURNED_DOWN: "What I turned down",
    }
    # Kept while one is away to read a transcript, and not longer than the visit.
    kept = st.session_state.setdefault(f"suggestions-asked-{now.viewer_id}", {})
    mode = st.segmented_control(
        "What to show",
        list(modes),
        format_func=lambda key: modes[key],
        selection_mode="single",
        key=starting(f"suggestions-mode-{now.viewer_id}", kept.get("mode")),
    )
    where, which = st.columns(2, vertical_alignment="bottom")
    offered = [None, *[key for key in titles if key in set(results.open_transcripts)]]
    transcript = where.selectbox(
        "Transcript",
        offered,
        format_func=lambda key: titles[key] if key else "all that are open to you",
        key=starting(f"suggestions-in-{now.viewer_id}", kept.get("transcript"), offered),
    )
    code = None
    if mode == "codes":
        known = [None, *[each.code_id for each in results.offered]]
        code = which.selectbox(
            "Code",
            known,
            format_func=lambda key: codes[key].name if key in codes else "every code suggested",
            key=starting(f"suggestions-of-{now.viewer_id}", kept.get("code"), known),
        )
    asked = {"mode": mode, "transcript": transcript, "code": code}
    if any(kept.get(name) != value for name, value in asked.items()):
        # Another list begins at its beginning.
        kept.clear()
    kept.update(asked)
    if blind:
        st.caption(
            f"Nothing is shown of {len(blind)} transcript{'' if len(blind) == 1 else 's'} that "
            "you code blind; it comes once a lead releases them on Team."
        )
    if mode is None:
        return
    if mode != TURNED_DOWN:
        st.caption(
            "In the grey words around a sentence, a stroke (/) is where somebody else begins to "
            "speak."
        )
    if mode == NO_CODE:
        seen = results.overlooking
        st.caption(
            "Sentences without any coding, those first that are most like coded ones of other "
            f"workshops. How good that is: of the {seen.of} sentences most like coded ones, "
            f"{seen.coded} are coded; of all sentences, {seen.base_rate:.0%}."
        )
    if mode == TURNED_DOWN:
        st.caption(
            "What you answered with “Not this” or “Nothing missed”. Nobody else sees this list. "
            "What you put back can be suggested to you again."
        )
    view = _view(now, results, codes, mode, code or "", transcript or "")
    opened = suggestions(replace(view, left=kept.get("left")), key="suggestions")
    if opened is not None and opened.get("at") != (kept.get("left") or {}).get("at"):
        kept["left"] = opened
        query = {name: str(opened[name]) for name in ("transcript", "start", "end", "at")}
        st.switch_page("views/code.py", query_params=query)


def _view(
    now: Current,
    results: Results,
    codes: dict[str, CodeView],
    mode: str,
    code: str,
    transcript: str,
) -> SuggestionsView:
    return SuggestionsView(
        token=now.token(),
        mode=mode,
        code=code,
        transcript=transcript,
        codes=[
            CodeOption(key, each.name, "\u2003" * each.depth + each.name, each.colour)
            for key, each in codes.items()
        ],
        valences=list(VALENCES.items()),
        precision={
            each.code_id: f"right {each.right} of {each.suggested} times when tested"
            for each in results.offered
        },
    )


now = need_study()
st.title("Suggestions")
with now.app.store.read() as session:
    results = load_results(session, now.app.home, now.study.id, now.viewer_id)
    nobody = why_none(session, now.study.id, now.viewer_id)
    codes: dict[str, CodeView] = {}
    if now.codebook is not None:
        codes = {each.code_id: each for each in definitions(session, now.codebook.id)}
if not codes:
    st.info("This study has no codebook yet. Add one on the Codebook page.")
elif nobody:
    st.info(plain(nobody))
    st.caption(HOW)
else:
    if results is None:
        st.caption(HOW)
    else:
        quality(results, codes)
    learning(now, results)
    if results is not None:
        asking(now, results, codes)
