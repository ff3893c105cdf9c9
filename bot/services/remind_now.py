"""*Remind now*: organizers have the people reminded whose scorecards are due."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.people import Person, unreachable_because
from bot.domain.remind_now import (
    Reminded,
    RemindOutcome,
    RemindRequest,
    expires,
    reminder_comes,
)
from bot.domain.reminders import Calendar, Due, RemindedPerson, is_chased, next_check
from bot.domain.rights import Access, Act
from bot.domain.scorecards.closing import DueScorecard
from bot.errors import UserError
from bot.services.messages.debriefs_answers import answers_to_tell, tell_answers
from bot.services.messages.progress import late_scorecards
from bot.services.messages.reminders import DigestMessage
from bot.services.messages.reminders_asked import AskedMessage
from bot.services.messages.reminders_declines import declines_to_tell, keep_told
from bot.services.messages.reminders_due import dues_of
from bot.services.ports import Clock, Directory
from bot.services.rights import Rights, permitted_panel, require_member
from bot.storage.database import Database, Transaction

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
"""Scorecards that one press reminds of: the longest due first."""

ASKED_AT_ONCE = 5
ASK_WITHIN = 10.0
"""Seconds for asking who people are; who is not known by then is where they were."""


@dataclass(frozen=True)
class Asking:
    """One press, as far as it is about one person: by whom, when, and which of their scorecards.
    `known` is what Slack says of them, if it does."""

    access: Access
    now: datetime
    person: str
    due_scorecards: Sequence[DueScorecard]
    known: Person | None

    @property
    def ids(self) -> list[str]:
        return [due.interview for due in self.due_scorecards]


class RemindNow:
    """The use case of *Remind now*."""

    def __init__(
        self,
        database: Database,
        rights: Rights,
        directory: Directory,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._rights = rights
        self._directory = directory
        self._clock = clock
        self._flush = flush

    async def interview(self, workspace: str, user: str, interview: str) -> Sequence[Reminded]:
        """Reminds whoever owns the scorecard of an interview. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            panel = await tx.panels.of_interview(workspace, interview)
            permitted_panel(access, Act.REMIND, panel)
            due_scorecards = await tx.scorecards.due_scorecards(workspace, [interview])
        return await self._remind(access, due_scorecards)

    async def panel(self, workspace: str, user: str, panel: str) -> Sequence[Reminded]:
        """Reminds everyone whose scorecard of a panel is due. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            permitted_panel(access, Act.REMIND, await tx.panels.get(workspace, panel))
            due_scorecards = await tx.scorecards.due_scorecards_of_panel(workspace, panel)
        return await self._remind(access, due_scorecards)

    async def everyone_late(self, workspace: str, user: str) -> Sequence[Reminded]:
        """Reminds everyone whose scorecard is late on a panel that the person organizes."""
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.read() as tx:
            found = await tx.scorecards.due_scorecards_organized_by(
                workspace, user, now, MOST_AT_ONCE
            )
            late = await late_scorecards(tx, workspace, found, now)
        return await self._remind(access, [due for due in found if due.interview in late])

    async def _remind(
        self, access: Access, due_scorecards: Sequence[DueScorecard]
    ) -> Sequence[Reminded]:
        """Each owner once, about all of theirs; nobody is reminded by themselves."""
        now = self._clock.now()
        by_owner: dict[str, list[DueScorecard]] = defaultdict(list)
        for due in due_scorecards:
            if due.is_due(now) and due.owner != access.user:
                by_owner[due.owner].append(due)
        known = await self._people(access.workspace, by_owner.keys())
        reminded: list[Reminded] = []
        async with self._database.write() as tx:
            # In one order, so that two who press at once don't wait for each other.
            for person in sorted(by_owner):
                asking = Asking(access, now, person, by_owner[person], known.get(person))
                reminded += await _remind_one(tx, asking)
            await tx.homes.changed(access.workspace, by_owner.keys(), now)
        self._flush()
        return reminded

    async def _people(self, workspace: str, ids: Collection[str]) -> Mapping[str, Person]:
        """Who these people are, as far as Slack says so in time."""
        found: dict[str, Person] = {}
        turn = asyncio.Semaphore(ASKED_AT_ONCE)

        async def ask(id: str) -> None:
            async with turn:
                try:
                    found[id] = await self._directory.person(workspace, id)
                except UserError:
                    return

        try:
            async with asyncio.timeout(ASK_WITHIN):
                await asyncio.gather(*(ask(id) for id in ids))
        except TimeoutError:
            log.warning("reminders.whereabouts_unknown", extra={"count": len(ids) - len(found)})
        return found


async def _remind_one(tx: Transaction, asking: Asking) -> Sequence[Reminded]:
    """Reminds one person of what they were not reminded of that day; gives what became of it."""
    workspace, now = asking.access.workspace, asking.now
    stored = await tx.reminders.get(workspace, asking.person, lock=True)
    person = stored or RemindedPerson(workspace, asking.person, asking.due_scorecards[0].zone)
    if asking.known is not None:
        person = replace(person, zone=asking.known.tz)
        because = unreachable_because(asking.known, workspace)
        if because is not None:
            return [_reminded(asking, RemindOutcome.UNREACHABLE, because=because)]
    calendar = person.calendar(await tx.reminders.policy(workspace))
    outcome, at = _comes(person, calendar, asking)
    if at is None:
        return [_reminded(asking, outcome)]
    requests = await _requests(tx, asking, calendar, at)
    new = [due for due in asking.due_scorecards if due.interview in requests]
    reminded = []
    if new:
        await _enqueue(tx, person, calendar, new, at, now)
        await _record(tx, asking, new)
        reminded.append(_reminded(replace(asking, due_scorecards=new), outcome, at))
    if len(new) < len(asking.due_scorecards):
        old = [due for due in asking.due_scorecards if due.interview not in requests]
        earlier = await tx.remind_requests.latest(workspace, [due.interview for due in old])
        last = max((one.at for one in earlier.values()), default=now)
        already = _reminded(replace(asking, due_scorecards=old), RemindOutcome.ALREADY, last)
        reminded.append(replace(already, at=last if last > now else None))
    return reminded


def _comes(
    person: RemindedPerson, calendar: Calendar, asking: Asking
) -> tuple[RemindOutcome, datetime | None]:
    """When the reminder comes; whoever has put theirs off for an hour gets it then."""
    outcome, at = reminder_comes(calendar, asking.now)
    later_at = person.later_at
    if outcome is RemindOutcome.NOW and later_at is not None and later_at > asking.now:
        return RemindOutcome.PAUSED, later_at
    return outcome, at


async def _requests(
    tx: Transaction, asking: Asking, calendar: Calendar, at: datetime
) -> frozenset[str]:
    """Keeps what is asked for; gives of which scorecards nobody has asked it on that day."""
    day = calendar.day_of(at)
    access = asking.access
    return await tx.remind_requests.add(
        RemindRequest(access.workspace, id, day, asking.person, access.user, at)
        for id in asking.ids
    )


async def _enqueue(
    tx: Transaction,
    person: RemindedPerson,
    calendar: Calendar,
    due_scorecards: Sequence[DueScorecard],
    at: datetime,
    now: datetime,
) -> None:
    """The digest comes forward, or says it when it comes; otherwise there is one more reminder."""
    day = calendar.day_of(at)
    is_listed = all(is_chased(calendar, Due.scorecard(due.due_since), at) for due in due_scorecards)
    if is_listed and at == now and person.last_digest != day:
        ids = {"workspace": person.workspace, "recipient": person.person}
        digest = DigestMessage(**ids, person=person.person, day=day, at=now)
        await digest.enqueue(tx, now, expires(calendar, day))
        # What the digest tells of answers is no longer to come.
        waiting = await answers_to_tell(tx, person.workspace, [person.person], now)
        await tell_answers(tx, waiting[person.person], now, day)
        dues = await dues_of(tx, person.workspace, [person.person], now)
        look = next_check(calendar, dues[person.person], now, day)
        await tx.rungs.tell(person.workspace, person.person, now, day, now)
        untold = await declines_to_tell(tx, person.workspace, [person.person], now)
        reached = (one for one in untold[person.person] if one.reached_at <= now)
        await keep_told(tx, reached, day)
        await tx.reminders.put([replace(person, last_digest=day, next_digest_at=look)])
        return
    is_covered = at in (person.later_at, calendar.digest_at(day)) and at > now
    if not (is_listed and is_covered):
        asked = AskedMessage(
            workspace=person.workspace,
            recipient=person.person,
            person=person.person,
            day=day,
            at=at,
        )
        await asked.enqueue(tx, at, expires(calendar, day))


async def _record(tx: Transaction, asking: Asking, new: Sequence[DueScorecard]) -> None:
    """Who asked for it stands in the record of each panel."""
    access = asking.access
    for due in new:
        panel = await tx.panels.get(access.workspace, due.panel)
        revision = panel.revision if panel is not None else 0
        ids = (new_id(), access.workspace, asking.now, access.user)
        entry = AuditEntry(*ids, "scorecard.reminded", due.panel, revision, due.interview)
        await tx.audit.add(entry)


def _reminded(
    asking: Asking, outcome: RemindOutcome, at: datetime | None = None, because: str = ""
) -> Reminded:
    count, zone = len(asking.due_scorecards), asking.access.zone
    return Reminded(asking.person, count, outcome, at, zone, because)
