"""What laws on pay ask of a posting: each place, what it asks for, and where it ends."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.openings.advice import advice_on
from bot.domain.openings.advice_finding import Finding
from bot.domain.openings.job import Job
from bot.domain.openings.places import Place, WorkMode
from bot.library.catalogue import Library
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN, load, load_layers
from tests.support.advice import BENEFITS, TODAY, job, text_with
from tests.support.content import write_company

LIBRARY = load()

BENEFITS_TOO = {"pay-missing", "benefits-missing"}
PAY_ONLY = {"pay-missing"}

JURISDICTIONS = {
    "California": ("Fresno, CA", "Reno, NV", PAY_ONLY),
    "Colorado": ("Denver, CO", "Cheyenne, WY", BENEFITS_TOO | {"closing-date-missing"}),
    "Hawaii": ("Honolulu, HI", "Anchorage, AK", PAY_ONLY),
    "Illinois": ("Chicago, IL", "Gary, IN", BENEFITS_TOO),
    "Maine": ("Portland, ME", "Portland, OR", PAY_ONLY),
    "Maryland": ("Baltimore, MD", "Dover, DE", BENEFITS_TOO),
    "Massachusetts": ("Boston, MA", "Providence, RI", PAY_ONLY),
    "Minnesota": ("Duluth, MN", "Fargo, ND", BENEFITS_TOO),
    "New Jersey": ("Newark, NJ", "Philadelphia, PA", BENEFITS_TOO),
    "New York": ("Buffalo, NY", "Erie, PA", PAY_ONLY),
    "New York City": ("Brooklyn, NY", "Buffalo, NY", PAY_ONLY),
    "Cleveland": ("Cleveland, OH", "Akron, OH", PAY_ONLY),
    "Columbus": ("Columbus, OH", "Columbus, GA", PAY_ONLY),
    "Vermont": ("Burlington, VT", "Concord, NH", PAY_ONLY),
    "Virginia": ("Norfolk, VA", "Charleston, WV", PAY_ONLY),
    "Washington State": ("Seattle, WA", "Portland, OR", BENEFITS_TOO),
    "Washington, DC": ("Washington, District of Columbia, US", "Fairfax, WV", PAY_ONLY),
    "British Columbia": ("Vancouver, BC, Canada", "Calgary, AB, Canada", PAY_ONLY),
    "Ontario": ("Toronto, ON, Canada", "Montreal, QC, Canada", PAY_ONLY | {"vacancy-missing"}),
    "Prince Edward Island": ("Charlottetown, PE, Canada", "Halifax, NS, Canada", PAY_ONLY),
    "Austria": ("Vienna, Austria", "Munich, Germany", PAY_ONLY),
    "Italy": ("Milan, Italy", "Lugano, Switzerland", PAY_ONLY),
    "Latvia": ("Riga, Latvia", "Tallinn, Estonia", PAY_ONLY),
    "Lithuania": ("Vilnius, Lithuania", "Tallinn, Estonia", PAY_ONLY),
    "Malta": ("Valletta, Malta", "Athens, Greece", {"pay-before-negotiation"}),
    "Poland": ("Warsaw, Poland", "Prague, Czechia", {"pay-before-negotiation"}),
    "Slovakia": ("Bratislava, Slovakia", "Prague, Czechia", {"pay-before-negotiation"}),
}
"""A place where each law holds, one beside it where it doesn't, and what is said of an opening
there that shows no pay, has no closing date and says nothing of benefits."""

COUNTRY_WIDE = {
    *("California", "Colorado", "Hawaii", "Illinois", "Maine", "Maryland", "Massachusetts"),
    *("Minnesota", "New Jersey", "New York", "New York City", "Virginia", "Washington State"),
    "Washington, DC",
}
"""Which count for a job that can be done from anywhere in the United States."""


def found(opening: Job, today: date = TODAY, library: Library = LIBRARY) -> list[Finding]:
    return [one for one in advice_on(opening, library.advice, today) if one.law or one.places]


def of(name: str, findings: list[Finding]) -> set[str]:
    return {one.rule for one in findings if name in one.places}


def test_every_law_that_holds_by_now_has_its_line_in_the_table() -> None:
    in_force = {law.name for law in LIBRARY.advice.pay.laws if law.since <= TODAY}
    assert in_force == JURISDICTIONS.keys()


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_an_opening_there_without_pay_is_told_what_the_law_asks_for(name: str) -> None:
    inside, _, expected = JURISDICTIONS[name]
    assert of(name, found(job(inside, pay=""))) == expected


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_an_opening_beside_it_is_told_nothing_of_it(name: str) -> None:
    _, outside, _ = JURISDICTIONS[name]
    assert of(name, found(job(outside, pay=""))) == set()


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_an_opening_that_says_it_all_is_told_nothing(name: str) -> None:
    inside, _, _ = JURISDICTIONS[name]
    text = text_with(about=f"{BENEFITS} This posting is for an existing vacancy.")
    opening = job(inside, pay="50,000-60,000 CAD", text=text, closes_on=date(2027, 1, 15))
    assert found(opening) == []


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_a_law_holds_from_its_day_on(name: str) -> None:
    inside, _, _ = JURISDICTIONS[name]
    (law,) = (law for law in LIBRARY.advice.pay.laws if law.name == name)
    before = law.since.replace(year=law.since.year - 1)
    assert of(name, found(job(inside, pay=""), before)) == set()
    assert of(name, found(job(inside, pay=""), law.since))


def test_delaware_is_only_told_of_from_september_2027_on() -> None:
    opening = job("Dover, DE", pay="")
    assert found(opening, date(2027, 9, 25)) == []
    assert of("Delaware", found(opening, date(2027, 9, 26))) == BENEFITS_TOO


def test_a_remote_job_counts_wherever_people_may_sit() -> None:
    anywhere = found(job("United States", WorkMode.REMOTE, pay=""))
    (missing,) = (one for one in anywhere if one.rule == "pay-missing")
    assert set(missing.places) == COUNTRY_WIDE
    assert missing.why.startswith(
        "California, Colorado, Hawaii, Illinois and 10 more ask for the pay in the posting"
    )


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("California, US", ("California",)),
        ("VT, US", ("Vermont",)),
        ("New York, US", ("New York", "New York City")),
        ("Ontario, Canada", ("Ontario",)),
        ("Texas, US", ()),
    ],
)
def test_a_whole_state_counts_however_it_is_written(typed: str, names: tuple[str, ...]) -> None:
    remote = found(job(typed, WorkMode.REMOTE, pay=""))
    assert [one.places for one in remote if one.rule == "pay-missing"] == [names] * bool(names)


def test_a_state_that_people_can_work_from_counts_beside_the_office() -> None:
    opening = replace(job("Austin, TX", pay=""))
    places = (*opening.terms.places, Place("US", "VT"))
    remote_too = replace(opening, terms=replace(opening.terms, places=places))
    assert found(opening) == []
    assert of("Vermont", found(remote_too)) == PAY_ONLY


def test_one_law_says_whom_it_binds_and_where_it_stands() -> None:
    (missing,) = found(job("Milan, Italy", pay=""))
    assert missing.law == "Italy"
    assert missing.why == (
        "Italy asks for the pay in the posting, of employers with any number of employees."
    )
    assert [source.text for source in missing.references] == ["State of Directive (EU) 2023/970"]
    assert missing.checked == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("pay", "rules"),
    [
        ("50,000-100,000 USD", set()),
        ("50,000-100,001 USD", {"pay-wide"}),
        ("20-45 USD an hour", {"pay-wide"}),
        ("80,000 USD", set()),
    ],
)
def test_a_range_is_wide_where_its_top_is_more_than_twice_its_bottom(
    pay: str, rules: set[str]
) -> None:
    assert {one.rule for one in found(job("Fresno, CA", pay=pay))} == rules


def test_a_wide_range_is_no_matter_of_law_where_no_law_asks_for_one() -> None:
    assert found(job("Berlin, Germany", pay="50,000-150,000 EUR")) == []


@pytest.mark.parametrize(
    ("pay", "is_too_wide"),
    [
        ("60,000-110,000 CAD", False),
        ("60,000-110,001 CAD", True),
        ("30-55 CAD an hour", True),  # 52,000 in a year of 2,080 hours
        ("30-54 CAD an hour", False),
        ("150,000-200,000 CAD", False),
        ("140,000-200,000 CAD", True),
        ("140,000-200,001 CAD", False),  # above 200,000 Ontario asks for no range at all
        ("60,000-115,000 USD", False),
    ],
)
def test_ontario_allows_50000_canadian_dollars_a_year(pay: str, is_too_wide: bool) -> None:
    rules = {one.rule for one in found(job("Toronto, ON, Canada", pay=pay))}
    assert ("pay-widest" in rules) is is_too_wide


def test_a_city_without_its_state_is_asked_for_it() -> None:
    opening = job("Denver, US")
    (asked,) = advice_on(opening, LIBRARY.advice, TODAY)
    assert (asked.rule, asked.title, asked.words) == ("region-missing", "No state", ("Denver, US",))
    (asked,) = advice_on(job("Toronto, Canada"), LIBRARY.advice, TODAY)
    assert asked.title == "No province"


def test_a_remote_job_without_a_country_is_asked_for_it() -> None:
    (asked,) = advice_on(job("", WorkMode.REMOTE), LIBRARY.advice, TODAY)
    assert asked.rule == "remote-without-country"
    assert advice_on(job("Germany", WorkMode.REMOTE), LIBRARY.advice, TODAY) == ()


SOME = ("Denver, CO", "Toronto, ON, Canada", "Vienna, Austria", "United States")


@given(st.sampled_from(list(permutations(SOME))), st.sampled_from(["", "1-3k USD a month"]))
def test_the_order_of_places_makes_no_difference(order: tuple[str, ...], pay: str) -> None:
    assert found(job("; ".join(order), pay=pay)) == found(job("; ".join(SOME), pay=pay))


@given(st.sets(st.sampled_from(SOME), min_size=1), st.sampled_from(SOME))
def test_one_more_place_never_takes_a_law_away(places: set[str], more: str) -> None:
    fewer = {one for it in found(job("; ".join(places), pay="")) for one in it.places}
    all_of_them = found(job("; ".join({*places, more}), pay=""))
    assert fewer <= {one for it in all_of_them for one in it.places}


def test_a_companys_own_laws_replace_the_built_in_ones(tmp_path: Path) -> None:
    write_company(tmp_path)
    built_in = (BUILT_IN / "pay_laws.toml").read_text()
    head = built_in[: built_in.index("# United States")]
    (tmp_path / "pay_laws.toml").write_text(f"{head}{LAW}")
    library = load_layers([tmp_path])
    (missing,) = found(job("Erfurt, Germany", pay=""), library=library)
    assert missing.law == "Germany"


LAW = """
[[laws]]
name = "Germany"
country = "DE"
pay_in = "posting"
employers = "any number of employees"
since = 2026-06-07
source = { text = "A law", url = "https://example.com/law" }
checked = 2026-11-30
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"DE"', '"QQ"', "laws[1]: 'QQ' is no country's code (ISO 3166)"),
        ('"DE"', '"US"\nregion = "XX"', "laws[1]: 'XX' is no region of US (ISO 3166-2)"),
        ('"posting"', '"contract"', "laws[1].pay_in: must be one of 'posting' or 'negotiation'"),
        ('"https://example.com/law"', '"example.com"', "laws[1].source.url: "),
        ("checked = 2026-11-30", "", "laws[1].checked: is missing"),
        ("checked", 'mentions = ["lamps"]\nchecked', "Germany: no mentions.lamps"),
        ("checked", "widest = 5\nchecked", "laws[1]: widest needs the currency that it is in"),
    ],
)
def test_a_fault_in_the_laws_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    write_company(tmp_path)
    built_in = (BUILT_IN / "pay_laws.toml").read_text()
    head = built_in[: built_in.index("# United States")]
    (tmp_path / "pay_laws.toml").write_text(head + LAW.replace(old, new))
    with pytest.raises(ContentError) as refused:
        load_layers([tmp_path])
    (said,) = map(str, refused.value.faults)
    assert fault in said
