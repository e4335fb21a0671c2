"""Recordings: told what they are, kept once, decoded in constant memory, and played back.

Importing this room is cheap; PyAV is loaded when the first file is opened.
"""

from parihs.media.decode import PcmFile, decode_to_pcm
from parihs.media.library import (
    adopt,
    find,
    info_of,
    make_playback_copy,
    path_of,
    peaks_of,
    playback_path,
    remove,
)
from parihs.media.peaks import Peaks, load_peaks, make_peaks
from parihs.media.playback import plays_in_browser
from parihs.media.probe import AudioCheck, AudioInfo, check, probe
from parihs.media.samples import Samples, Stopped
from parihs.media.uploads import (
    Receiver,
    Upload,
    clean_uploads,
    content_of,
    discard,
    find_upload,
    pending_uploads,
    receive,
)

__all__ = [
    "AudioCheck",
    "AudioInfo",
    "PcmFile",
    "Peaks",
    "Receiver",
    "Samples",
    "Stopped",
    "Upload",
    "adopt",
    "check",
    "clean_uploads",
    "content_of",
    "decode_to_pcm",
    "discard",
    "find",
    "find_upload",
    "info_of",
    "load_peaks",
    "make_peaks",
    "make_playback_copy",
    "path_of",
    "peaks_of",
    "pending_uploads",
    "playback_path",
    "plays_in_browser",
    "probe",
    "receive",
    "remove",
]
