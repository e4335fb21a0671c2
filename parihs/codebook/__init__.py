"""Codebooks: the codes of a framework with their rules, read, checked, drawn as a tree, written."""

from parihs.codebook.book import FORMAT, ORIGINS, Attribute, CodebookFile, CodeEntry
from parihs.codebook.checks import Problem, ensure, incomplete
from parihs.codebook.colours import code_colours
from parihs.codebook.csv_table import read_csv, write_csv
from parihs.codebook.shipped import shipped
from parihs.codebook.tree import CodeTree
from parihs.codebook.yaml_file import load, parse, validate, write_yaml

__all__ = [
    "FORMAT",
    "ORIGINS",
    "Attribute",
    "CodeEntry",
    "CodeTree",
    "CodebookFile",
    "Problem",
    "code_colours",
    "ensure",
    "incomplete",
    "load",
    "parse",
    "read_csv",
    "shipped",
    "validate",
    "write_csv",
    "write_yaml",
]
