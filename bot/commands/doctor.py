"""`panelist doctor`: what is amiss, and what of it can be put right."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from bot import logs
from bot.clock import SystemClock
from bot.commands import DONE, FAULTS
from bot.commands.outbox import reason
from bot.commands.records.erasing import where
from bot.config import LogLevel, Settings, load_settings
from bot.domain.dates import in_utc
from bot.domain.holidays import HolidayCalendar
from bot.domain.messages import LATE
from bot.domain.people import unreachable_because
from bot.domain.records.erasing import ErasureState
from bot.errors import SettingsError, UserError
from bot.library.content import load_content
from bot.library.faults import ContentError
from bot.library.layout import COMPANY_FILE
from bot.services.members import UNKNOWN
from bot.services.messages.reminders_due import stale_checks
from bot.services.records.retaining import known_workspaces
from bot.services.reminders import rebuild
from bot.services.workspace import WorkspaceService
from bot.storage.choices import WrongChoices
from bot.storage.database import Database, Transaction
from bot.storage.migrate import LACKS_MIGRATIONS, is_current
from bot.storage.undelivered import Undelivered
from handlers.directory import SlackDirectory
from handlers.installations import OneInstallation
from handlers.slack import Slack
from handlers.slack_api import SlackApi
from handlers.slack_errors import SlackRefused


@dataclass(frozen=True)
class Examined:
    """What `doctor` found amiss and still is, and for how many people it put something right."""

    faults: Sequence[str]
    repaired: int = 0
    advice: Sequence[str] = ()


@dataclass(frozen=True)
class Content:
    """What is wrong with the content folder, and what could be added to it."""

    faults: Sequence[str] = ()
    advice: Sequence[str] = ()
    days_kept: int | None = None
    """For how long the company promises to keep what people send."""


def doctor(options: argparse.Namespace) -> int:
    settings = load_settings()
    logs.set_up(LogLevel.ERROR, settings.log_format, settings.secrets)
    if settings.slack_bot_token is None:
        print("SLACK_BOT_TOKEN isn't set here, so Slack isn't asked.", file=sys.stderr)
    content = examine_content(settings.panelist_content)
    examined = asyncio.run(examine(settings, repair=options.repair, promised=content.days_kept))
    faults = [*content.faults, *examined.faults]
    advice = [*content.advice, *examined.advice]
    if options.json:
        found = {"faults": faults, "advice": advice, "repaired": examined.repaired}
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return FAULTS if faults else DONE
    if count := examined.repaired:
        print(f"Repaired: {count} {'reminder' if count == 1 else 'reminders'}.")
    print("\n".join(faults) or "No faults.")
    for line in advice:
        print(f"Advice: {line}")
    return FAULTS if faults else DONE


def examine_content(folder: Path | None) -> Content:
    """Every fault of the content, and what `company.toml` doesn't say yet."""
    try:
        company = load_content(folder).library.company
    except ContentError as error:
        return Content(faults=[f"Content: {fault}." for fault in error.faults])
    missing = company.missing
    if not missing:
        return Content(days_kept=company.days_kept)
    if folder is None or not (folder / COMPANY_FILE).is_file():
        where = f"There's no {COMPANY_FILE}" if folder else "PANELIST_CONTENT isn't set"
        text = f"{where}, so postings say nothing about your company; see docs/content.md."
        return Content(advice=[text])
    told = f"{folder / COMPANY_FILE} doesn't say: {', '.join(missing)}."
    return Content(advice=[told], days_kept=company.days_kept)


async def examine(settings: Settings, *, repair: bool, promised: int | None = None) -> Examined:
    """What is amiss with reminders, messages and Slack's tokens, a line each.

    With `repair` what can be is put right first, so that only what is left counts as a fault.
    """
    now = SystemClock().now()
    database = Database(settings.database_url)
    try:
        database.require_file()
        if not await is_current(database):
            return Examined([LACKS_MIGRATIONS])
        repaired = await rebuild(database, now) if repair else 0
        async with database.read() as tx:
            late = await tx.reminders.late(now - LATE)
            undelivered = list(await _undelivered(tx, now))
            wrong = await stale_checks(tx, now)
            unusable = await tx.choices.wrong()
            calendars = await tx.holidays.all()
            advice = await _retention(tx, promised, now)
            erasures = _erasures(await tx.erasures.states(), now)
            owing = {
                (missing.workspace, missing.owner)
                for missing in await tx.reminders.all_missing_scorecards(now)
            }
        found = [f"Late: {count} {what}." for what, count in late.items() if count]
        found += undelivered
        found += await _slack_faults(settings, database, sorted(owing))
        found += erasures
        found += [_unusable(one) for one in unusable]
        found += [_unread(one) for one in calendars if one.fault is not None]
        found += [
            f"The next reminder of {one.person} in {one.workspace} is planned for {_when(stored)} "
            f"instead of {_when(one.next_digest_at)}; run panelist doctor --repair."
            for one, stored in wrong
        ]
    finally:
        await database.close()
    return Examined(found, repaired, advice)


