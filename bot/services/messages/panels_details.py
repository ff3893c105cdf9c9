"""What follows from a panel's details having been changed: who hears of it, and which messages are
put right."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.messages import MessageState, OutboxMessage
from bot.domain.panels.details import details, different, given, holder
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.panels import (
    Kind,
    kit_key,
    part_key,
    part_of,
    summary_key,
    undelivered_key,
)
from bot.services.messages.reminders import want_edits
from bot.services.messages.scorecards import Kind as ScorecardKind
from bot.services.messages.scorecards import receipt_key
from bot.storage.database import Transaction


async def want_details(
    tx: Transaction, panel: Panel, now: datetime, before: Panel, actor: str
) -> None:
    """Wishes for the word to whoever was given a part or had it, and for the truth in all that
    shows what was changed. The panel's own channel is up to `want_all`.

    Nobody hears of what they did themselves.
    """
    was, now_is = details(before), details(panel)
    fields, parts = different(was, now_is), given(was, now_is)
    if not fields:
        return
    due_scorecards = await _due_scorecards(tx, panel) if "name" in fields else []
    said = await _said(tx, panel, due_scorecards)
    told = {message.key for message in said if _tells_who_has(message, parts)}
    keys = {*told, *_formerly_shown_in(before, panel)}
    if "link" in fields:
        keys |= {kit_key(item.id) for item in panel.on}
    if "name" in fields:
        keys |= {message.key for message in said if _shows_name(message)}
        keys |= {undelivered_key(message.key) for message in said}
    await _edit(tx, panel, due_scorecards, keys, now)
    for part in parts:
        for kind, person in (
            (Kind.APPOINTED, holder(now_is, part)),
            (Kind.PASSED_ON, holder(was, part)),
        ):
            key = part_key(panel.id, part, person)
            if person != actor and key not in told:
                await tx.outbox.want(panel.workspace, key, kind, panel.id, person, now)


async def _due_scorecards(tx: Transaction, panel: Panel) -> Sequence[DueScorecard]:
    """The panel's interviews, each as if it were its owner's alone, in whose lists it is."""
    found = await tx.scorecards.due_scorecards_of_panel(panel.workspace, panel.id)
    return [replace(due, interviewer=due.owner) for due in found]


async def _said(
    tx: Transaction, panel: Panel, due_scorecards: Sequence[DueScorecard]
) -> Sequence[OutboxMessage]:
    """The messages about the panel, about these interviews, and about their scorecards."""
    cards = await tx.scorecards.of_panel(panel.workspace, panel.id) if due_scorecards else []
    subjects = [
        panel.id,
        *(due.interview for due in due_scorecards),
        *(card.id for card in cards),
    ]
    return await tx.outbox.about(panel.workspace, subjects)


def _tells_who_has(message: OutboxMessage, parts: Collection[PanelField]) -> bool:
    """Whether it has told somebody who has one of these parts, or is about to."""
    if message.kind not in (Kind.APPOINTED, Kind.PASSED_ON) or part_of(message.key) not in parts:
        return False
    return message.ts is not None or message.state is not MessageState.FAILED


def _formerly_shown_in(before: Panel, panel: Panel) -> Sequence[str]:
    """The message in the channel that showed the panel, where that is another now."""
    if before.channel is None or before.channel == panel.channel:
        return []
    return [summary_key(panel.id, before.channel)]


def _shows_name(message: OutboxMessage) -> bool:
    """Of what is about a panel, its interviews and scorecards: all but the panel's channel, which
    is wished for by itself, and the further parts of a receipt."""
    if message.kind == ScorecardKind.RECEIPT:
        return message.key == receipt_key(message.subject, 1)
    return message.kind != Kind.SUMMARY


async def _edit(
    tx: Transaction,
    panel: Panel,
    due_scorecards: Sequence[DueScorecard],
    keys: Collection[str],
    now: datetime,
) -> None:
    """Puts these messages right, and all that lists these interviews: in one go, since rows are
    locked in the order of their keys."""
    due = [due_scorecard for due_scorecard in due_scorecards if due_scorecard.is_due(now)]
    if due:
        await want_edits(tx, due, now, keys)
    elif keys:
        await tx.outbox.edit(panel.workspace, keys, now)
    pending = {due_scorecard.owner for due_scorecard in due_scorecards if due_scorecard.is_pending}
    await tx.homes.changed(panel.workspace, pending, now)
