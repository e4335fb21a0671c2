"""Long columns that keep each different text once: half a million rows in a tenth of the memory."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parihs.compare.shared import Ints


def taken(values: pd.Series, where: Ints) -> Any:
    """``values`` at each place (row numbers); texts as a category column."""
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return values.array.take(where)
    codes, known = pd.factorize(values)
    return pd.Categorical.from_codes(codes[where], categories=known)
