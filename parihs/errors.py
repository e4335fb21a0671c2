"""The one error that people see; anything else that escapes is a bug."""

from __future__ import annotations


class ParihsError(Exception):
    """Something a person can mend: what happened, and what to do about it.

    ``message`` says what happened and what it means for their data; ``hint`` says what to do next.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
