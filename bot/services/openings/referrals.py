"""*Refer someone*: a colleague tells the recruiter of somebody, in private and with credit."""

from bot.domain.applications import Application, Source, Stage
from bot.domain.audit import AuditEntry, new_id
from bot.domain.candidates import LINK, LONGEST_LINK, LONGEST_NAME, Candidate, candidate
from bot.domain.names import without_invisible
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.opening import PUBLIC
from bot.domain.panels.fields import InvalidPanel
from bot.domain.rights import Act
from bot.errors import UserError
from bot.services.jobs import JobSheet
from bot.services.messages.openings import ReferredMessage
from bot.services.openings.editing import JobEditing
from bot.services.rights import permitted_job

LONGEST_WHY = 500


def referred(id: str, who: str) -> Candidate:
    """A candidate from a name or a link. Raises InvalidOpening."""
    text = " ".join(without_invisible(who).split())
    is_link = bool(LINK.fullmatch(text)) and len(text) <= LONGEST_LINK
    name = text.partition("://")[2].strip("/")[:LONGEST_NAME] if is_link else text
    try:
        return candidate(id, name, None, text if is_link else None)
    except InvalidPanel as invalid:
        raise InvalidOpening({OpeningField.REFERRED: invalid.text}) from invalid


class OpeningReferrals:
    """Raises UserError."""

    def __init__(self, editing: JobEditing) -> None:
        self._editing = editing

    async def referable(self, workspace: str, user: str, opening: str) -> JobSheet:
        """The opening, for which somebody can be referred."""
        sheet = await self._editing.shown(workspace, user, opening, Act.REFER)
        if sheet.job.status not in PUBLIC:
            raise UserError("This job isn't open, so no one can be referred for it.")
        if not sheet.is_referable:
            raise UserError("Applications for this job have closed. Ask its recruiter instead.")
        return sheet

    async def refer(
        self, workspace: str, user: str, opening: str, id: str, who: str, why: str
    ) -> JobSheet:
        """Keeps the candidate, of this new id, with who referred them and why. The same id again is
        the same referral."""
        person, because = referred(id, who), " ".join(why.split())
        if not because or len(because) > LONGEST_WHY:
            told = f"Say why in 1 to {LONGEST_WHY} characters."
            raise InvalidOpening({OpeningField.REFERRED_WHY: told})
        await self.referable(workspace, user, opening)
        access = await self._editing.rights.access(workspace, user)
        now = self._editing.clock.now()
        async with self._editing.database.write() as tx:
            job = permitted_job(
                access, Act.REFER, await tx.openings.job(workspace, opening, lock=True)
            )
            if await tx.candidates.get(workspace, id) is None:
                await tx.candidates.add(workspace, person, now)
                ids = (new_id(), person.id, opening)
                application = Application(*ids, Stage.APPLIED, Source.REFERRAL, now, user, because)
                await tx.applications.add(workspace, application)
                message = ReferredMessage(
                    workspace=workspace,
                    recipient=job.opening.hears_of_candidates,
                    opening=opening,
                    application=application.id,
                )
                await message.enqueue(tx, now)
                await tx.homes.changed(workspace, job.opening.keepers, now)
                entry = AuditEntry(
                    new_id(), workspace, now, user, "candidate.referred", person.id, 0, opening
                )
                await tx.audit.add(entry)
            sheet = await self._editing.sheet(tx, access, job)
        self._editing.flush()
        return sheet
