"""Openings with all kinds of terms and texts, as their documents are made of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from bot.domain.company import Company, Stage
from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.openings.pay import Pay, PayPeriod
from bot.domain.openings.places import MOST_PLACES, Place, WorkMode, fault_of_places
from bot.domain.openings.terms import EmploymentType, Terms
from bot.domain.openings.text import Text
from bot.domain.posting import Section
from bot.domain.roles import Role

ID = "0123456789abcdef"
TODAY = date(2026, 12, 1)
POSTED = datetime(2026, 11, 2, 9, tzinfo=UTC)
APPLY = "https://jobs.example.com/7"


NORTHWIND = Company(
    name="Northwind Traders",
    site="https://northwind.example",
    logo="https://northwind.example/logo.png",
    about=("We sell good food.", "We are 80 people."),
    benefits=("30 days off", "A lunch a day"),
    process=(Stage("Phone call", "30 minutes"),),
    equal_opportunity="Everyone is rated by the same standards.",
    adjustments="Tell us what makes applying easier.",
    privacy_notice="We keep what you send for 180 days.",
)
"""What a company says once for all of its postings."""

TERMS = Terms(
    places=(Place("DE", None, "Berlin"), Place("DE")),
    work_mode=WorkMode.HYBRID,
    pay=Pay(Decimal(75000), Decimal(92000), "EUR", PayPeriod.YEAR),
    closes_on=date(2027, 1, 15),
    apply_at=APPLY,
)
IN_AUSTIN = Terms(
    places=(Place("US", "TX", "Austin"),),
    work_mode=WorkMode.ONSITE,
    employment_type=EmploymentType.PART_TIME,
    pay=Pay(Decimal("28.50"), Decimal("28.50"), "USD", PayPeriod.HOUR),
    hours="24 hours a week",
    apply_at="jobs@example.com",
)
ANYWHERE = Terms(
    places=(Place("US", "CO"), Place("CA"), Place("GB", None, "Leeds")),
    work_mode=WorkMode.REMOTE,
    no_pay="An honorary office",
    seats=3,
    apply_at=APPLY,
)


def job_of(role: Role, terms: Terms = TERMS, text: Text | None = None, **head: str) -> Job:
    """An open job for the role."""
    values = {"title": role.title, "team": "Payments"} | head
    opening = Opening(
        ID,
        role.slug,
        values["title"],
        None,
        "U1",
        team=values["team"],
        status=OpeningStatus.OPEN,
        hiring_manager="U2",
    )
    sections = role.sections if text is None else text
    return Job(opening, "the-job", terms, sections, status_at=POSTED)


PLACES = st.sampled_from(
    [
        *(Place("US", "TX", "Austin"), Place("US", "NY"), Place("US"), Place("GB")),
        *(Place("DE", None, "Berlin"), Place("DE"), Place("JP", None, "東京"), Place("FR")),
        *(
            Place("CA", "QC", "Montréal"),
            Place("CA", "ON"),
            Place("AE"),
            Place("BR", "SP", "Osasco"),
        ),
    ]
)
PAY = st.builds(
    lambda ends, currency, period: Pay(min(ends), max(ends), currency, period),
    st.tuples(*[st.decimals(1, 10**9, places=2, allow_nan=False)] * 2),
    st.sampled_from(["USD", "EUR", "JPY", "GBP", "CHF", "INR"]),
    st.sampled_from(PayPeriod),
)
WORDS = ("</script>", "<!--", "<b>", "&amp;", "]]>", "@here", "<!channel>", "<@U1>", "*x*", "_x_")
PARTS = (*WORDS, "`", "```", "~x~", "a@b.example", "https://x.example/(a)", "\n", "\n\n", "\u2028")
PIECES = (
    *PARTS,
    "# ",
    "- ",
    "1. ",
    "> ",
    "[x](y)",
    "{{ 7*7 }}",
    "{% x %}",
    "'",
    '"',
    "a",
    "Bc ",
    " ",
)
EVIL = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30
)
"""What people type, paste or try."""

SECTIONS = st.lists(
    st.builds(
        Section,
        st.sampled_from(["What you'll do", "What you'll bring"]) | EVIL,
        st.lists(EVIL, max_size=3).map(tuple),
        st.lists(EVIL, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=3,
).map(tuple)

ANY_TERMS = st.builds(
    Terms,
    places=st.lists(PLACES, min_size=1, max_size=MOST_PLACES, unique=True).map(tuple),
    work_mode=st.sampled_from(WorkMode),
    employment_type=st.sampled_from(EmploymentType),
    pay=st.none() | PAY,
    no_pay=st.just("An honorary office"),
    hours=st.none() | st.just("40 hours a week"),
    seats=st.integers(1, 999),
    closes_on=st.none() | st.dates(TODAY, date(2030, 1, 1)),
    apply_at=st.sampled_from([APPLY, "jobs@example.com", f"{APPLY}?a=1&b=(*_x_*)@y"]),
).filter(lambda terms: fault_of_places(terms.places, terms.work_mode) is None)
