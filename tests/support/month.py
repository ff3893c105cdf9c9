"""A month of people who owe scorecards, and a Slack that fails in every way it can.

What is to arrive is worked out here from the calendar alone, by rules of its own: of each interview
the first ten mornings of its interviewer's working days, as long as its scorecard is not in; of an
interview that somebody can't make the organizers' next morning and the last one before its day, or
that moment where it is near. There is a holiday, everybody takes two days off, and each country has
its public holidays.
"""

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

from bot.domain.candidates import Candidate
from bot.domain.messages import OutboxMessage
from bot.domain.panels.panel import Interview, Panel
from bot.domain.reminders import RemindedPerson, ReminderPolicy
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.library.catalogue import Library
from bot.services.messages.panels_declines import enqueue_declines
from bot.services.messages.reminders import refresh_reminders
from bot.services.ports import NotNow, OutcomeUnknown, Refused, RenderedMessage
from bot.storage.database import Database, Transaction
from tests.support.clock import ManualClock
from tests.support.outbox import Killed
from tests.support.panels import frozen, interview, panel, stored
from tests.support.people import WORKSPACE, People, person

COUNTRIES = {
    "America/Los_Angeles": "US",
    "America/New_York": "US",
    "America/Santiago": "CL",
    "America/St_Johns": "CA",
    "UTC": None,
    "Europe/London": "GB",
    "Europe/Berlin": "DE",
    "Africa/Cairo": "EG",
    "Asia/Kolkata": "IN",
    "Asia/Tokyo": "JP",
    "Australia/Sydney": "AU",
    "Pacific/Auckland": "NZ",
}
ZONES = tuple(COUNTRIES)


RUNGS = (
    ("late", 1, ("UMANAGER",)),
    ("overdue", 3, ("U1",)),
    ("end", 10, ("U1", "UMANAGER")),
)
"""What is told of a late scorecard, after how many working days of whose it is, and to whom."""

ORGANIZERS = ("U1", "UMANAGER")
NOTICE = timedelta(hours=4)
"""Nobody declines later than so long before it starts."""

Told = tuple[str, str, str, date]
"""Of which interview what is told, to whom, and on which day."""


@dataclass(frozen=True)
class Owing:
    """An interview of the month; `closed_at` is when its scorecard comes in, if ever."""

    id: str
    person: str
    ends_at: datetime
    closed_at: datetime | None


@dataclass
class Declining:
    """An interview that its interviewer can't make. `canceled_at` is when an organizer cancels it,
    if ever; `declined_at` becomes when the interviewer really said so."""

    id: str
    person: str
    starts_at: datetime
    declined_at: datetime
    canceled_at: datetime | None


