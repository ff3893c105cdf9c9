"""Lists of open jobs: all of them, those that filters leave, and a few beside something else."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain.company import Stage
from bot.domain.dates import day_in
from bot.domain.links import Link
from bot.domain.openings.posting import posting_of
from bot.domain.posting import filled
from bot.domain.site.cards import picture_of_jobs
from bot.domain.site.frame import Frame
from bot.domain.site.jobs import REMOTE, Filters, PublishedJob, Snapshot, key_of

FEW = 30
"""Jobs up to which a list is read without help; above it, links lead to each team."""


@dataclass(frozen=True)
class Head:
    """What browsers and search engines are told of a page; without `canonical`, not to keep it.
    `picture` is what links to it unfurl with."""

    title: str
    description: str = ""
    canonical: Link | None = None
    is_indexed: bool = False
    picture: Link | None = None


@dataclass(frozen=True)
class Row:
    """An opening in a list."""

    link: Link
    title: str
    language: str
    line: str
    pay: str
    when: str


@dataclass(frozen=True)
class Group:
    """The openings of a team."""

    key: str
    name: str
    count: str
    rows: tuple[Row, ...]

    @property
    def id(self) -> str:
        """Of its heading: no other element of a page has it, whatever the team is called."""
        return id_of(self.key)


def id_of(team: str) -> str:
    return f"team-{team}"


@dataclass(frozen=True)
class Choice:
    """A team or a place to narrow a list down to."""

    key: str
    name: str
    link: Link
    is_chosen: bool = False


@dataclass(frozen=True)
class Search:
    """The form above a list, or the links that stand in its place."""

    words: str
    teams: tuple[Choice, ...]
    places: tuple[Choice, ...]
    are_links: bool = False


@dataclass(frozen=True)
class ListPage:
    """All open jobs, or those that filters leave; `chips` take one of them away."""

    head: Head
    heading: str
    introduction: str
    search: Search
    groups: tuple[Group, ...]
    is_filtered: bool
    found: str
    chips: tuple[tuple[str, Link], ...]
    all: str
    steps: tuple[Stage, ...]
    jumps: bool


def list_page(now: Snapshot, filters: Filters, site: Frame) -> ListPage:
    """The open jobs that the filters leave, by team."""
    words, pages = site.words, site.company.pages
    found = filters.found(now.open)
    is_filtered = filters != Filters()
    search = search_of(now, filters, site)
    chips = _chips(filters, search, site)
    if not now.open:
        told = words.none_open
    elif not found:
        told = words.no_match
    else:
        told = _counted(len(found), words.one_match, words.many_match)
    title = site.jobs_title
    if is_filtered:
        told_of = ", ".join(label for label, _ in chips)
        title = f"{told}: {told_of}" if told_of else told
    introduction = pages.introduction or " ".join(site.company.about[:1])
    is_whole = not is_filtered or site.at.are_files
    link = site.at.filtered(filters) if is_whole else site.at.jobs
    return ListPage(
        head=Head(
            title=title if not is_filtered else titled(title, site),
            description=introduction,
            canonical=site.at.whole(link),
            is_indexed=is_whole,
            picture=picture_of_jobs(site),
        ),
        heading=words.open_jobs if is_filtered else pages.headline or title,
        introduction="" if is_filtered else introduction,
        search=search,
        groups=_found(found, filters, site) if is_filtered else _groups(found, site),
        is_filtered=is_filtered,
        found=told,
        chips=chips,
        all=see_all(now, site),
        steps=() if is_filtered else site.company.process,
        jumps=len(found) > FEW,
    )


def choices(now: Snapshot, site: Frame) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """The teams and the places that there are open jobs in."""
    search = search_of(now, Filters(), site)
    return search.teams, search.places


def titled(title: str, site: Frame) -> str:
    return f"{title} | {site.name}" if site.name else title


def _counted(count: int, one: str, many: str) -> str:
    return filled(one if count == 1 else many, count=str(count))


def see_all(now: Snapshot, site: Frame) -> str:
    return filled(site.words.see_jobs, count=str(len(now.open)))


def search_of(now: Snapshot, filters: Filters, site: Frame) -> Search:
    teams = {key_of(one.team): one.team for one in now.open if one.team}
    places = {key: name for one in now.open for key, name in one.places.items()}
    if REMOTE in places:
        places[REMOTE] = site.words.remote
    by_name = sorted(teams.items(), key=lambda item: item[1].casefold())
    by_place = sorted(places.items(), key=lambda item: (item[0] == REMOTE, item[1].casefold()))
    return Search(
        filters.words,
        tuple(
            Choice(key, name, site.at.filtered(Filters(team=key)), key == filters.team)
            for key, name in by_name
            if key
        ),
        tuple(
            Choice(key, name, site.at.filtered(Filters(place=key)), key == filters.place)
            for key, name in by_place
            if key
        ),
        site.at.are_files,
    )


def _chips(filters: Filters, search: Search, site: Frame) -> tuple[tuple[str, Link], ...]:
    found = [
        *((one.name, replace(filters, team="")) for one in search.teams if one.is_chosen),
        *((one.name, replace(filters, place="")) for one in search.places if one.is_chosen),
    ]
    if filters.words:
        found.append((f"“{filters.words}”", replace(filters, words="")))
    return tuple((label, site.at.filtered(without)) for label, without in found)


def _groups(jobs: Iterable[PublishedJob], site: Frame) -> tuple[Group, ...]:
    """By team, those without one last; the newest of each first."""
    words = site.words
    by_team = sorted(jobs, key=lambda one: (one.team is None, (one.team or "").casefold()))
    groups = groupby(by_team, key=lambda one: key_of(one.team or ""))
    found = [(key, [*members]) for key, members in groups]
    return tuple(
        Group(
            key=key,
            name=members[0].team or (words.other_jobs if len(found) > 1 else words.open_jobs),
            count=_counted(len(members), words.one_job, words.many_jobs),
            rows=tuple(row_of(one, site) for one in members),
        )
        for key, members in found
    )


def _found(jobs: Iterable[PublishedJob], filters: Filters, site: Frame) -> tuple[Group, ...]:
    """In one list, in which each job says its team unless all are of one."""
    rows = tuple(row_of(one, site, has_team=not filters.team) for one in jobs)
    return (Group(key="", name="", count="", rows=rows),) if rows else ()


def row_of(one: PublishedJob, site: Frame, *, has_team: bool = False) -> Row:
    """`has_team`: it says of which team it is, since it doesn't stand below the team's name."""
    posting = posting_of(one.job, None, one.words)
    terms, words = one.job.terms, site.words
    if terms.closes_on is not None:
        when = filled(words.apply_by_day, date=site.day(terms.closes_on))
    else:
        when = filled(words.posted, date=site.day(day_in(one.zone, one.posted_at)))
    team = posting.team if has_team else None
    told = (team, posting.where_in_short, posting.kind, posting.hours)
    return Row(
        link=site.at.job(one.job.slug),
        title=posting.title,
        language=posting.language,
        line=" · ".join(filter(None, told)),
        pay=posting.pay or "",
        when=when,
    )
