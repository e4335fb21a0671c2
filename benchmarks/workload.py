"""A made-up workshop of fixed size for the benchmarks: the same seed gives the same study.

    python benchmarks/workload.py FOLDER [CODINGS]      (a home that `parihs app --home` opens)

3,000 turns, 30,000 words, two coders unless told otherwise, i-PARIHS as the codebook, and as many
codings as asked for, most within one turn, some across several, overlapping as they fall. The
transcript is released, so that each coder sees the others' codings. Everything goes in through the
public library functions.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from running_app import come_in_as

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parihs.codebook import load, shipped
from parihs.coding.operations import apply_ops
from parihs.home import Home
from parihs.model import ParsedTranscript, ParsedTurn
from parihs.model.terms import VALENCES
from parihs.store import Store
from parihs.store.codebooks import code_ids, save_codebook
from parihs.store.studies import add_coder, add_participant, add_site, add_study, add_workshop
from parihs.store.transcripts import release, save_transcript

SEED = 20_260
TURNS, WORDS = 3_000, 30_000
AT_ONCE = 500
CODERS = ("ada", "ben", "cleo", "dan", "eve")
PEOPLE = ("Mara", "Ilse", "Tomas", "Priya", "Jonah", "Wren", "Odile", "Karim")
TALK = (
    "we they you I the a this that our your ward clinic team protocol leaflet handover rota board "
    "evidence guideline patient nurse doctor manager volunteer carer visit phone form screen bed "
    "tried asked wanted stopped started kept changed dropped agreed refused forgot noticed learned "
    "and but so because though when if unless still already never always maybe honestly actually "
    "slowly early late again together alone enough too not really quite mostly café naïve people "
    "time money training support pressure trust habit worry hope idea meeting morning Tuesday week "
    "in on at with without for from about after before under over across between it was is are"
)


@dataclass(frozen=True, slots=True)
class Made:
    """Where the made study is, and what a benchmark needs to name."""

    home: Path
    transcript_id: str
    version_id: str
    coder_id: str


def lengths(chance: random.Random) -> list[int]:
    """Words of each turn: many short ones, a few speeches, exactly ``WORDS`` in all."""
    wishes = [chance.expovariate(1.0) + 0.05 for _ in range(TURNS)]
    share = (WORDS - TURNS) / sum(wishes)
    counts = [1 + int(wish * share) for wish in wishes]
    for index in chance.sample(range(TURNS), WORDS - sum(counts)):
        counts[index] += 1
    return counts


def sentence(chance: random.Random, words: int) -> str:
    """Words that look like talk, with full stops now and then and a rare emoji."""
    said = chance.choices(TALK.split(), k=words)
    for index in range(words):
        if index == 0 or said[index - 1].endswith("."):
            said[index] = said[index].capitalize()
        if index > 3 and chance.random() < 0.09:
            said[index] += "."
    end = "🙂." if chance.random() < 0.01 else "."
    return " ".join(said).rstrip(".") + end


def talk(chance: random.Random) -> ParsedTranscript:
    """The transcript, with times but without a recording."""
    turns, clock = [], 0
    for words in lengths(chance):
        text, begin = sentence(chance, words), clock + chance.randrange(50, 900)
        clock = begin + 380 * words
        turns.append(ParsedTurn(chance.choice(PEOPLE), text, begin, clock))
    return ParsedTranscript(tuple(turns), "made")


def excerpts(chance: random.Random, parsed: ParsedTranscript) -> Iterator[tuple[int, int]]:
    """Stretches to code, in code points, without end."""
    starts, at = [], 0
    for turn in parsed.turns:
        starts.append(at)
        at += len(turn.text) + 1
    while True:
        first = chance.randrange(TURNS)
        text = parsed.turns[first].text
        gaps = [0, *(i + 1 for i, letter in enumerate(text) if letter == " "), len(text) + 1]
        begin, stop = sorted(chance.sample(range(len(gaps)), 2))
        end = starts[first] + gaps[stop] - 1
        if chance.random() < 0.25 and first + 8 < TURNS:
            last = first + (chance.randint(1, 2) if chance.random() < 0.8 else chance.randint(3, 7))
            end = starts[last] + len(parsed.turns[last].text)
        yield starts[first] + gaps[begin], end


def make(folder: Path, codings: int, seed: int = SEED, coders: int = 2) -> Made:
    """Make the study in a new home; the coder whose browser is measured is remembered there."""
    chance = random.Random(seed)
    parsed = talk(chance)
    store = Store(Home(folder))
    with store.write("benchmark") as tx:
        study = add_study(tx, key="made", name="Made for measuring", fictional=True)
        book = save_codebook(tx, study.id, load(shipped()["i-parihs"]))
        team = [add_coder(tx, study.id, key=n, name=n.title()) for n in CODERS[:coders]]
        site = add_site(tx, study.id, key="north", name="North", kind="hospital")
        for name in PEOPLE:
            add_participant(tx, study.id, pseudonym=name, site_id=site.id)
        workshop = add_workshop(tx, study.id, site_id=site.id, key="long", title="A long day")
        version = save_transcript(
            tx, workshop_id=workshop.id, title="A long day", parsed=parsed, reason="import"
        )
        release(tx, version.transcript_id)
        codes = code_ids(tx.session, book.codebook_id)
    # Innovation and recipients stay unused, so that a coding just made is told from these.
    leaves = [code for key, code in codes.items() if "." in key]
    places = excerpts(chance, parsed)
    ops: list[dict[str, Any]] = []
    for number in range(codings):
        start, end = next(places)
        ops.append(
            {
                "op_id": f"{number:032x}",
                "verb": "code",
                "coding_id": f"{seed + number:032x}",
                "start": start,
                "end": end,
                "code": chance.choice(leaves),
                "valence": chance.choice(list(VALENCES)),
            }
        )
    for begin in range(0, codings, AT_ONCE):
        result = apply_ops(
            store,
            coder_id=team[(begin // AT_ONCE) % coders].id,
            version_id=version.id,
            codebook_version_id=book.id,
            ops=ops[begin : begin + AT_ONCE],
            since=sys.maxsize,
        )
        assert not result.refused, result.refused[0]
    store.close()
    come_in_as(Home(folder), **{"study": "made", "coder:made": "ada"})
    return Made(folder, version.transcript_id, version.id, team[0].id)


def main() -> None:
    """Make the study where the command line says, and say how long it took."""
    folder = Path(sys.argv[1])
    codings = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    began = time.perf_counter()
    made = make(folder, codings)
    took = time.perf_counter() - began
    print(f"{TURNS} turns, {WORDS} words, {codings} codings in {took:.1f} s; {made}")


if __name__ == "__main__":
    main()