@dataclass
class Month:
    """Who interviews when, and when they settle it: always at five in the afternoon of theirs."""

    people: int
    interviews: int
    start: datetime
    days: int
    seed: int
    zones: dict[str, str] = field(init=False)
    owing: list[Owing] = field(init=False)
    declining: list[Declining] = field(init=False)
    free: dict[str, frozenset[date]] = field(init=False)
    holiday: date = field(init=False)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        self.zones = {f"U{n:04}": ZONES[n % len(ZONES)] for n in range(self.people)}
        self.owing = [self._one(chance, n) for n in range(self.interviews)]
        other = random.Random(self.seed + 1)
        self.declining = [self._declining(other, n) for n in range(self.interviews // 6)]
        self.holiday = self.start.date() + timedelta(days=9)
        self.free = {
            id: frozenset(
                self.start.date() + timedelta(days=chance.randrange(self.days)) for _ in range(2)
            )
            for id in self.zones
        }

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=self.days)

    @property
    def directory(self) -> People:
        return People({id: person(id, zone) for id, zone in self.zones.items()})

    def _one(self, chance: random.Random, number: int) -> Owing:
        who = chance.choice(list(self.zones))
        minutes = chance.randrange(0, (self.days - 3) * 24 * 60, 5)
        ends_at = self.start + timedelta(minutes=minutes)
        closed_at = None
        if chance.random() < 0.85:
            local = ends_at.astimezone(ZoneInfo(self.zones[who]))
            day = local.date() + timedelta(days=int(chance.expovariate(0.3)))
            closed_at = _local(day, 17, self.zones[who])
            if closed_at <= ends_at:
                closed_at = _local(day + timedelta(days=1), 17, self.zones[who])
        return Owing(f"{number:016x}", who, ends_at, closed_at)

    def _declining(self, chance: random.Random, number: int) -> Declining:
        declined_at = self.start + timedelta(minutes=chance.randrange((self.days - 2) * 24 * 60))
        starts_at = declined_at + NOTICE + timedelta(hours=chance.expovariate(1 / 70))
        later = declined_at + timedelta(days=1 + int(chance.expovariate(0.3)))
        canceled_at = _local(later.date(), 17, "UTC") if chance.random() < 0.5 else None
        who = chance.choice(list(self.zones))
        return Declining(f"d{number:015x}", who, starts_at, declined_at, canceled_at)

    @property
    def ids(self) -> list[str]:
        """All interviews of which organizers may be told something."""
        return [item.id for item in (*self.owing, *self.declining)]

    def digests(self) -> dict[tuple[str, date], datetime]:
        """Each digest that is to come, by whom it is for and their day, with its moment: those
        after the end too, since the last step may go past it."""
        wanted = {}
        for item in self.owing:
            zone = self.zones[item.person]
            for day in self._chased(item):
                moment = _local(day, 9, zone)
                if item.closed_at is None or moment < item.closed_at:
                    wanted[item.person, day] = moment
        return wanted

    def listed(self, who: str, day: date, at: datetime) -> set[str]:
        """What a digest of that day lists, made at that moment: what was owed in the morning and
        still is."""
        mine = [item for item in self.owing if item.person == who]
        return {
            item.id
            for item in mine
            if day in self._chased(item) and (item.closed_at is None or at < item.closed_at)
        }

    def nudges(self) -> dict[str, tuple[datetime, datetime]]:
        """Of which interviews a nudge may come, from and until when."""
        found = {}
        for item in self.owing:
            zone = self.zones[item.person]
            at = item.ends_at + timedelta(hours=1)
            day = at.astimezone(ZoneInfo(zone)).date()
            opens, closes = _local(day, 9, zone), _local(day, 18, zone)
            is_free = day.weekday() > 4 or day in self._free(item.person)
            until = min(closes, item.closed_at or closes)
            if opens < at < until and not is_free:
                found[item.id] = at, until
        return found

    def last_morning(self, item: Owing) -> datetime:
        """The last on which it is reminded of, if it is owed until then."""
        return _local(self._chased(item)[-1], 9, self.zones[item.person])

    def _chased(self, item: Owing) -> list[date]:
        zone = self.zones[item.person]
        first = item.ends_at.astimezone(ZoneInfo(zone)).date()
        days = [first + timedelta(days=number) for number in range(25)]
        free = self._free(item.person)
        mornings = [
            day
            for day in days
            if day.weekday() < 5 and day not in free and _local(day, 9, zone) >= item.ends_at
        ]
        return mornings[:10]

    def rungs(self, sure: bool, slack: timedelta) -> set[Told]:
        """What organizers are told of which interview, to whom and in whose day's digest: what is
        sure to be, or whatever may be, where a scorecard comes in about then, or an interview is
        canceled.

        Both organizers are taken to be in UTC, since nobody says where they are."""
        found = set()
        for item in self.owing:
            for rung, days, people in RUNGS:
                moment = self._morning_after(self._working_days_after(item, days))
                edge = moment + slack if sure else moment - slack
                if item.closed_at is None or item.closed_at > edge:
                    found |= {(item.id, rung, who, moment.date()) for who in people}
        for one in self.declining:
            for rung, moment in self._told_of(one):
                edge = moment + slack if sure else moment - slack
                is_at_once = rung == "at_once"
                if is_at_once or one.canceled_at is None or one.canceled_at > edge:
                    found |= {(one.id, rung, who, moment.date()) for who in ORGANIZERS}
        return found

    def _told_of(self, one: Declining) -> list[tuple[str, datetime]]:
        """What organizers are told of it, and when: by working days in UTC."""
        said = one.declined_at
        workdays = [
            day
            for day in (said.date() + timedelta(days=number) for number in range(-10, 60))
            if day.weekday() < 5 and day != self.holiday
        ]
        following = next(day for day in workdays if day > said.date())
        if said.date() in workdays:
            limit = datetime.combine(following, said.time(), UTC)
        else:
            limit = _local(following + timedelta(days=1), 0, "UTC")
        if one.starts_at <= limit:
            return [("at_once", said)]
        first = self._morning_after(said)
        before = max(day for day in workdays if day < one.starts_at.date())
        again = [("day_before", _local(before, 9, "UTC"))] if before > first.date() else []
        return [("declined", first), *again]

    def _working_days_after(self, item: Owing, days: int) -> datetime:
        """The same hour so many working days later; of a free day, the midnight after it counts."""
        zone = self.zones[item.person]
        ended = item.ends_at.astimezone(ZoneInfo(zone))
        free = self._free(item.person)
        later = [ended.date() + timedelta(days=number) for number in range(1, 60)]
        working = [day for day in later if day.weekday() < 5 and day not in free]
        if ended.weekday() > 4 or ended.date() in free:
            return _local(working[days - 1] + timedelta(days=1), 0, zone)
        at = ended.replace(tzinfo=None).time()
        day = datetime.combine(working[days - 1], at, ZoneInfo(zone))
        return day.astimezone(UTC)

    def _morning_after(self, moment: datetime) -> datetime:
        days = (moment.date() + timedelta(days=number) for number in range(10))
        mornings = (_local(day, 9, "UTC") for day in days if day != self.holiday)
        return next(at for at in mornings if at >= moment and at.weekday() < 5)

    def _free(self, who: str) -> set[date]:
        """The days on which nobody is to hear anything."""
        country = COUNTRIES[self.zones[who]]
        public = country_holidays(country, years=self.start.year) if country else {}
        return {self.holiday, *self.free[who], *public}

    async def store(self, database: Database, library: Library) -> None:
        """Writes every interview as a panel of its own, and when everybody is away."""
        content = frozen(library)
        async with database.write() as tx:
            holidays = frozenset({self.holiday})
            await tx.reminders.put_policy(ReminderPolicy(WORKSPACE, holidays=holidays))
            await tx.reminders.put(
                RemindedPerson(WORKSPACE, id, zone, days_off=self.free[id])
                for id, zone in self.zones.items()
            )
            for item in self.owing:
                one = interview(
                    item.person, id=item.id, starts_at=item.ends_at - timedelta(minutes=45)
                )
                one = replace(one, interviewer_zone=self.zones[item.person])
                await stored(tx, _panel_of(one), content)
            for item in self.declining:
                one = interview(item.person, id=item.id, starts_at=item.starts_at)
                one = replace(one, interviewer_zone=self.zones[item.person])
                await stored(tx, _panel_of(one), content)

    async def goes_on(self, database: Database, since: datetime, until: datetime) -> None:
        """All that people do in between."""
        await self.close(database, since, until)
        await self.decline(database, since, until)
        await self.cancel(database, since, until)

    async def decline(self, database: Database, since: datetime, until: datetime) -> None:
        """Interviewers say that they can't make it."""
        for item in [one for one in self.declining if since < one.declined_at <= until]:
            item.declined_at = until
            async with database.write() as tx:
                before = await tx.panels.get(WORKSPACE, item.id)
                assert before is not None
                await _saves(tx, before, before.declined(item.id, until), until)

    async def cancel(self, database: Database, since: datetime, until: datetime) -> None:
        """An organizer cancels what somebody can't make."""
        due = [one for one in self.declining if one.canceled_at]
        for item in [one for one in due if since < one.canceled_at <= until]:
            item.canceled_at = until
            async with database.write() as tx:
                before = await tx.panels.get(WORKSPACE, item.id)
                assert before is not None
                await _saves(tx, before, before.changed(item.id, cancelled_at=until), until)

    async def close(self, database: Database, since: datetime, until: datetime) -> None:
        """Settles what is settled in between."""
        due = [one for one in self.owing if one.closed_at and since < one.closed_at <= until]
        for item in due:
            async with database.write() as tx:
                await tx.scorecards.close(
                    Closing(WORKSPACE, item.id, 1, ClosingKind.NO_SHOW, item.person, until)
                )
                due_scorecard = await tx.scorecards.due_scorecard(WORKSPACE, item.id)
                assert due_scorecard is not None
                await refresh_reminders(tx, [due_scorecard], until)


def _panel_of(item: Interview) -> Panel:
    """A panel of this interview alone, about a candidate of its own."""
    return replace(
        panel(item),
        id=item.id,
        application=item.id,
        candidate=Candidate(item.id, "Robin Doe", None, None),
    )


async def _saves(tx: Transaction, before: Panel, after: Panel, now: datetime) -> None:
    assert await tx.panels.save(after)
    await enqueue_declines(tx, after, now, before)
    found = await tx.scorecards.due_scorecards(WORKSPACE, [after.id])
    told = [replace(due, declined_at=before.interviews[0].declined_at) for due in found]
    await refresh_reminders(tx, told, now)


def _local(day: date, hour: int, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass
class Trouble:
    """How often, of a thousand times, something goes wrong; and what has."""

    chance: random.Random
    deaths: int = 8
    refusals: int = 25
    lost: int = 25
    seen: Counter[str] = field(default_factory=Counter)

    def comes(self, what: str, of_a_thousand: int) -> bool:
        comes = self.chance.randrange(1000) < of_a_thousand
        self.seen[what] += comes
        return comes

    def may_die(self, step: str) -> None:
        if self.comes(f"died {step}", self.deaths):
            raise Killed


@dataclass
class Post:
    channel: str
    key: str
    kind: str
    at: datetime
    shown: list[object]


def unshown(model: object) -> RenderedMessage:
    """Keeps the view model in the place of blocks, for TroubledSlack to remember."""
    return RenderedMessage("", model)  # type: ignore[arg-type]


@dataclass
class TroubledSlack:
    """A Notifier that remembers what was posted, whatever it says of it."""

    clock: ManualClock
    trouble: Trouble
    is_down: bool = False
    posts: list[Post] = field(default_factory=list)

    async def dm(self, workspace: str, user: str) -> str:
        self._begins("open")
        self.trouble.may_die("after open")
        return f"D{user}"

    async def deliver(self, message: OutboxMessage, content: RenderedMessage, channel: str) -> str:
        self._begins("post")
        if message.ts is None:
            self.posts.append(
                Post(channel, message.key, message.kind, self.clock.now(), [content.blocks])
            )
            ts = str(len(self.posts))
        else:
            ts = message.ts
            self.posts[int(ts) - 1].shown.append(content.blocks)
        self.trouble.may_die("after post")
        if self.trouble.comes("lost answer", self.trouble.lost):
            raise OutcomeUnknown("No answer.")
        return ts

    async def find(self, workspace: str, channel: str, key: str, since: datetime) -> str | None:
        self._begins("look")
        for number, post in enumerate(self.posts, start=1):
            if (post.channel, post.key) == (channel, key) and post.at > since:
                return str(number)
        self.trouble.may_die("after look")
        return None

    def _begins(self, step: str) -> None:
        self.trouble.may_die(f"before {step}")
        if self.is_down:
            raise OutcomeUnknown("Slack is down.")
        if self.trouble.comes(f"429 at {step}", self.trouble.refusals):
            raise NotNow("ratelimited", "Slower, please.", self.trouble.chance.choice((1, 30, 90)))
        if step == "look" and self.trouble.comes("look refused", self.trouble.refusals):
            raise Refused("internal_error", "Slack refused this.")


class TroubledDatabase(Database):
    """The process may die just before and just after each commit."""

    trouble: Trouble | None = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with super().write() as tx:
            yield tx
            if self.trouble is not None:
                self.trouble.may_die("before commit")
        if self.trouble is not None:
            self.trouble.may_die("after commit")
