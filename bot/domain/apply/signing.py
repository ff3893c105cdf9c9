"""What we sign: when a form was shown, the address of a candidate's page, and links to files."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

OPENED_AT_MOST = timedelta(hours=24)
"""For so long a form can be sent."""

QUICKEST = timedelta(seconds=3)
"""Nobody fills a form in within less."""

LINK_LASTS = timedelta(minutes=5)

PARTS = 3
LONGEST = 200


@dataclass(frozen=True)
class FormStamp:
    """Which form it is, and when it was shown."""

    form: str
    shown_at: datetime


@dataclass(frozen=True)
class FileLink:
    """A link to a file, for one person, until then."""

    file: str
    person: str
    until: datetime


class Signer:
    """Signs with the installation's key. What it signs for one purpose is none for another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def stamp(self, opening: str, now: datetime, form: str | None = None) -> str:
        """Of a form for the opening that is shown now; `form` where it is one that was refused."""
        form = form or new_form()
        text = f"{form}.{int(now.timestamp())}"
        return f"{text}.{self._sign('form', opening, text)}"

    def stamped(self, opening: str, stamp: str) -> FormStamp | None:
        """What the stamp says; None where it is not ours, or of another opening."""
        parts = stamp.split(".") if len(stamp) <= LONGEST else []
        if len(parts) != PARTS:
            return None
        form, seconds, signature = parts
        text = f"{form}.{seconds}"
        if not self._is_signed(signature, "form", opening, text):
            return None
        return FormStamp(form, datetime.fromtimestamp(int(seconds), UTC))

    def token(self, form: str) -> str:
        """The token of the page of whoever sends this form; the same however often it is sent."""
        return self._sign("page", form)

    def link(self, file: str, person: str, now: datetime) -> str:
        """What follows /files/ for the file, for a few minutes."""
        text = f"{file}.{person}.{int((now + LINK_LASTS).timestamp())}"
        return f"{text}.{self._sign('file', text)}"

    def linked(self, signed: str, now: datetime) -> FileLink | None:
        """Which file the link is to; None where it is not ours, or too old."""
        text, _, signature = signed[:LONGEST].rpartition(".")
        if not self._is_signed(signature, "file", text):
            return None
        file, person, seconds = text.split(".")
        link = FileLink(file, person, datetime.fromtimestamp(int(seconds), UTC))
        return link if now < link.until else None

    def _is_signed(self, signature: str, *parts: str) -> bool:
        return hmac.compare_digest(signature.encode(), self._sign(*parts).encode())

    def _sign(self, *parts: str) -> str:
        digest = hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:24]).decode()


def new_form() -> str:
    """What a form is known by, which nobody guesses."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    """What is kept of a token: from it nobody finds the page."""
    return hashlib.sha256(token.encode()).hexdigest()
