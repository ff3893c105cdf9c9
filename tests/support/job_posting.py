"""A checker of JSON-LD against schema.org's JobPosting and Google's rules for it.

It knows nothing of how Panelist makes it: it reads what a search engine would.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from bot.domain.openings.pay import currencies
from bot.domain.openings.places import country_name

EMPLOYMENT_TYPES = {
    *("FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY"),
    *("INTERN", "VOLUNTEER", "PER_DIEM", "OTHER"),
}
UNITS = {"HOUR", "DAY", "WEEK", "MONTH", "YEAR"}
AREAS = {"Country", "State", "City", "AdministrativeArea"}
TAGS = {"p", "ul", "li", "br", "strong", "em"}
"""What Google shows of a description's HTML."""

PROPERTIES: Mapping[str, frozenset[str]] = {
    "JobPosting": frozenset(
        {
            *("@context", "title", "description", "identifier", "datePosted", "validThrough"),
            *("employmentType", "hiringOrganization", "jobLocation", "jobLocationType"),
            *("applicantLocationRequirements", "baseSalary", "directApply", "workHours"),
            *("totalJobOpenings", "applicationContact", "url"),
            *("experienceRequirements", "educationRequirements"),
        }
    ),
    "PropertyValue": frozenset({"name", "value"}),
    "Organization": frozenset({"name", "sameAs", "logo"}),
    "Place": frozenset({"address"}),
    "PostalAddress": frozenset(
        {
            *("streetAddress", "addressLocality", "addressRegion"),
            *("postalCode", "addressCountry"),
        }
    ),
    "MonetaryAmount": frozenset({"currency", "value"}),
    "QuantitativeValue": frozenset({"value", "minValue", "maxValue", "unitText"}),
    "ContactPoint": frozenset({"email"}),
    **{area: frozenset({"name"}) for area in AREAS},
}
"""Of schema.org's properties those that a posting of ours may have, by their type."""

LEAST_DESCRIPTION = 200


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"description has <{tag}>")
        if attrs:
            self.faults.append(f"description has attributes: {attrs}")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"description closes <{tag}> wrongly")

    def handle_data(self, data: str) -> None:
        self.text += data


def faults_of(data: Mapping[str, Any]) -> list[str]:
    """Everything that would keep the job from being shown, or be against the rules."""
    return [*_faults(data)]


def shown_text(description: str) -> str:
    """A description as it is read."""
    tags = _Tags()
    tags.feed(description)
    tags.close()
    return tags.text


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    if data.get("@context") not in ("https://schema.org/", "https://schema.org"):
        yield "wrong @context"
    if data.get("@type") != "JobPosting":
        yield "wrong @type"
    for name in ("title", "description", "datePosted", "hiringOrganization"):
        if not data.get(name):
            yield f"no {name}"
    yield from _of_properties(data)
    yield from _of_description(data.get("title"), data.get("description") or "")
    yield from _of_dates(data)
    yield from _of_organization(data.get("hiringOrganization"))
    yield from _of_places(data)
    yield from _of_salary(data.get("baseSalary"))
    types = data.get("employmentType", [])
    for kind in types if isinstance(types, list) else [types]:
        if kind not in EMPLOYMENT_TYPES:
            yield f"employmentType {kind}"
    identifier = data.get("identifier")
    if not isinstance(identifier, dict) or not identifier.get("value"):
        yield "no identifier"
    if data.get("directApply") not in (None, True, False):
        yield "directApply is no Boolean"
    if data.get("directApply") and not data.get("url"):
        yield "directApply without a page"


def _of_properties(value: Any) -> Iterator[str]:
    """No property that its type hasn't, nothing empty, nothing without a type."""
    if isinstance(value, list):
        if not value:
            yield "an empty list"
        for item in value:
            yield from _of_properties(item)
    elif isinstance(value, dict):
        kind = value.get("@type", "")
        if kind not in PROPERTIES:
            yield f"no such type: {kind!r}"
            return
        for name in value.keys() - PROPERTIES[kind] - {"@type"}:
            yield f"{kind} has no {name}"
        for item in value.values():
            yield from _of_properties(item)
    elif value is None or value == "":
        yield "an empty value"


def _of_description(title: Any, description: str) -> Iterator[str]:
    tags = _Tags()
    tags.feed(description)
    tags.close()
    yield from tags.faults
    if tags.open:
        yield f"description leaves {tags.open} open"
    if not re.search(r"<p>|<br>|\n", description):
        yield "description has no paragraphs"
    if tags.text.strip() == str(title).strip():
        yield "description is the title"
    if len(tags.text) < LEAST_DESCRIPTION:
        yield "description is too short"


def _of_dates(data: Mapping[str, Any]) -> Iterator[str]:
    moments = {}
    for name in ("datePosted", "validThrough"):
        if name not in data:
            continue
        try:
            moment = datetime.fromisoformat(data[name])
        except (TypeError, ValueError):
            yield f"{name} is no ISO 8601 date"
            continue
        moments[name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if len(moments) == 2 and moments["validThrough"] <= moments["datePosted"]:
        yield "validThrough is before datePosted"


def _of_organization(organization: Any) -> Iterator[str]:
    if not isinstance(organization, dict) or organization.get("@type") != "Organization":
        yield "hiringOrganization is no Organization"
        return
    if not organization.get("name"):
        yield "hiringOrganization has no name"
    for name in ("sameAs", "logo"):
        if not str(organization.get(name, "https://")).startswith(("https://", "http://")):
            yield f"{name} is no address"


def _of_places(data: Mapping[str, Any]) -> Iterator[str]:
    is_remote = data.get("jobLocationType")
    if is_remote not in (None, "TELECOMMUTE"):
        yield f"jobLocationType {is_remote}"
    offices = _listed(data.get("jobLocation"))
    asked = _listed(data.get("applicantLocationRequirements"))
    if not offices and not is_remote:
        yield "no jobLocation"
    for office in offices:
        address = office.get("address", {})
        code = address.get("addressCountry", "")
        if not re.fullmatch("[A-Z]{2}", code) or country_name(code) == code:
            yield f"addressCountry {code!r}"
    if bool(asked) != bool(is_remote):
        yield "TELECOMMUTE and applicantLocationRequirements go together"
    for area in asked:
        if area.get("@type") not in AREAS or not area.get("name"):
            yield f"no area: {area}"
        if area.get("@type") != "Country" and ", " not in area.get("name", ""):
            yield f"no country: {area}"


def _of_salary(salary: Any) -> Iterator[str]:
    if salary is None:
        return
    if salary.get("currency") not in currencies():
        yield f"currency {salary.get('currency')}"
    value = salary.get("value", {})
    if value.get("unitText") not in UNITS:
        yield f"unitText {value.get('unitText')}"
    ends = [value[name] for name in ("value", "minValue", "maxValue") if name in value]
    if any(isinstance(end, bool) or not isinstance(end, int | float) for end in ends):
        yield "an amount is no number"
    elif len(ends) == 2 and ends[0] > ends[1]:
        yield "minValue is above maxValue"
    if set(value) & {"value", "minValue", "maxValue"} not in ({"value"}, {"minValue", "maxValue"}):
        yield "neither an amount nor a range"


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
