"""Legal holds: a candidate whom nobody may erase, and age does not either."""

from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.records.erasing import Hold
from bot.errors import UserError
from bot.storage.database import Transaction
from bot.storage.records.register import Person

NO_CANDIDATE = "No candidate has the ID {!r}. To list them: panelist candidates"


async def put_hold(tx: Transaction, workspace: str, id: str, actor: str, now: datetime) -> bool:
    """Holds a candidate, as whoever they turned out to be; False where they are held already.
    Raises UserError."""
    person = await _person(tx, workspace, id)
    if await tx.erasures.held(workspace, person.ids):
        return False
    root = await tx.people.root(person)
    new = await tx.erasures.hold(Hold(workspace, root, actor, now))
    if new:
        await tx.audit.add(AuditEntry(new_id(), workspace, now, actor, "candidate.held", root, 0))
    return new


async def take_hold(tx: Transaction, workspace: str, id: str, actor: str, now: datetime) -> bool:
    """Lets them be erased again; False where they were not held. Raises UserError."""
    person = await _person(tx, workspace, id)
    if not await tx.erasures.release(workspace, person.ids):
        return False
    root = await tx.people.root(person)
    await tx.audit.add(AuditEntry(new_id(), workspace, now, actor, "candidate.released", root, 0))
    return True


async def _person(tx: Transaction, workspace: str, id: str) -> Person:
    person = await tx.people.person(workspace, id)
    if person is None:
        raise UserError(NO_CANDIDATE.format(id[:80]))
    return person
