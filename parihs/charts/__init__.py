"""Figures: a tidy table in, a Plotly figure and its caption out; no database in here.

Every point carries the ids of its row and column in ``customdata``, so that it opens its excerpts.
"""

from parihs.charts.balance import balance_bars
from parihs.charts.heatmap import heatmap
from parihs.charts.theme import CONFIG

__all__ = ["CONFIG", "balance_bars", "heatmap"]
