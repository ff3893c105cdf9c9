"""Notes in the audit that records left, or came."""

from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.storage.database import Transaction

EXPORTED, IMPORTED = "records.exported", "records.imported"


async def note(
    tx: Transaction, action: str, workspace: str | None, subject: str, actor: str, now: datetime
) -> None:
    """`subject` is the candidate whose records they were, or the workspace. Nothing is noted in a
    database that is nobody's, which holds nothing either."""
    if workspace is not None:
        await tx.audit.add(AuditEntry(new_id(), workspace, now, actor, action, subject, 0))
