"""Tables by their columns: quicker to make than from rows, and smaller where texts repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Executable
from sqlalchemy.orm import Session

from parihs.compare.shared import Ints


def asked(session: Session, query: Executable, names: Sequence[str]) -> pd.DataFrame:
    """What a query finds, its columns with these names.

    pandas makes a table ten times quicker from columns than from rows.
    """
    rows = session.execute(query).all()
    if not rows:
        return pd.DataFrame([], columns=list(names))
    return pd.DataFrame(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def taken(values: pd.Series, where: Ints) -> Any:
    """``values`` at each place (row numbers); texts as a category column, each kept once.

    Half a million rows then need a tenth of the memory.
    """
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return values.array.take(where)
    codes, known = pd.factorize(values)
    return pd.Categorical.from_codes(codes[where], categories=known)
