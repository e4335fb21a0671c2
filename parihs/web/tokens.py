"""Signed tokens for our routes, which Streamlit does not protect.

A page gives its component a token; whoever holds it may act as that coder in that study for a day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from parihs.errors import ParihsError

LIFETIME_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows: acting as one coder in one study, with one codebook version."""

    study_id: str
    coder_id: str
    codebook_version_id: str


class NotAllowedError(ParihsError):
    """The request came without a valid token."""


class Tokens:
    """Makes and reads tokens with a home's secret."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="parihs-grant")

    def issue(self, grant: Grant) -> str:
        """A token for a grant, valid for a day."""
        return self._serializer.dumps(asdict(grant))

    def read(self, token: str | None) -> Grant:
        """The grant of a token. Raises NotAllowedError when it is missing, forged or too old."""
        try:
            return Grant(**self._serializer.loads(token or "", max_age=LIFETIME_S))
        except (BadSignature, TypeError) as error:
            raise NotAllowedError(
                "This page was opened too long ago to save.",
                "Reload it; what is waiting to be saved is kept and will be sent.",
            ) from error
