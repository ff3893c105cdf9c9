"""`panelist erase` and `panelist legal-hold`."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.clock import SystemClock
from bot.commands import DONE, FAULTS
from bot.commands.database import opened
from bot.commands.hires import COMMAND_LINE
from bot.config import Settings, load_settings
from bot.domain.dates import in_utc
from bot.domain.names import readable
from bot.domain.records.erasing import Backup, Because, Erasure, ErasureState, SlackCopy
from bot.errors import UserError
from bot.services.records.erasing import Erasing, begin_erasure
from bot.services.records.holding import NO_CANDIDATE, put_hold, take_hold
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database, Transaction
from handlers.installations import OneInstallation
from handlers.notifier import SlackNotifier
from handlers.slack import Slack
from handlers.slack_api import SlackApi

PAUSE = 0.5
SOON = timedelta(minutes=1)
"""For so long the command waits for Slack; Panelist itself goes on after that."""


def erase(options: argparse.Namespace) -> int:
    """Raises UserError where there is nobody to be erased, or a legal hold keeps them."""
    return asyncio.run(_erase(load_settings(), readable(options.candidate), is_sure=options.yes))


def legal_hold(options: argparse.Namespace) -> int:
    """Raises UserError where there is no such candidate."""
    print(asyncio.run(_hold(load_settings(), readable(options.candidate), options.state == "on")))
    return DONE


async def _hold(settings: Settings, id: str, is_on: bool) -> str:
    now = SystemClock().now()
    async with opened(settings) as database, database.write() as tx:
        workspace = await _workspace_of(tx, id)
        if is_on:
            new = await put_hold(tx, workspace, id, COMMAND_LINE, now)
            return f"{id} is under a legal hold{'' if new else ' already'}: nothing is erased."
        gone = await take_hold(tx, workspace, id, COMMAND_LINE, now)
        return f"{id} is no longer under a legal hold." if gone else f"{id} wasn't held."


async def _erase(settings: Settings, id: str, *, is_sure: bool) -> int:
    async with opened(settings) as database:
        before = await _asked_before(database, id)
        if before is None:
            name = await _name(database, id)
            if not is_sure and not _confirms(id, name):
                print("Nothing was erased.", file=sys.stderr)
                return FAULTS
        now = SystemClock().now()
        async with database.write() as tx:
            workspace = before.workspace if before else await _workspace_of(tx, id)
            root = before.candidate if before else id
            item = await begin_erasure(tx, workspace, root, COMMAND_LINE, now, Because.ASKED)
        if not item.is_done:
            await erase_all(settings, database, [item])
        return await _report(database, item)


async def _asked_before(database: Database, id: str) -> Erasure | None:
    async with database.read() as tx:
        return await tx.erasures.anywhere(id)


async def _name(database: Database, id: str) -> str:
    async with database.read() as tx:
        return await tx.people.name(await _workspace_of(tx, id), id)


def _confirms(id: str, name: str) -> bool:
    if not sys.stdin.isatty():
        raise UserError(f"To erase {id} without being asked: panelist erase {id} --yes")
    print(f"This deletes {name} ({id}): every row, scorecard and message. It can't be undone.")
    return input("Type the candidate's name to erase them: ").split() == name.split()


async def _workspace_of(tx: Transaction, id: str) -> str:
    workspace = await tx.candidates.workspace_of(id)
    if workspace is None:
        raise UserError(NO_CANDIDATE.format(id[:80]))
    return workspace


async def erase_all(settings: Settings, database: Database, items: Sequence[Erasure]) -> int:
    """Goes on with these until they are done, or what is left has to wait for Slack; how many are
    not done then."""
    if settings.slack_bot_token is None:
        return len(items)
    async with _erasing(settings, database) as erasing:
        told = -1
        while True:
            await erasing.tick()
            states = [await _state(database, one) for one in items]
            going_on = [one for one in states if not one.erasure.is_done and not one.is_held]
            if not going_on or await _all_wait(database, going_on):
                return sum(not one.erasure.is_done for one in states)
            waiting = sum(one.waiting for one in going_on)
            if waiting and waiting != told:
                told = waiting
                print(f"Messages and files to delete in Slack: {told}", file=sys.stderr)
            await asyncio.sleep(PAUSE)


async def _all_wait(database: Database, states: Sequence[ErasureState]) -> bool:
    """Whether nothing of these is tried again soon."""
    soon = SystemClock().now() + SOON
    for one in states:
        tries = await _tries(database, one.erasure)
        if not tries or min(tries) <= soon:
            return False
    return True


@asynccontextmanager
async def _erasing(settings: Settings, database: Database) -> AsyncIterator[Erasing]:
    assert settings.slack_bot_token is not None  # noqa: S101
    api, token = SlackApi(settings.slack_api_url), settings.slack_bot_token.get_secret_value()
    await api.start()
    installations = OneInstallation(token, api.identity, WorkspaceService(database))
    try:
        await installations.start()
        yield Erasing(database, SlackNotifier(Slack(api, installations)), SystemClock())
    finally:
        await installations.stop()
        await api.stop()


async def _state(database: Database, item: Erasure) -> ErasureState:
    async with database.read() as tx:
        found = await tx.erasures.get(item.workspace, item.candidate)
        return await tx.erasures.state_of(found or item)


async def _tries(database: Database, item: Erasure) -> Sequence[datetime]:
    """When each message that is still there is tried again."""
    async with database.read() as tx:
        copies = await tx.erasures.copies(item.workspace, item.candidate)
    return [copy.next_at for copy in copies if not copy.is_left]


async def _report(database: Database, item: Erasure) -> int:
    state = await _state(database, item)
    async with database.read() as tx:
        backups = await tx.erasures.backups(state.erasure.done_at or SystemClock().now())
    print("\n".join(report(state, backups, SystemClock().now())))
    return DONE if state.erasure.is_done and not state.left else FAULTS


def report(state: ErasureState, backups: Sequence[Backup], now: datetime) -> list[str]:
    """How far an erasure is, in lines."""
    one = state.erasure
    if one.done_at is not None:
        lines = [f"Nothing of {one.candidate} is left in the database since {in_utc(one.done_at)}."]
    elif state.is_held:
        lines = [f"A legal hold has stopped the erasure of {one.candidate}."]
    else:
        lines = [
            f"The erasure of {one.candidate} isn't done. Messages to delete in Slack first: "
            f"{state.waiting}. Panelist goes on while it runs; so does this command, run again."
        ]
    lines.append(f"Messages and files deleted in Slack: {one.deleted}.")
    lines += [f"Delete this by hand: {where(copy)}." for copy in state.left]
    lines += [
        f"Still in a backup: {backup.file}, {_age(now - backup.made_at)} old." for backup in backups
    ]
    if not backups:
        lines.append("Backups made before that still hold them.")
    return lines


def where(copy: SlackCopy) -> str:
    """A message or file that a person has to delete, and why."""
    what = f"file {copy.name}" if copy.is_file else f"message {copy.ts or copy.name}"
    return f"{what} in {copy.channel} ({copy.error})"


def _age(age: timedelta) -> str:
    days, hours = age.days, age // timedelta(hours=1)
    number, unit = (days, "day") if days else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"
