"""What exists in a study: typed, named as the field names it, and free of input and output."""

from parihs.model.base import Base, new_id, utc_now
from parihs.model.codebook import Code, Codebook, CodebookVersion, CodeDefinition
from parihs.model.coding import Coder, Coding, Event, Memo, Settlement
from parihs.model.inquiry import (
    Finding,
    FindingExcerpt,
    GridCell,
    Rating,
    SiteGrouping,
    SiteRating,
)
from parihs.model.parsed import ParsedTranscript, ParsedTurn, ParsedWord
from parihs.model.study import Attendance, Participant, Site, Study, Workshop
from parihs.model.transcript import Recording, Speaker, Transcript, TranscriptVersion, Turn

__all__ = [
    "Attendance",
    "Base",
    "Code",
    "CodeDefinition",
    "Codebook",
    "CodebookVersion",
    "Coder",
    "Coding",
    "Event",
    "Finding",
    "FindingExcerpt",
    "GridCell",
    "Memo",
    "ParsedTranscript",
    "ParsedTurn",
    "ParsedWord",
    "Participant",
    "Rating",
    "Recording",
    "Settlement",
    "Site",
    "SiteGrouping",
    "SiteRating",
    "Speaker",
    "Study",
    "Transcript",
    "TranscriptVersion",
    "Turn",
    "Workshop",
    "new_id",
    "utc_now",
]
