"""Chunks and voices put together into turns."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from parihs.transcribe.assemble import assemble
from parihs.transcribe.speech import Chunk, ChunkText, Voice
from parihs.transcribe.word_times import Measured, spans, timed_words


def chunk_text(index: int, start_ms: int, text: str, word_ms: int = 500) -> ChunkText:
    places = spans(text, "en")
    end = start_ms + word_ms * len(places)
    times = [
        Measured(start_ms + word_ms * i, start_ms + word_ms * (i + 1), 0.9)
        for i in range(len(places))
    ]
    return ChunkText(Chunk(index, start_ms, end), text, timed_words(places, times, start_ms, end))


def turns(said: list[ChunkText], voices: list[Voice]) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in assemble(said, voices, language="en").turns]


def test_a_turn_ends_where_the_voice_changes_even_inside_a_chunk():
    said = [chunk_text(0, 0, "Did you hear me? Yes, I did.")]
    voices = [Voice(0, 2_000, "SPEAKER_01"), Voice(2_000, 4_000, "SPEAKER_00")]
    assert turns(said, voices) == [
        ("Speaker 1", "Did you hear me?"),
        ("Speaker 2", "Yes, I did."),
    ]


def test_one_speaker_goes_on_across_chunks():
    said = [chunk_text(0, 0, "We went"), chunk_text(1, 1_200, "home.")]
    assert turns(said, [Voice(0, 2_000, "X")]) == [("Speaker 1", "We went home.")]


def test_a_long_pause_begins_a_new_turn():
    said = [chunk_text(0, 0, "We waited."), chunk_text(1, 4_000, "Nothing.")]
    assert turns(said, []) == [(None, "We waited."), (None, "Nothing.")]


def test_a_long_turn_ends_with_its_chunk():
    said = [chunk_text(i, i * 20_000, "word " * 40) for i in range(4)]
    assert len(turns(said, [])) == 2


def test_a_word_outside_every_voice_goes_to_the_nearest():
    said = [chunk_text(0, 0, "Hello there."), chunk_text(1, 9_000, "Goodbye.")]
    voices = [Voice(1_200, 2_000, "A"), Voice(8_000, 8_500, "B"), Voice(20_000, 21_000, "A")]
    assert turns(said, voices) == [("Speaker 1", "Hello there."), ("Speaker 2", "Goodbye.")]


def test_overlapping_voices_give_the_word_to_who_speaks_most_of_it():
    said = [chunk_text(0, 5_000, "Right.", word_ms=1_000)]
    voices = [Voice(0, 5_400, "long"), Voice(5_300, 6_500, "short")]
    assert turns([chunk_text(9, 0, "First."), *said], voices)[1] == ("Speaker 2", "Right.")


def test_a_word_cut_off_at_the_border_of_a_turn_goes_back_to_it():
    said = [chunk_text(0, 0, "The nurses need time.", word_ms=300)]
    voices = [Voice(0, 290, "A"), Voice(290, 1_200, "B")]
    assert turns(said, voices) == [("Speaker 1", "The nurses need time.")]
    before = [chunk_text(7, -3_000, "Go on.", word_ms=300)]
    earlier = [Voice(-3_000, -2_000, "A"), *voices]
    assert turns([*before, *said], earlier) == [
        ("Speaker 1", "Go on."),
        ("Speaker 2", "The nurses need time."),
    ]


def test_a_short_answer_between_pauses_keeps_its_speaker():
    said = [
        chunk_text(0, 0, "Is that so?", word_ms=300),
        chunk_text(1, 1_400, "Yes.", word_ms=300),
        chunk_text(2, 2_200, "Thank you.", word_ms=300),
    ]
    voices = [Voice(0, 1_000, "A"), Voice(1_300, 1_800, "B"), Voice(2_100, 3_000, "A")]
    assert [speaker for speaker, _ in turns(said, voices)] == [
        "Speaker 1",
        "Speaker 2",
        "Speaker 1",
    ]


def test_words_without_times_are_marked_as_estimates():
    said = [ChunkText(Chunk(0, 1_000, 3_000), "Two words")]
    (turn,) = assemble(said, [], language="en").turns
    assert [word.interpolated for word in turn.words] == [True, True]
    assert (turn.start_ms, turn.end_ms) == (1_000, 3_000)


def marks(said: list[ChunkText], voices: list[Voice]) -> list[tuple[str, ...]]:
    return [turn.marks for turn in assemble(said, voices, language="en").turns]


def test_somebody_speaking_at_the_same_time_is_marked():
    said = [chunk_text(0, 0, "We all talk now."), chunk_text(1, 9_000, "I am alone.")]
    voices = [Voice(0, 2_000, "A"), Voice(1_500, 1_900, "B"), Voice(9_000, 11_000, "A")]
    assert marks(said, voices) == [("overlap",), ()]
    # a breath of somebody else is no overlap
    assert marks(said, [voices[0], Voice(1_500, 1_700, "B"), voices[2]]) == [(), ()]


def test_who_speaks_is_unsure_where_another_voice_fits_as_well_or_none_is_near():
    said = [chunk_text(0, 0, "Did you hear me?"), chunk_text(1, 6_000, "Yes, I did.")]
    assert marks(said, [Voice(0, 2_000, "A", sure=False), Voice(6_000, 8_000, "B")]) == [
        ("unsure",),
        (),
    ]
    assert marks(said, [Voice(0, 2_000, "A")]) == [(), ("unsure",)]
    assert marks(said, []) == [(), ()]


@st.composite
def recordings(draw: st.DrawFn):
    said, position = [], 0
    for index in range(draw(st.integers(0, 5))):
        position += draw(st.integers(0, 4_000))
        words = draw(st.lists(st.text("abc,.é", min_size=1, max_size=6), min_size=1, max_size=8))
        said.append(chunk_text(index, position, " ".join(words), draw(st.integers(1, 900))))
        position = said[-1].chunk.end_ms
    moment = st.integers(0, 20_000)
    voice = st.builds(
        lambda a, b, c, sure: Voice(min(a, b), max(a, b) + 1, c, sure),
        moment,
        moment,
        st.sampled_from("XYZ"),
        st.booleans(),
    )
    return said, draw(st.lists(voice, max_size=8))


@given(recordings())
def test_no_word_is_lost_and_every_position_points_at_its_word(case):
    said, voices = case
    transcript = assemble(said, voices, language="en")
    words = [word for chunk in said for word in chunk.text.split()]
    assert [word for turn in transcript.turns for word in turn.text.split()] == words
    for turn in transcript.turns:
        assert [turn.text[word.start : word.end] for word in turn.words] == turn.text.split()
        assert turn.start_ms <= turn.end_ms
        assert (turn.speaker is None) == (not voices)
        assert turn.end_ms <= max(chunk.chunk.end_ms for chunk in said)


@given(recordings(), st.integers(1, 3_600_000))
def test_a_recording_that_begins_later_is_the_same_only_later(case, later):
    said, voices = case
    moved = [
        replace(
            one,
            chunk=replace(
                one.chunk, start_ms=one.chunk.start_ms + later, end_ms=one.chunk.end_ms + later
            ),
            words=tuple(
                replace(w, start_ms=w.start_ms + later, end_ms=w.end_ms + later) for w in one.words
            ),
        )
        for one in said
    ]
    voices_moved = [
        replace(voice, start_ms=voice.start_ms + later, end_ms=voice.end_ms + later)
        for voice in voices
    ]
    before = assemble(said, voices, language="en").turns
    after = assemble(moved, voices_moved, language="en").turns
    assert [(t.speaker, t.text, t.marks, t.start_ms + later) for t in before] == [
        (t.speaker, t.text, t.marks, t.start_ms) for t in after
    ]
