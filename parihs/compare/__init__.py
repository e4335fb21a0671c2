"""Comparing sites, workshops, roles and people on codes; every number opens to its excerpts."""

from parihs.compare.balance import Balance, balance
from parihs.compare.denominators import Denominators, load_denominators
from parihs.compare.excerpts import load_excerpts
from parihs.compare.filters import Filters
from parihs.compare.matrix import EXPLAINED, VALUES, Matrix, matrix, to_frame
from parihs.compare.passages import Passage, passages
from parihs.compare.tables import to_csv

__all__ = [
    "EXPLAINED",
    "VALUES",
    "Balance",
    "Denominators",
    "Filters",
    "Matrix",
    "Passage",
    "balance",
    "load_denominators",
    "load_excerpts",
    "matrix",
    "passages",
    "to_csv",
    "to_frame",
]
