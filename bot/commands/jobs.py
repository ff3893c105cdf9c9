"""`panelist jd OPENING`: an opening's posting in each format, and the texts to paste."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import SystemClock
from bot.commands.content import unknown_role
from bot.commands.database import opened
from bot.commands.hires import opening_json, page_url
from bot.config import Settings
from bot.domain.dates import day_in
from bot.domain.gaps import no_guide
from bot.domain.names import readable, search_key, shown_back
from bot.domain.openings.job import Job
from bot.domain.openings.json_ld import CONFIDENTIAL, dumped
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.zones import zone_of_days
from bot.domain.panels.content import FrozenContent
from bot.errors import UserError
from bot.library.content import LoadedContent
from bot.library.formats import JSONLD, Format, ShareFormat
from bot.services.frozen_contents import Contents
from bot.services.jobs import ROLE_GONE, completed, content_of
from bot.services.messages.openings import Posted
from bot.services.openings.formats import OpeningFormats, first_open
from bot.storage.database import Database, Transaction


@dataclass(frozen=True)
class Found:
    """An opening, with what is asked in it, and the zone in which its days end."""

    job: Job
    content: FrozenContent
    first_open: datetime | None
    zone: str
    public_url: str | None = None


class Ambiguous(UserError):
    """Openings of several workspaces have one name."""


def print_job(
    settings: Settings, content: LoadedContent, options: argparse.Namespace, *, is_role: bool
) -> bool:
    """Prints the opening that is asked for; False where nothing is called so, and a role may be.

    `is_role`: a role has that name. Raises UserError.
    """
    name = readable(options.role)
    try:
        found = asyncio.run(_found(settings, content, name))
    except Ambiguous:
        raise
    except UserError as error:
        if not is_role:
            unknown = unknown_role(content.library, options.role)
            raise UserError(f"{unknown}\nOpenings can't be searched: {error.text}") from error
        found = None
    if found is not None:
        print(_printed(found, content, options).rstrip())
        return True
    if is_role:
        options.bad_use(
            f"{options.format} needs an opening, and {shown_back(name)!r} is a role. "
            "To list the openings: panelist openings"
        )
    return False


async def _found(settings: Settings, content: LoadedContent, name: str) -> Found | None:
    database = Database(settings.database_url)
    if database.file is not None and not database.file.exists():
        return None  # nobody has opened a job yet
    async with opened(settings) as database, database.read() as tx:
        jobs = await tx.openings.everywhere()
        key = search_key(name)
        called = [one for one in jobs if one[1].id == name] or [
            one for one in jobs if key and search_key(one[1].slug) == key
        ]
        if len(called) > 1:
            ids = ", ".join(job.id for _, job in called)
            raise Ambiguous(f"{len(called)} openings are called {name!r}. Use an ID: {ids}.")
        if not called:
            return None
        read = await _read(tx, content, *called[0])
        return replace(read, public_url=settings.panelist_public_url)


async def _read(tx: Transaction, content: LoadedContent, workspace: str, job: Job) -> Found:
    asked = await content_of(tx, Contents(), content.library, workspace, job)
    if asked is None:
        raise UserError(ROLE_GONE)
    zone = zone_of_days(content.library.company, job.terms.places)
    return Found(completed(job, asked), asked, await first_open(tx, workspace, job), zone)


def _printed(found: Found, content: LoadedContent, options: argparse.Namespace) -> str:
    if options.part == "guide":
        return _guide(found, content, options)
    formats = OpeningFormats(content.documents, content.library.company, found.public_url)
    job, words = found.job, found.content.role.words
    match options.format:
        case "json":
            return _json(
                opening_json(job, found.public_url) | {"posting": [asdict(one) for one in job.text]}
            )
        case "slack":
            return _json({"blocks": _blocks(found)})
        case str(style) if style == JSONLD:
            return _json_ld(found, formats)
        case str(style) if style in list(ShareFormat):
            return formats.share(job, ShareFormat(style), words)
        case style:
            return formats.document(job, Format(style), words)


def _guide(found: Found, content: LoadedContent, options: argparse.Namespace) -> str:
    """The role's, at the opening's level, as it is frozen with the opening."""
    role = found.content.role.at(found.job.opening.level)
    competencies = found.content.competencies
    if role.guide is None and options.format != "json":
        raise UserError(no_guide(role))
    if options.format == "slack":
        from handlers.views import jd as views  # Slack's models are for this format only

        messages = views.guide(role, role.guide, competencies) if role.guide else ()
        return _json({"blocks": [block for one in messages for block in one["blocks"]]})
    if options.format == "json":
        return _json(role.model_dump(mode="json"))
    if options.format not in list(Format):
        options.bad_use(f"{options.format} is for candidates: leave out --part guide")
    return content.documents.document(
        "guide", Format(options.format), role=role, competencies=competencies
    )


def _json_ld(found: Found, formats: OpeningFormats) -> str:
    now = SystemClock().now()
    posted_at = found.first_open or now
    data = formats.json_ld(
        found.job,
        posted_at,
        found.zone,
        day_in(found.zone, now),
        found.content.role.words,
        page_url(found.job, found.public_url),
    )
    if not formats.names_company:
        print(f"No company is named, so hiringOrganization says {CONFIDENTIAL!r}.", file=sys.stderr)
    return dumped(data)


def _blocks(found: Found) -> list[dict[str, Any]]:
    """The message in a channel; a draft's as it would be posted."""
    from handlers.views.openings.posting import posting

    job, today = found.job, day_in(found.zone, SystemClock().now())
    if job.status is OpeningStatus.DRAFT:
        job = replace(job, opening=replace(job.opening, status=OpeningStatus.OPEN))
    _, blocks = posting(Posted(job, today, found.zone, found.content.role.words))
    return blocks


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
