"""The app's home: one's own scorecards, interviews and reminders."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.audit import AuditEntry, new_id
from bot.domain.home import Home, SetUp, next_reminder
from bot.domain.reminders import RemindedPerson, ReminderPolicy, check_not_before
from bot.domain.rights import Access, Act
from bot.domain.settings import WorkspaceSettings
from bot.services.messages.home import enqueue_help
from bot.services.messages.progress import late_scorecards
from bot.services.messages.reminders_declines import declines_to_tell, replacements_of
from bot.services.messages.reminders_ladder import news
from bot.services.ports import Clock
from bot.services.rights import Rights, require, require_member
from bot.services.waiting import board_of
from bot.storage.board.board import Shown
from bot.storage.database import Database, Transaction

MOST_READ = 100
MOST_OPENINGS = 20

AT_ONCE = 20
"""Homes that are shown anew at one tick."""

AGAIN = timedelta(minutes=1)
"""After this a home is shown that could not be before."""


class HomeService:
    """Nothing but what is the reader's own is ever in it."""

    def __init__(
        self,
        database: Database,
        rights: Rights,
        clock: Clock,
        flush: Callable[[], None],
        *,
        is_company_known: bool = False,
    ) -> None:
        self._is_company_known = is_company_known
        self._database = database
        self._rights = rights
        self._clock = clock
        self._flush = flush

    async def written_to(self, workspace: str, user: str, at: str, prefix: str) -> None:
        """Answers a direct message, which was sent `at` that time of Slack's, once."""
        async with self._database.write() as tx:
            await enqueue_help(tx, workspace, user, at, prefix, self._clock.now())
        self._flush()

    async def for_admin(self, workspace: str, user: str) -> Home:
        """The home of somebody who may choose for everyone. Raises UserError for anybody else."""
        access = await self.require_admin(workspace, user)
        async with self._database.read() as tx:
            return await self._home(tx, access)

    async def require_admin(self, workspace: str, user: str) -> Access:
        """Raises UserError for anybody who may not choose for everyone."""
        access = await self._rights.access(workspace, user)
        require(access, Act.SET_DEFAULT)
        return access

    async def opened(self, workspace: str, user: str) -> Home:
        """The home of a member who has opened it; where they are is noted on the way.

        Raises Outsider for anybody else.
        """
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.write() as tx:
            known = await tx.reminders.get(workspace, user)
            if known is None or known.zone != access.zone:
                await tx.reminders.recheck(workspace, user, now)
                known = await tx.reminders.get(workspace, user, lock=True)
                person = known or RemindedPerson(workspace, user)
                await tx.reminders.put([replace(person, zone=access.zone)])
            await tx.homes.opened(workspace, user, now)
            return await self._home(tx, access)

    async def of(self, workspace: str, user: str) -> Home:
        """Raises Outsider where the person is no member, or not any more."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.read() as tx:
            return await self._home(tx, access)

    async def for_everybody(
        self, workspace: str, user: str, change: Callable[[ReminderPolicy], ReminderPolicy]
    ) -> None:
        """Keeps how everybody is reminded who has made no other choice. Raises UserError.

        It holds for what is due already.
        """
        require(await self._rights.access(workspace, user), Act.SET_DEFAULT)
        now = self._clock.now()
        async with self._database.write() as tx:
            before = await tx.reminders.policy_to_change(workspace)
            chosen = change(before)
            chosen.check()
            yesterday = now.date() - timedelta(days=1)
            check_not_before(yesterday, chosen.holidays - before.holidays)
            await tx.reminders.put_policy(chosen)
            await tx.reminders.recheck(workspace, None, now)
            await tx.homes.changed(workspace, None, now)
            was, fields = vars(before), vars(chosen)
            await tx.audit.add(
                AuditEntry(
                    id=new_id(),
                    workspace=workspace,
                    at=now,
                    actor=user,
                    action="reminders.cadence",
                    subject=workspace,
                    revision=0,
                    fields=tuple(name for name in fields if fields[name] != was[name]),
                )
            )

    async def stale(self) -> Sequence[tuple[str, str]]:
        """Whose home has changed since they opened it, each by workspace and person.

        Whoever asks shows it, or puts it off: it is not said again.
        """
        now = self._clock.now()
        async with self._database.read() as tx:
            if not await tx.homes.has_stale(now):
                return []
        async with self._database.write() as tx:
            return await tx.homes.take_stale(now, AT_ONCE)

    async def put_off(self, homes: Sequence[tuple[str, str]]) -> None:
        """These could not be shown; they are stale again in a minute."""
        if not homes:
            return
        at = self._clock.now() + AGAIN
        async with self._database.write() as tx:
            for workspace in sorted({workspace for workspace, _ in homes}):
                mine = [person for where, person in homes if where == workspace]
                await tx.homes.changed(workspace, mine, at)

    async def _home(self, tx: Transaction, access: Access) -> Home:
        workspace, user, now = access.workspace, access.user, self._clock.now()
        person = await tx.reminders.get(workspace, user) or RemindedPerson(workspace, user)
        policy = await tx.reminders.policy(workspace)
        missing_scorecards = (await tx.reminders.missing_scorecards(workspace, [user], now))[user]
        found = {
            due_scorecard.interview: due_scorecard
            for due_scorecard in await tx.scorecards.due_scorecards(
                workspace, [missing.interview for missing in missing_scorecards]
            )
        }
        due_scorecards = await tx.scorecards.due_scorecards_of(workspace, user, MOST_READ)
        coming = [
            due_scorecard
            for due_scorecard in due_scorecards
            if due_scorecard.is_pending or due_scorecard.needs_replacement
            if due_scorecard.ends_at > now
        ]
        due = [
            found[missing.interview] for missing in missing_scorecards if missing.interview in found
        ]
        replacements = await replacements_of(tx, workspace, user, now)
        untold = news((await declines_to_tell(tx, workspace, [user], now))[user])
        calendar = person.calendar(policy)
        organized = await tx.scorecards.due_scorecards_organized_by(workspace, user, now, MOST_READ)
        waiting = [one for one in organized if one.owner != user]
        board = await board_of(tx, access, Shown(user), now, MOST_READ)
        settings = await tx.settings.get(workspace)
        is_admin = access.may(Act.SET_DEFAULT)
        return Home(
            now=now,
            due=due,
            coming=coming[::-1],
            person=person,
            policy=policy,
            next=next_reminder(person, calendar, due, now, replacements, untold),
            is_admin=is_admin,
            calendars=await tx.holidays.of(workspace) if is_admin else (),
            replacements=replacements,
            waiting=waiting,
            late=await late_scorecards(tx, workspace, [*due, *waiting], now),
            settings=settings,
            openings=[
                one
                for one in await tx.openings.hiring(workspace, user, MOST_OPENINGS)
                if user in one.keepers
            ],
            candidates=[
                one for one in board.lines if one.is_organized_by(user) or one.waits_for(user)
            ],
            is_cut=board.is_cut,
            set_up=await self._set_up(tx, settings) if is_admin else None,
            retention=await tx.retention.get(workspace) if is_admin else None,
            erasures=await tx.erasures.states(workspace) if is_admin else (),
        )

    async def _set_up(self, tx: Transaction, settings: WorkspaceSettings) -> SetUp:
        admins = self._rights.named_admins
        return SetUp(
            company=self._is_company_known,
            admins=len(admins) != 1,
            channel=settings.jobs_channel is not None,
            job=await tx.openings.any_begun(settings.workspace),
        )
