"""Reading ``study.yaml``, with every entry checked before anything is loaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from parihs.errors import ParihsError

FORMAT = "parihs-study/1"

PERSON = {"pseudonym": True, "role": False, "description": False}
FIELDS: dict[str, dict[str, bool]] = {
    "coders": {"key": True, "name": True},
    "facilitators": PERSON,
    "participants": PERSON,
    "sites": {
        "key": True,
        "name": True,
        "kind": False,
        "participants": False,
        "workshops": False,
    },
    "workshops": {
        "key": True,
        "title": False,
        "date": False,
        "cycle": False,
        "kind": False,
        "transcript": False,
        "recording": False,
    },
}
"""What an entry of each list may say, and whether it must."""


def read_study_yaml(path: Path) -> dict[str, Any]:
    """The content of a ``study.yaml`` whose entries all have the right shape.

    Raises ParihsError naming the entry that has not.
    """
    about = _parsed(path)
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ParihsError(
            f"This study.yaml does not say “format: {FORMAT}”, so nothing was loaded.",
            "Start from the demo study's file.",
        )
    for key in ("key", "name"):
        if not about.get(key):
            raise ParihsError(f"study.yaml does not say the study's {key}.", "Add it.")
    for name in ("coders", "facilitators", "sites"):
        _check_list(about, name, "the study")
    for site in about.get("sites") or []:
        _check_list(site, "participants", site["key"])
        _check_list(site, "workshops", site["key"])
        for workshop in site.get("workshops") or []:
            _check_workshop(path.parent, workshop)
    return about


def _parsed(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ParihsError(
            f"There is no study.yaml in {path.parent.name}, so nothing was loaded.",
            "Choose a folder that holds one; the demo study shows how it looks.",
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParihsError(f"study.yaml cannot be read: {error}", "Mend the file.") from error


def _check_list(owner: dict[str, Any], name: str, where: str) -> None:
    entries = owner.get(name) or []
    fields = FIELDS[name]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _faulty(f"“{name}” of {where} is not a list of entries", "Begin each with a dash.")
    for number, entry in enumerate(entries, start=1):
        called = f"{where}, {name}, entry {number}"
        unknown = sorted(str(key) for key in set(entry) - set(fields))
        if unknown:
            known = ", ".join(fields)
            raise _faulty(f"{called} says “{unknown[0]}”", f"An entry may say: {known}.")
        for field, required in fields.items():
            if required and not entry.get(field):
                raise _faulty(f"{called} does not say its {field}", "Add it.")


def _check_workshop(folder: Path, workshop: dict[str, Any]) -> None:
    key = workshop["key"]
    held_on = workshop.get("date")
    if held_on is not None and not isinstance(held_on, date):
        raise _faulty(f"the date of {key} is not a date", "Write it as 2025-02-13.")
    for name in ("transcript", "recording"):
        if not workshop.get(name):
            continue
        file = (folder / str(workshop[name])).resolve()
        if not file.is_relative_to(folder.resolve()):
            raise _faulty(
                f"the {name} of {key} lies outside the study's folder",
                "Put the file beside study.yaml and name it without folders.",
            )
        if not file.is_file():
            raise _faulty(
                f"the {name} of {key} is not there: {workshop[name]}",
                "Put the file beside study.yaml, or leave the line out.",
            )


def _faulty(what: str, hint: str) -> ParihsError:
    return ParihsError(f"study.yaml: {what}; nothing was loaded.", hint)
