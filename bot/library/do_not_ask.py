"""Runs the rules on what not to ask over every question and everything that is rated."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.content import Content
from bot.domain.do_not_ask import Finding, Severity, findings
from bot.library.catalogue import Library

RATED = ("name", "summary", "ratings", "levels", "questions")
"""The keys of a competency's file that are looked at; of a role's file its questions are."""


@dataclass(frozen=True)
class Advice:
    """A finding with the place of the text that it is about."""

    file: Path
    key: str
    finding: Finding

    @property
    def is_grave(self) -> bool:
        return self.finding.rule.severity is Severity.HIGH

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.finding}"


def advice(library: Library) -> list[Advice]:
    """What the library's rules hold against its questions and competencies."""
    files = library.files
    contents: list[tuple[Path, Content, set[str]]] = [
        *((files.competencies[id], item, set(RATED)) for id, item in library.competencies.items()),
        *((files.roles[role.slug], role, {"questions"}) for role in library.roles),
    ]
    return [
        Advice(file, key, finding)
        for file, content, keys in contents
        for key, text in _texts(content.model_dump(mode="json", include=keys))
        for finding in findings(text, library.do_not_ask)
    ]


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text within, with a key such as `questions[2].probes[1]`; lists count from 1."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _texts(item, f"{key}[{number}]")
