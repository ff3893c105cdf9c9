"""What laws on pay ask of a posting, by where the job can be done."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from bot.domain.names import search_key
from bot.domain.openings.advice_book import PayIn, PayLaw, PayLaws
from bot.domain.openings.advice_finding import Finding, Spot
from bot.domain.openings.advice_lines import lines_of
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.job import Job
from bot.domain.openings.pay import Pay, PayPeriod
from bot.domain.openings.places import REGIONS, Place

A_YEAR = {
    PayPeriod.HOUR: 2080,
    PayPeriod.DAY: 260,
    PayPeriod.WEEK: 52,
    PayPeriod.MONTH: 12,
    PayPeriod.YEAR: 1,
}
"""How many of each a year of full-time work has."""

MOST_NAMED = 4
"""Places that are named before the others are only counted."""


def laws_for(job: Job, laws: PayLaws, today: date) -> list[PayLaw]:
    """The laws in force that the job may come under, by name."""
    found = [
        law
        for law in laws.laws
        if law.since <= today and any(law.holds_in(_placed(it)) for it in job.terms.places)
    ]
    return sorted(found, key=lambda law: law.name)


def _placed(place: Place) -> Place:
    """The place with its region, where somebody wrote one as they would a city: "California, US".

    New York may be either, and the laws of both are told of.
    """
    if place.region is not None or place.city is None:
        return place
    key = search_key(place.city)
    known = REGIONS.get(place.country, {}).items()
    region = next((code for code, name in known if search_key(name) == key), None)
    return place if region is None else Place(place.country, region)


def on_pay(job: Job, laws: PayLaws, today: date) -> Iterator[Finding]:
    """What the laws of the job's places ask for and the opening does not have."""
    found = laws_for(job, laws, today)
    in_posting = [law for law in found if law.pay_in is PayIn.POSTING]
    pay = job.terms.pay
    if pay is None:
        yield from _without_pay(found, in_posting)
    elif in_posting:
        yield from _too_wide(pay, in_posting, laws)
    yield from _closing_date(job, in_posting)
    yield from _mentions(job, in_posting, laws)
    yield from _region(job.terms.places, laws)


def _without_pay(found: Sequence[PayLaw], in_posting: Sequence[PayLaw]) -> Iterator[Finding]:
    if in_posting:
        yield _by_law(
            "pay-missing",
            "No pay range",
            f"{_ask(in_posting)} for the pay in the posting{_employers(in_posting)}.",
            "Add the lowest and the highest pay, with the currency and the period.",
            OpeningField.PAY,
            in_posting,
        )
    elif found:
        yield _by_law(
            "pay-before-negotiation",
            "No pay range",
            f"{_ask(found)} that candidates hear the pay, unprompted, before they negotiate it.",
            "Add the range here. Then no one has to remember to send it.",
            OpeningField.PAY,
            found,
        )


def _too_wide(pay: Pay, in_posting: Sequence[PayLaw], laws: PayLaws) -> Iterator[Finding]:
    rule = laws.wide_range
    if pay.maximum > pay.minimum * Decimal(str(rule.most)):
        times = f"{pay.maximum / pay.minimum:.1f}".removesuffix(".0")
        yield Finding(
            rule="pay-wide",
            title="Wide pay range",
            why=f"The highest pay is {times} times the lowest. {rule.why}",
            instead=rule.instead,
            spot=Spot(OpeningField.PAY),
            references=(rule.source.reference,),
            checked=rule.checked,
            law=_names(in_posting),
            places=tuple(law.name for law in in_posting),
        )
    for law in in_posting:
        if law.widest is not None and _is_too_wide(pay, law, law.widest):
            yield _by_law(
                "pay-widest",
                "Pay range too wide",
                f"{law.name} allows {law.widest:,} {law.currency} a year between the lowest and "
                f"the highest pay{_employers([law])}.",
                "Narrow the range, or post each level by itself.",
                OpeningField.PAY,
                [law],
            )


def _is_too_wide(pay: Pay, law: PayLaw, widest: int) -> bool:
    least, most = pay.minimum * A_YEAR[pay.period], pay.maximum * A_YEAR[pay.period]
    is_exempt = law.unless_above is not None and most > law.unless_above
    return pay.currency == law.currency and not is_exempt and most - least > widest


def _closing_date(job: Job, in_posting: Sequence[PayLaw]) -> Iterator[Finding]:
    asking = [law for law in in_posting if law.closing_date]
    if asking and job.terms.closes_on is None:
        yield _by_law(
            "closing-date-missing",
            "No last day to apply",
            f"{_ask(asking)} for the day on which applications are expected to close.",
            "Choose a day under Apply by. If you take applications all the time, say so in the "
            "text.",
            OpeningField.CLOSES_ON,
            asking,
        )


def _mentions(job: Job, in_posting: Sequence[PayLaw], laws: PayLaws) -> Iterator[Finding]:
    text = " ".join(line.plain for line in lines_of(job.text))
    for id, mention in sorted(laws.mentions.items()):
        asking = [law for law in in_posting if id in law.mentions]
        if asking and not mention.is_in(text):
            yield _by_law(
                f"{id}-missing",
                f"No word on {mention.what}",
                f"{_ask(asking)} for it in the posting. {mention.why}",
                mention.instead,
                OpeningField.TEXT,
                asking,
            )


def _region(places: Sequence[Place], laws: PayLaws) -> Iterator[Finding]:
    """Laws go by state or province, which nobody can tell from a city's name."""
    rule = laws.region_missing
    for place in map(_placed, places):
        if place.city and place.region is None and place.country in REGIONS:
            yield Finding(
                rule="region-missing",
                title="No state" if place.country == "US" else "No province",
                why=rule.why,
                instead=rule.instead,
                spot=Spot(OpeningField.WHERE),
                references=(rule.source.reference,),
                checked=rule.checked,
                words=(place.text,),
            )


def _by_law(
    rule: str, title: str, why: str, instead: str, field: OpeningField, laws: Sequence[PayLaw]
) -> Finding:
    return Finding(
        rule=rule,
        title=title,
        why=why,
        instead=instead,
        spot=Spot(field),
        references=tuple(dict.fromkeys(law.source.reference for law in laws)),
        checked=min(law.checked for law in laws),
        law=_names(laws),
        places=tuple(law.name for law in laws),
    )


def _names(laws: Sequence[PayLaw]) -> str:
    names = [law.name for law in laws[:MOST_NAMED]]
    more = len(laws) - len(names)
    if more:
        return f"{', '.join(names)} and {more} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _ask(laws: Sequence[PayLaw]) -> str:
    return f"{_names(laws)} {'asks' if len(laws) == 1 else 'ask'}"


def _employers(laws: Sequence[PayLaw]) -> str:
    """Whom it binds, where it is one law: that of others differs."""
    return f", of employers with {laws[0].employers}" if len(laws) == 1 else ""
