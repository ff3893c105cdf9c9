"""What stands in an opening's form: read into the opening, and shown as it can be typed again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.names import fault_of_name, without_invisible
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.job import Job, own_page
from bot.domain.openings.opening import LONGEST_TEAM, LONGEST_TITLE, MOST_DECIDERS
from bot.domain.openings.pay import NoSuchPay, PayPeriod, pay_of
from bot.domain.openings.places import NoSuchPlace, fault_of_places, places_of, typed_places
from bot.domain.openings.terms import LONGEST_HOURS, LONGEST_NO_PAY, MOST_SEATS, fault_of_apply_at

Entered = Mapping[OpeningField, Any]
"""What stands in a form's fields; those that it does not show are missing."""

FIRST = (
    OpeningField.TITLE,
    OpeningField.WHERE,
    OpeningField.WORK_MODE,
    OpeningField.PAY,
    OpeningField.HIRING_MANAGER,
    OpeningField.CLOSES_ON,
)
"""The fields that the form always shows."""

FOLDED = (
    OpeningField.LEVEL,
    OpeningField.TEAM,
    OpeningField.EMPLOYMENT_TYPE,
    OpeningField.HOURS,
    OpeningField.SEATS,
    OpeningField.RECRUITER,
    OpeningField.DECIDERS,
    OpeningField.APPLIES_HERE,
    OpeningField.APPLY_AT,
    OpeningField.NO_PAY,
    OpeningField.CHANNEL,
    OpeningField.POSTS_APPLICATIONS,
    OpeningField.POSTS_BOARD,
)
"""Those behind *More*."""

LINES: Mapping[OpeningField, int] = {
    OpeningField.TITLE: LONGEST_TITLE,
    OpeningField.TEAM: LONGEST_TEAM,
    OpeningField.HOURS: LONGEST_HOURS,
    OpeningField.NO_PAY: LONGEST_NO_PAY,
}
"""Fields that hold a line of anybody's words, with how many characters each takes."""


@dataclass(frozen=True)
class Usual:
    """What holds where somebody typed a number without a currency, or a city without a country.
    `pages` is the address of the jobs pages, where there are any."""

    currency: str | None = None
    period: PayPeriod = PayPeriod.YEAR
    country: str | None = None
    pages: str | None = None


def usual(like: Iterable[Job | None], company: Usual) -> Usual:
    """As in the first of these openings that says it, else as in the company."""
    terms = [job.terms for job in like if job is not None]
    pay = next((one.pay for one in terms if one.pay), None)
    place = next((one.places[0] for one in terms if one.places), None)
    return Usual(
        currency=pay.currency if pay else company.currency,
        period=pay.period if pay else company.period,
        country=place.country if place else company.country,
        pages=company.pages,
    )


def typed(job: Job, *, has_pages: bool = False) -> Entered:
    """The opening as its form shows it; with `has_pages`, also whether people apply on its own."""
    opening, terms, here = job.opening, job.terms, OpeningField.APPLIES_HERE
    return {
        **({here: job.applies_here} if has_pages else {}),
        OpeningField.TITLE: opening.title,
        OpeningField.WHERE: typed_places(terms.places) or None,
        OpeningField.WORK_MODE: terms.work_mode,
        OpeningField.PAY: terms.pay.typed if terms.pay else None,
        OpeningField.HIRING_MANAGER: opening.hiring_manager,
        OpeningField.CLOSES_ON: terms.closes_on,
        OpeningField.LEVEL: opening.level,
        OpeningField.TEAM: opening.team,
        OpeningField.EMPLOYMENT_TYPE: terms.employment_type,
        OpeningField.HOURS: terms.hours,
        OpeningField.SEATS: str(terms.seats),
        OpeningField.RECRUITER: opening.recruiter,
        OpeningField.DECIDERS: opening.deciders,
        OpeningField.APPLY_AT: None if job.applies_here else terms.apply_at,
        OpeningField.NO_PAY: terms.no_pay,
        OpeningField.CHANNEL: terms.channel,
        OpeningField.POSTS_APPLICATIONS: terms.posts_applications,
        OpeningField.POSTS_BOARD: terms.posts_board,
    }


