"""What the command line shows of candidates, openings and applications, and how it merges."""

import asyncio
import json
from argparse import Namespace
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.domain.applications import Application
from bot.domain.candidates import Candidate
from bot.domain.dates import day_in_utc
from bot.domain.debriefs.decision import Outcome
from bot.domain.names import readable, search_key
from bot.domain.openings.job import Job
from bot.domain.openings.opening import PUBLIC, Opening
from bot.domain.openings.terms import pay_json
from bot.errors import UserError
from bot.services.candidates import merge_candidates, undo_merge
from bot.services.messages.debriefs_answers import AwaitedAnswer, awaited_answers
from bot.storage.database import Transaction

AT_ONCE = 500
"""Applications that one query asks about."""

COMMAND_LINE = "command-line"
"""Who did it, in the record of what was done from there."""


@dataclass(frozen=True)
class Listing:
    """Lines for people, and the same for programs."""

    lines: Sequence[str]
    json: Sequence[dict[str, Any]]


def openings(options: Namespace) -> int:
    """Every opening, in the order in which they were made."""
    public_url = load_settings().panelist_public_url

    async def found(tx: Transaction) -> Listing:
        return await _openings(tx, public_url)

    return _listed(found, options, "There are no openings yet.")


def applications(options: Namespace) -> int:
    """Every application, the earliest first."""
    return _listed(_applications, options, "There are no applications yet.")


def candidates(options: Namespace) -> int:
    """Every candidate by name, or those whose name or email address has a text in it."""
    find: str | None = options.find

    async def found(tx: Transaction) -> Listing:
        return await _candidates(tx, find)

    none = "There are no candidates yet." if find is None else "No candidate matches that."
    return _listed(found, options, none)


def merge(options: Namespace) -> int:
    """Makes a candidate the same person as another, or takes that back. Raises UserError."""
    one = readable(options.candidate)
    into = options.into and readable(options.into)
    if options.undo == (into is not None):
        options.bad_use("give FROM and INTO, or --undo and FROM")

    async def change(tx: Transaction, workspace: str, now: datetime) -> str:
        if options.undo:
            undone = await undo_merge(tx, workspace, one, COMMAND_LINE, now)
            return f"{one} and {undone.into} are two candidates again."
        await merge_candidates(tx, workspace, one, into, COMMAND_LINE, now)
        return f"Merged {one} into {into}. To undo it: panelist merge --undo {one}"

    print(asyncio.run(_changed(load_settings(), one, change)))
    return DONE


def _listed(
    listing_of: Callable[[Transaction], Awaitable[Listing]], options: Namespace, none: str
) -> int:
    listing = asyncio.run(_read(load_settings(), listing_of))
    if options.json:
        print(json.dumps(listing.json, indent=2, ensure_ascii=False))
    else:
        print("\n".join(listing.lines) or none)
    return DONE


async def _read(
    settings: Settings, listing_of: Callable[[Transaction], Awaitable[Listing]]
) -> Listing:
    async with opened(settings) as database, database.read() as tx:
        return await listing_of(tx)


async def _openings(tx: Transaction, public_url: str | None) -> Listing:
    found = [item for _, item in await tx.openings.everywhere()]
    return Listing(
        [
            f"{one.id}  {one.status:<6}  {one.opening.full_name}  ({one.opening.role})"
            f"{f'  {one.slug}' if one.slug != one.id else ''}"
            for one in found
        ],
        [opening_json(one, public_url) for one in found],
    )


async def _applications(tx: Transaction) -> Listing:
    """Those of candidates who became others are not listed: their rounds are the others' now."""
    people, jobs, found = await _everything(tx)
    found = [item for item in found if item.candidate in people]
    answers = await _answers(tx)
    return Listing(
        [
            f"{one.id}  {one.stage:<12}  {people[one.candidate].name}, "
            f"{jobs[one.opening].full_name}, since {day_in_utc(one.applied_at)}"
            for one in found
        ],
        [_application_json(one, answers.get(one.id)) for one in found],
    )


async def _answers(tx: Transaction) -> Mapping[str, AwaitedAnswer]:
    """What the candidate of each application awaits, if anything."""
    ids: dict[str, list[str]] = defaultdict(list)
    for workspace, one in await tx.applications.everywhere():
        ids[workspace].append(one.id)
    now = SystemClock().now()
    found: dict[str, AwaitedAnswer] = {}
    for workspace, several in ids.items():
        for first in range(0, len(several), AT_ONCE):
            some = several[first : first + AT_ONCE]
            found.update(await awaited_answers(tx, workspace, some, now))
    return found


