"""`panelist audit`: who did what when, by ids; and whether anything of it was changed."""

import argparse
import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from bot.clock import SystemClock
from bot.commands import DONE, FAULTS
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.domain.audit import AuditEntry
from bot.domain.dates import in_utc
from bot.domain.records.chain import Fault
from bot.services.records.auditing import Verified, seal_all, verify
from bot.storage.database import Transaction

MOST = 100_000
"""Entries that are printed at most, the earliest first: --since goes on from there."""

BATCHES = 10_000


def audit(options: argparse.Namespace) -> int:
    settings = load_settings()
    if options.verify:
        return _verify(settings, as_json=options.json)
    found = asyncio.run(_listed(settings, options.since, options.about))
    if options.json:
        print(json.dumps([_as_json(*one) for one in found], indent=2))
    else:
        print("\n".join(_line(*one) for one in found) or "Nothing was done yet.")
    return DONE


def _verify(settings: Settings, *, as_json: bool) -> int:
    found = asyncio.run(_verified(settings))
    if as_json:
        print(json.dumps([_chain_json(one) for one in found], indent=2))
    else:
        print("\n".join(line for one in found for line in _chain(one)) or "Nothing was done yet.")
    return FAULTS if any(one.faults for one in found) else DONE


async def _verified(settings: Settings) -> Sequence[Verified]:
    """What was done a moment ago is sealed first, so that the head stands for all there is."""
    async with opened(settings) as database:
        async with database.write() as tx:
            await seal_all(tx, SystemClock().now(), BATCHES)
        async with database.read() as tx:
            return await verify(tx)


async def _listed(
    settings: Settings, since: datetime | None, about: str | None
) -> Sequence[tuple[str, AuditEntry]]:
    async with opened(settings) as database, database.read() as tx:
        ids = None if about is None else await _ids(tx, about)
        return await tx.seals.listed(since, ids, MOST)


async def _ids(tx: Transaction, id: str) -> Collection[str]:
    """This one, and of a candidate everything that is theirs."""
    workspace = await tx.candidates.workspace_of(id)
    if workspace is None:
        return [id]
    person = await tx.people.person(workspace, id)
    return [id] if person is None else await tx.people.ids(person)


def _line(chain: str, one: AuditEntry) -> str:
    part = f" {one.part}" if one.part else ""
    fields = f" ({', '.join(one.fields)})" if one.fields else ""
    imported = f"  [import {chain}]" if chain else ""
    return f"{in_utc(one.at)}  {one.actor}  {one.action}  {one.subject}{part}{fields}{imported}"


def _as_json(chain: str, one: AuditEntry) -> dict[str, Any]:
    return {**vars(one), "at": one.at.isoformat(), "fields": list(one.fields), "import": chain}


def _chain(one: Verified) -> list[str]:
    what = f"Workspace {one.workspace}" + (f", import {one.chain}" if one.chain else "")
    gone = f", {one.aged} batches gone for their age" if one.aged else ""
    return [
        f"{what}: {one.entries} entries in {one.head.number} batches{gone}.",
        *(f"  Broken: {_fault(fault)}." for fault in one.faults),
        f"  Head {one.head.number}: {one.head.hash}",
    ]


def _fault(fault: Fault) -> str:
    seal = fault.seal
    when = f"{in_utc(seal.first_at)} to {in_utc(seal.last_at)}"
    return f"batch {seal.number}, {seal.count} entries from {when}: {fault.why}"


def _chain_json(one: Verified) -> dict[str, Any]:
    return {
        "workspace": one.workspace,
        "import": one.chain,
        "head": {"number": one.head.number, "hash": one.head.hash},
        "entries": one.entries,
        "aged_batches": one.aged,
        "faults": [{"batch": fault.seal.number, "why": fault.why.value} for fault in one.faults],
    }
