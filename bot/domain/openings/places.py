"""Where a job is done: countries by ISO 3166, and places read from what people type."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce

from bot.domain.dates import ENGLISH, babel_locale
from bot.domain.names import fault_of_name, search_key, without_invisible
from bot.domain.posting import IN_ENGLISH, PostingWords, filled

MOST_PLACES = 20
LONGEST_PART = 80

LANGUAGES = ("en", "de", "fr", "es", "ja")
"""In which a country's name is understood."""

NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
"""Two letters that CLDR knows and ISO 3166 has for no country."""

BY_HABIT = {"usa": "US", "us": "US", "america": "US", "uk": "GB", "england": "GB", "uae": "AE"}
"""What people call some countries, besides their names and codes."""

SHORT = {"GB": "UK", "US": "US"}
"""Countries whose short name reads better beside a city."""

US_STATES: Mapping[str, str] = {
    **{"AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California"},
    **{"CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia"},
    **{"FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois"},
    **{"IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana"},
    **{"ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan"},
    **{"MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana"},
    **{"NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey"},
    **{"NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota"},
    **{"OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania"},
    **{"RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee"},
    **{"TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington"},
    **{"WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming"},
}
PROVINCES: Mapping[str, str] = {
    **{"AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick"},
    **{"NL": "Newfoundland and Labrador", "NS": "Nova Scotia", "NT": "Northwest Territories"},
    **{"NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec"},
    **{"SK": "Saskatchewan", "YT": "Yukon"},
}
REGIONS: Mapping[str, Mapping[str, str]] = {"US": US_STATES, "CA": PROVINCES}
"""Regions by ISO 3166-2, without the country, where a law or an address goes by them."""

CALIFORNIA = "CA"
"""Means the state wherever somebody writes it behind a city: nobody shortens Canada so."""

LEADS = re.compile(r"^(?:or\s+)?(?:(?:remote|hybrid|on-?site)\b\s*(?:in|from|:|,)?\s*)", re.I)
"""What people write before a place; the work mode says it."""


class WorkMode(StrEnum):
    ONSITE = "onsite"
    HYBRID = "hybrid"
    REMOTE = "remote"

    @property
    def label(self) -> str:
        return "On-site" if self is WorkMode.ONSITE else self.capitalize()


class NoSuchPlace(ValueError):
    """What was typed is no place that can be read; its words are for whoever typed it."""


@dataclass(frozen=True)
class Place:
    """A country (ISO 3166 alpha-2), with the region and the city where those are said.

    In a job that isn't remote, a place without a city is one from where it can be done remotely.
    """

    country: str
    region: str | None = None
    city: str | None = None

    @property
    def text(self) -> str:
        """As it is read, and as it can be typed again."""
        return self.named(ENGLISH)

    def named(self, language: str) -> str:
        """As it is read in that language."""
        if self.country == "US" and self.region and self.city:
            return f"{self.city}, {_state(self.region)}"
        if self.country == "US" and self.region:
            return f"{self.region}, US"
        short = SHORT.get(self.country, "") if self.city and language == ENGLISH else ""
        country = short or country_name(self.country, language)
        return ", ".join(filter(None, (self.city, self.region, country)))


WITH_ARTICLE = frozenset(map(Place, ("US", "GB", "NL", "AE", "PH")))
"""Countries that are called "the …" in a sentence."""


def countries() -> Collection[str]:
    """Their two letters."""
    return _names("en").keys()


def country_name(code: str, language: str = "en") -> str:
    """The country's name; its code where there is none."""
    return _names(language).get(code, code)


@cache
def _names(language: str) -> Mapping[str, str]:
    from babel import Locale  # its data takes long to read, and few requests need it

    found = Locale.parse(babel_locale(language)).territories.items()
    is_country = re.compile(r"[A-Z]{2}").fullmatch
    return {code: name for code, name in found if is_country(code) and code not in NO_COUNTRIES}


@cache
def countries_in(language: str) -> Sequence[tuple[str, str]]:
    """All countries, code and name, in the order of their names without accents."""
    return tuple(sorted(_names(language).items(), key=lambda one: search_key(one[1])))


@cache
def _codes() -> Mapping[str, str]:
    """Countries by the search keys of what they are called."""
    names = {search_key(name): code for lang in LANGUAGES for code, name in _names(lang).items()}
    return {**{code.lower(): code for code in _names("en")}, **names, **BY_HABIT}


def country_of(typed: str) -> str | None:
    """The country that somebody means by a name or a code; None where there is none."""
    return _codes().get(search_key(typed.removeprefix("the ").removeprefix("The ")))


