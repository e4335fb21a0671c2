"""Figures: a tidy table in, a Plotly figure and its caption out; no database in here.

Every mark carries its ids in ``customdata``, so that it opens its excerpts.
"""

from parihs.charts.balance import balance_bars
from parihs.charts.bars import coverage_bars, participation_bars
from parihs.charts.change import change
from parihs.charts.cooccurrence import cooccurrence_matrix, cooccurrence_network
from parihs.charts.heatmap import heatmap
from parihs.charts.multiples import small_multiples
from parihs.charts.profiles import profiles
from parihs.charts.saturation import saturation_curve
from parihs.charts.theme import CONFIG
from parihs.charts.timeline import timeline_chart
from parihs.charts.tree import tree_icicle

__all__ = [
    "CONFIG",
    "balance_bars",
    "change",
    "cooccurrence_matrix",
    "cooccurrence_network",
    "coverage_bars",
    "heatmap",
    "participation_bars",
    "profiles",
    "saturation_curve",
    "small_multiples",
    "timeline_chart",
    "tree_icicle",
]
