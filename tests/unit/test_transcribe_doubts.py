"""Text that may have been made up: marked, never deleted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parihs.model.terms import TURN_MARKS
from parihs.transcribe import doubts
from parihs.transcribe.assemble import assemble
from parihs.transcribe.speech import Chunk, ChunkText

HALF_MINUTE = 30_000


def heard(*texts: str, speech_ms: int | None = 20_000) -> list[ChunkText]:
    """Half-minute chunks, one after the other."""
    return [
        ChunkText(Chunk(i, i * HALF_MINUTE, (i + 1) * HALF_MINUTE, speech_ms), text)
        for i, text in enumerate(texts)
    ]


def test_a_loop_inside_a_chunk_is_a_repetition():
    loop = "thank you very much " * 20
    talk = "We asked for a second nurse, and the board said there was no money for one this year."
    assert doubts.marked(heard(talk, loop)) == [(), ("repetition",)]


def test_the_same_sentence_in_chunk_after_chunk_is_a_repetition():
    said = heard(
        "So where were we?",
        "Thanks for watching the video.",
        "thanks for  watching the video",
        "Thanks for watching the video. Bye.",
        "That is all from me.",
    )
    assert doubts.marked(said) == [(), *[("repetition",)] * 3, ()]


def test_what_people_do_repeat_is_not_marked():
    answers = ["Yes. I think so.", "Yes.", "Yes. No, no.", "I don't know.", "Yes. I don't know."]
    assert set(doubts.marked(heard(*answers * 2))) == {()}


def test_many_words_on_hardly_any_speech_are_marked():
    sentence = "Please subscribe to our channel and leave a comment below."
    assert doubts.marked(heard(sentence, speech_ms=300)) == [("no speech",)]
    assert doubts.marked(heard(sentence, speech_ms=12_000)) == [()]
    # an engine that cannot say how much speech there was
    assert doubts.marked(heard(sentence, speech_ms=None)) == [()]


def test_a_fast_talker_is_not_marked():
    text = "and then they sent her home again without any tablets at all, can you believe it"
    chunk = Chunk(0, 0, 4_000, len(text) * 1000 // 25)
    assert doubts.marked([ChunkText(chunk, text)]) == [()]


def test_doubtful_text_stands_in_a_turn_of_its_own_and_is_counted():
    said = heard("So we began.", "Thank you for listening to us all.", "And went on.")
    said[1] = ChunkText(said[1].chunk, said[1].text, marks=("no speech",))
    transcript = assemble(said, [], language="en")
    assert [turn.marks for turn in transcript.turns] == [(), ("no speech",), ()]
    assert transcript.turns[1].text == "Thank you for listening to us all."
    (warning,) = transcript.warnings
    assert warning.startswith("1 turn with hardly any speech")
    assert "“no speech”" in warning


@given(
    st.lists(st.tuples(st.text("ab .", max_size=90), st.integers(0, HALF_MINUTE)), max_size=12),
    st.booleans(),
)
def test_marking_deletes_nothing_and_uses_known_marks(chunks, no_spaces):
    said = [
        ChunkText(Chunk(i, i * HALF_MINUTE, (i + 1) * HALF_MINUTE, speech), " ".join(text.split()))
        for i, (text, speech) in enumerate(chunks)
    ]
    language = "ja" if no_spaces else "en"
    transcript = assemble([one for one in said if one.text], [], language=language)
    words = "".join("".join(turn.text.split()) for turn in transcript.turns)
    assert words == "".join("".join(one.text.split()) for one in said)
    assert {mark for turn in transcript.turns for mark in turn.marks} <= TURN_MARKS.keys()
