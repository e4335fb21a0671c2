"""Transcripts in and out of the formats people have: one module per format.

One `read` and one `write` for all.
"""

from parihs.formats.merge import merge_turns
from parihs.formats.parihs_text import compose as write_text
from parihs.formats.reading import FORMATS, Format, read, read_bytes
from parihs.formats.webvtt import compose as write_webvtt
from parihs.formats.writing import WRITERS, Writer, write, write_bytes, writer_named

__all__ = [
    "FORMATS",
    "WRITERS",
    "Format",
    "Writer",
    "merge_turns",
    "read",
    "read_bytes",
    "write",
    "write_bytes",
    "write_text",
    "write_webvtt",
    "writer_named",
]
