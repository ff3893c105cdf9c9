"""What admins choose for the whole workspace, reminders aside; and all of it, for whoever runs
Panelist."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace

from bot.domain.audit import AuditEntry, new_id
from bot.domain.rights import Act
from bot.domain.settings import Chosen, WorkspaceSettings, all_chosen
from bot.errors import UserError
from bot.services.messages.openings_approvals import end_all
from bot.services.ports import Clock
from bot.services.rights import Rights, require
from bot.storage.database import Database, Transaction

Change = Callable[[WorkspaceSettings], WorkspaceSettings]


class SettingsService:
    """Each use case raises UserError, for anybody but an admin too."""

    def __init__(
        self, database: Database, rights: Rights, clock: Clock, flush: Callable[[], None]
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._flush = flush

    async def approve_openings(self, workspace: str, user: str, *, is_on: bool) -> None:
        """Has somebody else approve jobs before they are public, or has nobody do so any more."""
        await self._choose(workspace, user, lambda one: replace(one, approval=is_on))

    async def name_approvers(self, workspace: str, user: str, people: Collection[str]) -> None:
        """Names who may approve jobs, admins aside; who is named anew has to be a full member."""
        named = tuple(dict.fromkeys(people))
        require(await self._rights.access(workspace, user), Act.SET_DEFAULT)
        async with self._database.read() as tx:
            known = (await tx.settings.get(workspace)).approvers
        for person in named:
            if person not in known:
                fault = await self._rights.fault_of_member(workspace, person)
                if fault is not None:
                    raise UserError(fault)
        await self._choose(workspace, user, lambda one: replace(one, approvers=named))

    async def choose_jobs_channel(self, workspace: str, user: str, channel: str | None) -> None:
        """Says where jobs are usually posted, or that it's nowhere in particular."""
        await self._choose(workspace, user, lambda one: replace(one, jobs_channel=channel))

    async def _choose(self, workspace: str, user: str, change: Change) -> None:
        require(await self._rights.access(workspace, user), Act.SET_DEFAULT)
        now = self._clock.now()
        async with self._database.write() as tx:
            before = await tx.settings.to_change(workspace)
            chosen = change(before)
            if chosen == before:
                return
            chosen.check(self._rights.named_admins)
            await tx.settings.put(chosen)
            if before.approval and not chosen.approval:
                await end_all(tx, workspace, user, now)
            await tx.homes.changed(workspace, None, now)
            names = (field.name for field in fields(chosen))
            differs = (name for name in names if getattr(chosen, name) != getattr(before, name))
            ids = (new_id(), workspace, now, user)
            entry = AuditEntry(*ids, "settings.changed", workspace, 0, fields=tuple(differs))
            await tx.audit.add(entry)
        self._flush()


async def chosen_everywhere(tx: Transaction) -> Mapping[str, tuple[Chosen, ...]]:
    """What each workspace has chosen that the database knows."""
    owner = await tx.workspace.owner()
    known = {*await tx.workspace.with_rows(), *([owner] if owner else [])}
    return {
        workspace: all_chosen(
            await tx.settings.get(workspace),
            await tx.reminders.policy(workspace),
            (await tx.retention.get(workspace)).policy,
            await tx.holidays.of(workspace),
        )
        for workspace in sorted(known)
    }
