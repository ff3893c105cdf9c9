"""Where a job is and what it pays, as people type it and as everybody reads it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.job import Job, check_postable, slugs_of
from bot.domain.openings.opening import NEXT, Opening, OpeningStatus
from bot.domain.openings.pay import NoSuchPay, Pay, PayPeriod, currencies, fraction_digits, pay_of
from bot.domain.openings.places import (
    REGIONS,
    NoSuchPlace,
    Place,
    WorkMode,
    fault_of_places,
    places_of,
    typed_places,
    where,
)
from bot.domain.openings.places import countries as iso_countries
from bot.domain.openings.terms import Terms, fault_of_apply_at, pay_json
from bot.domain.openings.zones import zone_of_days
from bot.domain.questions.selection import Level
from bot.errors import UserError
from bot.library.catalogue import Library
from tests.support.clock import START

TODAY = date(2026, 12, 1)
EUROS = Pay(Decimal(75_000), Decimal(92_000), "EUR", PayPeriod.YEAR)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("Berlin, Germany; remote in Germany", [Place("DE", None, "Berlin"), Place("DE")]),
        ("Austin, TX", [Place("US", "TX", "Austin")]),
        ("San Jose, California", [Place("US", "CA", "San Jose")]),
        ("Toronto, ON, Canada", [Place("CA", "ON", "Toronto")]),
        ("Munich, Bavaria, Deutschland", [Place("DE", "Bavaria", "Munich")]),
        ("remote in the US", [Place("US")]),
        ("California, US", [Place("US", None, "California")]),
        ("London, UK or Paris, France", [Place("GB", None, "London"), Place("FR", None, "Paris")]),
        ("東京, 日本", [Place("JP", None, "東京")]),
        ("Berlin, Germany\nBerlin, Deutschland", [Place("DE", None, "Berlin")]),
        ("", []),
    ],
)
def test_places_are_read_as_people_write_them(typed: str, places: list[Place]) -> None:
    assert list(places_of(typed)) == places


def test_a_place_without_a_country_is_in_the_companys_own_or_asked_for() -> None:
    assert places_of("Wilmington, DE") == (Place("US", "DE", "Wilmington"),)
    assert places_of("Berlin, DE", "DE") == (Place("DE", None, "Berlin"),)
    assert places_of("Berlin", "DE") == (Place("DE", None, "Berlin"),)
    with pytest.raises(NoSuchPlace, match="Add the country to “Berlin”"):
        places_of("Berlin")


@pytest.mark.parametrize("typed", ["x" * 81 + ", Germany", "\0, Germany", ";".join(["a, DE"] * 1)])
def test_what_nobody_could_read_is_no_place(typed: str) -> None:
    if typed.startswith("a"):
        typed = "; ".join(f"Town {number}, DE" for number in range(21))
    with pytest.raises(NoSuchPlace):
        places_of(typed)


cities = st.sampled_from(["Berlin", "Saint-Denis", "New York", "São Paulo", "東京"])
countries = st.sampled_from(["DE", "FR", "BR", "JP", "GB", "NL", "NZ", "AE"])
abroad = st.builds(Place, countries, st.none(), st.none() | cities)
regional = st.one_of(
    *(
        st.builds(Place, st.just(country), st.sampled_from(sorted(regions)), cities)
        for country, regions in REGIONS.items()
    )
)


@given(st.lists(abroad | regional, unique=True, max_size=5))
def test_places_typed_again_are_the_same_places(places: list[Place]) -> None:
    assert list(places_of(typed_places(places))) == places


def test_where_a_job_is_reads_as_a_line() -> None:
    berlin, germany = Place("DE", None, "Berlin"), Place("DE")
    assert where([berlin, germany], WorkMode.HYBRID) == (
        "Berlin, Germany, hybrid · or remote in Germany"
    )
    assert where([berlin], WorkMode.ONSITE) == "Berlin, Germany, on-site"
    assert where([Place("US"), germany], WorkMode.REMOTE) == (
        "Remote in the United States or Germany"
    )


def test_remote_needs_a_country_and_everything_else_a_city() -> None:
    assert "name the country" in str(fault_of_places([], WorkMode.REMOTE))
    assert "city" in str(fault_of_places([Place("DE")], WorkMode.ONSITE))
    assert fault_of_places([Place("DE")], WorkMode.REMOTE) is None


@pytest.mark.parametrize(
    ("typed", "least", "most", "currency", "period"),
    [
        ("75,000–92,000 EUR a year", 75_000, 92_000, "EUR", "year"),
        ("75-92k", 75_000, 92_000, "EUR", "year"),
        ("€75k - €92k per year", 75_000, 92_000, "EUR", "year"),
        ("$120,000 to $150,000", 120_000, 150_000, "USD", "year"),
        ("25.50-30 USD an hour", "25.5", 30, "USD", "hour"),
        ("12 500 – 15 000 PLN monthly", 12_500, 15_000, "PLN", "month"),
        ("75.000 € - 92.000 €", 75_000, 92_000, "EUR", "year"),
        ("5,000,000–8,000,000 JPY", 5_000_000, 8_000_000, "JPY", "year"),
        ("between 20 and 30 £ an hour", 20, 30, "GBP", "hour"),
        ("72.5k-80k", 72_500, 80_000, "EUR", "year"),
        ("80k usd p.a.", 80_000, 80_000, "USD", "year"),
        ("120k/yr", 120_000, 120_000, "EUR", "year"),
    ],
)
def test_pay_is_read_as_people_write_it(
    typed: str, least: object, most: object, currency: str, period: str
) -> None:
    pay = pay_of(typed, "EUR")
    assert pay is not None
    assert (pay.minimum, pay.maximum) == (Decimal(str(least)), Decimal(str(most)))
    assert (pay.currency, pay.period) == (currency, period)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("92,000–75,000 EUR", "The minimum is above the maximum."),
        ("75–92k XYZ", "“XYZ” isn't a currency in use."),
        ("75–92k DEM", "“DEM” isn't a currency in use."),
        ("competitive", "Write two numbers"),
        ("1-2-3 EUR", "Write two numbers"),
        ("up to 90k EUR", "Write from how much to how much"),
        ("-5 EUR", "Write from how much to how much"),
        ("0 EUR", "can't be right"),
        ("75–92k EUR plus bonus <!channel>", "I can't read “plus bonus <!channel>”"),
        ("5.50 JPY an hour", "at most 0 digits"),
    ],
)
def test_what_is_no_pay_is_told_in_a_sentence(typed: str, told: str) -> None:
    with pytest.raises(NoSuchPay, match=told.replace("(", r"\(")):
        pay_of(typed)


def test_a_number_without_a_currency_is_in_the_companys_or_asked_for() -> None:
    with pytest.raises(NoSuchPay, match="Add the currency"):
        pay_of("75-92k")
    assert pay_of("$75-92k", "CAD") == Pay(Decimal(75_000), Decimal(92_000), "CAD", PayPeriod.YEAR)
    assert pay_of("  ") is None


@st.composite
def pays(draw: st.DrawFn) -> Pay:
    currency = draw(st.sampled_from(sorted(currencies())))
    unit = Decimal(1).scaleb(-fraction_digits(currency))
    least, more = (draw(st.integers(1, 10**9)) * unit for _ in range(2))
    whole = [
        n.quantize(Decimal(1)) if n == n.to_integral_value() else n.normalize()
        for n in (least, least + more)
    ]
    return Pay(whole[0], whole[1], currency, draw(st.sampled_from(PayPeriod)))


@given(pays())
def test_pay_typed_again_is_the_same_pay(pay: Pay) -> None:
    assert pay_of(pay.typed) == pay


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "€75,000–92,000 a year"),
        ("de", "75.000–92.000 € pro Jahr"),
        ("fr", "75\u202f000–92\u202f000 € par an"),
        ("es", "75.000–92.000 € al año"),
        ("ja", "年収€75,000–92,000"),
    ],
)
def test_pay_is_written_as_a_language_writes_money(
    library: Library, language: str, shown: str
) -> None:
    assert EUROS.text(library.locales[language].words).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Munich, Germany, hybrid · or remote in the United States or Japan"),
        ("de", "Munich, Deutschland, hybrid · oder remote (Vereinigte Staaten oder Japan)"),
        ("fr", "Munich, Allemagne, hybride · ou à distance (États-Unis ou Japon)"),
        ("es", "Munich, Alemania, híbrido · o en remoto (Estados Unidos o Japón)"),
        ("ja", "Munich, ドイツ, ハイブリッド・またはリモート（アメリカ合衆国または日本）"),
    ],
)
def test_countries_are_called_as_the_postings_language_calls_them(
    library: Library, language: str, shown: str
) -> None:
    places = (Place("DE", None, "Munich"), Place("US"), Place("JP"))
    assert where(places, WorkMode.HYBRID, library.locales[language].words) == shown


def test_cents_are_shown_where_there_are_any() -> None:
    pay = Pay(Decimal("25.5"), Decimal(30), "USD", PayPeriod.HOUR)
    assert pay.text() == "$25.50–30.00 an hour"


def test_programs_read_pay_as_numbers_or_why_there_are_none() -> None:
    told = {"minimum": 75_000, "maximum": 92_000, "currency": "EUR", "period": "year"}
    assert pay_json(Terms(pay=EUROS)) == told
    assert pay_json(Terms(no_pay="A volunteer's job")) == {"none_because": "A volunteer's job"}
    assert pay_json(Terms()) is None


@pytest.mark.parametrize(
    ("typed", "is_fine"),
    [
        ("https://example.com/jobs/7", True),
        ("http://example.com", True),
        ("jobs@example.com", True),
        ("javascript:alert(1)", False),
        ("ftp://example.com/x", False),
        ("https://exa mple.com", False),
        ("<https://example.com|x>", False),
        ("mailto:jobs@example.com\n", False),
        ("https://example.com/" + "x" * 1000, False),
        ("at the front desk", False),
    ],
)
def test_people_apply_at_a_link_or_an_address(typed: str, is_fine: bool) -> None:
    assert (fault_of_apply_at(typed) is None) is is_fine


WHOLE = Job(
    Opening("a" * 16, "backend-developer", "Backend Developer", Level.SENIOR, "U1"),
    "backend-developer-berlin",
)


def test_a_job_that_leaves_open_what_everybody_asks_is_not_posted() -> None:
    with pytest.raises(InvalidOpening) as caught:
        check_postable(WHOLE, TODAY)
    asked = OpeningField
    assert set(caught.value.faults) == {
        asked.WORK_MODE,
        asked.WHERE,
        asked.PAY,
        asked.APPLY_AT,
        asked.HIRING_MANAGER,
    }


@pytest.mark.parametrize("status", OpeningStatus)
def test_an_opening_becomes_only_what_can_follow(status: OpeningStatus) -> None:
    with pytest.raises(UserError):
        WHOLE.moved(OpeningStatus.FILLED, START, TODAY)
    assert status not in NEXT[status]
    assert all(OpeningStatus.DRAFT not in following for following in NEXT.values())


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        (
            "Senior Backend Developer",
            [
                "senior-backend-developer",
                "senior-backend-developer-payments",
                "senior-backend-developer-sao-paulo",
                "senior-backend-developer-aaaaaa",
            ],
        ),
        ("バックエンド開発者", ["job-payments", "job-sao-paulo", "job-aaaaaa"]),
        ("ab" * 20 + " " + "cd" * 20, ["ab" * 20, f"{'ab' * 20}-aaaaaa"]),
        ("x" * 150, ["x" * 73, f"{'x' * 73}-aaaaaa"]),
    ],
)
def test_an_opening_is_called_by_its_title_and_what_tells_it_apart(
    title: str, slugs: list[str]
) -> None:
    opening = replace(WHOLE.opening, title=title, team="Payments")
    terms = Terms(places=(Place("BR", None, "São Paulo"),))
    assert list(slugs_of(replace(WHOLE, opening=opening, terms=terms))) == slugs


@pytest.mark.parametrize(
    ("country", "zone"),
    [("JP", "Asia/Tokyo"), ("DE", "Europe/Berlin"), ("US", "UTC"), (None, "UTC")],
)
def test_a_closing_day_ends_where_the_job_is_unless_its_company_says_where(
    country: str | None, zone: str, library: Library
) -> None:
    places = () if country is None else (Place(country), Place("FR"))
    assert zone_of_days(library.company, places) == zone
    assert zone_of_days(replace(library.company, zone="Asia/Kolkata"), places) == "Asia/Kolkata"


@given(st.sampled_from(sorted(iso_countries())))
def test_every_country_has_a_zone_of_days_that_there_is(country: str) -> None:
    assert ZoneInfo(zone_of_days(None, (Place(country),)))


def test_a_level_is_not_said_twice() -> None:
    senior = Opening("o", "r", "Senior Backend Developer", Level.SENIOR, "U1")
    assert senior.name == "Senior Backend Developer"
    assert Opening("o", "r", "Backend Developer", Level.MID, "U1").name == "Backend Developer, mid"
