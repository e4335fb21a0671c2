"""JSON without surprises: parsed with the line of any error, or recognised as not JSON at all."""

from __future__ import annotations

import json
import re
from typing import Any

from parihs.formats.lines import Unreadable

# “{laughs} well” and “[00:01] Ann: hi” begin with a bracket too.
_OPENING = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[\[{]|\]\s*$))")


def looks_like_json(text: str) -> bool:
    """Say whether the text begins as an object or a list of objects does."""
    return _OPENING.match(text) is not None


def load_json(text: str) -> Any:
    """Parse JSON; raises Unreadable with the line where it breaks."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"the JSON breaks off or has a mistake here ({error.msg}).",
            "Export or download the file again.",
            line=error.lineno,
        ) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable(
            "the JSON is nested too deeply, or holds numbers too large, for a transcript.",
            "Export the file again.",
        ) from error
