"""The form that somebody applies with: what was typed, what is wrong with it, what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain.apply.files import LARGEST_FILE, FileFault, size_text
from bot.domain.apply.submission import (
    LONGEST_ADJUSTMENTS,
    LONGEST_HEARD,
    LONGEST_PHONE,
    Answers,
    FileFacts,
    RightToWork,
)
from bot.domain.apply.words import ApplyWords
from bot.domain.candidates import EMAIL, LINK, LONGEST_EMAIL, LONGEST_LINK, LONGEST_NAME
from bot.domain.names import fault_of_name, without_invisible
from bot.domain.openings.places import country_name
from bot.domain.posting import filled

LONGEST_TYPED = 5_000
"""Characters of a field that are given back."""

POOL_DAYS = 365
MEGABYTE = 1_000_000


class ApplyField(StrEnum):
    """The fields, by the names that outside clients rely on, in the order of the page."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    RESUME = "resume"
    LINK = "link"
    RIGHT_TO_WORK = "right_to_work"
    HEARD = "heard"
    ADJUSTMENTS = "adjustments"
    TALENT_POOL = "talent_pool"
    FORM = "form"


HIDDEN = ("form", "src", "website")

Typed = Mapping[str, str]
Faults = Mapping[ApplyField, str]

MOST = {
    ApplyField.PHONE: LONGEST_PHONE,
    ApplyField.HEARD: LONGEST_HEARD,
    ApplyField.ADJUSTMENTS: LONGEST_ADJUSTMENTS,
}


@dataclass(frozen=True)
class SentFile:
    """A file that came with a form: its name, its size in bytes, and why it isn't taken, if so."""

    name: str
    size: int
    fault: FileFault | None = None


def typed_of(given: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by the names of fields; whatever else was sent is left out."""
    names = [*(field.value for field in ApplyField if field is not ApplyField.RESUME), *HIDDEN]
    return {name: given[name].replace("\0", "")[:LONGEST_TYPED] for name in names if name in given}


def typed_again(answers: Answers) -> dict[str, str]:
    """What a form shows that has been sent before."""
    found = {
        ApplyField.NAME: answers.name,
        ApplyField.EMAIL: answers.email,
        ApplyField.PHONE: answers.phone,
        ApplyField.COUNTRY: answers.country,
        ApplyField.LINK: answers.link,
        ApplyField.RIGHT_TO_WORK: answers.right_to_work,
        ApplyField.HEARD: answers.heard,
        ApplyField.ADJUSTMENTS: answers.adjustments,
    }
    return {field.value: value for field, value in found.items() if value}


def faults_of(
    typed: Typed, words: ApplyWords, file: SentFile | None, kept: FileFacts | None
) -> dict[ApplyField, str]:
    """What is wrong, in the order of the page; `kept` is the file of the form as it came before."""
    found: dict[ApplyField, str] = {}
    _check_person(typed, words, found)
    if not country_is_known(_line(typed, ApplyField.COUNTRY)):
        found[ApplyField.COUNTRY] = words.fault_country
    _check_work(typed, words, file, kept, found)
    if _line(typed, ApplyField.RIGHT_TO_WORK) not in set(RightToWork):
        found[ApplyField.RIGHT_TO_WORK] = words.fault_right
    _check_lengths(typed, words, found)
    return {field: found[field] for field in ApplyField if field in found}


def faults_of_correction(
    typed: Typed, words: ApplyWords, file: SentFile | None
) -> dict[ApplyField, str]:
    """What is wrong with a correction, which has the phone, the link and a file alone."""
    found: dict[ApplyField, str] = {}
    _check_link(typed, words, found)
    if file is not None and file.fault is not None:
        found[ApplyField.RESUME] = file_fault(file, words)
    _check_lengths(typed, words, found)
    return found


def _check_person(typed: Typed, words: ApplyWords, found: dict[ApplyField, str]) -> None:
    name, email = _line(typed, ApplyField.NAME), _line(typed, ApplyField.EMAIL)
    if not name or fault_of_name(name):
        found[ApplyField.NAME] = words.fault_name
    elif len(name) > LONGEST_NAME:
        found[ApplyField.NAME] = _too_long(words, LONGEST_NAME, name)
    if not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL or not email.isprintable():
        found[ApplyField.EMAIL] = words.fault_email


def _check_work(
    typed: Typed,
    words: ApplyWords,
    file: SentFile | None,
    kept: FileFacts | None,
    found: dict[ApplyField, str],
) -> None:
    if file is not None and file.fault is not None:
        found[ApplyField.RESUME] = file_fault(file, words)
    elif file is None and kept is None and not _line(typed, ApplyField.LINK):
        found[ApplyField.RESUME] = words.fault_work
    _check_link(typed, words, found)


def _check_link(typed: Typed, words: ApplyWords, found: dict[ApplyField, str]) -> None:
    link = _line(typed, ApplyField.LINK)
    if link and (not LINK.fullmatch(link) or len(link) > LONGEST_LINK or not link.isprintable()):
        found[ApplyField.LINK] = words.fault_link


def _check_lengths(typed: Typed, words: ApplyWords, found: dict[ApplyField, str]) -> None:
    for field, most in MOST.items():
        if len(text := _line(typed, field)) > most:
            found[field] = _too_long(words, most, text)


def file_fault(file: SentFile, words: ApplyWords) -> str:
    """What somebody reads whose file isn't taken."""
    most = str(LARGEST_FILE // MEGABYTE)
    said = {
        FileFault.SIZE: words.fault_file_size,
        FileFault.KIND: words.fault_file_kind,
        FileFault.LOCKED: words.fault_file_locked,
        FileFault.EMPTY: words.fault_file_empty,
    }
    text = said[file.fault] if file.fault is not None else ""
    return filled(text, name=file.name, size=size_text(file.size), most=most)


def answers_of(typed: Typed, today: date) -> Answers:
    """What stands in a form without faults."""
    is_kept = bool(_line(typed, ApplyField.TALENT_POOL))
    return Answers(
        name=_line(typed, ApplyField.NAME),
        email=_line(typed, ApplyField.EMAIL),
        country=_line(typed, ApplyField.COUNTRY),
        right_to_work=RightToWork(_line(typed, ApplyField.RIGHT_TO_WORK)),
        phone=_line(typed, ApplyField.PHONE) or None,
        link=_line(typed, ApplyField.LINK) or None,
        heard=_line(typed, ApplyField.HEARD) or None,
        adjustments=_line(typed, ApplyField.ADJUSTMENTS) or None,
        pool_until=pool_until(today) if is_kept else None,
    )


def corrected(answers: Answers, typed: Typed) -> Answers:
    """The answers with another phone and link."""
    phone, link = _line(typed, ApplyField.PHONE), _line(typed, ApplyField.LINK)
    return replace(answers, phone=phone or None, link=link or None)


def pool_until(today: date) -> date:
    """Until when somebody who agrees to it today is kept for other jobs."""
    return date.fromordinal(today.toordinal() + POOL_DAYS)


def country_is_known(code: str) -> bool:
    return len(code) == len("US") and country_name(code) != code


def _line(typed: Typed, field: ApplyField) -> str:
    return " ".join(without_invisible(typed.get(field.value, "")).split())


def _too_long(words: ApplyWords, most: int, text: str) -> str:
    return filled(words.fault_long, most=str(most), count=str(len(text)))