async def _undelivered(tx: Transaction, now: datetime) -> Iterator[str]:
    """Which messages have failed, are late or are held back: for whom, since when and why."""
    failed, late = await tx.undelivered.failed(now), await tx.undelivered.late(now)
    held = await tx.undelivered.held()
    return chain(
        (f"Not delivered: {_messages(one)} ({reason(one.error or '')})." for one in failed),
        (f"Late: {_messages(one)} ({_late_because(one)})." for one in late),
        (f"Held since the restore: {_messages(one)} (panelist outbox --release)." for one in held),
    )


def _messages(one: Undelivered) -> str:
    return f"{one.count} {one.kind} to {one.recipient} in {one.workspace}, due {in_utc(one.since)}"


def _late_because(one: Undelivered) -> str:
    if not one.attempts:
        return "not tried: is Panelist running?"
    times = "once" if one.attempts == 1 else f"{one.attempts} times"
    return f"tried {times}; the log says why at outbox"


async def _slack_faults(
    settings: Settings, database: Database, owing: Sequence[tuple[str, str]]
) -> Sequence[str]:
    """Tokens that Slack refuses, and those who owe something and cannot be written to."""
    if settings.slack_bot_token is None:
        return []
    api, token = SlackApi(settings.slack_api_url), settings.slack_bot_token.get_secret_value()
    await api.start()
    installations = OneInstallation(token, api.identity, WorkspaceService(database))
    try:
        await installations.start()
        if installations.outage.seconds:
            cause = installations.outage.cause
            return [f"Couldn't ask Slack whether it accepts the token ({cause})."]
        faults = await _app_token_faults(settings, api)
        directory = SlackDirectory(Slack(api, installations), SystemClock())
        return [*faults, *await _unreachable(directory, owing)]
    except SettingsError as error:
        return [error.text]
    finally:
        await installations.stop()
        await api.stop()


async def _app_token_faults(settings: Settings, api: SlackApi) -> Sequence[str]:
    if settings.slack_app_token is None:
        return []
    from handlers.socket_mode import new_address  # of no use over HTTP

    try:
        await new_address(api.client(), settings.slack_app_token.get_secret_value())
    except UserError as error:
        return [error.text]
    return []


async def _unreachable(
    directory: SlackDirectory, owing: Sequence[tuple[str, str]]
) -> Sequence[str]:
    """Those who owe something and cannot be written to, as far as Slack can be asked."""
    found: list[str] = []
    for workspace, user in owing:
        try:
            why = unreachable_because(await directory.person(workspace, user), workspace)
        except UserError as error:
            if not isinstance(error, SlackRefused) or error.error not in UNKNOWN:
                return [*found, f"Couldn't ask Slack who can be reached: {error.text}"]
            why = "isn't known to Slack"
        if why is not None:
            found.append(f"Can't be reached: {user} in {workspace} {why}.")
    return found


async def _retention(tx: Transaction, promised: int | None, now: datetime) -> Sequence[str]:
    """What will be erased for its age, as long as nothing was before; and where candidates are kept
    for longer than the days that were promised to them."""
    found = [await tx.retention.get(workspace) for workspace in await known_workspaces(tx)]
    kept = [one.policy.age(is_hired=False) for one in found]
    longer = [age for age in kept if promised is not None and (age is None or age.days > promised)]
    broken = [
        f"{COMPANY_FILE} promises to keep data for {promised} days, but candidates who aren't "
        f"hired are kept {'for good' if age is None else f'for {age.days}'}. Change days_kept "
        "there, or Workspace settings."
        for age in longer
    ]
    return broken + [
        f"From {in_utc(one.begins_at)} on, candidates are erased {one.policy.days} days after the "
        f"decision: {one.due} by now. To see whom: panelist retain --dry-run"
        for one in found
        if one.begins_at is not None and one.is_announced_only(now)
    ]


def _erasures(states: Sequence[ErasureState], now: datetime) -> Sequence[str]:
    """Erasures that have gone on for too long, and what Slack would not delete."""
    found = []
    for state in states:
        id, since = state.erasure.candidate, in_utc(state.erasure.asked_at)
        if state.erasure.is_stuck(now):
            why = "a legal hold" if state.is_held else f"{state.waiting} messages in Slack"
            found.append(f"The erasure of {id}, asked for {since}, waits for {why}.")
        found += [f"Delete by hand for {id}: {where(copy)}." for copy in state.left]
    return found


def _unusable(one: WrongChoices) -> str:
    whose = f"{one.person} in {one.workspace}" if one.person else f"the workspace {one.workspace}"
    return (
        f"Not usable in the reminder settings of {whose}: {', '.join(one.fields)}. The default "
        "holds meanwhile; run panelist doctor --repair."
    )


def _unread(one: HolidayCalendar) -> str:
    last = f"since {in_utc(one.fetched_at)}" if one.fetched_at else "yet"
    kept = f" The {len(one.days)} days from before hold." if one.days else ""
    return (
        f"The calendar of holidays of {one.workspace} ({one.where}) hasn't been read {last}: "
        f"{one.fault}.{kept}"
    )


def _when(moment: datetime | None) -> str:
    return in_utc(moment) if moment is not None else "no time"
