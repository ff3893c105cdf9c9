"""Reminders in the database: how people are reminded, and when what is looked at next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminders import (
    MissingReplacement,
    MissingScorecard,
    RemindedPerson,
    ReminderPolicy,
    with_defaults,
)
from bot.storage.holidays import HolidayStore
from bot.storage.panels.rows import interviews
from bot.storage.reminders.rows import (
    IDS,
    Ended,
    declines_to_check,
    ended_of,
    ever_reassigned_to,
    held_by,
    interviews_to_check,
    panels_organized_by,
    people,
    people_to_check,
    person_row,
    policies,
    policy_of,
    policy_row,
    reminded_of,
    replacements_due,
    scorecards_due,
)
from bot.storage.reminders.rungs import RungStore
from bot.storage.schema import Moment, upsert
from bot.storage.scorecards.due import is_due, needs_replacement

SKIPPED: dict[str, Any] = {"skip_locked": True, "key_share": True, "of": interviews}
"""How a tick locks interviews. `key_share`: another that keeps what it tells of one of them, and
has locked whom it tells, does not wait for it, or the two would wait for each other."""


class ReminderStore:
    """Reminders within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._holidays = HolidayStore(connection)

    async def policies(self, workspaces: Collection[str]) -> Mapping[str, ReminderPolicy]:
        """How each of these workspaces reminds; by the defaults where nothing was chosen."""
        query = select(policies).where(policies.c.workspace.in_(set(workspaces)))
        rows = (await self._connection.execute(query)).mappings()
        found = {id: ReminderPolicy(id) for id in workspaces} | {
            row["workspace"]: with_defaults(policy_of(row)) for row in rows
        }
        for workspace, days in (await self._holidays.days(workspaces)).items():
            found[workspace] = replace(found[workspace], company_days=days)
        return found

    async def policy(self, workspace: str) -> ReminderPolicy:
        return (await self.policies([workspace]))[workspace]

    async def policy_to_change(self, workspace: str) -> ReminderPolicy:
        """The same, which nobody else changes until the transaction ends."""
        statement = upsert(self._connection, policies, policy_row(ReminderPolicy(workspace)))
        await self._connection.execute(statement.on_conflict_do_nothing())
        query = select(policies.c.hour).where(policies.c.workspace == workspace)
        await self._connection.execute(query.with_for_update())
        return await self.policy(workspace)

    async def put_policy(self, item: ReminderPolicy) -> None:
        row = policy_row(item)
        statement = upsert(self._connection, policies, row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=("workspace",), set_=row)
        )

    async def get(
        self, workspace: str, person: str, *, lock: bool = False
    ) -> RemindedPerson | None:
        """What is known of the person; with `lock` it stays so until the transaction ends."""
        columns = people.c
        query = select(people).where(columns.workspace == workspace, columns.person == person)
        query = query.with_for_update() if lock else query
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else reminded_of(row)

    async def people(self, workspace: str, ids: Collection[str]) -> Mapping[str, RemindedPerson]:
        """Those of these people of whom anything is known yet."""
        columns = people.c
        query = select(people).where(columns.workspace == workspace, columns.person.in_(set(ids)))
        rows = (await self._connection.execute(query)).mappings()
        return {row["person"]: reminded_of(row) for row in rows}

    async def set_next_checks(self, items: Iterable[RemindedPerson]) -> None:
        """Each of them has to be looked at at their `next_digest_at` at the latest; what is known
        of them besides stays as it is."""
        in_order = sorted(items, key=lambda item: (item.workspace, item.person))
        if not in_order:
            return
        statement = upsert(self._connection, people, [person_row(item) for item in in_order])
        old, new = people.c.next_digest_at, statement.excluded.next_digest_at
        sooner = or_(old.is_(null()), new < old)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=IDS, set_={"next_digest_at": case((sooner, new), else_=old)}
            )
        )

    async def put(self, items: Iterable[RemindedPerson]) -> None:
        """Keeps people as they are given."""
        in_order = sorted(items, key=lambda item: (item.workspace, item.person))
        if not in_order:
            return
        statement = upsert(self._connection, people, [person_row(item) for item in in_order])
        new = {c.name: statement.excluded[c.name] for c in people.c if c.name not in IDS}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=IDS, set_=new)
        )

    async def has_due(self, now: datetime) -> bool:
        """Whether any interview or person has to be looked at."""
        for query in (interviews_to_check(now), declines_to_check(now), people_to_check(now)):
            if (await self._connection.execute(query.limit(1))).first() is not None:
                return True
        return False

    async def due_interviews(self, now: datetime, most: int) -> Sequence[Ended]:
        """Interviews that have to be looked at, kept from other replicas until the end of the
        transaction."""
        query = interviews_to_check(now).limit(most).with_for_update(**SKIPPED)
        return [ended_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def due_declines(self, now: datetime, most: int) -> Sequence[Ended]:
        """The same of interviews whose interviewers can't make them."""
        query = declines_to_check(now).limit(most).with_for_update(**SKIPPED)
        return [ended_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def due_people(self, now: datetime, most: int) -> Sequence[RemindedPerson]:
        """The same of people."""
        query = people_to_check(now).limit(most).with_for_update(skip_locked=True)
        return [reminded_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def set_remind_at(
        self, moments: Iterable[tuple[MissingScorecard, datetime | None]]
    ) -> None:
        """When each of these interviews has to be looked at next, if ever."""
        rows = [
            {"this_workspace": missing.workspace, "this_id": missing.interview, "new_at": moment}
            for missing, moment in sorted(moments, key=lambda one: one[0].interview)
        ]
        columns = interviews.c
        this = and_(
            columns.workspace == bindparam("this_workspace"), columns.id == bindparam("this_id")
        )
        if rows:
            new = bindparam("new_at", type_=Moment)
            await self._connection.execute(
                update(interviews).where(this).values(remind_at=new), rows
            )

    async def recheck(self, workspace: str, person: str | None, now: datetime) -> None:
        """All that is due from somebody, or from everybody, has to be looked at again.

        Whoever changes people or messages too does this first, as a tick does: on PostgreSQL two
        that lock the same in another order would wait for each other.
        """
        scorecards, declines = and_(*is_due(now)), and_(*needs_replacement())
        if person is not None:
            theirs = or_(held_by([person]), ever_reassigned_to(workspace, [person]))
            scorecards = and_(scorecards, theirs)
            declines = and_(declines, panels_organized_by(workspace, [person]))
        await self._look_again(workspace, or_(scorecards, declines))

    async def recheck_panel(self, workspace: str, panel: str, now: datetime) -> None:
        """Those who organize the panel have to be looked at again, where others are to be found
        for its interviews or scorecards are due."""
        is_open = or_(and_(*is_due(now)), and_(*needs_replacement()))
        await self._look_again(workspace, and_(is_open, interviews.c.panel == panel))

    async def _look_again(self, workspace: str, which: ColumnElement[bool]) -> None:
        columns = interviews.c
        these = select(columns.id).where(columns.workspace == workspace, which)
        these = these.order_by(columns.id).with_for_update(key_share=True)
        is_declined = and_(*needs_replacement())
        await RungStore(self._connection).forget_untold(workspace, which)
        await self._connection.execute(
            update(interviews)
            .where(columns.workspace == workspace, columns.id.in_(these))
            .values(remind_at=case((is_declined, columns.declined_at), else_=columns.ends_at))
        )

    async def missing_scorecards(
        self, workspace: str, owners: Collection[str], now: datetime
    ) -> Mapping[str, list[MissingScorecard]]:
        """The scorecards that are due from each of these people, longest first."""
        found: dict[str, list[MissingScorecard]] = {owner: [] for owner in owners}
        whole = scorecards_due(now).where(interviews.c.workspace == workspace)
        missing_scorecards: set[MissingScorecard] = set()
        for whose in (held_by(owners), ever_reassigned_to(workspace, owners)):
            missing_scorecards.update(await self._missing_scorecards(whole.where(whose)))
        for missing in sorted(
            missing_scorecards, key=lambda missing: (missing.since, missing.interview)
        ):
            if missing.owner in found:
                found[missing.owner].append(missing)
        return found

    async def all_missing_scorecards(self, now: datetime) -> Sequence[MissingScorecard]:
        """Every scorecard that is due from anybody."""
        return await self._missing_scorecards(scorecards_due(now))

    async def missing_replacements(
        self, workspace: str, organizers: Collection[str]
    ) -> Mapping[str, list[MissingReplacement]]:
        """The interviews for which each of these people is to find somebody else, those that were
        declined first before others."""
        found: dict[str, list[MissingReplacement]] = {organizer: [] for organizer in organizers}
        query = replacements_due().where(
            interviews.c.workspace == workspace, panels_organized_by(workspace, organizers)
        )
        for missing in await self._missing_replacements(query):
            if missing.organizer in found:
                found[missing.organizer].append(missing)
        return found

    async def all_missing_replacements(self) -> Sequence[MissingReplacement]:
        """The same of everybody."""
        return await self._missing_replacements(replacements_due())

    async def everybody(self) -> Sequence[RemindedPerson]:
        """Everybody of whom anything is known."""
        query = select(people).order_by(people.c.workspace, people.c.person)
        return [reminded_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def late(self, before: datetime) -> Mapping[str, int]:
        """How much should have been planned by then, by what it is."""
        found = {}
        for what, query in (
            ("interviews to look at", interviews_to_check(before)),
            ("declined interviews to look at", declines_to_check(before)),
            ("people to look at", people_to_check(before)),
        ):
            count = select(func.count()).select_from(query.subquery())
            found[what] = int((await self._connection.execute(count)).scalar_one())
        return found

    async def _missing_scorecards(self, query: Select[Any]) -> list[MissingScorecard]:
        return [
            MissingScorecard(**row) for row in (await self._connection.execute(query)).mappings()
        ]

    async def _missing_replacements(self, query: Select[Any]) -> list[MissingReplacement]:
        return [
            MissingReplacement(
                one.missing.workspace,
                one.missing.interview,
                organizer,
                one.declined_at,
                one.starts_at,
                one.ends_at,
                one.organizers_zone,
            )
            for row in (await self._connection.execute(query)).mappings()
            if (one := ended_of(row)).declined_at is not None
            for organizer in one.to_replace
        ]
