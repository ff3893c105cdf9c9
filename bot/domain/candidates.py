"""Candidates: the people who may be hired."""

import re
from dataclasses import dataclass

from bot.domain.panels.fields import InvalidPanel, PanelField

LONGEST_NAME = 150


LONGEST_EMAIL = 254


LONGEST_LINK = 1000


EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A person who may be hired."""

    id: str
    name: str
    email: str | None
    link: str | None


def candidate(id: str, name: str, email: str | None, link: str | None) -> Candidate:
    """A candidate from what somebody typed. Raises Misfit."""
    name = " ".join(name.split())
    if not name:
        raise InvalidPanel(PanelField.NAME, "Please enter the candidate's name.")
    if len(name) > LONGEST_NAME:
        raise InvalidPanel(PanelField.NAME, f"Please use at most {LONGEST_NAME} characters.")
    email, link = (email or "").strip(), (link or "").strip()
    if email and (len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email)):
        raise InvalidPanel(PanelField.EMAIL, "This is not an e-mail address.")
    if link and (len(link) > LONGEST_LINK or not LINK.fullmatch(link)):
        raise InvalidPanel(PanelField.LINK, "A link begins with https:// and has no spaces in it.")
    return Candidate(id, name, email or None, link or None)
