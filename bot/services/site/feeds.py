"""Feeds and the sitemap, element by element as each receiver reads them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from bot.domain.candidates import EMAIL
from bot.domain.openings.pay import PayPeriod
from bot.domain.openings.places import WorkMode
from bot.domain.openings.terms import EmploymentType
from bot.domain.site.boards import Feed, FeedJob, for_xml, location, salary, without_entities
from bot.domain.site.frame import Frame

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
JSON_FEED = "https://jsonfeed.org/version/1.1"

DAY_OF_MAIL = len("Fri, 15 Jan 2027")

Kinds = Mapping[EmploymentType, str]

INDEED_KINDS: Kinds = {
    EmploymentType.FULL_TIME: "fulltime",
    EmploymentType.PART_TIME: "parttime",
    EmploymentType.CONTRACTOR: "contract",
    EmploymentType.TEMPORARY: "temporary",
    EmploymentType.INTERN: "internship",
}
LINKEDIN_KINDS: Kinds = {
    EmploymentType.FULL_TIME: "FULL_TIME",
    EmploymentType.PART_TIME: "PART_TIME",
    EmploymentType.CONTRACTOR: "CONTRACT",
    EmploymentType.TEMPORARY: "CONTRACT",
    EmploymentType.INTERN: "INTERNSHIP",
}
LINKEDIN_PERIODS = {
    PayPeriod.HOUR: "HOURLY",
    PayPeriod.DAY: "DAILY",
    PayPeriod.WEEK: "WEEKLY",
    PayPeriod.MONTH: "MONTHLY",
    PayPeriod.YEAR: "YEARLY",
}
LINKEDIN_MODES = {
    WorkMode.ONSITE: "On-site",
    WorkMode.HYBRID: "Hybrid",
    WorkMode.REMOTE: "Remote",
}
ADZUNA_PERIODS = {
    PayPeriod.HOUR: "hour",
    PayPeriod.DAY: "day",
    PayPeriod.MONTH: "month",
    PayPeriod.YEAR: "year",
}
ADZUNA_TIMES: Kinds = {
    EmploymentType.FULL_TIME: "full_time",
    EmploymentType.PART_TIME: "part_time",
}
ADZUNA_TYPES: Kinds = {
    EmploymentType.CONTRACTOR: "contract",
    EmploymentType.TEMPORARY: "contract",
}

Element = Any
"""Of lxml, whose stubs call it by a private name."""


def feed(kind: Feed, jobs: Sequence[FeedJob], site: Frame, changed_at: datetime) -> bytes:
    """The feed of these jobs; `changed_at` is when any of them last changed."""
    return _FEEDS[kind](jobs, site, changed_at)


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Addresses, each with when its page last changed."""
    root = etree.Element("urlset", nsmap={None: SITEMAP})  # type: ignore[dict-item]  # the stubs know no default
    for address, changed_at in pages:
        url = etree.SubElement(root, "url")
        _add(url, "loc", address)
        _add(url, "lastmod", _moment(changed_at) if changed_at else None)
    return _written(root)


