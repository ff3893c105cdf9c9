"""Openings to advise on, built in a line."""

from datetime import date
from typing import Any

from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening
from bot.domain.openings.pay import pay_of
from bot.domain.openings.places import WorkMode, places_of
from bot.domain.openings.terms import Terms
from bot.domain.openings.text import Text
from bot.domain.posting import Section

TODAY = date(2026, 12, 1)

DAYS = (
    "You'll sell lamps to people who know what they want and to people who don't. Most mornings "
    "begin in the store, where you set up the new lamps and see what sold the day before. In the "
    "afternoon you'll visit builders and show them what fits their plans. "
) * 4
"""About as much as a posting says of its days, in plain words."""

BENEFITS = "You get health insurance and 25 days of paid leave."


def listed(count: int = 5) -> tuple[str, ...]:
    return tuple(
        f"You can name lamp number {number} and say who it is for." for number in range(count)
    )


def text_with(*requirements: str, about: str = "") -> Text:
    """A posting with nothing to say of it, but for what is added."""
    return (
        Section(paragraphs=(DAYS, *((about,) if about else ()))),
        Section(
            "What you'll do",
            items=tuple(f"Sell lamp number {number} to a builder." for number in range(8)),
        ),
        Section("What you'll bring", items=(*listed(), *requirements)),
    )


def job(
    places: str = "Berlin, Germany",
    mode: WorkMode = WorkMode.HYBRID,
    pay: str = "50,000-60,000 EUR",
    text: Text | None = None,
    title: str = "Lamp Seller",
    **terms: Any,
) -> Job:
    """An opening, its places and pay as people type them."""
    return Job(
        Opening("o1", "lamp-seller", title, None, "U1"),
        "lamp-seller",
        Terms(
            places=places_of(places),
            work_mode=mode,
            pay=pay_of(pay),
            no_pay=None if pay else "We decide together.",
            **terms,
        ),
        text_with() if text is None else text,
    )
