"""`panelist retain`: erases whoever was kept for as long as the workspace keeps people."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import SystemClock
from bot.commands import DONE, FAULTS
from bot.commands.database import opened
from bot.commands.records.erasing import erase_all
from bot.config import Settings, load_settings
from bot.domain.dates import day_in_utc
from bot.domain.records.erasing import Erasure
from bot.domain.records.retention import Ended, Retention
from bot.services.records.retaining import (
    begin_aged,
    known_workspaces,
    old_enough,
    require_begun,
)
from bot.storage.database import Database


@dataclass(frozen=True)
class OldEnough:
    """A workspace's candidates that are to be erased by now."""

    retention: Retention
    due: Sequence[Ended]


def retain(options: argparse.Namespace) -> int:
    """Raises UserError before admins have seen for two weeks what would be erased."""
    return asyncio.run(_retain(load_settings(), is_dry=options.dry_run))


async def _retain(settings: Settings, *, is_dry: bool) -> int:
    now = SystemClock().now()
    async with opened(settings) as database:
        found = await _old_enough(database, now)
        print("\n".join(line for one in found for line in _lines(one, now)) or "Nobody is known.")
        if is_dry:
            return DONE
        for one in found:
            if one.due:
                require_begun(one.retention, now)
        erased = 0
        while True:
            begun = await _begin(database, now)
            if not begun:
                break
            left = await erase_all(settings, database, begun)
            erased += len(begun) - left
            if left:
                print(f"Erased: {erased}. Not done yet: {left}; Panelist goes on while it runs.")
                return FAULTS
        print(f"Erased: {erased}.")
    return DONE


async def _old_enough(database: Database, now: datetime) -> Sequence[OldEnough]:
    async with database.read() as tx:
        kept = [await tx.retention.get(one) for one in await known_workspaces(tx)]
        return [OldEnough(one, await old_enough(tx, one.policy, now)) for one in kept]


async def _begin(database: Database, now: datetime) -> Sequence[Erasure]:
    """Has some erased; gives those that are going on then."""
    async with database.write() as tx:
        for workspace in await known_workspaces(tx):
            policy = (await tx.retention.get(workspace)).policy
            await begin_aged(tx, workspace, await old_enough(tx, policy, now), now)
        found = await tx.erasures.states()
    return [one.erasure for one in found if not one.erasure.is_done and not one.is_held]


def _lines(one: OldEnough, now: datetime) -> list[str]:
    policy, begins = one.retention.policy, one.retention.begins_at
    if not policy.is_on:
        return [f"Workspace {policy.workspace} keeps everybody."]
    who = "1 candidate is" if len(one.due) == 1 else f"{len(one.due) or 'no'} candidates are"
    lines = [f"Workspace {policy.workspace}: {who} old enough to be erased."]
    if begins is None:
        lines.append("Nothing is erased for its age before Panelist has run for two weeks.")
    elif now < begins:
        lines.append(f"Nothing is erased for its age before {day_in_utc(begins)}.")
    lines += [
        f"  {ended.candidate}  ended {day_in_utc(ended.ended_at)}, "
        f"due {day_in_utc(due)}{', hired' if ended.is_hired else ''}"
        for ended in one.due
        if (due := ended.due_at(policy)) is not None
    ]
    return lines
