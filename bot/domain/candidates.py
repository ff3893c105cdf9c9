"""Candidates: the people who may be hired, each of them once."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.names import fault_of_name, search_key, without_invisible
from bot.domain.openings.opening import Opening
from bot.domain.panels.fields import InvalidPanel, PanelField

LONGEST_NAME = 150
LONGEST_EMAIL = 254
LONGEST_LINK = 1000
LONGEST_KEY = 200

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def address_key(email: str) -> str:
    """An address as it is compared with others, however its letters are encoded."""
    return unicodedata.normalize("NFC", email).casefold()[:LONGEST_EMAIL]


@dataclass(frozen=True)
class Candidate:
    """A person who may be hired."""

    id: str
    name: str
    email: str | None
    link: str | None

    @property
    def key(self) -> str:
        """The name as people look for it."""
        return search_key(self.name)[:LONGEST_KEY]

    @property
    def email_key(self) -> str | None:
        """The address as it is compared with others."""
        return address_key(self.email) if self.email else None


@dataclass(frozen=True)
class KnownCandidate:
    """A candidate as far as one person knows them: the opening they are in for, and since when."""

    candidate: Candidate
    opening: Opening
    since: datetime


@dataclass(frozen=True)
class Merge:
    """Two candidates that turned out to be one person: `candidate` is now `into`.

    What it takes to undo that: the applications that moved, the panels that were the candidate's,
    and where panels went into an application that was there already, which one they came from.
    """

    workspace: str
    candidate: str
    into: str
    actor: str
    at: datetime
    applications: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    folded: Mapping[str, str] = field(default_factory=dict)


def candidate(id: str, name: str, email: str | None, link: str | None) -> Candidate:
    """A candidate from what someone typed. Raises InvalidPanel."""
    name = " ".join(name.split())
    if not name:
        raise InvalidPanel(PanelField.NAME, "Enter the candidate's name.")
    if len(name) > LONGEST_NAME:
        raise InvalidPanel(PanelField.NAME, f"Use at most {LONGEST_NAME} characters.")
    if fault := fault_of_name(name):
        raise InvalidPanel(PanelField.NAME, fault)
    email, link = (without_invisible(text or "").strip() for text in (email, link))
    if email and (len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email)):
        raise InvalidPanel(PanelField.EMAIL, "This isn't an email address.")
    if link and (len(link) > LONGEST_LINK or not LINK.fullmatch(link)):
        raise InvalidPanel(PanelField.LINK, "A link starts with https:// and has no spaces.")
    return Candidate(id, name, email or None, link or None)
