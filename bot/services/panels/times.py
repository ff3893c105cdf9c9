"""What is odd about the times of interviews, told before they are set up or changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.panels.panel import NewInterview, Panel
from bot.domain.panels.warnings import TimeWarning, WarningKind, time_warnings
from bot.domain.people import Person, unreachable_because
from bot.domain.reminders import RemindedPerson
from bot.services.ports import Clock, Directory
from bot.storage.database import Database, Transaction


@dataclass(frozen=True)
class ProposedInterview:
    """What an interview of a panel is to be, with what is odd about its time.

    `others` are those who interview at the same time. `why_not` says why the interviewer cannot be
    on a panel.
    """

    person: Person
    starts_at: datetime
    warnings: tuple[TimeWarning, ...]
    others: Mapping[str, Person]
    why_not: str | None = None


class PanelTimes:
    """Looks at a change to an interview before it is made."""

    def __init__(self, database: Database, directory: Directory, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock

    async def proposed(
        self, panel: Panel, new: NewInterview, old: str | None, *, replaces: bool = False
    ) -> ProposedInterview:
        """What is odd about an interview of a panel that the person may change, in the place of the
        `old` one, if any. Of one that `replaces` another the form says itself that it has begun."""
        workspace = panel.workspace
        person = await self._directory.person(workspace, new.interviewer)
        others = [
            NewInterview(item.interviewer, item.focus, item.starts_at, item.minutes, item.place)
            for item in panel.on
            if item.id != old and item.declined_at is None
        ]
        zones = {item.interviewer: item.interviewer_zone for item in panel.on}
        async with self._database.read() as tx:
            found = await odd_times(
                tx,
                workspace,
                [new, *others],
                zones | {person.id: person.tz},
                self._clock.now(),
                panel.id,
            )
        warnings = tuple(
            one
            for one in found
            if one.interviewer == person.id
            and one.starts_at == new.starts_at
            and not (replaces and one.kind is WarningKind.PAST)
        )
        people = {
            one.other: await self._directory.person(workspace, one.other)
            for one in warnings
            if one.other is not None
        }
        why_not = unreachable_because(person, workspace)
        return ProposedInterview(person, new.starts_at, warnings, people, why_not)


async def odd_times(
    tx: Transaction,
    workspace: str,
    interviews: Sequence[NewInterview],
    zones: Mapping[str, str],
    now: datetime,
    panel: str | None = None,
) -> Sequence[TimeWarning]:
    """What is odd about interviews of one candidate, whose interviewers are in these zones; what
    the `panel` has of them already does not count as another's."""
    if not interviews:
        return ()
    policy = await tx.reminders.policy(workspace)
    chosen = await tx.reminders.people(workspace, zones)
    calendars = {
        user: replace(chosen.get(user, RemindedPerson(workspace, user)), zone=zone).calendar(policy)
        for user, zone in zones.items()
    }
    since = min(one.starts_at for one in interviews)
    until = max(one.starts_at + timedelta(minutes=one.minutes) for one in interviews)
    busy = await tx.panels.times_of(workspace, zones, since, until, panel)
    return time_warnings(interviews, calendars, busy, now)
