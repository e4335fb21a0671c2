"""Make the fixture's word aligner from speech in which the time of every letter is known.

espeak-ng tells when each word begins, so the network is taught frame by frame where letters are,
and its word times are right by construction. About ten minutes on two cores:

    python tests/fixture-model/train_aligner.py

Starts from the encoder in ``ctc_align.safetensors`` and writes that file anew.
"""

from __future__ import annotations

import ctypes
import json
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[1]))

from parihs.transcribe import environment  # noqa: E402

environment.repair_torchaudio()

from whisperx.audio import log_mel_spectrogram  # noqa: E402

from parihs.transcribe.ctc_aligner import CtcAligner  # noqa: E402
from tests.unit import transcribe_speech  # noqa: E402

FRAME = 320
UTTERANCES = 900
STEPS = 500
BATCH = 16
VOICES = ["en-us", "en-gb", "en-us+f2", "en-gb+m3", "en-gb-scotland", "en-us+f4", "en-gb+f3"]


class Event(ctypes.Structure):
    """What espeak-ng reports while it speaks."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


class Espeak:
    """Speaks a text and says at which millisecond each word begins."""

    WORD = 1

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._rate = self._library.espeak_Initialize(2, 0, None, 0)
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event)
        )
        self._callback = kind(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)
        self._samples: list[np.ndarray] = []
        self._words: list[tuple[int, int]] = []

    def _receive(self, samples: ctypes._Pointer[ctypes.c_short], n: int, events: object) -> int:
        if n:
            self._samples.append(np.ctypeslib.as_array(samples, (n,)).copy())
        index = 0
        while events[index].type:  # type: ignore[index]
            event = events[index]  # type: ignore[index]
            if event.type == self.WORD:
                self._words.append((event.text_position - 1, event.audio_position))
            index += 1
        return 0

    def speak(
        self, text: str, voice: str, speed: int, pitch: int
    ) -> tuple[np.ndarray, list[tuple[int, int]]]:
        """16 kHz float32 samples, and for each word its place in the text and its start in ms."""
        self._samples, self._words = [], []
        self._library.espeak_SetVoiceByName(voice.encode())
        self._library.espeak_SetParameter(1, speed, 0)
        self._library.espeak_SetParameter(3, pitch, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, 1, 0, 1, None, None)
        self._library.espeak_Synchronize()
        sound = np.concatenate(self._samples) / 32768
        places = np.arange(0, len(sound) - 1, self._rate / transcribe_speech.RATE)
        sound = np.interp(places, np.arange(len(sound)), sound).astype(np.float32) * 0.6
        return sound, self._words


def targets(
    text: str, words: list[tuple[int, int]], sound: np.ndarray, labels: dict[str, int], lead: int
) -> np.ndarray:
    """The label of every frame: letters spread over their word, a bar before each next word."""
    loud = np.flatnonzero(np.abs(sound) > 0.002)
    end = loud[-1] if len(loud) else len(sound)
    frames = np.zeros((lead + len(sound)) // FRAME + 1, np.int64)
    for index, (place, start_ms) in enumerate(words):
        word = text[place:].split(" ")[0]
        letters = [labels[c] for c in word.lower() if c in labels and c not in "|-"]
        begin = (start_ms * 16 + lead) // FRAME
        last = index + 1 == len(words)
        finish = (end + lead) // FRAME if last else (words[index + 1][1] * 16 + lead) // FRAME
        for number, letter in enumerate(letters):
            frames[begin + (finish - begin - 1) * number // max(1, len(letters))] = letter
        if not last:
            frames[max(begin, finish - 1)] = labels["|"]
    return frames


def main() -> None:
    """Synthesise, train, save."""
    torch.manual_seed(0)
    choose = random.Random(11)
    config = json.loads((FOLDER / "ctc_align.json").read_text(encoding="utf-8"))
    labels = {label: index for index, label in enumerate(config["labels"])}
    model = CtcAligner(config)
    weights = load_file(FOLDER / "ctc_align.safetensors")
    model.load_state_dict({name: weight.float() for name, weight in weights.items()})
    model.encoder.embed_positions.weight.requires_grad_(False)
    espeak = Espeak()
    data = []
    for _ in range(UTTERANCES):
        text = transcribe_speech.sentence(choose)
        speed, pitch = choose.randint(140, 185), choose.randint(30, 65)
        sound, words = espeak.speak(text, choose.choice(VOICES), speed, pitch)
        lead = choose.randint(0, 5000)
        noise = np.random.default_rng(len(data)).normal(0, 2e-4, lead + len(sound) + 3200)
        noise[lead : lead + len(sound)] += sound * choose.uniform(0.6, 1.3)
        mel = log_mel_spectrogram(noise.astype(np.float32), config["num_mel_bins"])
        data.append((mel, torch.from_numpy(targets(text, words, sound, labels, lead))))
    print(f"{len(data)} utterances", flush=True)
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3)
    weight = torch.ones(len(labels))
    weight[0] = 0.3
    loss_of = torch.nn.CrossEntropyLoss(weight=weight, ignore_index=-100)
    began = time.time()
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * min(1.0, (step + 1) / 50) * (1 - step / STEPS)
        batch = sorted(choose.sample(data, BATCH), key=lambda pair: pair[0].shape[1])
        length = batch[-1][0].shape[1] // 2 * 2
        mels = torch.stack([pad(mel, length, float(mel.min())) for mel, _ in batch])
        wanted = torch.stack([pad(label, length // 2, -100) for _, label in batch])
        loss = loss_of(model.score(mels).transpose(1, 2), wanted)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % 50 == 0:
            print(f"{step} loss {loss.item():.3f} {time.time() - began:.0f} s", flush=True)
    saved = {name: value.detach().half().contiguous() for name, value in model.state_dict().items()}
    save_file(saved, FOLDER / "ctc_align.safetensors")


def pad(values: torch.Tensor, length: int, fill: float) -> torch.Tensor:
    """Cut or filled up at the end to ``length``."""
    values = values[..., :length]
    return torch.nn.functional.pad(values, (0, length - values.shape[-1]), value=fill)


if __name__ == "__main__":
    main()
