"""Any recording becomes 16 kHz mono samples whose times are those of the recording."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parihs import ParihsError
from parihs.media import PcmFile, Stopped, check, decode_to_pcm, load_peaks, make_peaks
from tests.support.media_recordings import KINDS, make, tone, write

SHARED = Path(__file__).parents[3] / "shared" / "speech" / "recordings"


def level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_decodes_to_its_length_and_tone(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind, seconds=2.0)
    pcm = decode_to_pcm(path, tmp_path / "out.wav")
    assert pcm.duration_ms == pytest.approx(2000, abs=45)  # AAC pads to whole frames of 23 ms
    assert pcm.duration_ms == pcm.n_samples // 16 == check(path).info.duration_ms
    assert not pcm.silent
    assert pcm.warnings == ()
    middle = pcm.read(500, 1500)
    loudest = np.abs(np.fft.rfft(middle)).argmax()
    assert loudest == 440
    assert level(middle) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rate=st.sampled_from([8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000]),
    n=st.integers(48_000, 200_000),
    channels=st.integers(1, 6),
)
def test_length_is_exact_at_every_rate(tmp_path: Path, rate: int, n: int, channels: int) -> None:
    path = tmp_path / "in.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * n * channels))
    pcm = decode_to_pcm(path, tmp_path / "out.wav")
    assert pcm.n_samples == round(n * 16_000 / rate)
    assert pcm.samples.shape == (pcm.n_samples,)
    assert len(pcm.read(0, 10**9)) == pcm.n_samples
    assert make_peaks(path, tmp_path / "peaks").duration_ms == pcm.duration_ms


def test_sixteen_bit_16k_mono_passes_through_unchanged(tmp_path: Path) -> None:
    original = np.random.default_rng(3).integers(-32768, 32768, 40_000).astype("<i2")
    with wave.open(str(tmp_path / "in.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(original.tobytes())
    pcm = decode_to_pcm(tmp_path / "in.wav", tmp_path / "out.wav")
    assert np.array_equal(pcm.samples, original)
    assert np.array_equal(pcm.read(100, 101), original[1600:1616] / np.float32(32768))


def test_the_result_is_a_plain_wav_that_opens_again(tmp_path: Path) -> None:
    pcm = decode_to_pcm(make(tmp_path, "flac"), tmp_path / "out.wav")
    with wave.open(str(pcm.path)) as file:
        assert file.getparams()[:4] == (1, 2, 16_000, pcm.n_samples)
    assert PcmFile.open(pcm.path).n_samples == pcm.n_samples
    pcm.path.write_bytes(pcm.path.read_bytes()[:-100])
    with pytest.raises(ParihsError, match="damaged"):
        PcmFile.open(pcm.path)


def test_reading_beyond_the_ends(tmp_path: Path) -> None:
    pcm = decode_to_pcm(write(tmp_path / "a.wav", tone(1, 16_000)), tmp_path / "out.wav")
    assert len(pcm.read(-500, 100)) == 1600
    assert len(pcm.read(900, 5000)) == 1600
    assert len(pcm.read(5000, 6000)) == 0
    assert pcm.read(0, 10).dtype == np.float32


@pytest.mark.parametrize("n_channels", [2, 6, 16])
def test_dead_channels_do_not_make_the_voice_quieter(tmp_path: Path, n_channels: int) -> None:
    voice = (tone(2, 16_000) * 32767).astype("<i2")
    channels = np.zeros((len(voice), n_channels), "<i2")
    channels[:, 1] = voice
    with wave.open(str(tmp_path / "in.wav"), "wb") as file:
        file.setparams((n_channels, 2, 16_000, 0, "NONE", ""))
        file.writeframes(channels.tobytes())
    pcm = decode_to_pcm(tmp_path / "in.wav", tmp_path / "out.wav")
    assert level(pcm.read(0, 2000)) == pytest.approx(0.3 / np.sqrt(2), rel=0.01)


def test_live_channels_are_averaged(tmp_path: Path) -> None:
    both = np.stack([tone(2, 16_000, 440), tone(2, 16_000, 1000)])
    pcm = decode_to_pcm(write(tmp_path / "a.wav", both, layout="stereo"), tmp_path / "out.wav")
    assert np.allclose(pcm.read(0, 2000), both.mean(axis=0), atol=2e-4)


def test_channels_in_opposite_phase_do_not_cancel(tmp_path: Path) -> None:
    voice = tone(2, 16_000)
    path = write(tmp_path / "a.wav", np.stack([voice, -voice]), layout="stereo")
    pcm = decode_to_pcm(path, tmp_path / "out.wav")
    assert level(pcm.read(0, 2000)) == pytest.approx(level(voice), rel=0.01)


def test_sound_that_starts_after_the_picture_keeps_its_time(tmp_path: Path) -> None:
    path = write(
        tmp_path / "film.mkv",
        tone(2, 48_000),
        codec="libopus",
        rate=48_000,
        video=True,
        audio_delay_s=1.5,
    )
    pcm = decode_to_pcm(path, tmp_path / "out.wav")
    assert level(pcm.read(0, 1400)) == 0
    assert level(pcm.read(1600, 3400)) > 0.15
    assert pcm.duration_ms == pytest.approx(3500, abs=45)


def test_a_pause_in_the_clock_becomes_silence(tmp_path: Path) -> None:
    path = tmp_path / "meeting.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for start in (0, 3 * 16_000):
            samples = (tone(1, 16_000) * 32767).astype(np.int16)
            for at in range(0, 16_000, 1600):
                frame = av.AudioFrame.from_ndarray(
                    samples[None, at : at + 1600], format="s16", layout="mono"
                )
                frame.sample_rate, frame.pts = 16_000, start + at
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    pcm = decode_to_pcm(path, tmp_path / "out.wav")
    assert pcm.duration_ms == 4000
    assert "2.0 seconds without sound data" in pcm.warnings[0]
    assert level(pcm.read(1010, 2990)) == 0
    assert level(pcm.read(3010, 3990)) > 0.15


@pytest.mark.parametrize("kind", ["wav", "flac", "mkv", "mov"])
def test_a_damaged_tail_keeps_what_decodes(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind, seconds=6.0)
    data = path.read_bytes()
    if kind == "mov":  # its index comes last, so only the sound in the middle can be lost
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes(100) + data[middle + 100 :])
        assert decode_to_pcm(path, tmp_path / "out.wav").duration_ms == 6000
        return
    path.write_bytes(data[: len(data) * 2 // 3])
    pcm = decode_to_pcm(path, tmp_path / "out.wav")
    assert 3500 < pcm.duration_ms < 4500
    (warning,) = pcm.warnings
    seconds = pcm.duration_ms // 1000
    assert f"read up to 00:00:0{seconds}.{pcm.duration_ms % 1000:03}" in warning
    assert level(pcm.read(500, 3000)) > 0.15


def test_damage_in_the_middle_is_stepped_over(tmp_path: Path) -> None:
    path = make(tmp_path, "flac", seconds=6.0)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 3000] = bytes(3000)
    path.write_bytes(data)
    pcm = decode_to_pcm(path, tmp_path / "out.wav")
    assert pcm.duration_ms > 5000
    assert level(pcm.read(pcm.duration_ms - 500, pcm.duration_ms)) > 0.15
    assert pcm.warnings


def test_a_failed_or_stopped_decoding_leaves_nothing_behind(tmp_path: Path) -> None:
    source = make(tmp_path, "wav", seconds=5.0)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(Stopped):
        decode_to_pcm(source, folder / "out.wav", cancelled=lambda: True)
    text = tmp_path / "text.wav"
    text.write_text("not a recording")
    with pytest.raises(ParihsError, match="text file"):
        decode_to_pcm(text, folder / "out.wav")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kind", ["wav", "m4a", "opus", "webm"])
def test_progress_rises_to_one(tmp_path: Path, kind: str) -> None:
    seen: list[float] = []
    decode_to_pcm(make(tmp_path, kind, seconds=8.0), tmp_path / "out.wav", progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert any(0.3 < fraction < 0.7 for fraction in seen)


def test_memory_stays_constant(tmp_path: Path) -> None:
    """Ten minutes of 96 kHz six-channel sound are 660 MB decoded; reading them takes 40 MB."""
    path = tmp_path / "long.flac"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=96_000, layout="5.1")
        for second in range(600):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 96_000 * 6), np.int16), format="s16", layout="5.1"
            )
            frame.sample_rate, frame.pts = 96_000, second * 96_000
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    code = (
        "import resource, sys; from pathlib import Path; from parihs.media import decode_to_pcm\n"
        "decode_to_pcm(Path(sys.argv[2]), Path(sys.argv[3]))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "pcm = decode_to_pcm(Path(sys.argv[1]), Path(sys.argv[3]))\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(pcm.duration_ms, (after - before) // 1024)"
    )
    warm = make(tmp_path, "flac")
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(warm), str(tmp_path / "out.wav")],
        capture_output=True,
        text=True,
        check=True,
    )
    duration_ms, grown_mb = map(int, done.stdout.split())
    assert duration_ms == 600_000
    assert grown_mb < 40


def test_peaks_follow_the_sound(tmp_path: Path) -> None:
    quiet, loud = tone(1, 16_000, level=0.1), tone(1, 16_000, level=0.9)
    path = write(tmp_path / "a.wav", np.concatenate([quiet, loud, quiet[:8000]]))
    made = make_peaks(path, tmp_path / "peaks.bin")
    read = load_peaks(tmp_path / "peaks.bin")
    assert read.duration_ms == made.duration_ms == 2500
    assert read.to_list() == made.to_list()
    assert len(read.to_list()) == 2 * 50
    lows, highs = read.to_list()[0::2], read.to_list()[1::2]
    assert highs[10] == pytest.approx(13, abs=1)
    assert highs[30] == pytest.approx(115, abs=1)
    assert lows[30] == pytest.approx(-115, abs=1)
    assert not read.silent


def test_the_last_part_of_a_bucket_counts(tmp_path: Path) -> None:
    sound = np.zeros(16_000 + 10, np.float32)
    sound[-3] = 1.0
    peaks = make_peaks(write(tmp_path / "a.wav", sound), tmp_path / "peaks.bin")
    assert len(peaks.pairs) == 21
    assert peaks.to_list()[-1] == 127


def test_peaks_that_are_missing_or_damaged(tmp_path: Path) -> None:
    with pytest.raises(ParihsError, match="missing or damaged"):
        load_peaks(tmp_path / "none.bin")
    (tmp_path / "bad.bin").write_bytes(b"PEAKxx")
    with pytest.raises(ParihsError, match="missing or damaged"):
        load_peaks(tmp_path / "bad.bin")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared recordings are not here")
@pytest.mark.parametrize("name", ["jfk.flac", "two_channels.wav", "ami_dev00.wav"])
def test_real_recordings(tmp_path: Path, name: str) -> None:
    pcm = decode_to_pcm(SHARED / name, tmp_path / "out.wav")
    assert not pcm.silent
    assert pcm.warnings == ()
    assert pcm.duration_ms == check(SHARED / name).info.duration_ms > 1000
