"""The command line: the library's verbs, one file each."""

from parihs.cli.main import main

__all__ = ["main"]
