"""JSON-LD of openings: what search engines for jobs take, whatever the terms."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.company import Company
from bot.domain.openings.job import Job
from bot.domain.openings.json_ld import dumped
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.terms import Terms
from bot.domain.posting import Section
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.library.documents import Documents
from bot.library.loader import BUILT_IN
from bot.services.openings.formats import OpeningFormats
from tests.support.job_posting import faults_of, shown_text
from tests.support.postings import (
    ANY_TERMS,
    ANYWHERE,
    EVIL,
    ID,
    IN_AUSTIN,
    NORTHWIND,
    POSTED,
    SECTIONS,
    TERMS,
    TODAY,
    job_of,
)

DOCUMENTS = Documents([BUILT_IN])


def data_of(job: Job, company: Company | None = NORTHWIND) -> dict[str, Any]:
    formats = OpeningFormats(DOCUMENTS, company)
    read: dict[str, Any] = json.loads(dumped(formats.json_ld(job, POSTED, "Europe/Berlin", TODAY)))
    return read


@pytest.fixture
def job(library: Library) -> Job:
    role = library.role("backend-developer")
    assert role is not None
    return job_of(role)


@pytest.mark.parametrize("company", [NORTHWIND, None])
@pytest.mark.parametrize("terms", [TERMS, IN_AUSTIN, ANYWHERE])
def test_an_opening_of_every_role_of_the_library_is_taken(
    library: Library, terms: Terms, company: Company | None
) -> None:
    for role in library.roles:
        assert faults_of(data_of(job_of(role, terms), company)) == [], role.slug


@settings(max_examples=150, deadline=None)
@given(ANY_TERMS, st.sampled_from([NORTHWIND, None]), st.data())
def test_whatever_the_terms_it_is_taken(
    library: Library, terms: Terms, company: Company | None, data: st.DataObject
) -> None:
    role = data.draw(st.sampled_from(library.roles))
    assert faults_of(data_of(job_of(role, terms), company)) == []


@settings(deadline=None)
@given(EVIL, SECTIONS, EVIL)
def test_nothing_in_any_text_breaks_out_of_the_script_or_becomes_markup(
    library: Library, title: str, text: tuple[Section, ...], company: str
) -> None:
    job = job_of(library.roles[0], IN_AUSTIN, text, title=title, team=company)
    company = replace(
        NORTHWIND, name=company, about=(company,), benefits=(title,), privacy_notice=title
    )
    written = dumped(OpeningFormats(DOCUMENTS, company).json_ld(job, POSTED, "UTC", TODAY))
    assert "<" not in written
    assert not re.search("[\u2028\u2029]", written)
    description = json.loads(written)["description"]
    assert [fault for fault in faults_of(json.loads(written)) if "<" in fault] == []
    for line in (line for one in text for line in (*one.items, *one.paragraphs)):
        seen = " ".join(shown_text(description).split())
        assert re.sub(r"\W", "", line) in re.sub(r"\W", "", seen)


def test_places_and_remote_work_are_told_apart(job: Job) -> None:
    both = data_of(job)
    assert both["jobLocation"][0]["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Berlin",
        "addressCountry": "DE",
    }
    assert both["jobLocationType"] == "TELECOMMUTE"
    assert both["applicantLocationRequirements"] == [{"@type": "Country", "name": "Germany"}]

    in_austin = data_of(replace(job, terms=IN_AUSTIN))
    assert in_austin["jobLocation"][0]["address"]["addressRegion"] == "TX"
    assert "jobLocationType" not in in_austin

    anywhere = data_of(replace(job, terms=ANYWHERE))
    assert "jobLocation" not in anywhere
    assert anywhere["applicantLocationRequirements"] == [
        {"@type": "State", "name": "Colorado, United States"},
        {"@type": "Country", "name": "Canada"},
        {"@type": "City", "name": "Leeds, United Kingdom"},
    ]
    assert "Remote in CO, US or Canada" in anywhere["description"]


def test_a_hybrid_job_without_remote_work_is_no_remote_job(job: Job) -> None:
    hybrid = replace(job, terms=replace(TERMS, places=TERMS.places[:1]))
    assert "jobLocationType" not in data_of(hybrid)


def test_pay_is_a_range_or_an_amount_or_not_there_at_all(job: Job) -> None:
    assert data_of(job)["baseSalary"] == {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": 75000,
            "maxValue": 92000,
            "unitText": "YEAR",
        },
    }
    in_austin = data_of(replace(job, terms=IN_AUSTIN))
    value = {"@type": "QuantitativeValue", "value": 28.5, "unitText": "HOUR"}
    assert in_austin["baseSalary"]["value"] == value
    assert "baseSalary" not in data_of(replace(job, terms=ANYWHERE))


def test_it_begins_when_it_was_first_open_and_ends_with_the_last_day_where_it_is(job: Job) -> None:
    data = data_of(job)
    assert data["datePosted"] == "2026-11-02T09:00:00+00:00"
    assert data["validThrough"] == "2027-01-15T23:59:59+01:00"
    assert "validThrough" not in data_of(replace(job, terms=ANYWHERE))


def test_the_opening_and_the_company_are_named(job: Job) -> None:
    data = data_of(job)
    assert data["identifier"] == {
        "@type": "PropertyValue",
        "name": "Northwind Traders",
        "value": ID,
    }
    assert data["hiringOrganization"] == {
        "@type": "Organization",
        "name": "Northwind Traders",
        "sameAs": "https://northwind.example",
        "logo": "https://northwind.example/logo.png",
    }
    assert data["directApply"] is False
    assert data_of(job, None)["hiringOrganization"]["name"] == "confidential"


def test_everything_that_search_engines_are_told_can_be_read_in_the_description(job: Job) -> None:
    text = shown_text(data_of(job)["description"])
    for told in ("Berlin, Germany", "€75,000–92,000", "Full-time", "30 days off", "180 days"):
        assert told in text


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (
            OpeningStatus.DRAFT,
            "Backend Developer is still a draft. Only an open job takes applications.",
        ),
        (OpeningStatus.PAUSED, "is paused."),
        (OpeningStatus.FILLED, "is filled."),
        (OpeningStatus.CLOSED, "is closed."),
    ],
)
def test_what_takes_no_applications_is_in_no_search_engine(
    job: Job, status: OpeningStatus, why: str
) -> None:
    with pytest.raises(UserError, match=re.escape(why)):
        data_of(replace(job, opening=replace(job.opening, status=status)))


def test_nor_is_what_nobody_can_apply_for_any_more(job: Job) -> None:
    past = replace(job, terms=replace(TERMS, closes_on=POSTED.date()))
    with pytest.raises(UserError, match=r"closed on Mon,\sNov\s2,\s2026"):
        data_of(past)


MINIMAL = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Backend Engineer",
    "description": f"<p>{'You build it. ' * 20}</p><ul><li>APIs</li></ul>",
    "datePosted": "2026-01-24",
    "validThrough": "2026-03-24T23:59:59+00:00",
    "employmentType": ["FULL_TIME"],
    "identifier": {"@type": "PropertyValue", "name": "Acme", "value": "REQ-17"},
    "hiringOrganization": {"@type": "Organization", "name": "Acme", "sameAs": "https://a.example"},
    "jobLocationType": "TELECOMMUTE",
    "applicantLocationRequirements": [{"@type": "Country", "name": "USA"}],
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "USD",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": 120000,
            "maxValue": 150000,
            "unitText": "YEAR",
        },
    },
    "directApply": False,
}


def test_the_checker_takes_the_shortest_document_there_is() -> None:
    assert faults_of(MINIMAL) == []


SALARY: dict[str, Any] = {"@type": "MonetaryAmount", "currency": "USD"}
RANGE = {"@type": "QuantitativeValue", "minValue": 2, "maxValue": 1, "unitText": "YEAR"}
OFFICE = {"@type": "Place", "address": {"@type": "PostalAddress", "addressCountry": "Germany"}}


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"description": "Backend Engineer"},
        {"description": f"<p onclick='x'>{'You build it. ' * 20}</p>"},
        {"description": f"<p>{'You build it. ' * 20}</p><script>x</script>"},
        {"datePosted": "24/01/2026"},
        {"validThrough": "2026-01-24T00:00:00+00:00"},
        {"employmentType": "Full-time"},
        {"applicantLocationRequirements": None},
        {"applicantLocationRequirements": [{"@type": "State", "name": "Texas"}]},
        {"jobLocationType": None},
        {"jobLocation": [OFFICE]},
        {"hiringOrganization": {"@type": "Organization"}},
        {"baseSalary": SALARY | {"value": RANGE}},
        {"baseSalary": SALARY | {"value": RANGE | {"minValue": "1"}}},
        {"baseSalary": SALARY | {"value": RANGE | {"minValue": 1, "unitText": "year"}}},
        {"baseSalary": SALARY | {"currency": "XXX", "value": RANGE | {"minValue": 1}}},
        {"identifier": None},
        {"directApply": True},
        {"salary": 5},
    ],
)
def test_the_checker_finds_what_is_wrong(change: dict[str, Any]) -> None:
    changed = {name: one for name, one in (MINIMAL | change).items() if one is not None}
    assert faults_of(changed)
