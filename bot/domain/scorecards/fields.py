"""What the fields of a scorecard are: merging, paging, storage, form and receipt follow from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

FIELD = "scorecard field"


class Option(StrEnum):
    """What can be chosen in a field; its enum derives from this."""

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()


@dataclass(frozen=True)
class TextField:
    """What is typed: at most so many characters; `about_candidate`: those who read it read that."""

    most: int
    about_candidate: bool = True


@dataclass(frozen=True)
class ChoiceField:
    """What is chosen from a list; None while nothing has been."""

    options: type[Option]


def typed(most: int, *, about_candidate: bool = True) -> dict[str, TextField]:
    """The metadata of a field that is typed."""
    return {FIELD: TextField(most, about_candidate)}


def chosen(options: type[Option]) -> dict[str, ChoiceField]:
    """The metadata of a field that is chosen."""
    return {FIELD: ChoiceField(options)}


def texts_of(holder: type) -> dict[str, TextField]:
    """The typed fields of a dataclass, by name, in their order."""
    found = ((one.name, one.metadata.get(FIELD)) for one in fields(holder))
    return {name: one for name, one in found if isinstance(one, TextField)}


def choices_of(holder: type) -> dict[str, ChoiceField]:
    """The chosen fields of a dataclass, by name, in their order."""
    found = ((one.name, one.metadata.get(FIELD)) for one in fields(holder))
    return {name: one for name, one in found if isinstance(one, ChoiceField)}


def merged_fields(mine: Any, theirs: Any) -> dict[str, Any]:
    """By name, mine with what theirs has besides; where both have chosen, mine stands."""
    holder = type(mine)
    return {
        **{
            name: merged_text(getattr(mine, name), getattr(theirs, name))
            for name in texts_of(holder)
        },
        **{name: getattr(mine, name) or getattr(theirs, name) for name in choices_of(holder)},
    }


def chosen_otherwise(mine: Any, theirs: Any) -> dict[str, Option]:
    """By name, what theirs has chosen where mine has chosen something else."""
    pairs = {name: (getattr(mine, name), getattr(theirs, name)) for name in choices_of(type(mine))}
    return {
        name: other for name, (own, other) in pairs.items() if own and other and own is not other
    }


def merged_text(mine: str, theirs: str) -> str:
    """Mine, and below it those paragraphs of theirs that are not in it."""
    if theirs.strip() in mine:
        return mine
    if mine.strip() in theirs:
        return theirs
    more = [part for part in theirs.split("\n\n") if part.strip() and part not in mine]
    return "\n\n".join([mine, *more])


def read_fields(holder: type, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a dataclass as they were kept, or typed into a form: text, by name.

    What is not there, or no option, is as nothing had been said: a draft may be older than a field.
    """
    return {
        **{name: kept.get(name) or "" for name in texts_of(holder)},
        **{
            name: option_of(one.options, kept.get(name)) for name, one in choices_of(holder).items()
        },
    }


def option_of(options: type[Option], value: str | None) -> Option | None:
    return options(value) if value in set(options) else None


def all_texts(holders: Iterable[Any], *, about_candidate: bool = False) -> Iterator[str]:
    """Everything typed in these; or only what is about the candidate."""
    for holder in holders:
        for name, one in texts_of(type(holder)).items():
            if one.about_candidate or not about_candidate:
                yield getattr(holder, name)