def _region_of(country: str, typed: str) -> str | None:
    key = search_key(typed)
    known = REGIONS.get(country, {}).items()
    return next((code for code, name in known if key in (code.lower(), search_key(name))), None)


def places_of(typed: str, country: str | None = None) -> tuple[Place, ...]:
    """The places in "Berlin, Germany; remote in Germany"; `country` is the company's own, where a
    place without one is. Raises NoSuchPlace.
    """
    parts = [LEADS.sub("", part.strip()) for part in re.split(r"[;\n]| or (?=\w)", typed)]
    found = dict.fromkeys(_place(part, country) for part in parts if part.strip(" ,."))
    if len(found) > MOST_PLACES:
        raise NoSuchPlace(f"Use at most {MOST_PLACES} places.")
    return tuple(found)


def _place(typed: str, country: str | None) -> Place:
    parts = [" ".join(without_invisible(part).split()) for part in typed.split(",")]
    parts = [part for part in parts if part]
    _check(parts)
    last = parts[-1]
    if (state := _region_of("US", last)) and _is_state(parts, country):
        return Place("US", state, ", ".join(parts[:-1]) or None)
    code = country_of(last)
    if code is not None:
        return _within(code, parts[:-1])
    if country is None:
        raise NoSuchPlace(
            f"Add the country to “{last[:40]}”, as in Lisbon, Portugal or Austin, TX."
        )
    return _within(country, parts)


def _is_state(parts: Sequence[str], country: str | None) -> bool:
    """Whether the last part is a state rather than a country of that code: "Wilmington, DE" is,
    unless the company is elsewhere; "Toronto, ON, CA" has a province before it."""
    last = parts[-1]
    if country_of(last) is None:
        return len(parts) > 1
    is_american = country in (None, *REGIONS) or last == CALIFORNIA
    return len(parts) == 2 and is_american and len(last) == 2 and last.isupper()


def _state(code: str) -> str:
    """A state beside its city: by what no country is called, as CA and Georgia are."""
    names = (code, US_STATES.get(code, code))
    return next((name for name in names if country_of(name) is None), f"{code}, US")


def _within(country: str, parts: Sequence[str]) -> Place:
    if not parts:
        return Place(country)
    region = _region_of(country, parts[-1])
    if len(parts) == 1 and country in REGIONS and region and len(parts[0]) == 2:
        return Place(country, region)
    if len(parts) == 1:
        return Place(country, None, parts[0])
    return Place(country, region or parts[-1], ", ".join(parts[:-1]))


def _check(parts: Iterable[str]) -> None:
    for part in parts:
        if len(part) > LONGEST_PART:
            raise NoSuchPlace(f"Use at most {LONGEST_PART} characters for a place.")
        if fault := fault_of_name(part):
            raise NoSuchPlace(fault)


def typed_places(places: Iterable[Place]) -> str:
    """As they can be typed again."""
    return "; ".join(place.text for place in places)


def fault_of_places(places: Sequence[Place], mode: WorkMode | None) -> str | None:
    """Why nobody could tell from this where the job is done; None where they can."""
    if not places:
        return (
            "For remote work, name the country people can work from."
            if mode is WorkMode.REMOTE
            else "Add the city and country."
        )
    if mode is WorkMode.REMOTE or any(place.city for place in places):
        return None
    return "Add the city, or choose Remote."


def where(places: Sequence[Place], mode: WorkMode | None, words: PostingWords = IN_ENGLISH) -> str:
    """Such as "Berlin, Germany, hybrid · or remote in Germany", for who looks for a job."""
    said, language = words.opening, words.language
    remote = [
        _in_a_sentence(place, language)
        for place in places
        if mode is WorkMode.REMOTE or not place.city
    ]
    offices = [
        place.named(language) for place in places if mode is not WorkMode.REMOTE and place.city
    ]
    at = one_of(offices, words)
    how: str = getattr(said.modes, mode) if mode else ""
    told = ", ".join(filter(None, (at, how))) if offices else ""
    from_home = filled(said.remote_in, places=one_of(remote, words)) if remote else ""
    if told and from_home:
        return filled(said.or_remote, office=told, remote=from_home)
    return told or from_home[:1].upper() + from_home[1:]


def one_of(texts: Sequence[str], words: PostingWords) -> str:
    """Such as "Berlin or Paris"; empty where there are none."""

    def either(one: str, other: str) -> str:
        return filled(words.opening.either, one=one, other=other)

    return reduce(either, texts) if texts else ""


def _in_a_sentence(place: Place, language: str) -> str:
    has_article = language == ENGLISH and place in WITH_ARTICLE
    return f"the {place.text}" if has_article else place.named(language)
