"""Speech models on the page: what each stage needs, what is here, how more are brought."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from parihs.errors import ParihsError
from parihs.exchange.demo import demo_folder
from parihs.transcribe import TranscriptionSettings, check, find_models, is_ready
from parihs.transcribe.messages import Message, StageStarted
from parihs.transcribe.models import NAMES, Found, Model, add, search, size_words
from parihs.transcribe.models.adding import is_installed, suggested_name
from parihs.transcribe.models.needs import STAGE_NAMES, Finding
from parihs.transcribe.models.self_test import SelfTest, keep, last, try_out
from parihs.ui.plain import plain
from parihs.ui.state import Current

ICONS = {
    "ready": ":material/check_circle:",
    "without": ":material/info:",
    "missing": ":material/block:",
    "careful": ":material/warning:",
}
TRY_HOURS = 3


def models_panel(now: Current, settings: TranscriptionSettings) -> bool:
    """What each stage needs and whether it is here; returns whether a transcript can be made."""
    folder = now.app.home.models
    findings = check(folder, settings)
    ready = is_ready(findings)
    title, icon = _title(findings)
    with st.expander(title, expanded=not ready, icon=icon):
        for finding in findings:
            _stage(finding)
        if ready:
            _speed(now, settings)
        _installed(folder)
        _bring(folder)
        st.caption(f"Model folder: {plain(str(folder))}. Nothing is ever downloaded from here.")
    return ready


def _title(findings: list[Finding]) -> tuple[str, str]:
    if not is_ready(findings):
        return "Speech models: not ready, something is needed first", ICONS["missing"]
    missing = [finding.name.lower() for finding in findings if not finding.ok]
    if missing:
        return f"Speech models: usable; without a model for {' and '.join(missing)}", ICONS[
            "without"
        ]
    return "Speech models: everything is here", ICONS["ready"]


def _stage(finding: Finding) -> None:
    about, state = st.columns([2, 5])
    # a stage that works and yet has a hint is one to be careful with
    icon = ICONS["careful" if finding.ok and finding.hint else finding.state]
    about.markdown(f"{icon} **{plain(finding.name)}**")
    with state:
        st.markdown(plain(finding.text))
        if finding.hint:
            st.caption(f"Needs {plain(finding.needs)}. {plain(finding.hint)}")


def _speed(now: Current, settings: TranscriptionSettings) -> None:
    """How long a recording takes here, measured on request."""
    about, state = st.columns([2, 5])
    about.markdown(":material/speed: **How long it takes**")
    with state:
        test = last(now.app.home.path)
        st.markdown(plain(_speed_words(test)) if test else "Not measured on this computer yet.")
        if test is not None:
            st.caption(f"It heard: “{plain(test.heard)} …” Compare with the demo’s first workshop.")
        for text in test.warnings if test else ():
            st.caption(f":material/info: {plain(text)}")
        if st.button(
            "Try the models out",
            help="Transcribes a minute of a made-up recording with the settings above. "
            "Nothing is kept but the time it took. Slower while a transcription is running.",
        ):
            _try_out(now, settings)


def _try_out(now: Current, settings: TranscriptionSettings) -> None:
    sound = next(demo_folder().glob("*.ogg"))
    with st.status("Transcribing a minute of sound …") as status:

        def show(message: Message) -> None:
            if isinstance(message, StageStarted):
                status.update(label=f"{STAGE_NAMES.get(message.stage, 'Reading the sound')} …")

        try:
            keep(try_out(sound, now.app.home.models, settings, listen=show), now.app.home.path)
        except ParihsError as problem:
            status.update(label="It did not work", state="error")
            st.error(f"{plain(problem.message)} {plain(problem.hint)}")
            return
    st.rerun()


def _speed_words(test: SelfTest) -> str:
    day = datetime.fromisoformat(test.moment).strftime("%d.%m.%Y")
    network = (
        "Part of the software tried to reach the network and was refused."
        if test.reached_for_network
        else "Nothing tried to reach the network."
    )
    return (
        f"{TRY_HOURS} h of recording takes about {test.minutes(TRY_HOURS):.0f} minutes here with "
        f"“{test.model}” (measured {day}). {network}"
    )


def _installed(folder: Path) -> None:
    models = find_models(folder)
    if not models:
        return
    st.markdown("**Installed**")
    st.dataframe([_row(model, model.name) for model in models], hide_index=True, width="stretch")


def _row(model: Model, name: str) -> dict[str, str]:
    kind = NAMES[model.kind].capitalize()
    state = "complete"
    if model.for_tests:
        state = "test model: never for a study"
    if not model.whole:
        state = model.trouble
    many = "many" if model.kind == "asr" and not model.for_tests else ""
    return {
        "Model": name,
        "Kind": kind,
        "State": state,
        "Licence": model.licence or "unknown",
        "Languages": ", ".join(model.languages or ()) or many,
        "Size": size_words(model.n_bytes),
        "What it is": model.title,
    }


def _bring(folder: Path) -> None:
    """Look into a folder on this computer, show what is there, and copy it after a click."""
    st.markdown("**Bring models from a stick**")
    if said := st.session_state.pop("models-added", None):
        st.success(plain(said))
    place, look = st.columns([5, 1], vertical_alignment="bottom")
    typed = place.text_input(
        "Folder on this computer that holds one model or several",
        key="models-from",
        placeholder="for example E:\\models or /media/stick/models",
    )
    if look.button("Look inside", disabled=not typed.strip()):
        st.session_state.pop("models-found", None)
        try:
            st.session_state["models-found"] = search(Path(typed.strip()).expanduser())
        except ParihsError as problem:
            st.error(f"{plain(problem.message)} {plain(problem.hint)}")
    found: Found | None = st.session_state.get("models-found")
    if found is not None:
        _found(found, folder)


def _found(found: Found, folder: Path) -> None:
    for refusal in found.refused:
        st.warning(f"{plain(refusal.text)} {plain(refusal.hint)}")
    if not found.models:
        st.caption("There is no model in it that can be used.")
        return
    new = [model for model in found.models if not is_installed(model, folder)]
    rows = [_row(model, suggested_name(model) or model.path.name) for model in found.models]
    for row, model in zip(rows, found.models, strict=True):
        row["State"] = "complete" if model in new else "a model of this name is installed already"
    st.dataframe(rows, hide_index=True, width="stretch")
    if not new:
        st.caption("All of them are installed already.")
        return
    untold = [model for model in new if model.kind == "align" and not model.languages]
    language = None
    if untold:
        language = st.text_input(
            f"Language code of the word aligner in “{untold[0].path.name}”",
            key="models-language",
            help="It does not say which language it is for. Two letters, for example cy for Welsh.",
        ).strip()
    number = len(new)
    words = "Copy and verify this model" if number == 1 else f"Copy and verify {number} models"
    if st.button(words, type="primary"):
        _add(new, folder, language, untold)


def _add(new: list[Model], folder: Path, language: str | None, untold: list[Model]) -> None:
    bar, added, refused = st.progress(0.0), 0, False
    for model in new:
        label = f"{NAMES[model.kind].capitalize()} {model.path.name}, {size_words(model.n_bytes)}"

        def show(done: int, total: int, label: str = label) -> None:
            bar.progress(min(done / max(total, 1), 1.0), text=plain(label))

        try:
            add(model, folder, language=language if model in untold else None, progress=show)
            added += 1
        except ParihsError as problem:
            refused = True
            st.error(f"{plain(problem.message)} {plain(_on_page(problem.hint))}")
    if added and not refused:
        st.session_state.pop("models-found", None)
        st.session_state["models-added"] = (
            "1 model was added and verified." if added == 1 else f"{added} models were added."
        )
        st.rerun()


def _on_page(hint: str) -> str:
    """A hint without the options that only the command has."""
    if "--replace" in hint:
        return "To replace it, remove its folder from the model folder first."
    return hint.replace("Say it with --language and", "Give").partition(", for example: --")[0]
