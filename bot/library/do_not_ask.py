"""Runs the rules on what not to ask over everything that people read of roles and competencies."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.content import Content
from bot.domain.do_not_ask import Finding, Guard, Severity
from bot.domain.roles import Role
from bot.library.catalogue import Library

NOT_READ = {
    "slug",
    "aliases",
    "category",
    "occupation",
    "reviewed",
    "reviewers",
    "version",
    "level",
    "locale",
    "words",
    *(
        "about",
        "benefits",
    ),  # which ask nothing of anybody, and rightly speak of families and health
}
NAMES = {"id", "kind", "level", "competency", "competencies", "tags"}
"""Keys whose values are names for programs, in whatever part of a file they stand."""

FAULTS_ON_PURPOSE = "shows_faults"
"""What is not looked at: an exhibit whose faults the candidate has to find."""


@dataclass(frozen=True)
class Advice:
    """A finding with the place of the text that it is about."""

    file: Path
    key: str
    text: str
    finding: Finding

    @property
    def is_grave(self) -> bool:
        return self.finding.rule.severity is Severity.HIGH

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.finding}"


def advice(library: Library, roles: Iterable[Role] | None = None) -> list[Advice]:
    """What the library's rules hold against its roles and competencies, or against some roles.

    Looked at are postings, guides, levels and questions with all their parts.
    """
    files = library.files
    look = cache(Guard(library.do_not_ask).findings)  # what many roles share is looked at once
    competencies = library.competencies.items() if roles is None else ()
    contents: list[tuple[Path, Content]] = [
        *((files.competencies[id], item) for id, item in competencies),
        *((files.roles[role.slug], role) for role in roles or library.roles),
    ]
    return [
        Advice(file, key, text, finding)
        for file, content in contents
        for key, text, finding in findings_in(content, look)
    ]


Look = Callable[[str], Iterable[Finding]]


def findings_in(content: Content, look: Look) -> Iterator[tuple[str, str, Finding]]:
    """What `look` finds in texts of a role or competency, each with its key."""
    for key, text in _texts(content.model_dump(mode="json", exclude=NOT_READ)):
        for finding in look(text):
            yield key, text, finding


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text within, with a key such as `questions[2].probes[1]`; lists count from 1."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict) and not value.get(FAULTS_ON_PURPOSE):
        for name, item in value.items():
            if name not in NAMES:
                yield from _texts(item, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _texts(item, f"{key}[{number}]")
