"""What exists in a study: typed, named as the field names it, and free of input and output."""

from parihs.model.base import Base, new_id, utc_now
from parihs.model.codebook import Code, Codebook, CodebookVersion, CodeDefinition
from parihs.model.coding import (
    Assignment,
    CodeChoice,
    Coder,
    Coding,
    Event,
    Memo,
    ReviewItem,
    Settlement,
    TrainingAnswer,
    TrainingTest,
)
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
from parihs.model.transcript import (
    Recording,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
    VoicePrint,
)

__all__ = [
    "Assignment",
    "Attendance",
    "Base",
    "Code",
    "CodeChoice",
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
    "ReviewItem",
    "Settlement",
    "Site",
    "SiteGrouping",
    "SiteRating",
    "Speaker",
    "Study",
    "TrainingAnswer",
    "TrainingTest",
    "Transcript",
    "TranscriptVersion",
    "Turn",
    "VoicePrint",
    "Workshop",
    "new_id",
    "utc_now",
]
