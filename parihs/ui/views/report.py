"""Report: the study as Word document, web page, workbook and tables, to be kept and cited."""

from __future__ import annotations

import streamlit as st

from parihs.report import FORMATS, PARTS, USUAL
from parihs.ui import comparison
from parihs.ui.choose import choose, starting
from parihs.ui.drafts import owner, unsaved
from parihs.ui.plain import plain
from parihs.ui.report_making import Made, key_of, make
from parihs.ui.state import Current, need_study, remember, remembered

MADE = "report-made"


def choices(now: Current) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Parts, whose codings, and kinds of file; remembered from the last visit."""
    name = f"report:{now.study.key}"
    kept = remembered(name, {})
    kept = kept if isinstance(kept, dict) else {}

    def listed(field: str, usual: tuple[str, ...], known: dict[str, str]) -> list[str]:
        found = [each for each in kept.get(field) or () if each in known]
        return found or list(usual)

    titles = {kind: each.name for kind, each in FORMATS.items()}
    parts = st.pills(
        "Parts",
        list(PARTS),
        selection_mode="multi",
        format_func=lambda part: PARTS[part],
        key=starting("report-parts", listed("parts", USUAL, PARTS)),
    )
    kinds = st.pills(
        "Files",
        list(FORMATS),
        selection_mode="multi",
        format_func=lambda kind: titles[kind],
        key=starting("report-kinds", listed("kinds", tuple(FORMATS), titles)),
    )
    layers = {**comparison.LAYERS, **comparison.coder_choices(now)}
    left, _ = st.columns([1, 2])
    layer = choose(left, "Codings of", layers, wanted=kept.get("layer"), key="report-layer")
    remember(name, {"parts": parts, "kinds": kinds, "layer": layer})
    # In the order of the report, whatever the order of choosing.
    return (
        tuple(part for part in PARTS if part in parts),
        layer,
        tuple(kind for kind in FORMATS if kind in kinds),
    )


def downloads(made: Made) -> None:
    """A button for each file."""
    st.success(
        f"The report is ready: {made.facts}. It shows the study as of "
        f"{made.as_of.day} {made.as_of:%b %Y, %H:%M} UTC.",
        icon=":material/check:",
    )
    if made.without_pictures:
        st.caption(
            "No browser was found to draw pictures, so the Word document has no figures; the web "
            "page has them."
        )
    for column, (kind, content) in zip(st.columns(4), made.files.items(), strict=False):
        each = FORMATS[kind]
        size = f"{len(content) / 1_000_000:.1f} MB"
        with column:
            st.download_button(
                each.name,
                content,
                each.filename,
                each.mime,
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
                key=f"download-{kind}",
            )
            st.caption(f"{each.filename}, {size}")


now = need_study()
st.title("Report")
if now.codebook is None:
    st.info("This study has no codebook yet, so there is nothing to report on.")
    st.stop()
st.caption(
    "The methods in the study’s own numbers, comparisons, framework grid, ratings, findings with "
    "their quotes, codebook and audit trail. The same study gives the same files, byte for byte."
)
parts, layer, kinds = choices(now)
st.caption(
    plain(
        f"Made with the eyes of {now.coder.name}: codings of others in transcripts that are not "
        "released are left out."
        if now.coder
        else "Made from released codings only. Say who you are in the side bar to have your own."
    )
)
if waiting := unsaved(owner(now)):
    st.warning(
        f"{waiting} text{'s are' if waiting != 1 else ' is'} not saved yet and will not be in it."
    )
ready = bool(parts and kinds)
if st.button("Build the report", type="primary", icon=":material/description:", disabled=not ready):
    bar = st.progress(0.0, "Beginning")

    def progress(what: str, share: float) -> None:
        bar.progress(min(1.0, share), what)

    st.session_state[MADE] = make(now, parts, layer, kinds, progress)
    bar.empty()
made: Made | None = st.session_state.get(MADE)
if made is not None:
    if made.key != key_of(now, parts, layer, kinds):
        st.caption(":orange[The study or the choices changed since these files were made.]")
    downloads(made)
