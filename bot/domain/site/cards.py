"""Pictures that links to pages unfurl with: where each is, and what stands on it."""

import hashlib
from dataclasses import dataclass

from bot.domain.links import Link, link_of
from bot.domain.openings.posting import JobPosting
from bot.domain.roles import Role
from bot.domain.site.frame import Frame

CARD = "card.png"
"""The picture's name, of the jobs below /static, of a role of the library beside its page."""

ENDING = ".png"
"""What the picture of a job has behind the job's own address."""


@dataclass(frozen=True)
class Card:
    """What stands on a picture: `above` the heading whose it is, below it what is `strong`, such as
    pay, and `facts`. `color` is that of links, such as #0b5a6f."""

    heading: str
    above: str = ""
    strong: str = ""
    facts: tuple[str, ...] = ()
    color: str = "#0b5a6f"

    @property
    def digest(self) -> str:
        """Another one for each other card: whoever has kept a picture sees that it's an old one."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]


def card_of_jobs(site: Frame) -> Card:
    """For lists, and for whatever can't be drawn itself."""
    headline = " ".join((site.company.pages.headline or "").split())
    if not headline:
        return Card(site.jobs_title, color=site.color)
    return Card(headline, above=site.jobs_title, color=site.color)


def card_of_job(posting: JobPosting, site: Frame) -> Card:
    facts = (posting.where_in_short, " · ".join(filter(None, (posting.kind, posting.hours))))
    return Card(
        posting.title,
        above=site.name or site.words.jobs,
        strong=posting.pay or "",
        facts=tuple(filter(None, facts)),
        color=site.color,
    )


def card_of_role(role: Role, site: Frame) -> Card:
    above = " · ".join(filter(None, (site.name, site.words.library)))
    return Card(role.title, above=above, facts=(role.category.name,), color=site.color)


def picture_of_jobs(site: Frame) -> Link:
    return picture_at(site.at.within(f"/static/{CARD}"), card_of_jobs(site), site)


def picture_of_job(posting: JobPosting, slug: str, site: Frame) -> Link:
    return picture_at(link_of(f"{site.at.job(slug)}{ENDING}"), card_of_job(posting, site), site)


def picture_at(place: Link, card: Card, site: Frame) -> Link:
    """The whole address: another one whenever the picture is."""
    return link_of(f"{site.at.whole(place)}?v={card.digest}")
