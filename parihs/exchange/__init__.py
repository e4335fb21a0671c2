"""Studies and codings as plain files, in and out."""

from parihs.exchange.codings_csv import import_codings, write_codings
from parihs.exchange.study_folder import load_study

__all__ = ["import_codings", "load_study", "write_codings"]
