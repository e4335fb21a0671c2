"""Thinking with the codings: summaries per case and code, ratings per site, findings with voices.

Every text rests on excerpts, is never overwritten unseen, and can be read as it was at any time.
"""

from parihs.inquiry.distinguishing import RULES, Distinguishing, Judgement, Rule, distinguishing
from parihs.inquiry.findings import (
    STANCES,
    FindingView,
    add_finding,
    edit_finding,
    finding_history,
    findings,
    link_excerpts,
    move_finding,
    restore_finding,
    unlink_excerpt,
    withdraw_finding,
)
from parihs.inquiry.grid import Cell, Grid, grid, to_frame
from parihs.inquiry.grouping import group_sites, site_grouping
from parihs.inquiry.lint import Lint, LintSettings, lint
from parihs.inquiry.quotes import Part, marker, quoted, render
from parihs.inquiry.rating_units import RatingUnits, rating_units
from parihs.inquiry.rating_values import RATING_HELP, RATING_RULES, RATINGS
from parihs.inquiry.ratings import (
    RatedPlace,
    RatingSheet,
    agree,
    open_ratings,
    rate,
    rating_history,
    rating_sheet,
)
from parihs.inquiry.staleness import changes_under
from parihs.inquiry.summaries import STATUSES, cell_history, find_cell, restore_cell, save_cell
from parihs.inquiry.texts import NewerTextError, Saved

__all__ = [
    "RATINGS",
    "RATING_HELP",
    "RATING_RULES",
    "RULES",
    "STANCES",
    "STATUSES",
    "Cell",
    "Distinguishing",
    "FindingView",
    "Grid",
    "Judgement",
    "Lint",
    "LintSettings",
    "NewerTextError",
    "Part",
    "RatedPlace",
    "RatingSheet",
    "RatingUnits",
    "Rule",
    "Saved",
    "add_finding",
    "agree",
    "cell_history",
    "changes_under",
    "distinguishing",
    "edit_finding",
    "find_cell",
    "finding_history",
    "findings",
    "grid",
    "group_sites",
    "link_excerpts",
    "lint",
    "marker",
    "move_finding",
    "open_ratings",
    "quoted",
    "rate",
    "rating_history",
    "rating_sheet",
    "rating_units",
    "render",
    "restore_cell",
    "restore_finding",
    "save_cell",
    "site_grouping",
    "to_frame",
    "unlink_excerpt",
    "withdraw_finding",
]
