"""Reports: a study's methods, comparisons, ratings and findings, ready to be kept and to be cited.

``build`` gathers everything as plain values; each renderer turns them into one kind of file. The
same study gives the same bytes, so that a file can be shown to belong to its data.
"""

from parihs.report.build import build
from parihs.report.contents import PARTS, USUAL, Report
from parihs.report.files import FORMATS, render

__all__ = ["FORMATS", "PARTS", "USUAL", "Report", "build", "render"]
