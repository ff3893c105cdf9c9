"""An opening as schema.org's JobPosting, by the rules of Google for Jobs."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.company import Company
from bot.domain.openings.job import Job
from bot.domain.openings.pay import Pay
from bot.domain.openings.places import REGIONS, Place, country_name
from bot.domain.openings.posting import JobPosting, offices, remote_from

JsonLd = Mapping[str, Any]

CONFIDENTIAL = "confidential"
"""What Google wants as the name of a company that isn't named."""

LAST_SECOND = time(23, 59, 59)

IN_SCRIPT = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in ("<", "\u2028", "\u2029")})
"""What could end a script element, or begin something in it, as JSON spells it otherwise."""


def json_ld(
    job: Job,
    posting: JobPosting,
    description: str,
    posted_at: datetime,
    zone: str,
    company: Company | None = None,
    url: str | None = None,
) -> JsonLd:
    """The opening for search engines; `description` is its text as HTML, `url` its own page.

    `posted_at` is when it was first open, which stays the same when it is opened again; the last
    day to apply ends in `zone`. Nothing of it may be missing on the page that it stands on.
    """
    terms = job.terms
    closes = terms.closes_on and datetime.combine(terms.closes_on, LAST_SECOND, ZoneInfo(zone))
    return _given(
        {
            "@context": "https://schema.org/",
            "@type": "JobPosting",
            "title": posting.title,
            "description": description,
            "url": url,
            "identifier": _thing("PropertyValue", name=posting.company, value=job.id),
            "datePosted": posted_at.astimezone(UTC).isoformat(timespec="seconds"),
            "validThrough": closes.isoformat() if closes else None,
            "employmentType": terms.employment_type,
            "hiringOrganization": _thing(
                "Organization",
                name=posting.company or CONFIDENTIAL,
                sameAs=company.site if company and posting.company else None,
                logo=company.logo if company and posting.company else None,
            ),
            "jobLocation": [_office(place) for place in offices(terms)],
            **_remote(remote_from(terms)),
            "baseSalary": _salary(terms.pay) if terms.pay else None,
            "workHours": posting.hours,
            "totalJobOpenings": terms.seats,
            "applicationContact": _thing("ContactPoint", email=posting.apply_email)
            if posting.apply_email
            else None,
            "directApply": False,
        }
    )


def dumped(data: JsonLd) -> str:
    """As text that stays inside a script element, whatever is in it."""
    return json.dumps(data, indent=2, ensure_ascii=False).translate(IN_SCRIPT)


def _office(place: Place) -> JsonLd:
    address = _thing(
        "PostalAddress",
        addressLocality=place.city,
        addressRegion=place.region,
        addressCountry=place.country,
    )
    return _thing("Place", address=address)


def _remote(places: Iterable[Place]) -> JsonLd:
    """From where, if all of the work can be done remotely."""
    asked = [_area(place) for place in places]
    return (
        {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": asked} if asked else {}
    )


def _area(place: Place) -> JsonLd:
    """A country, or a part of one whose name ends in the country's."""
    country = country_name(place.country)
    region = REGIONS.get(place.country, {}).get(place.region or "", place.region)
    if place.city:
        return _thing("City", name=", ".join(filter(None, (place.city, region, country))))
    if region:
        return _thing("State", name=f"{region}, {country}")
    return _thing("Country", name=country)


def _salary(pay: Pay) -> JsonLd:
    amounts: dict[str, Any] = {"minValue": _number(pay.minimum), "maxValue": _number(pay.maximum)}
    if pay.minimum == pay.maximum:
        amounts = {"value": _number(pay.minimum)}
    value = _thing("QuantitativeValue", **amounts, unitText=pay.period.upper())
    return _thing("MonetaryAmount", currency=pay.currency, value=value)


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _thing(kind: str, **values: Any) -> JsonLd:
    return _given({"@type": kind, **values})


def _given(values: Mapping[str, Any]) -> JsonLd:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
