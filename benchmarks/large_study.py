"""A study of the size a national programme might reach, written straight into a database.

    python benchmarks/large_study.py FOLDER [--transcripts 1000] [--codings 500000] [--word-times]

25 sites, 1,000 workshops with a transcript of 30,000 words each, three coders, i-PARIHS, half a
million codings that overlap as people's do: most stretches are coded by two or three, a little
differently. The same seed gives the same study. Rows go in past the library's functions, since only
reading is measured; everything that reading relies on (positions, word counts) is right.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parihs.codebook import load, shipped
from parihs.home import Home
from parihs.model import (
    Coding,
    Participant,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    Workshop,
    new_id,
    utc_now,
)
from parihs.model.terms import VALENCES
from parihs.store import Store
from parihs.store.codebooks import code_ids, save_codebook
from parihs.store.studies import add_coder, add_site, add_study

SEED = 20_261
SITES, CODERS, VOICES = 25, 3, 8
WORDS = 30_000
ROLES = ("doctor", "nurse", "manager", "educator", "lived experience", "human resources")
TALK = (  # noqa: SIM905 - reads better as a sentence
    "we they you I the a this that our your ward clinic team protocol leaflet handover rota board "
    "evidence guideline patient nurse doctor manager visit phone form bed tried asked wanted kept "
    "and but so because though when if still already never always maybe honestly naïve café “no” "
    "people time money training support pressure trust habit worry hope idea meeting it was is are"
).split()


@dataclass(frozen=True, slots=True)
class LargeStudy:
    """What a benchmark needs to name."""

    study_id: str
    codebook_version_id: str


def make(
    store: Store, *, transcripts: int = 1_000, codings: int = 500_000, word_times: bool = False
) -> LargeStudy:
    """Make the study in an empty store."""
    rng = np.random.default_rng(SEED)
    pool = [_text(rng) for _ in range(3_000)]
    with store.write("benchmark") as tx:
        study = add_study(tx, key="large", name="Large study", fictional=True)
        book = save_codebook(tx, study.id, load(shipped()["i-parihs"]))
        leaves = [id_ for key, id_ in code_ids(tx.session, book.codebook_id).items() if "." in key]
        coders = [add_coder(tx, study.id, key=f"c{n}", name=f"Coder {n}").id for n in range(CODERS)]
        sites = [
            add_site(tx, study.id, key=f"s{n}", name=f"Site {n + 1}", kind="hospital").id
            for n in range(SITES)
        ]
        people = _people(tx.session, study.id, sites, rng)
    each = np.diff(np.linspace(0, codings, transcripts + 1).astype(int))
    for number in range(transcripts):
        site = number % SITES
        with store.write("benchmark") as tx:
            version, transcript, turns = _transcript(
                tx.session, study.id, sites[site], people[site], number, pool, rng, word_times
            )
            rows = [
                {
                    **row,
                    "study_id": study.id,
                    "transcript_id": transcript,
                    "version_id": version,
                    "codebook_version_id": book.id,
                }
                for row in _codings(turns, int(each[number]), leaves, coders, rng)
            ]
            tx.session.execute(insert(Coding), rows)
            tx.record(study.id, "saved", "transcript_version", version)
    return LargeStudy(study.id, book.id)


def _text(rng: np.random.Generator) -> str:
    n = int(rng.integers(5, 145))
    return " ".join(TALK[i] for i in rng.integers(0, len(TALK), n))


def _people(
    session: Any, study_id: str, sites: list[str], rng: np.random.Generator
) -> list[list[str]]:
    rows = [
        {
            "id": new_id(),
            "study_id": study_id,
            "pseudonym": f"P{site:02}{n}",
            "role": "facilitator" if n == 0 else str(rng.choice(ROLES)),
            "description": "",
            "site_id": sites[site],
            "facilitator": n == 0,
        }
        for site in range(SITES)
        for n in range(VOICES)
    ]
    session.execute(insert(Participant), rows)
    ids = [row["id"] for row in rows]
    return [ids[site * VOICES : (site + 1) * VOICES] for site in range(SITES)]


def _transcript(
    session: Any,
    study_id: str,
    site_id: str,
    people: list[str],
    number: int,
    pool: list[str],
    rng: np.random.Generator,
    word_times: bool,
) -> tuple[str, str, list[tuple[int, str]]]:
    """Ids of the version and the transcript, and each turn's start and text."""
    workshop, transcript, version = new_id(), new_id(), new_id()
    cycle = number // SITES % 4 + 1
    held = date(2024, 1, 1) + timedelta(days=number // 2)
    place = {"study_id": study_id, "site_id": site_id, "cycle": cycle, "position": number}
    kind = "interview" if number % 5 == 0 else "workshop"
    title = f"Workshop {number + 1}"
    session.execute(
        insert(Workshop),
        [
            {
                **place,
                "id": workshop,
                "key": f"w{number}",
                "title": title,
                "kind": kind,
                "held_on": held,
            }
        ],
    )
    session.execute(
        insert(Transcript),
        [
            {
                "id": transcript,
                "study_id": study_id,
                "workshop_id": workshop,
                "title": title,
                "released": True,
                "created_at": utc_now(),
            }
        ],
    )
    voices = [
        {"id": new_id(), "transcript_id": transcript, "label": f"S{n}", "participant_id": person}
        for n, person in enumerate(people)
    ]
    session.execute(insert(Speaker), voices)
    texts = list(_thirty_thousand(pool, rng))
    whole = "\n".join(texts)
    session.execute(
        insert(TranscriptVersion),
        [
            {
                "id": version,
                "transcript_id": transcript,
                "number": 1,
                "reason": "import",
                "author": "benchmark",
                "sha256": hashlib.sha256(whole.encode()).hexdigest(),
                "n_turns": len(texts),
                "n_words": WORDS,
                "n_chars": len(whole),
                "provenance": {},
                "created_at": utc_now(),
            }
        ],
    )
    turns: list[tuple[int, str]] = []
    rows, start, clock = [], 0, 0
    for position, text in enumerate(texts):
        n_words = len(text.split())
        said = n_words * 360
        rows.append(
            {
                "id": new_id(),
                "version_id": version,
                "position": position,
                "start": start,
                "end": start + len(text),
                "text": text,
                "n_words": n_words,
                "speaker_id": voices[int(rng.integers(0, VOICES))]["id"],
                "start_ms": clock,
                "end_ms": clock + said,
                "words": _word_times(text, clock) if word_times else None,
            }
        )
        turns.append((start, text))
        start, clock = start + len(text) + 1, clock + said
    session.execute(insert(Turn), rows)
    return version, transcript, turns


def _thirty_thousand(pool: list[str], rng: np.random.Generator) -> Iterator[str]:
    left = WORDS
    while left:
        words = pool[int(rng.integers(0, len(pool)))].split()[:left]
        left -= len(words)
        yield " ".join(words)


def _word_times(text: str, clock: int) -> list[list[Any]]:
    rows, at = [], 0
    for number, word in enumerate(text.split()):
        begin = clock + number * 360
        rows.append([at, at + len(word), begin, begin + 320, 0.91, False])
        at += len(word) + 1
    return rows


def _codings(
    turns: list[tuple[int, str]],
    n: int,
    leaves: list[str],
    coders: list[str],
    rng: np.random.Generator,
) -> Iterator[dict[str, Any]]:
    """Stretches of 10 to 110 words, each coded by one to three coders a little differently."""
    whole = "\n".join(text for _, text in turns)
    gaps = np.flatnonzero(np.frombuffer(whole.encode("utf-32-le"), dtype="<u4") <= 32)
    weights = 1 / np.arange(1, len(leaves) + 1) ** 0.6
    made = 0
    while made < n:
        first = int(rng.integers(0, len(gaps) - 160))
        last = first + int(rng.integers(10, 110))
        code = leaves[int(rng.choice(len(leaves), p=weights / weights.sum()))]
        agreeing = rng.permutation(len(coders))[: int(rng.choice([1, 2, 3], p=[0.3, 0.45, 0.25]))]
        for coder in agreeing[: n - made]:
            shift = int(rng.choice([0, 0, 0, 2, 7]))
            start, end = int(gaps[first + shift]) + 1, int(gaps[last + shift])
            now = utc_now()
            yield {
                "id": new_id(),
                "start": start,
                "end": end,
                "code_id": code,
                "coder_id": coders[coder],
                "quote": whole[start:end],
                "prefix": "",
                "suffix": "",
                "valence": list(VALENCES)[int(rng.integers(0, len(VALENCES)))],
                "memo": "",
                "uncoded": False,
                "rev": 1,
                "created_at": now,
                "updated_at": now,
            }
            made += 1


def main() -> None:
    """Make the study where the command line says, and say how long it took."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--transcripts", type=int, default=1_000)
    arguments.add_argument("--codings", type=int, default=500_000)
    arguments.add_argument("--word-times", action="store_true")
    asked = arguments.parse_args()
    began = time.perf_counter()
    store = Store(Home(asked.folder))
    made = make(
        store, transcripts=asked.transcripts, codings=asked.codings, word_times=asked.word_times
    )
    store.close()
    print(f"{made} in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
