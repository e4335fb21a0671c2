"""The codings of a study in columns, read the quick way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from parihs.coding.visibility import may_see
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, CodebookVersion, Coder, Coding, Transcript

CONSENSUS: Final = "consensus"
ALL: Final = "all"

_READ: Final = ("id", "code_id", "coder_id", "valence", "start", "end")
_FEW: Final = ("code_id", "coder_id", "valence")
"""Columns with few different values."""
_BETWEEN: Final = "\x1f"
"""Stands between joined values; no id holds it."""


def load_codings(
    session: Session, study_id: str, codebook_version_id: str, viewer_id: str | None, layer: str
) -> pd.DataFrame:
    """What the viewer may see of the layer's codings under one codebook, by version.

    Columns: ``version_id, code_id, coder_id, valence`` (categories), ``id``, ``start``, ``end``.
    Raises ParihsError when the codebook version or the coder is not in the study.
    """
    codebook_id = session.scalar(
        select(CodebookVersion.codebook_id)
        .join(Codebook, Codebook.id == CodebookVersion.codebook_id)
        .where(CodebookVersion.id == codebook_version_id, Codebook.study_id == study_id)
    )
    if codebook_id is None:
        raise ParihsError("This codebook is not in the study.", "Choose another codebook.")
    kept = [
        Coding.study_id == study_id,
        Coding.uncoded.is_(False),
        Coding.code_id.in_(select(Code.id).where(Code.codebook_id == codebook_id)),
        may_see(viewer_id),
    ]
    if layer not in (CONSENSUS, ALL):
        coder = session.get(Coder, layer)
        if coder is None or coder.study_id != study_id:
            raise ParihsError("This coder is not in the study.", "Choose another coder.")
        kept.append(Coding.coder_id == layer)
    return _read(session, kept)


def codes_of(codebook_version_id: str) -> Select[str]:
    """Query for the ids of all codes that any version of this version's codebook has."""
    return (
        select(Code.id)
        .join(CodebookVersion, CodebookVersion.codebook_id == Code.codebook_id)
        .where(CodebookVersion.id == codebook_version_id)
    )


def _read(session: Session, kept: Sequence[ColumnElement[bool]]) -> pd.DataFrame:
    """One row per version, in which the database has joined each column into one text.

    This reads half a million codings several times faster than as rows.
    """
    joined = [
        func.aggregate_strings(cast(getattr(Coding, name), String), _BETWEEN) for name in _READ
    ]
    query = (
        select(Coding.version_id, *joined)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(*kept)
        .group_by(Coding.version_id)
    )
    rows = session.connection().execute(query).all()
    version_ids, *texts = list(zip(*rows, strict=True)) or [()] * (len(_READ) + 1)
    values = {
        name: np.array(_BETWEEN.join(text).split(_BETWEEN) if text else [], dtype=object)
        for name, text in zip(_READ, texts, strict=True)
    }
    sizes = [text.count(_BETWEEN) + 1 for text in texts[0]]
    versions = pd.Index(version_ids, dtype=object)
    columns: dict[str, Any] = {
        "version_id": pd.Categorical.from_codes(_repeated(sizes), categories=versions),
        "id": pd.Series(values["id"], dtype=object),
        **{name: pd.Categorical(values[name]) for name in _FEW},
        **{name: values[name].astype(np.int64) for name in ("start", "end")},
    }
    return pd.DataFrame(columns)


def _repeated(sizes: Sequence[int]) -> NDArray[np.int64]:
    numbers: NDArray[np.int64] = np.repeat(np.arange(len(sizes)), np.array(sizes, dtype=np.int64))
    return numbers
