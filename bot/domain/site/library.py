"""The public part of the role library as pages: what each role is, never how people are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.links import Link
from bot.domain.openings.text import Text
from bot.domain.posting import Section, filled
from bot.domain.roles import Category, Role
from bot.domain.site.cards import CARD, card_of_role, picture_at, picture_of_jobs
from bot.domain.site.frame import Frame
from bot.domain.site.jobs import PublishedJob, Snapshot
from bot.domain.site.lists import Head, titled
from bot.domain.site.pages import begun

MOST_NEAR = 4
"""Other roles that the page of a role names."""


MOST_ALIASES = 5


@dataclass(frozen=True)
class RoleRow:
    """A role in a list."""

    link: Link
    title: str
    language: str
    about: str


@dataclass(frozen=True)
class Shelf:
    """The roles of a category."""

    key: str
    name: str
    rows: tuple[RoleRow, ...]


@dataclass(frozen=True)
class LibraryPage:
    """All roles by category."""

    head: Head
    shelves: tuple[Shelf, ...]
    index: Link
    script: Link


@dataclass(frozen=True)
class RolePage:
    """One role; `job` is an open job that was made from it."""

    head: Head
    title: str
    lede: str
    category: str
    category_link: Link
    facts: tuple[tuple[str, str], ...]
    job: tuple[str, Link] | None
    sections: Text
    downloads: tuple[tuple[str, Link], ...]
    near: tuple[RoleRow, ...]
    near_heading: str


def role_address(role: Role, site: Frame) -> Link:
    return site.at.within(f"/library/{role.category.slug}/{role.slug}/")


def library_page(roles: Sequence[Role], site: Frame) -> LibraryPage:
    words = site.words
    categories = dict.fromkeys(role.category for role in roles)
    return LibraryPage(
        head=Head(
            titled(words.library, site),
            words.library_note,
            site.at.whole(site.library),
            is_indexed=True,
            picture=picture_of_jobs(site),
        ),
        shelves=tuple(_shelf(category, roles, site) for category in categories),
        index=site.at.within("/library/search.json"),
        script=site.at.within("/static/library.js"),
    )


def role_page(role: Role, roles: Sequence[Role], now: Snapshot, site: Frame) -> RolePage:
    words, address = site.words, role_address(role, site)
    first, *others = role.sections
    lede, rest = begun(role.summary)
    told = (*filter(None, (rest,)), *(text for text in first.texts if text != role.summary))
    reviewed = site.day(role.reviewed) if role.reviewed else ""
    facts = (
        (words.also_called, _begun_large(", ".join(role.aliases[:MOST_ALIASES]))),
        (words.reviewed, reviewed),
    )
    near = [one for one in roles if one.category == role.category and one.slug != role.slug]
    job = next((one for one in now.open if one.job.opening.role == role.slug), None)
    return RolePage(
        head=Head(
            titled(role.title, site),
            lede,
            site.at.whole(address),
            is_indexed=True,
            picture=picture_at(Link(f"{address}{CARD}"), card_of_role(role, site), site),
        ),
        title=role.title,
        lede=lede,
        category=role.category.name,
        category_link=Link(f"{site.library}#{role.category.slug}"),
        facts=tuple((label, text) for label, text in facts if text),
        job=_apply(job, site) if job else None,
        sections=(Section("", paragraphs=told), *others) if told else tuple(others),
        downloads=(
            (words.markdown, Link(f"{address}{role.slug}.md")),
            (words.plain_text, Link(f"{address}{role.slug}.txt")),
        ),
        near=tuple(_row(one, site) for one in near[:MOST_NEAR]),
        near_heading=filled(words.more_roles, category=role.category.name),
    )


def _begun_large(text: str) -> str:
    """With a capital, unless it begins with a name that is written otherwise, such as iOS."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() else text


def _apply(one: PublishedJob, site: Frame) -> tuple[str, Link]:
    told = filled(site.words.open_job, title=one.job.opening.title)
    return told, site.at.job(one.job.slug)


def search_index(roles: Sequence[Role], site: Frame) -> Sequence[dict[str, str]]:
    """What a search looks into, small enough to be loaded once: by each role's own link."""
    return [
        {
            "link": role_address(role, site),
            "words": " ".join(
                (role.title, *role.aliases, *role.kinds, role.category.name, *role.skills)
            ).casefold(),
        }
        for role in roles
    ]


def _shelf(category: Category, roles: Sequence[Role], site: Frame) -> Shelf:
    rows = tuple(_row(role, site) for role in roles if role.category == category)
    return Shelf(category.slug, category.name, rows)


def _row(role: Role, site: Frame) -> RoleRow:
    about, _ = begun(role.summary)
    return RoleRow(role_address(role, site), role.title, role.words.language, about)
