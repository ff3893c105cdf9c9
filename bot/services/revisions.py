"""Panels that change together, since they are for one candidate."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.panels.details import details, different
from bot.domain.panels.panel import Panel
from bot.errors import UserError
from bot.services.messages.panels import enqueue_panel
from bot.services.messages.panels_details import enqueue_details
from bot.storage.database import Transaction


async def save_revisions(
    tx: Transaction,
    revisions: Sequence[tuple[Panel, Panel]],
    actor: str,
    action: str,
    now: datetime,
) -> None:
    """Saves each panel's next revision, given with the one before, which the transaction has
    locked; records it, and has whatever shows the panel put right.

    All are saved before any message is touched, so that two such changes never wait for each other.
    """
    for before, after in revisions:
        if not await tx.panels.save(after):
            raise UserError("Someone else just changed this panel. Nothing was saved.")
        fields = different(details(before), details(after))
        entry = AuditEntry(
            id=new_id(),
            workspace=after.workspace,
            at=now,
            actor=actor,
            action=action,
            subject=after.id,
            revision=after.revision,
            fields=fields,
        )
        await tx.audit.add(entry)
    for before, after in revisions:
        await enqueue_details(tx, after, now, before, actor)
        await enqueue_panel(tx, after, now, before)
