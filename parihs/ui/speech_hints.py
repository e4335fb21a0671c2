"""What helps the recogniser: words the study expects, and recordings in another language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from parihs.errors import ParihsError
from parihs.model import Recording
from parihs.store import Transaction
from parihs.store.speech_hints import set_language, set_vocabulary, vocabulary
from parihs.ui.job_words import shortened
from parihs.ui.plain import plain
from parihs.ui.speech_settings import STUDY_WORDS
from parihs.ui.state import Current, remember, remembered

WORDS = "words-to-expect"


def hints_panel(
    now: Current,
    sounds: Sequence[Recording],
    titles: Mapping[str, str],
    languages: Mapping[str, str],
) -> None:
    """Words to expect, and languages of single recordings; both are kept with the study.

    ``titles`` are those of workshops by id, ``languages`` names by code, where "" means no choice.
    """
    with now.app.store.read() as session:
        words = vocabulary(session, now.study.id)
    own = [sound for sound in sounds if sound.language]
    many = "1 word to expect" if len(words) == 1 else f"{len(words)} words to expect"
    label = f"{many if words else 'Words to expect'} · {_languages(own, languages)}"
    with st.expander(label, key="speech-hints", icon=":material/hearing:"):
        st.text_area(
            "Words to expect",
            value="\n".join(words),
            key=WORDS,
            placeholder="One on each line: services, medicines, places, what people call things",
            help="The recogniser prefers these spellings. The most important first: about a "
            "hundred words fit. The names of your sites go with them; you need not write them.",
            on_change=_keep_words,
            args=(now,),
        )
        told = st.toggle(
            "Tell the recogniser these words and the names of the sites",
            value=bool(remembered(STUDY_WORDS, True)),
            help="Switch it off if a model writes such words where nobody said them; small models "
            "sometimes do.",
        )
        remember(STUDY_WORDS, told)
        one, two = st.columns([3, 2])
        by_id = {sound.id: sound for sound in sounds}
        names = {s.id: f"{titles[s.workshop_id]} · {shortened(s.filename)}" for s in sounds}
        wanted = one.selectbox(
            "A recording in another language",
            list(names),
            index=None,
            placeholder="Choose a recording",
            format_func=lambda id_: names.get(id_, id_),
            key="recording-in-another-language",
        )
        if sound := by_id.get(wanted or ""):
            codes = list(languages)
            two.selectbox(
                "Language spoken in it",
                codes,
                index=codes.index(sound.language) if sound.language in codes else 0,
                format_func=lambda code: languages[code] if code else "As chosen above",
                key=f"language-of-{sound.id}",
                on_change=_keep_language,
                args=(now, sound.id),
            )
        for other in own:
            language = languages.get(other.language or "", other.language or "")
            st.caption(plain(f"{titles[other.workshop_id]} · {other.filename}: {language}"))


def _languages(own: Sequence[Recording], languages: Mapping[str, str]) -> str:
    names = dict.fromkeys(languages.get(s.language or "", s.language or "") for s in own)
    return f"in {', '.join(names)}: {len(own)}" if own else "other languages"


def _keep_words(now: Current) -> None:
    _keep(now, lambda tx: set_vocabulary(tx, now.study.id, st.session_state[WORDS].splitlines()))


def _keep_language(now: Current, recording_id: str) -> None:
    chosen = st.session_state[f"language-of-{recording_id}"] or None
    _keep(now, lambda tx: set_language(tx, recording_id, chosen))


def _keep(now: Current, change: Callable[[Transaction], None]) -> None:
    try:
        with now.app.store.write(now.viewer_id or "lead") as tx:
            change(tx)
    except ParihsError as error:
        st.session_state["job-trouble"] = str(error)
