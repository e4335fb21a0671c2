"""Transcripts in and out of the formats people have: one module per format, one `read` for all."""

from parihs.formats.merge import merge_turns
from parihs.formats.parihs_text import compose as write_text
from parihs.formats.reading import FORMATS, Format, read, read_bytes
from parihs.formats.webvtt import compose as write_webvtt

__all__ = [
    "FORMATS",
    "Format",
    "merge_turns",
    "read",
    "read_bytes",
    "write_text",
    "write_webvtt",
]
