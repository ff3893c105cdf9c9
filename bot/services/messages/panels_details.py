"""What follows from a panel's details having been changed: who hears of it, and which messages are
put right."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.messages import AboutField, MessageState, OutboxMessage
from bot.domain.panels.details import details, different, given, holder
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.debriefs_answers import answer_keys, enqueue_answers
from bot.services.messages.message import Message
from bot.services.messages.openings import ReferredMessage
from bot.services.messages.panels import (
    AppointedMessage,
    KitMessage,
    PassedOnMessage,
    SummaryMessage,
)
from bot.services.messages.registry import BY_KIND, load
from bot.services.messages.reminders import refresh_reminders
from bot.storage.database import Transaction


async def enqueue_details(
    tx: Transaction, panel: Panel, now: datetime, before: Panel, actor: str
) -> None:
    """Tells whoever was given a part or had it, and puts right all that shows what was changed.
    The panel's own channel is up to `enqueue_panel`.

    Nobody hears of what they did themselves.
    """
    was, now_is = details(before), details(panel)
    fields, parts = different(was, now_is), given(was, now_is)
    if not fields:
        return
    due_scorecards = await _due_scorecards(tx, panel) if "name" in fields else []
    found = await tx.outbox.about(panel.workspace, AboutField.APPLICATION, [panel.application])
    rows = [row for row in found if row.about.panel in (None, panel.id)]
    known = [(row, load(row)) for row in rows if row.kind in BY_KIND]
    told = {row.key for row, message in known if _tells_who_has(row, message, parts)}
    keys = {*told, *_formerly_shown_in(before, panel)}
    if "link" in fields:
        keys |= {KitMessage.key_of(item.id) for item in panel.on}
        keys |= {row.key for row, message in known if isinstance(message, ReferredMessage)}
    if "name" in fields:
        keys |= {row.key for row, message in known if _shows_name(message)}
        keys |= await answer_keys(tx, panel.workspace, panel.application)
    if parts:
        await _pass_on_replacing(tx, panel, before, now)
    await _refresh(tx, panel, due_scorecards, keys, now)
    if parts:
        await enqueue_answers(tx, panel.workspace, [panel.application], now)
    for part in parts:
        for cls, person in (
            (AppointedMessage, holder(now_is, part)),
            (PassedOnMessage, holder(was, part)),
        ):
            message = cls(workspace=panel.workspace, recipient=person, panel=panel.id, part=part)
            if person != actor and message.key not in told:
                await message.enqueue(tx, now)


async def _due_scorecards(tx: Transaction, panel: Panel) -> Sequence[DueScorecard]:
    """The panel's interviews, each as if it were its owner's alone, in whose lists it is."""
    found = await tx.scorecards.due_scorecards_of_panel(panel.workspace, panel.id)
    return [replace(due, interviewer=due.owner) for due in found]


async def _pass_on_replacing(tx: Transaction, panel: Panel, before: Panel, now: datetime) -> None:
    """Who is to find somebody else for this panel's interviews, or to hear of its late scorecards,
    is another now."""
    found = await tx.scorecards.due_scorecards_of_panel(panel.workspace, panel.id)
    open_ones = [due for due in found if due.needs_replacement or due.is_due(now)]
    if not open_ones:
        return
    await tx.reminders.recheck_panel(panel.workspace, panel.id, now)
    given_or_taken = set(panel.organizers) ^ set(before.organizers)
    people = {"recruiter": before.recruiter, "hiring_manager": before.hiring_manager}
    was = [replace(due, **people) for due in open_ones]  # type: ignore[arg-type]
    await refresh_reminders(tx, [*open_ones, *was], now, only=given_or_taken)


def _tells_who_has(row: OutboxMessage, message: Message, parts: Collection[PanelField]) -> bool:
    """Whether it has told someone who has one of these parts, or is about to."""
    if not isinstance(message, AppointedMessage) or message.part not in parts:
        return False
    return row.ts is not None or row.state is not MessageState.FAILED


def _formerly_shown_in(before: Panel, panel: Panel) -> Sequence[str]:
    """The message in the channel that showed the panel, where that is another now."""
    if before.channel is None or before.channel == panel.channel:
        return []
    return [SummaryMessage.key_of(panel.id, before.channel)]


def _shows_name(message: Message) -> bool:
    """All but the panel's channel, which is enqueued by itself."""
    return message.names_candidate and not isinstance(message, SummaryMessage)


async def _refresh(
    tx: Transaction,
    panel: Panel,
    due_scorecards: Sequence[DueScorecard],
    keys: Collection[str],
    now: datetime,
) -> None:
    """Puts these messages right, and all that lists these interviews: in one go, since rows are
    locked in the order of their keys."""
    due = [
        due_scorecard
        for due_scorecard in due_scorecards
        if due_scorecard.is_due(now) or due_scorecard.needs_replacement
    ]
    if due:
        await refresh_reminders(tx, due, now, keys)
    elif keys:
        await tx.outbox.refresh(panel.workspace, keys, now)
    pending = {
        due_scorecard.owner
        for due_scorecard in due_scorecards
        if due_scorecard.is_pending or due_scorecard.needs_replacement
    }
    await tx.homes.changed(panel.workspace, pending, now)
