"""How long comparing takes at 1,000 transcripts × 30,000 words × 500,000 codings.

    python benchmarks/compare.py [--home FOLDER] [--postgres URL] [--small]

Makes the study of ``large_study.py`` in a temporary home (or reads the one in ``--home``, which it
makes where there is none; ``--postgres`` wants an empty database or one it made), then times what
the compare page and the figures do, each once, after the first load. Prints every time with its
limit and the largest memory; exit code 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from sqlalchemy import select

from benchmarks.large_study import make
from parihs import compare
from parihs.compare.matrix import VALUES
from parihs.figures import FIGURES, Material, Question
from parihs.home import Home
from parihs.model import Coding
from parihs.store import Store
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from parihs.store.studies import studies

MATRIX_S, TOGETHER_S, PAGE_S, MEMORY_MB = 1.0, 1.0, 1.5, 1_000
T = TypeVar("T")


@dataclass
class Table:
    """Times with their limits, printed as they come."""

    missed: list[str] = field(default_factory=list)

    def time(self, name: str, work: Callable[[], T], limit: float | None = None) -> T:
        """Do it once, and print seconds by the clock, of the processor, and the limit."""
        clock, processor = time.perf_counter(), time.process_time()
        result = work()
        took, used = time.perf_counter() - clock, time.process_time() - processor
        self.line(name, f"{took:.2f} s", f"{used:.2f} s", took, limit, "s")
        return result

    def line(
        self, name: str, value: str, used: str, number: float, limit: float | None, unit: str
    ) -> None:
        """One line; a limit that is missed is remembered."""
        bound = "" if limit is None else f"≤ {limit:g} {unit}"
        late = limit is not None and number > limit
        print(f"{name:52}{value:>10}{used:>10}{bound:>12}{'  MISSED' if late else ''}", flush=True)
        if late:
            self.missed.append(name)


def memory_mb() -> float:
    """The most memory this process has held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def measure(store: Store, table: Table) -> None:
    """Load, compare, load again after a new coding, as the pages do."""
    with store.read() as session:
        study = studies(session)[0]
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
    assert version is not None

    kept = compare.KeptCodings()

    def material(layer: str) -> Material:
        with store.read() as session:
            return Material(
                compare.load_excerpts(session, study.id, version.id, layer=layer, kept=kept),
                compare.load_denominators(session, study.id),
                definitions(session, version.id),
            )

    found = table.time("first load, all coders", lambda: material("all"))
    _pages(store, found, table)
    _matrices(found, table)
    _together(found, table)
    del found
    one_more_coding(store)
    table.time("load again after somebody coded, all coders", lambda: material("all"), PAGE_S)
    table.time("load consensus", lambda: material("consensus"), PAGE_S)
    table.line("memory, at most", f"{memory_mb():,.0f} MB", "", memory_mb(), MEMORY_MB, "MB")


def _given(found: Material) -> tuple[Any, ...]:
    return found.excerpts, found.denominators, found.codes


def _matrices(found: Material, table: Table) -> None:
    for rows in ("site", "workshop", "role", "participant", "cycle"):
        for cols in ("construct", "code"):
            for value in VALUES:
                if rows in ("workshop", "role", "cycle") and value not in ("count", "words"):
                    continue
                table.time(
                    f"matrix {rows} × {cols}, {value}",
                    lambda r=rows, c=cols, v=value: compare.matrix(
                        *_given(found), rows=r, cols=c, value=v
                    ),
                    MATRIX_S,
                )
    few = compare.Filters(roles=("doctor", "nurse"), cycles=(1, 2))
    table.time(
        "matrix site × code, words, filtered",
        lambda: compare.matrix(*_given(found), cols="code", value="words", filters=few),
        MATRIX_S,
    )


def _together(found: Material, table: Table) -> None:
    for by in ("overlap", "turn", "distance"):
        pairs = table.time(
            f"co-occurrence of all codes by {by}",
            lambda b=by: compare.cooccurrence(*_given(found), by=b, cols="code"),
            TOGETHER_S,
        )
        cell = pairs.codes[1].id, pairs.codes[2].id
        table.time(
            "  and opening one of its cells", lambda p=pairs, c=cell: p.excerpts(*c), TOGETHER_S
        )


def _pages(store: Store, found: Material, table: Table) -> None:
    """Everything a change of page does on the server, with the drawing."""
    table.time("load plotly, once", lambda: FIGURES["tree"].draw(_tiny(found)))
    with store.read() as session:
        for figure in FIGURES.values():

            def work(figure: Any = figure) -> None:
                exhibit = figure.compute(session, found, Question())
                figure.draw(exhibit)[0].to_json()

            table.time(f"figure: {figure.title}", work, PAGE_S)
        ids = found.excerpts["excerpt_id"].iloc[:20].tolist()
        table.time("open 20 excerpts", lambda: compare.passages(session, ids), PAGE_S)


def _tiny(found: Material) -> compare.Exhibit:
    nothing = found.excerpts.head(1)
    nothing.attrs = {}
    return compare.code_tree(nothing, found.denominators, found.codes)


def one_more_coding(store: Store) -> None:
    """Somebody codes, as the coding page would record it."""
    with store.write("benchmark") as tx:
        first = tx.session.scalars(select(Coding).limit(1)).one()
        coding = Coding(
            study_id=first.study_id,
            transcript_id=first.transcript_id,
            version_id=first.version_id,
            start=first.start + 3,
            end=first.end,
            code_id=first.code_id,
            codebook_version_id=first.codebook_version_id,
            coder_id=first.coder_id,
            quote=first.quote[3:],
        )
        tx.session.add(coding)
        coding.rev = tx.record(first.study_id, "coded", "coding", coding.id)


def main() -> int:
    """Measure; say by the exit code whether the limits were kept."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, default=None)
    arguments.add_argument("--postgres", default=None)
    arguments.add_argument("--small", action="store_true", help="A hundredth, to try it out.")
    asked = arguments.parse_args()
    if asked.postgres:
        os.environ["PARIHS_DATABASE_URL"] = asked.postgres
    size = {"transcripts": 10, "codings": 5_000} if asked.small else {}
    with tempfile.TemporaryDirectory(prefix="parihs-compare-") as folder:
        store = Store(Home(asked.home or folder))
        with store.read() as session:
            made = bool(studies(session))
        if not made:
            began = time.perf_counter()
            make(store, word_times=True, **size)
            print(f"made the study in {time.perf_counter() - began:.0f} s")
            # What making it needed is not what reading it needs.
            if hasattr(os, "fork"):
                child = os.fork()
                if child:
                    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                store.engine.dispose(close=False)
        print(
            f"{store.engine.dialect.name}, Python {platform.python_version()}, {os.cpu_count()}"
            f" cores shared with whatever else runs (load {os.getloadavg()[0]:.1f})\n"
        )
        print(f"{'':52}{'clock':>10}{'processor':>10}{'limit':>12}")
        table = Table()
        measure(store, table)
        store.close()
    print(f"\n{len(table.missed)} limits missed" if table.missed else "\nall limits kept")
    return int(bool(table.missed))


if __name__ == "__main__":
    sys.exit(main())
