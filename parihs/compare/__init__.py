"""Comparing sites, workshops, roles and people on codes; every number opens to its excerpts."""

from parihs.compare.balance import Balance, balance
from parihs.compare.changes import last_change
from parihs.compare.codings import KeptCodings
from parihs.compare.cooccurrence import Cooccurrence, cooccurrence
from parihs.compare.coverage import coverage
from parihs.compare.denominators import Denominators, load_denominators
from parihs.compare.excerpts import load_excerpts
from parihs.compare.exhibit import Exhibit
from parihs.compare.filters import Filters
from parihs.compare.kept_talk import KeptTalk
from parihs.compare.matrix import EXPLAINED, VALUES, Matrix, matrix, to_frame
from parihs.compare.multiples import multiples, split
from parihs.compare.participation import participation
from parihs.compare.passages import Passage, passages
from parihs.compare.saturation import saturation
from parihs.compare.tables import to_csv
from parihs.compare.timeline import timeline
from parihs.compare.tree import code_tree

__all__ = [
    "EXPLAINED",
    "VALUES",
    "Balance",
    "Cooccurrence",
    "Denominators",
    "Exhibit",
    "Filters",
    "KeptCodings",
    "KeptTalk",
    "Matrix",
    "Passage",
    "balance",
    "code_tree",
    "cooccurrence",
    "coverage",
    "last_change",
    "load_denominators",
    "load_excerpts",
    "matrix",
    "multiples",
    "participation",
    "passages",
    "saturation",
    "split",
    "timeline",
    "to_csv",
    "to_frame",
]
