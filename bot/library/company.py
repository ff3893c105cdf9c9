"""Reads `company.toml`: who hires, in words that every posting and page can use."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.candidates import EMAIL
from bot.domain.company import Company, CompanyPages, Stage
from bot.domain.content import Content, Phrase
from bot.domain.dates import ENGLISH
from bot.domain.openings.pay import currencies
from bot.domain.openings.places import Place, countries
from bot.domain.posting import Locale as LocaleName
from bot.domain.posting import filled
from bot.library.faults import Fault
from bot.library.locales import Locale, unknown_language
from bot.library.tables import read_table, validated

ADDRESS = re.compile(r"https?://[^\s<>\"/@]+\.[^\s<>\"@]+")


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError("must be an address that begins with https://")
    return text


def _contact(text: str) -> str:
    if not ADDRESS.fullmatch(text) and not EMAIL.fullmatch(text):
        raise ValueError("must be an email address, or an address that begins with https://")
    return text


def _country(code: str) -> str:
    if code not in countries():
        raise ValueError("must be a country's two letters by ISO 3166, such as US or DE")
    return code


def _currency(code: str) -> str:
    if code not in currencies():
        raise ValueError("must be a currency's three letters by ISO 4217, such as USD or EUR")
    return code


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone's name, such as Europe/Berlin or America/New_York")
    return name


Address = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_address)
]
Contact = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_contact)
]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150)]
Sentences = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=700)]


class StageTable(Content):
    """One of `[[process]]`."""

    stage: Phrase
    time: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class PlaceTable(Content):
    """One of `[[places]]`."""

    country: Annotated[str, AfterValidator(_country)]
    region: Phrase | None = None
    city: Phrase | None = None


class PrivacyTable(Content):
    """`[privacy]`."""

    notice: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] | None = None
    link: Address | None = None
    days_kept: Annotated[int, Field(ge=2, le=3650)] | None = None


Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]


class PagesTable(Content):
    """`[pages]`: what only the jobs pages say and show."""

    headline: Phrase | None = None
    introduction: Sentences | None = None
    brand: Color | None = None
    brand_dark: Color | None = None
    decides: Sentences | None = None
    answer_days: Annotated[int, Field(ge=1, le=90)] | None = None
    legal_notice: Address | None = None
    contact: Contact | None = None


class CompanyFile(Content):
    """All that `company.toml` may hold; each key is optional."""

    name: Phrase | None = None
    site: Address | None = None
    logo: Address | None = None
    locale: LocaleName | None = None
    currency: Annotated[str, AfterValidator(_currency)] | None = None
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    about: Annotated[tuple[Sentences, ...], Field(max_length=3)] = ()
    benefits: Annotated[tuple[Short, ...], Field(max_length=12)] = ()
    equal_opportunity: Sentences | None = None
    adjustments: Contact | None = None
    privacy: PrivacyTable = PrivacyTable()
    pages: PagesTable = PagesTable()
    process: Annotated[tuple[StageTable, ...], Field(max_length=10)] = ()
    places: Annotated[tuple[PlaceTable, ...], Field(max_length=50)] = ()


def company_of(
    path: Path | None, locales: Mapping[str, Locale], faults: list[Fault]
) -> Company | None:
    """The company of this file, or one of which nothing is known; None where it has faults."""
    table = read_table(path, faults) if path is not None else {}
    if table is None:
        return None
    given = validated(CompanyFile, path or Path(), table, {}, faults)
    if given is None:
        return None
    locale = locales.get(given.locale or ENGLISH)
    if locale is None:
        if given.locale is not None:
            faults.append(Fault(str(path), "locale", unknown_language(given.locale, locales)))
        return None
    return _company(given, locale)


def _company(given: CompanyFile, locale: Locale) -> Company:
    sentences, privacy = locale.company, given.privacy
    notice = privacy.notice or sentences.privacy
    days = str(privacy.days_kept)
    if privacy.days_kept is not None and not re.search(rf"\b{days}\b", notice):
        notice = f"{notice} {filled(sentences.privacy_days, days=days)}"
    if privacy.link is not None and privacy.link not in notice:
        notice = f"{notice} {privacy.link}"
    asked = given.adjustments
    return Company(
        equal_opportunity=given.equal_opportunity or sentences.equal_opportunity,
        adjustments=filled(sentences.adjustments_contact, contact=asked)
        if asked
        else sentences.adjustments,
        privacy_notice=notice,
        name=given.name,
        site=given.site,
        logo=given.logo,
        about=given.about,
        benefits=given.benefits,
        process=tuple(Stage(one.stage, one.time) for one in given.process),
        adjustments_contact=asked,
        privacy_link=privacy.link,
        days_kept=privacy.days_kept,
        currency=given.currency,
        zone=given.zone,
        places=tuple(Place(one.country, one.region, one.city) for one in given.places),
        locale=locale.slug,
        pages=CompanyPages(**given.pages.model_dump()),
        missing=_missing(given),
    )


def _missing(given: CompanyFile) -> tuple[str, ...]:
    """The keys that the file doesn't give, as they are written in it."""
    privacy = ((f"privacy.{name}", getattr(given.privacy, name)) for name in EXPECTED_OF_PRIVACY)
    within = [*((name, getattr(given, name)) for name in CompanyFile.model_fields), *privacy]
    return tuple(name for name, value in within if name not in NOT_MISSED and not value)


EXPECTED_OF_PRIVACY = ("notice", "days_kept")
NOT_MISSED = ("locale", "privacy", "pages")
"""English does where no language is named; of privacy, its keys are. The pages do without."""
