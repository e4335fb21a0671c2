"""Every verb of the audit trail in plain words: a table that a test compares with the code.

A sentence begins after the name of whoever did it. ``{it}`` is the object by its name, ``{code}``,
``{quote}``, ``{site}``, ``{coder}``, ``{transcript}``, ``{detail}`` come from the object and the
event's data.
No sentence tells values that others may not know: ratings, numbers of codings, texts of memos.
"""

from __future__ import annotations

from typing import Final

CODING: Final = "Coding"
TEAMWORK: Final = "Team and release"
TEXTS: Final = "Recordings and transcripts"
TALK: Final = "Memos and disagreements"
PRACTICE: Final = "Suggestions and training"
FINDINGS: Final = "Summaries, ratings, findings"
STUDY: Final = "Study and codebook"

KINDS: Final[dict[str, tuple[str, ...]]] = {
    CODING: ("coding", "review_item"),
    TALK: ("memo", "settlement"),
    PRACTICE: ("suggestion", "training_test", "training_answer"),
    TEAMWORK: ("assignment", "coder"),
    TEXTS: (
        "recording",
        "transcript",
        "transcript_version",
        "speaker",
        "turns",
        "voice_prints",
        "vocabulary",
    ),
    FINDINGS: ("grid_cell", "rating", "site_rating", "finding"),
    STUDY: ("study", "site", "workshop", "participant", "codebook", "codebook_version", "code"),
}
"""What a person filters by, and the object types behind it."""

SENTENCES: Final[dict[tuple[str, str], str]] = {
    ("coded", "coding"): "coded {quote} as {code}",
    ("changed", "coding"): "changed {code} on {quote}: {detail}",
    ("uncoded", "coding"): "took back {code} on {quote}",
    ("restored", "coding"): "brought back {code} on {quote}",
    ("recoded", "coding"): "gave {quote} the code {code}, since codes were merged",
    ("joined", "coding"): (
        "left one coding of {quote} as {code} where merging codes would have left two{detail}"
    ),
    ("folded", "coding"): (
        "put {code} on {quote} together with the same coding, as codes were merged"
    ),
    ("separated", "coding"): "had {code} on {quote} by itself again, as a merging was taken back",
    ("moved", "coding"): "moved {code} to {quote}",
    ("lost", "coding"): "left {code} without a place: {quote} is gone from the text",
    ("imported codings", "transcript_version"): "imported codings of {transcript} from a table",
    ("restored as of", "transcript"): (
        "brought {coder}’s coding of {transcript} back to how it was {detail}"
    ),
    ("turned down", "suggestion"): "turned down a suggestion in {transcript}",
    ("put back", "suggestion"): "put back a suggestion in {transcript} that was turned down",
    ("added", "training_test"): "made the training test {it}",
    ("withdrew", "training_test"): "withdrew the training test {it}",
    ("brought back", "training_test"): "brought back the training test {it}",
    ("answered", "training_answer"): "coded an excerpt of a training test",
    ("began again", "training_answer"): "began a training test again",
    ("settled", "settlement"): "settled a disagreement in {transcript}{detail}",
    ("reopened", "settlement"): "reopened a settled disagreement in {transcript}{detail}",
    ("discussed", "memo"): "wrote a remark on a disagreement",
    ("wrote", "memo"): "wrote a memo",
    ("rewrote", "memo"): "changed a memo",
    ("removed", "memo"): "removed a memo",
    ("brought back", "memo"): "brought back a memo",
    ("proposed", "memo"): "proposed a clearer definition of a code",
    ("assigned", "assignment"): "assigned {transcript} to {coder}",
    ("withdrew", "assignment"): "withdrew {transcript} from {coder}",
    ("finished", "assignment"): "has read all of {transcript}",
    ("took up again", "assignment"): "is not through with {transcript} after all",
    ("released", "transcript"): "released {transcript}, so that coders see each other’s codings",
    ("closed", "transcript"): "closed {transcript} again, so that it is coded blind",
    ("added", "coder"): "added the coder {it}",
    ("gave a role", "coder"): "made {it} a {detail}",
    ("added", "study"): "started the study",
    ("added", "site"): "added the site {it}",
    ("added", "workshop"): "added the workshop {it}",
    ("added", "participant"): "added the participant {it}",
    ("added", "recording"): "added the recording {it}",
    ("changed", "recording"): "said what language is spoken in {it}",
    ("changed", "vocabulary"): "changed the names and terms that recognition expects",
    ("added", "codebook"): "added the codebook {it}",
    ("saved", "codebook_version"): "saved a version of the codebook{detail}",
    ("extended", "codebook_version"): "added a code of the team’s own to the codebook{detail}",
    ("merged", "codebook_version"): "merged codes, and recoded what carried them{detail}",
    ("unmerged", "codebook_version"): "took a merging of codes back{detail}",
    ("split", "codebook_version"): "split a code{detail}",
    ("took up", "memo"): "took up a proposed clarification of a code{detail}",
    ("declined", "memo"): "declined a proposed clarification of a code{detail}",
    ("reopened", "memo"): "opened a proposed clarification of a code again",
    ("linked", "speaker"): "said who the voice {it} is",
    ("named", "speaker"): "renamed a voice to {it}",
    ("undone", "speaker"): "took back a change of the voice {it}",
    ("split", "turns"): "gave turns of {transcript} to a new voice",
    ("moved", "turns"): "gave turns of {transcript} to another voice",
    ("merged", "turns"): "merged voices of {transcript}",
    ("marked", "turns"): "marked turns of {transcript} as sure or not sure",
    ("undone", "turns"): "took back a change of voices in {transcript}",
    ("listened to", "voice_prints"): "had the voices compared",
    ("switched on", "voice_prints"): "let the study compare voices",
    ("switched off", "voice_prints"): "had the study forget its voices",
    ("grouped sites", "study"): "grouped the sites by their outcome",
    ("rated", "rating"): "rated {site} on {code}",
    ("opened", "site_rating"): "opened the ratings of {site} on {code} to the team",
    ("agreed", "site_rating"): "wrote down what the team agreed on for {site} and {code}",
    ("saved", "grid_cell"): "wrote a summary on {code} in the framework grid",
    ("confirmed", "grid_cell"): "confirmed a summary on {code} in the framework grid",
    ("restored", "grid_cell"): "brought back an earlier summary on {code}",
    ("added", "finding"): "wrote the finding {it}",
    ("edited", "finding"): "changed the finding {it}",
    ("moved", "finding"): "moved the finding {it} in its list",
    ("withdrew", "finding"): "withdrew the finding {it}{detail}",
    ("restored", "finding"): "brought back the finding {it}",
    ("linked", "finding"): "linked excerpts to the finding {it}",
    ("unlinked", "finding"): "took excerpts off the finding {it}",
    ("noted attendance", "workshop"): "noted who took part in {it}",
    ("reviewed", "review_item"): "looked at a coding that was carried to a corrected text",
    ("took back", "review_item"): "took back what was decided about a carried coding",
    ("saved", "transcript_version"): "saved a version of {transcript}",
    ("carried", "transcript_version"): "carried the codings of {transcript} to a corrected text",
}
"""(verb, object type) → what is said of it."""


def sentence(verb: str, object_type: str) -> str:
    """The sentence of an event; one made of its own words where the table has none."""
    plain = f"{verb} {object_type.replace('_', ' ')} {{it}}"
    return SENTENCES.get((verb, object_type), plain)