def filled(job: Job, entered: Entered, usual: Usual, today: date) -> Job:
    """The opening with what was entered. Raises InvalidOpening with every fault there is."""
    faults: dict[OpeningField, str] = {}
    lines = {
        field: _line(field, entered[field] or "", faults) for field in LINES if field in entered
    }
    values = {**typed(job), **entered, **lines}
    if not values[OpeningField.TITLE]:
        faults.setdefault(OpeningField.TITLE, "Enter the job's title.")
    places, mode = job.terms.places, values[OpeningField.WORK_MODE]
    try:
        places = places_of(values[OpeningField.WHERE] or "", usual.country)
    except NoSuchPlace as fault:
        faults[OpeningField.WHERE] = str(fault)
    else:
        if told := fault_of_places(places, mode):
            faults[OpeningField.WHERE] = told
    pay = job.terms.pay
    try:
        pay = pay_of(values[OpeningField.PAY] or "", usual.currency, usual.period)
    except NoSuchPay as fault:
        faults[OpeningField.PAY] = str(fault)
    closes_on = values[OpeningField.CLOSES_ON]
    if closes_on is not None and closes_on != job.terms.closes_on and closes_on < today:
        faults[OpeningField.CLOSES_ON] = "This day has passed. Choose a later one."
    apply_at = _apply_at(job, values, usual, faults)
    seats = _seats(values[OpeningField.SEATS], faults)
    people = tuple(dict.fromkeys(values[OpeningField.DECIDERS] or ()))
    if len(people) > MOST_DECIDERS:
        faults[OpeningField.DECIDERS] = f"Choose at most {MOST_DECIDERS} people."
    if values[OpeningField.POSTS_BOARD] and not values[OpeningField.CHANNEL]:
        faults[OpeningField.CHANNEL] = "Choose the private channel that shows the board."
    if faults:
        raise InvalidOpening(faults)
    terms = replace(
        job.terms,
        places=places,
        work_mode=mode,
        employment_type=values[OpeningField.EMPLOYMENT_TYPE],
        pay=pay,
        no_pay=values[OpeningField.NO_PAY] or None,
        hours=values[OpeningField.HOURS] or None,
        seats=seats,
        closes_on=closes_on,
        apply_at=apply_at,
        channel=values[OpeningField.CHANNEL],
        posts_applications=bool(values[OpeningField.POSTS_APPLICATIONS]),
        posts_board=bool(values[OpeningField.POSTS_BOARD]),
    )
    opening = replace(
        job.opening,
        title=values[OpeningField.TITLE],
        level=values[OpeningField.LEVEL],
        team=values[OpeningField.TEAM] or None,
        hiring_manager=values[OpeningField.HIRING_MANAGER],
        recruiter=values[OpeningField.RECRUITER],
        deciders=people,
    )
    return replace(job, opening=opening, terms=terms)


def merged(seen: Entered, entered: Entered, now: Entered) -> Entered:
    """What somebody entered, over what others have changed since they saw the form.

    A field that they left alone is as it is now.
    """
    touched = {name: value for name, value in entered.items() if value != seen.get(name)}
    return {**now, **touched}


def _apply_at(
    job: Job, values: Entered, usual: Usual, faults: dict[OpeningField, str]
) -> str | None:
    """Where people apply: what was typed, or the job's own page."""
    text = without_invisible(values[OpeningField.APPLY_AT] or "").strip() or None
    is_here = values.get(OpeningField.APPLIES_HERE, job.applies_here and text is None)
    if text is not None and is_here:
        faults[OpeningField.APPLY_AT] = "Clear this, or don't take applications on the job's page."
    elif text is not None and (told := fault_of_apply_at(text)):
        faults[OpeningField.APPLY_AT] = told
    if not is_here:
        return text
    return own_page(usual.pages, job.id) if usual.pages is not None else job.terms.apply_at


def _line(field: OpeningField, text: str, faults: dict[OpeningField, str]) -> str:
    line = " ".join(without_invisible(text).split())
    if len(line) > LINES[field]:
        faults[field] = f"Use at most {LINES[field]} characters."
    elif fault := fault_of_name(line):
        faults[field] = fault
    return line


def _seats(typed: str | None, faults: dict[OpeningField, str]) -> int:
    text = (typed or "1").strip()
    if re.fullmatch("[0-9]{1,6}", text) and 1 <= int(text) <= MOST_SEATS:
        return int(text)
    faults[OpeningField.SEATS] = f"Use a number from 1 to {MOST_SEATS}."
    return 1
