"""Inter-coder agreement: coefficients, unitizing, intervals, and units from spans.

Every coefficient takes a sequence of units, each a sequence over coders: a label, a set of labels,
``None`` where the coder did not read the unit; the empty set is read-and-coded-nothing. It answers
with an ``Agreement``: a value, or the reason why there is none.
"""

from parihs.agreement.alpha import krippendorff_alpha
from parihs.agreement.boundaries import Level, sentence_boundaries, token_boundaries
from parihs.agreement.distances import jaccard_distance, masi_distance
from parihs.agreement.kappa import (
    bennett_s,
    brennan_prediger,
    cohen_kappa,
    cohen_kappa_max,
    conger_kappa,
    fleiss_kappa,
    fleiss_kappa_by_category,
    gwet_ac1,
    percent_agreement,
    randolph_kappa,
    scott_pi,
)
from parihs.agreement.layout import Layout, lay_out
from parihs.agreement.mvalpha import mvalpha
from parihs.agreement.per_code import CodeAgreement, Measure, per_code
from parihs.agreement.result import Agreement, Interval
from parihs.agreement.sets import SetTable, set_table
from parihs.agreement.unitizing import bar_u_alpha, cu_alpha, ku_alpha, u_alpha
from parihs.agreement.units import CodeTable, code_table
from parihs.agreement.whole import whole_coding

__all__ = [
    "Agreement",
    "CodeAgreement",
    "CodeTable",
    "Interval",
    "Layout",
    "Level",
    "Measure",
    "SetTable",
    "bar_u_alpha",
    "bennett_s",
    "brennan_prediger",
    "code_table",
    "cohen_kappa",
    "cohen_kappa_max",
    "conger_kappa",
    "cu_alpha",
    "fleiss_kappa",
    "fleiss_kappa_by_category",
    "gwet_ac1",
    "jaccard_distance",
    "krippendorff_alpha",
    "ku_alpha",
    "lay_out",
    "masi_distance",
    "mvalpha",
    "per_code",
    "percent_agreement",
    "randolph_kappa",
    "scott_pi",
    "sentence_boundaries",
    "set_table",
    "token_boundaries",
    "u_alpha",
    "whole_coding",
]
