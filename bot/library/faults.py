"""Faults in content files, said so that whoever wrote the file can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.errors import UserError


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file, the key in it (empty for the whole file), what was expected."""

    file: str
    key: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.expected}"


class ContentError(UserError):
    """Content was refused; carries every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        heading = f"{count} {'fault' if count == 1 else 'faults'} in the content:"
        super().__init__("\n".join([heading, *(f"  {fault}" for fault in self.faults)]))


def from_validation(file: Path, error: ValidationError) -> list[Fault]:
    """Every fault that pydantic found in `file`.

    It counts a list without its faulty entries: that a list is too short then says nothing.
    """
    details = error.errors(include_url=False)
    holders = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    return [
        Fault(str(file), _key(detail["loc"]), _expected(detail))  # type: ignore[arg-type]
        for detail in details
        if detail["type"] != "too_short" or detail["loc"] not in holders
    ]


def _key(location: tuple[int | str, ...]) -> str:
    """`questions[2].rubric.poor`; lists count from 1, as a reader of the file does."""
    key = ""
    for part in location:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return key.removeprefix(".")


def _expected(detail: dict[str, Any]) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a known key"
        case "too_short" if context.get("actual_length") == 0:
            return "must not be empty"
        case "too_short":
            return f"needs at least {context['min_length']} entries, has {context['actual_length']}"
        case "too_long":
            return f"takes at most {context['max_length']} entries, has more"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            length = len(detail["input"])
            return f"takes at most {context['max_length']} characters, has {length}"
        case "string_type":
            return "must be text in quotes"
        case "tuple_type" | "list_type":
            return "must be a list in square brackets"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "must be a table with keys of its own"
        case "int_type" | "int_from_float" | "int_parsing":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "less_than_equal":
            return f"must be {context['le']} or less"
        case "date_type" | "date_from_datetime_parsing" | "date_parsing":
            return "must be a date such as 2026-11-25, without quotes"
        case "enum":
            return f"must be one of {context['expected']}"
        case "string_pattern_mismatch" if context["pattern"].startswith("^[a-z]{2,3}("):
            return "must be a language such as de or pt-BR"
        case "string_pattern_mismatch":
            return f"must look like {_pattern_example(context['pattern'])}"
        case _:
            return str(detail["msg"]).removeprefix("Value error, ")


def _pattern_example(pattern: str) -> str:
    if pattern.startswith(r"^\d{2}-"):
        return "15-1252 (a code of the Standard Occupational Classification 2018)"
    return "a-name-with-hyphens, in small letters"