async def _candidates(tx: Transaction, find: str | None) -> Listing:
    people, jobs, found = await _everything(tx)
    theirs: dict[str, list[Application]] = defaultdict(list)
    for item in found:
        theirs[item.candidate].append(item)
    known, apart = await tx.candidates.everywhere(), await tx.candidates.told_apart()
    duplicates = _duplicates(known, apart)
    wanted = [one for one in people.values() if find is None or _matches(one, find)]
    lines = []
    for one in wanted:
        jobs_of = "; ".join(f"{jobs[a.opening].full_name} ({a.stage})" for a in theirs[one.id])
        lines.append(f"{one.id}  {one.name}: {jobs_of or 'no application'}")
        lines += [f"{'':16}  possible duplicate: {id}" for id in duplicates(one)]
    return Listing(
        lines,
        [
            {"id": one.id, "name": one.name, "applications": [a.id for a in theirs[one.id]]}
            for one in wanted
        ],
    )


async def _changed(
    settings: Settings,
    candidate: str,
    change: Callable[[Transaction, str, datetime], Awaitable[str]],
) -> str:
    """Makes the change in the candidate's workspace; gives what it says."""
    async with opened(settings) as database, database.write() as tx:
        workspace = await tx.candidates.workspace_of(candidate)
        if workspace is None:
            raise UserError(
                f"No candidate has the ID {candidate[:80]!r}. To list them: panelist candidates"
            )
        return await change(tx, workspace, SystemClock().now())


async def _everything(
    tx: Transaction,
) -> tuple[dict[str, Candidate], dict[str, Opening], Sequence[Application]]:
    """Candidates and openings by their ids, which are random, whatever the workspace."""
    people = {item.id: item for _, item in await tx.candidates.everywhere()}
    jobs = {item.id: item.opening for _, item in await tx.openings.everywhere()}
    return people, jobs, [item for _, item in await tx.applications.everywhere()]


def _matches(one: Candidate, find: str) -> bool:
    key = search_key(find)
    by_name = bool(key) and key in one.key
    return by_name or find.strip().casefold() in (one.email_key or "")


def _duplicates(
    known: Sequence[tuple[str, Candidate]], apart: Collection[tuple[str, str]]
) -> Callable[[Candidate], Sequence[str]]:
    """For each candidate the ids of those of the same name or address, but for those of whom it was
    said that they are someone else."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    workspaces = {}
    for workspace, one in known:
        workspaces[one.id] = workspace
        for key in filter(None, {one.key or one.name, one.email_key}):
            alike[(workspace, key)].append(one.id)

    def of(one: Candidate) -> Sequence[str]:
        keys = (one.key or one.name, one.email_key)
        found = [id for key in keys if key for id in alike[(workspaces[one.id], key)]]
        return [id for id in dict.fromkeys(found) if id != one.id and (one.id, id) not in apart]

    return of


def opening_json(one: Job, public_url: str | None = None) -> dict[str, Any]:
    """The opening as programs read it; `public_url` is where the jobs pages are."""
    opening, terms = one.opening, one.terms
    return {
        "id": one.id,
        "slug": one.slug,
        "title": opening.title,
        "role": opening.role,
        "status": one.status,
        "level": opening.level,
        "team": opening.team,
        "places": [asdict(place) for place in terms.places],
        "work_mode": terms.work_mode,
        "employment_type": terms.employment_type,
        "pay": pay_json(terms),
        "closes_on": terms.closes_on.isoformat() if terms.closes_on else None,
        "url": page_url(one, public_url),
    }


def page_url(one: Job, public_url: str | None) -> str | None:
    """The opening's own page, as long as anybody may read it."""
    return f"{public_url}/jobs/{one.slug}" if public_url and one.status in PUBLIC else None


def _application_json(one: Application, awaited: AwaitedAnswer | None) -> dict[str, Any]:
    """`answer_by` is None once they were told; `on_hold` is what was decided last."""
    names = ("id", "candidate", "opening", "stage", "source")
    answer = awaited.answer if awaited is not None else None
    is_open = answer is not None and not answer.is_given
    decision = answer.decision if answer is not None else None
    return {name: getattr(one, name) for name in names} | {
        "applied_at": one.applied_at.isoformat(),
        "answer_by": answer.by.isoformat() if answer is not None and is_open else None,
        "on_hold": decision is not None and decision.outcome is Outcome.HOLD,
    }
