"""What follows from a panel's details having been changed: who hears of it, and which messages are
put right."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.messages import Outgoing, State
from bot.domain.panels.details import details, different, given, holder
from bot.domain.panels.fields import Part
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import Duty
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
    duties = await _duties(tx, panel) if "name" in fields else []
    said = await _said(tx, panel, duties)
    told = {message.key for message in said if _tells_who_has(message, parts)}
    keys = {*told, *_formerly_shown_in(before, panel)}
    if "link" in fields:
        keys |= {kit_key(item.id) for item in panel.on}
    if "name" in fields:
        keys |= {message.key for message in said if _shows_name(message)}
        keys |= {undelivered_key(message.key) for message in said}
    await _edit(tx, panel, duties, keys, now)
    for part in parts:
        for kind, person in (
            (Kind.APPOINTED, holder(now_is, part)),
            (Kind.PASSED_ON, holder(was, part)),
        ):
            key = part_key(panel.id, part, person)
            if person != actor and key not in told:
                await tx.outbox.want(panel.workspace, key, kind, panel.id, person, now)


async def _duties(tx: Transaction, panel: Panel) -> Sequence[Duty]:
    """The panel's interviews, each as if it were its owner's alone, in whose lists it is."""
    found = await tx.scorecards.duties_of_panel(panel.workspace, panel.id)
    return [replace(duty, interviewer=duty.owner) for duty in found]


async def _said(tx: Transaction, panel: Panel, duties: Sequence[Duty]) -> Sequence[Outgoing]:
    """The messages about the panel, about these interviews, and about their scorecards."""
    cards = await tx.scorecards.of_panel(panel.workspace, panel.id) if duties else []
    subjects = [panel.id, *(duty.interview for duty in duties), *(card.id for card in cards)]
    return await tx.outbox.about(panel.workspace, subjects)


def _tells_who_has(message: Outgoing, parts: Collection[Part]) -> bool:
    """Whether it has told somebody who has one of these parts, or is about to."""
    if message.kind not in (Kind.APPOINTED, Kind.PASSED_ON) or part_of(message.key) not in parts:
        return False
    return message.ts is not None or message.state is not State.FAILED


def _formerly_shown_in(before: Panel, panel: Panel) -> Sequence[str]:
    """The message in the channel that showed the panel, where that is another now."""
    if before.channel is None or before.channel == panel.channel:
        return []
    return [summary_key(panel.id, before.channel)]


def _shows_name(message: Outgoing) -> bool:
    """Of what is about a panel, its interviews and scorecards: all but the panel's channel, which
    is wished for by itself, and the further parts of a receipt."""
    if message.kind == ScorecardKind.RECEIPT:
        return message.key == receipt_key(message.subject, 1)
    return message.kind != Kind.SUMMARY


async def _edit(
    tx: Transaction, panel: Panel, duties: Sequence[Duty], keys: Collection[str], now: datetime
) -> None:
    """Puts these messages right, and all that lists these interviews: in one go, since rows are
    locked in the order of their keys."""
    owed = [duty for duty in duties if duty.is_owed(now)]
    if owed:
        await want_edits(tx, owed, now, keys)
    elif keys:
        await tx.outbox.edit(panel.workspace, keys, now)
    pending = {duty.owner for duty in duties if duty.is_pending}
    await tx.homes.changed(panel.workspace, pending, now)
