"""A table behind a figure: one row per mark, a caption, and the excerpts that each mark opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What a figure is drawn from and opens to."""

    frame: pd.DataFrame
    """Tidy: one row per mark. ``marks`` names the columns with its ids; beside each ``x_id``, a
    column ``x`` holds its name."""
    caption: str
    """What was counted, in which unit, out of how much, in plain words."""
    marks: tuple[str, ...] = ("row_id", "column_id")
    excerpt_ids: Mapping[Any, tuple[str, ...]] = field(default_factory=dict)
    """Excerpts by mark (a tuple of ids); marks without any are not in it."""
    look_up: Callable[..., Sequence[str]] | None = None
    """Finds the excerpts of a mark where keeping them for all marks would take too much memory."""

    def excerpts(self, *mark: str) -> tuple[str, ...]:
        """The excerpts that one mark stands for, in order of the study."""
        if self.look_up is not None:
            return tuple(self.look_up(*mark))
        return self.excerpt_ids.get(mark, ())

    def table(self) -> pd.DataFrame:
        """The frame with ``excerpt_ids`` behind each mark, joined by spaces."""
        columns = [column for column in self.marks if column in self.frame]
        marks = self.frame[columns].itertuples(index=False, name=None)
        return self.frame.assign(excerpt_ids=[" ".join(self.excerpts(*mark)) for mark in marks])

    def title(self, *mark: str) -> str:
        """What a mark is, in the names that the figure shows, and last what narrows it further."""
        names = []
        for column, value in zip(self.marks, mark, strict=False):
            shown = column.removesuffix("_id")
            if value == "" and shown not in self.frame:
                continue
            rows = self.frame.loc[self.frame[column] == value]
            if len(rows):
                names.append(str(rows.iloc[0][shown]))
        names += [part for part in mark[len(self.marks) :] if part]
        return " · ".join(dict.fromkeys(names))
