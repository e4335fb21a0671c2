"""Zip files whose bytes depend on nothing but their content and a date."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime


def packed(files: Iterable[tuple[str, bytes]], as_of: datetime) -> bytes:
    """Files by name as a zip file, in the given order, all dated ``as_of`` (UTC).

    Zip files know no year before 1980.
    """
    moment = as_of.astimezone(UTC)
    stamp = (max(1980, moment.year), moment.month, moment.day, moment.hour, moment.minute, 0)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files:
            about = zipfile.ZipInfo(name, stamp)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            about.create_system = 3
            archive.writestr(about, content)
    return target.getvalue()


def repacked(data: bytes, as_of: datetime) -> bytes:
    """A zip file that a library wrote, with its dates set to ``as_of``."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed([(name, archive.read(name)) for name in archive.namelist()], as_of)
