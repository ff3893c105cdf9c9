"""`panelist outbox`: the messages that have not been sent, and what becomes of them."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.domain.dates import in_utc
from bot.domain.messages import OUTCOME_UNKNOWN, OWN_FAULT, MessageState, OutboxMessage
from bot.domain.names import shown_back
from bot.errors import UserError
from bot.storage.database import Transaction

LETTING_GO = (MessageState.FAILED, MessageState.HELD)
UNSENT = (MessageState.DUE, MessageState.SENDING, MessageState.UNKNOWN, *LETTING_GO)

REASONS = {
    OWN_FAULT: "a bug in Panelist; see the log at outbox.broken",
    OUTCOME_UNKNOWN: "Slack never said whether it has it",
}


def outbox(options: argparse.Namespace) -> int:
    """Lists what has not been sent; or retries one message, or lets go what a restore holds."""
    settings = load_settings()
    if options.retry is not None:
        found = asyncio.run(_retried(settings, options.retry))
        said = "It's due again: Panelist sends it within seconds while it runs."
    elif options.release:
        found = asyncio.run(_released(settings))
        said = "They're due again: Panelist sends what Slack doesn't have yet, while it runs."
    else:
        found = asyncio.run(_listed(settings, _states(options)))
        said = ""
    if options.json:
        print(json.dumps([_json(one) for one in found], indent=2))
        return DONE
    print("\n".join(line(one) for one in found) or "Nothing to list.")
    if found and said:
        print(said)
    return DONE


def line(one: OutboxMessage) -> str:
    """One message, for people."""
    why = f" ({reason(one.error)})" if one.error else ""
    what = f"{one.state:<7}  {one.kind} to {one.recipient} in {one.workspace}"
    return f"{in_utc(one.since)}  {what}{why}  {one.key}"


def reason(error: str) -> str:
    """Why a message has failed, for an operator."""
    return REASONS.get(error, error)


def _states(options: argparse.Namespace) -> Sequence[MessageState]:
    if options.failed:
        return [MessageState.FAILED]
    return [MessageState.HELD] if options.held else UNSENT


async def _listed(settings: Settings, states: Sequence[MessageState]) -> Sequence[OutboxMessage]:
    async with opened(settings) as database, database.read() as tx:
        return await tx.undelivered.listed(*states)


async def _retried(settings: Settings, key: str) -> Sequence[OutboxMessage]:
    now = SystemClock().now()
    async with opened(settings) as database, database.write() as tx:
        chosen = await _to_retry(tx, key, now)
        for one in chosen:
            await tx.undelivered.retry(one.workspace, one.key, now)
        return chosen


async def _to_retry(tx: Transaction, key: str, now: datetime) -> Sequence[OutboxMessage]:
    """Raises UserError where there is nothing to send."""
    named = await tx.undelivered.named(key)
    chosen = [one for one in named if one.state in LETTING_GO]
    if not named:
        raise UserError(
            f"No message has the key {shown_back(key)!r}. To list them: panelist outbox"
        )
    if not chosen:
        raise UserError(f"This message hasn't failed: it is {named[0].state}.")
    if all(one.has_expired(now) for one in chosen):
        raise UserError("It's too late for this message: it isn't sent anymore.")
    return chosen


async def _released(settings: Settings) -> Sequence[OutboxMessage]:
    async with opened(settings) as database, database.write() as tx:
        held = await tx.undelivered.listed(MessageState.HELD)
        await tx.undelivered.release(SystemClock().now())
        return held


def _json(one: OutboxMessage) -> dict[str, Any]:
    names = ("workspace", "key", "kind", "recipient", "state", "attempts", "error")
    moments = {"since": one.since.isoformat(), "due_at": one.due_at.isoformat()}
    return {name: getattr(one, name) for name in names} | moments