def _atom(jobs: Sequence[FeedJob], site: Frame, changed_at: datetime) -> bytes:
    root = etree.Element("feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set(XML_LANG, site.language)
    home = site.at.whole(site.at.jobs)
    _add(root, "id", home)
    _add(root, "title", site.jobs_title)
    _add(root, "updated", _moment(changed_at))
    _link(root, "self", site.at.whole(site.atom), "application/atom+xml")
    _link(root, "alternate", home, "text/html")
    author = etree.SubElement(root, "author")
    _add(author, "name", site.name or site.words.jobs)
    for job in _once(jobs):
        entry = etree.SubElement(root, "entry")
        entry.set(XML_LANG, job.language)
        _add(entry, "id", _tag(job, site))
        _add(entry, "title", job.title)
        _link(entry, "alternate", job.link(Feed.ATOM), "text/html")
        _add(entry, "published", _moment(job.posted_at))
        _add(entry, "updated", _moment(job.changed_at))
        if job.team:
            etree.SubElement(entry, "category", term=for_xml(job.team))
        _add(entry, "summary", job.teaser)
        content = _add(entry, "content", job.description)
        if content is not None:
            content.set("type", "html")
    return _written(root)


def _json(jobs: Sequence[FeedJob], site: Frame, _: datetime) -> bytes:
    items = []
    for job in _once(jobs):
        all_places = [one.place for one in jobs if one.id == job.id and one.place]
        about: dict[str, Any] = {
            "about": "https://schema.org/JobPosting",
            "places": [vars(place) for place in all_places],
            "work_mode": job.work_mode,
            "employment_type": job.kind,
        }
        if job.pay is not None:
            about["pay"] = {
                "minimum": float(job.pay.minimum),
                "maximum": float(job.pay.maximum),
                "currency": job.pay.currency,
                "period": job.pay.period,
            }
        item = {
            "id": job.id,
            "url": job.link(Feed.JSON),
            "title": job.title,
            "content_html": job.description,
            "summary": job.teaser,
            "date_published": _moment(job.posted_at),
            "date_modified": _moment(job.changed_at),
            "language": job.language,
            "tags": [job.team] if job.team else [],
            "_panelist": about,
        }
        items.append({name: value for name, value in item.items() if value != ""})
    whole: dict[str, Any] = {
        "version": JSON_FEED,
        "title": site.jobs_title,
        "home_page_url": site.at.whole(site.at.jobs),
        "feed_url": site.at.whole(site.json_feed),
        "language": site.language,
        "authors": [{"name": site.name}] if site.name else [],
        "items": items,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _indeed(jobs: Sequence[FeedJob], site: Frame, changed_at: datetime) -> bytes:
    root = etree.Element("source")
    _quoted(root, "publisher", site.name)
    _quoted(root, "publisherurl", site.at.whole(site.at.jobs))
    _quoted(root, "lastBuildDate", _mail_date(changed_at))
    for one in jobs:
        job = etree.SubElement(root, "job")
        place = one.place
        city = place.city if place else None
        region = place.region if place else None
        pay = salary(one.pay) if one.pay else None
        _quoted(job, "title", one.title)
        _quoted(job, "date", _moment(one.posted_at))
        _quoted(job, "referencenumber", one.reference)
        _quoted(job, "requisitionid", one.id)
        _quoted(job, "url", f"{one.link(Feed.INDEED)}&source=Indeed")
        _quoted(job, "company", one.company)
        _quoted(job, "sourcename", one.company)
        _quoted(job, "city", city or ("Remote" if one.is_remote else ""), always=True)
        _quoted(job, "state", region or "", always=True)
        _quoted(job, "country", place.country if place else "", always=True)
        _quoted(job, "postalcode", "", always=True)
        _quoted(job, "email", _email(site))
        _quoted(job, "description", without_entities(one.description))
        _quoted(job, "salary", pay)
        _quoted(job, "jobtype", INDEED_KINDS.get(one.kind) if one.kind else None)
        _quoted(job, "category", one.team)
        if one.is_remote or one.work_mode is WorkMode.HYBRID:
            _quoted(job, "remotetype", "Fully remote" if one.is_remote else "Hybrid remote")
        _quoted(job, "expirationdate", _mail_day(one))
        _quoted(job, "lastactivitydate", _moment(one.changed_at))
    return _written(root)


def _jooble(jobs: Sequence[FeedJob], _: Frame, __: datetime) -> bytes:
    root = etree.Element("jobs")
    for one in jobs:
        job = etree.SubElement(root, "job", id=one.reference)
        where = location(one.place)
        _quoted(job, "link", one.link(Feed.JOOBLE))
        _quoted(job, "name", one.title)
        _quoted(job, "region", f"Remote, {where}" if one.is_remote and where else where)
        _quoted(job, "description", one.description)
        _quoted(job, "pubdate", _dotted(one.posted_at))
        _quoted(job, "updated", _dotted(one.changed_at))
        _quoted(job, "expire", _dotted(one.last_day))
        _quoted(job, "salary", salary(one.pay) if one.pay else None)
        _quoted(job, "company", one.company)
        _quoted(job, "jobtype", one.kind.label.lower() if one.kind else None)
    return _written(root)


def _adzuna(jobs: Sequence[FeedJob], _: Frame, __: datetime) -> bytes:
    root = etree.Element("jobs")
    for one in jobs:
        job = etree.SubElement(root, "job")
        _quoted(job, "title", one.title)
        _quoted(job, "id", one.reference)
        _quoted(job, "description", one.description)
        _quoted(job, "url", one.link(Feed.ADZUNA))
        _quoted(job, "location", location(one.place))
        _quoted(job, "country", one.place.country if one.place else None)
        if one.pay is not None and (period := ADZUNA_PERIODS.get(one.pay.period)):
            _quoted(job, "salary_min", f"{one.pay.minimum:f}")
            _quoted(job, "salary_max", f"{one.pay.maximum:f}")
            _quoted(job, "salary_frequency", period)
            _quoted(job, "salary_currency", one.pay.currency)
        elif one.pay is not None:
            _quoted(job, "salary", salary(one.pay))
        _quoted(job, "company", one.company)
        _quoted(job, "category", one.team)
        _quoted(job, "contract_time", ADZUNA_TIMES.get(one.kind) if one.kind else None)
        _quoted(job, "contract_type", ADZUNA_TYPES.get(one.kind) if one.kind else None)
        _quoted(job, "date", _moment(one.posted_at))
    return _written(root)


def _linkedin(jobs: Sequence[FeedJob], site: Frame, changed_at: datetime) -> bytes:
    root = etree.Element("source")
    _quoted(root, "lastBuildDate", _mail_date(changed_at))
    _quoted(root, "publisherUrl", site.at.whole(site.at.jobs))
    _quoted(root, "publisher", site.name)
    _quoted(root, "expectedJobCount", str(len(jobs)))
    for one in jobs:
        job = etree.SubElement(root, "job")
        place = one.place
        mode = WorkMode.REMOTE if one.is_remote else one.work_mode
        _quoted(job, "partnerJobId", one.reference)
        _quoted(job, "company", one.company)
        _quoted(job, "title", one.title)
        _quoted(job, "description", one.description)
        _quoted(job, "applyUrl", one.link(Feed.LINKEDIN))
        _quoted(job, "posterEmail", _email(site))
        _quoted(job, "location", location(place))
        _quoted(job, "city", place.city if place else None)
        _quoted(job, "state", place.region if place else None)
        _quoted(job, "country", place.country if place else None)
        _quoted(job, "workplaceTypes", LINKEDIN_MODES[mode] if mode else None)
        _quoted(job, "jobtype", LINKEDIN_KINDS.get(one.kind) if one.kind else None)
        if one.pay is not None:
            pay = etree.SubElement(etree.SubElement(job, "salaries"), "salary")
            for name, amount in (("highEnd", one.pay.maximum), ("lowEnd", one.pay.minimum)):
                end = etree.SubElement(pay, name)
                _quoted(end, "amount", f"{amount:f}")
                _quoted(end, "currencyCode", one.pay.currency)
            _quoted(pay, "period", LINKEDIN_PERIODS[one.pay.period])
            _quoted(pay, "type", "BASE_SALARY")
        _quoted(job, "listDate", _moment(one.posted_at))
        _quoted(job, "expirationDate", _moment(one.last_day) if one.last_day else None)
    return _written(root)


_FEEDS: Mapping[Feed, Callable[[Sequence[FeedJob], Frame, datetime], bytes]] = {
    Feed.ATOM: _atom,
    Feed.JSON: _json,
    Feed.INDEED: _indeed,
    Feed.JOOBLE: _jooble,
    Feed.ADZUNA: _adzuna,
    Feed.LINKEDIN: _linkedin,
}


def _once(jobs: Iterable[FeedJob]) -> Sequence[FeedJob]:
    """Each opening once, however many places it has."""
    return [*{job.id: job for job in reversed([*jobs])}.values()][::-1]


def _tag(job: FeedJob, site: Frame) -> str:
    """What a reader knows the job by, for good: a tag address, which needs no page."""
    host = site.at.base.partition("://")[2].partition("/")[0].partition(":")[0]
    return f"tag:{host},{job.posted_at.astimezone(UTC).date().isoformat()}:{job.id}"


def _email(site: Frame) -> str | None:
    contact = site.company.pages.contact
    return contact if contact and EMAIL.fullmatch(contact) else None


def _mail_day(job: FeedJob) -> str | None:
    """Its last day, as mail writes days: "Fri, 15 Jan 2027"."""
    return format_datetime(job.last_day)[:DAY_OF_MAIL] if job.last_day else None


def _dotted(day: datetime | None) -> str | None:
    return f"{day:%d.%m.%Y}" if day else None


def _moment(moment: datetime) -> str:
    in_utc = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{in_utc.isoformat()}Z"


def _mail_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _add(parent: Element, name: str, text: str | None) -> Element | None:
    """An element with this text, if there is any."""
    if not text:
        return None
    child = etree.SubElement(parent, name)
    child.text = for_xml(text)
    return child


def _quoted(parent: Element, name: str, text: str | None, *, always: bool = False) -> None:
    """The same as CDATA, as boards want it; what cannot be in one is escaped instead."""
    if not text and not always:
        return
    child = etree.SubElement(parent, name)
    plain = for_xml(text or "")
    child.text = etree.CDATA(plain) if plain and "]]>" not in plain else plain


def _link(parent: Element, rel: str, link: str, media_type: str) -> None:
    etree.SubElement(parent, "link", rel=rel, href=link, type=media_type)


def _written(root: Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written
