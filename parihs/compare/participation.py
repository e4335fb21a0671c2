"""Who spoke how much: words, turns and talk time, and what of it is coded."""

from __future__ import annotations

from typing import Final

import pandas as pd

from parihs.compare.denominators import Denominators
from parihs.compare.exhibit import Exhibit
from parihs.compare.filters import Filters
from parihs.errors import ParihsError

MEASURES: Final = {"n_words": "words", "n_turns": "turns", "talk_ms": "time"}
_GROUPS: Final = {"role": "role", "speaker": "participant_id", "site": "site_id"}


def participation(
    denominators: Denominators,
    excerpts: pd.DataFrame,
    *,
    by: str = "role",
    filters: Filters | None = None,
) -> Exhibit:
    """Talk per site and role, speaker, or in all (``by="site"``).

    One row per site and group: ``row_id, row`` (the site), ``column_id, column`` (the group),
    ``n_words, n_turns, talk_ms, facilitator``, ``share`` of the site's words, ``n_speakers``. Each
    opens the coded excerpts in which the group speaks at the site. A person who speaks at several
    sites counts at each. Raises ParihsError for another ``by``.
    """
    if by not in _GROUPS:
        raise ParihsError(f"Talk is not counted by “{by}”.", f"Use one of: {', '.join(_GROUPS)}.")
    filters = filters or Filters()
    talk = _grouped(denominators.talk[filters.mask(denominators.talk)], by)
    talk = talk[talk["n_words"] > 0]
    voice = talk["participant_id"].where(talk["participant_id"] != "", talk["speaker_id"])
    grouped = talk.assign(voice=voice).groupby(["site_id", "column_id"], sort=False)
    frame = grouped.agg(
        column=("column", "first"),
        n_words=("n_words", "sum"),
        n_turns=("n_turns", "sum"),
        talk_ms=("talk_ms", "sum"),
        facilitator=("facilitator", "all"),
        n_speakers=("voice", "nunique"),
    ).reset_index()
    names = dict(zip(denominators.sites["id"], denominators.sites["label"], strict=True))
    place = {site: n for n, site in enumerate(names)}
    frame = frame.assign(
        row_id=frame["site_id"],
        row=frame["site_id"].map(names),
        share=frame["n_words"] / frame.groupby("site_id")["n_words"].transform("sum"),
        order=frame["site_id"].map(place),
    )
    frame = frame.sort_values(["order", "n_words"], ascending=[True, False], kind="stable")
    columns = ["row_id", "row", "column_id", "column", *MEASURES, "share", "n_speakers"]
    words, speakers = int(talk["n_words"].sum()), int(voice.nunique())
    said = ["Words spoken", *filters.in_words(), f"{words:,} words", f"{speakers:,} voices"]
    caption = ", ".join(said) + "."
    if not (talk["talk_ms"] > 0).any():
        caption += " Nothing here is timed."
    kept = filters.mask(excerpts)

    def under(site: str, group: str) -> list[str]:
        here = kept & (excerpts["site_id"] == site).to_numpy()
        if by != "site":
            here = here & (excerpts[_GROUPS[by]] == group).to_numpy()
        return excerpts.loc[here, "excerpt_id"].unique().tolist()

    shown = frame[[*columns, "facilitator"]].reset_index(drop=True)
    return Exhibit(shown, caption, look_up=under)


def _grouped(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """With ``column_id`` and ``column``: the group that speaks in each row."""
    if by == "site":
        return frame.assign(column_id="all", column="All talk")
    key = frame[_GROUPS[by]].astype(object)
    if by == "role":
        named = key.map(lambda role: role[:1].upper() + role[1:] if role else "Role not given")
    else:
        named = frame["speaker"].astype(object).where(key != "", "Not linked to a participant")
    return frame.assign(column_id=key, column=named)
