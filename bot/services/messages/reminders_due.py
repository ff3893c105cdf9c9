"""What is due from people, as reminders list it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.domain.dates import sortable_day
from bot.domain.debriefs.answers import AnswerReached
from bot.domain.ladder import Reached, late
from bot.domain.messages import NotYet
from bot.domain.panels.panel import Replacement
from bot.domain.reminders import (
    LATER,
    MOST_REPLACED,
    MOST_SHOWN,
    Calendar,
    Due,
    RemindedPerson,
    digest_expires,
    following_digest,
    is_chased,
    next_check,
)
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.debriefs_answers import AnswerDue, answers_of_day, answers_to_tell
from bot.services.messages.message import RenderContext
from bot.services.messages.reminders_declines import (
    declines_of_day,
    declines_to_tell,
    missing_declines,
)
from bot.services.messages.reminders_ladder import (
    MOST_OTHERS,
    LateScorecard,
    late_of_others,
    news,
)
from bot.storage.database import Transaction

FARTHEST_BACK = timedelta(days=60)
"""How old a digest may be that is still put right: none lists what is chased for longer."""


@dataclass(frozen=True)
class Digest:
    """For whoever has scorecards due, or somebody to find for interviews: all scorecards, the
    longest due first.

    `more` is how many there are beyond those shown, and `besides` how many are due by now that it
    does not list; `replacements_besides` of how many interviews it has not told that somebody else
    has to be found. `next_at` is when the next reminder comes if something is due by then: the
    next digest, or what the person has asked for. `others` are late scorecards of others, which an
    organizer hears of, and `answers` the candidates who wait to hear. `late` has for each interview
    whose scorecard is late since when it is; `zone` is the reader's.
    """

    due_scorecards: Sequence[DueScorecard]
    more: int
    besides: int
    next_at: datetime | None
    zone: str
    replacements: Sequence[Replacement] = ()
    more_replacements: int = 0
    replacements_besides: int = 0
    late: Mapping[str, datetime] = field(default_factory=dict)
    others: Sequence[LateScorecard] = ()
    more_others: int = 0
    answers: Sequence[AnswerDue] = ()
    more_answers: int = 0

    @property
    def is_done(self) -> bool:
        own = self.due_scorecards or self.replacements
        return not own and not self.others and not self.answers


async def dues_of(
    tx: Transaction,
    workspace: str,
    people: Collection[str],
    now: datetime,
    untold: Mapping[str, Sequence[Reached]] | None = None,
    answers: Mapping[str, Sequence[AnswerReached]] | None = None,
) -> Mapping[str, list[Due]]:
    """All that is due from each of these people by now, with what they are still to be told."""
    scorecards = await tx.reminders.missing_scorecards(workspace, people, now)
    if untold is None:
        untold = await untold_news(tx, workspace, people, now)
    if answers is None:
        answers = await answers_to_tell(tx, workspace, people, now)
    return {
        person: [
            *(one.due for one in scorecards[person]),
            *news((*untold[person], *answers[person])),
        ]
        for person in people
    }


async def untold_news(
    tx: Transaction, workspace: str, people: Collection[str], now: datetime
) -> Mapping[str, list[Reached]]:
    """What each of these people is still to be told, by or after this moment."""
    rungs = await tx.rungs.untold(workspace, people, now)
    declines = await declines_to_tell(tx, workspace, people, now)
    return {person: [*rungs[person], *declines[person]] for person in people}


async def is_due_since(
    tx: Transaction,
    workspace: str,
    person: str,
    then: datetime,
    now: datetime,
) -> bool:
    """Whether anything that the person was reminded of then is still due from them."""
    calendar = await calendar_of(tx, workspace, person)
    dues = (await dues_of(tx, workspace, [person], now))[person]
    own = [due for due in dues if not due.is_news]
    if any(is_chased(calendar, due, then) for due in own):
        return True
    return bool(await declines_of_day(tx, workspace, person, calendar.day_of(then), now))


def concerned(due: DueScorecard) -> Mapping[str, datetime]:
    """Whose reminders may list an interview, each with since when."""
    people = dict.fromkeys(due.people, due.ends_at)
    if due.declined_at is not None:
        people |= {one: min(due.declined_at, due.ends_at) for one in due.organizers}
    return people


def days_listing(person: RemindedPerson, dues: Sequence[DueScorecard]) -> Sequence[date]:
    """The days whose digests may list one of these interviews."""
    since = [moment for due in dues if (moment := concerned(due).get(person.person)) is not None]
    if person.last_digest is None or not since:
        return []
    first = max(min(since).date() - timedelta(days=1), person.last_digest - FARTHEST_BACK)
    return [first + timedelta(days=n) for n in range((person.last_digest - first).days + 1)]


async def end_later(
    tx: Transaction,
    people: Iterable[RemindedPerson],
    key_of: Callable[[str, datetime], str],
    now: datetime,
) -> None:
    """Whoever put off what is done by now is not reminded of it once more; `key_of` gives the key
    of that message.

    People are locked before messages, as a tick does.
    """
    waiting = [one for one in people if one.later_at is not None and one.later_at > now]
    for one in sorted(waiting, key=lambda one: one.person):
        person = await tx.reminders.get(one.workspace, one.person, lock=True)
        if person is None or person.later_at is None:
            continue
        at = person.later_at
        if not await is_due_since(tx, one.workspace, one.person, at - LATER, now):
            await tx.outbox.close(one.workspace, key_of(one.person, at))
            await tx.reminders.put([replace(person, later_at=None)])


def asked_key(person: str, day: date) -> str:
    """The key of the reminder that organizers asked for on that day, of which there is one."""
    return f"asked:{person}:{day.isoformat()}"


async def calendar_of(tx: Transaction, workspace: str, person: str) -> Calendar:
    known = await tx.reminders.get(workspace, person) or RemindedPerson(workspace, person)
    return known.calendar(await tx.reminders.policy(workspace))


async def stale_checks(
    tx: Transaction, now: datetime
) -> Sequence[tuple[RemindedPerson, datetime | None]]:
    """People who would be looked at too late, each as it should be and with what is stored.

    Being looked at too early costs a look and no reminder, so it is no fault.
    """
    dues: dict[tuple[str, str], list[Due]] = {}
    for missing in await tx.reminders.all_missing_scorecards(now):
        dues.setdefault((missing.workspace, missing.owner), []).append(missing.due)
    organizers: dict[str, set[str]] = {}
    for one in await tx.reminders.all_missing_replacements():
        organizers.setdefault(one.workspace, set()).add(one.organizer)
    for workspace, ids in organizers.items():
        for id, untold in (await declines_to_tell(tx, workspace, ids, now)).items():
            if untold:
                dues.setdefault((workspace, id), []).extend(news(untold))
    for rung in await tx.rungs.all_untold(now):
        dues.setdefault((rung.workspace, rung.recipient), []).append(Due.news(rung.reached_at))
    hearing: dict[str, set[str]] = {}
    for workspace, id in await tx.answer_rungs.waiting():
        hearing.setdefault(workspace, set()).add(id)
    for workspace, ids in hearing.items():
        for id, answers in (await answers_to_tell(tx, workspace, ids, now)).items():
            if answers:
                dues.setdefault((workspace, id), []).extend(news(answers))
    people = {(one.workspace, one.person): one for one in await tx.reminders.everybody()}
    policies = await tx.reminders.policies({workspace for workspace, _ in dues})
    found = []
    for (workspace, id), theirs in sorted(dues.items()):
        person = people.get((workspace, id), RemindedPerson(workspace, id))
        calendar = person.calendar(policies[workspace])
        right = next_check(calendar, theirs, now, person.last_digest)
        stored = person.next_digest_at
        if right is not None and (stored is None or stored > right):
            found.append((replace(person, next_digest_at=right), stored))
    return found


async def digest_of(
    tx: Transaction,
    workspace: str,
    person: str,
    calendar: Calendar,
    moment: datetime,
    context: RenderContext,
    put_off_at: datetime | None = None,
    day: date | None = None,
) -> Digest | NotYet | None:
    """What was due from the person at that moment and still is, with what that day's digest says of
    others.

    Where they put it off, nothing is left to say once what was due then is done.
    """
    now = context.now
    if context.is_early(moment):
        return NotYet(moment)
    at = min(moment, now)
    missing = (await tx.reminders.missing_scorecards(workspace, [person], now))[person]
    chased = [one for one in missing if is_chased(calendar, one.due, at)]
    told_on = day or calendar.day_of(put_off_at or moment)
    replacements = await declines_of_day(tx, workspace, person, told_on, now)
    others = await late_of_others(tx, workspace, person, day, now) if day is not None else ()
    answers = await answers_of_day(tx, workspace, person, day, now) if day is not None else ()
    if not context.is_sent and not (chased or replacements or others or answers):
        return None
    is_put_off = put_off_at is not None and not context.is_sent
    if is_put_off and not await is_due_since(tx, workspace, person, put_off_at or at, now):
        return None
    ids = [one.interview for one in chased]
    found = {one.interview: one for one in await tx.scorecards.due_scorecards(workspace, ids)}
    due_scorecards = [found[id] for id in ids if id in found]
    tomorrow = digest_expires(calendar, calendar.day_of(now))
    dues = (await dues_of(tx, workspace, [person], now))[person]
    next_at = following_digest(calendar, dues, tomorrow)
    missing_others = await missing_declines(tx, workspace, person, now)
    later_at = getattr(await tx.reminders.get(workspace, person), "later_at", None)
    return Digest(
        due_scorecards=due_scorecards[:MOST_SHOWN],
        more=max(0, len(due_scorecards) - MOST_SHOWN),
        besides=len(missing) - len(chased),
        next_at=next_at if later_at is None or later_at <= now else later_at,
        zone=calendar.zone,
        late=late(calendar, {due.interview: due.due_since for due in due_scorecards}, now),
        replacements=replacements[:MOST_REPLACED],
        more_replacements=max(0, len(replacements) - MOST_REPLACED),
        replacements_besides=len(missing_others) - len(replacements),
        others=others[:MOST_OTHERS],
        more_others=max(0, len(others) - MOST_OTHERS),
        answers=answers[:MOST_OTHERS],
        more_answers=max(0, len(answers) - MOST_OTHERS),
    )


def digest_why(own: int, told: Iterable[Reached | AnswerReached], day: date, zone: str) -> str:
    """Why there is a digest, for operators: which rungs it tells of which interviews and
    applications."""
    rungs = ", ".join(f"{one.rung} {_id_of(one)}" for one in told)
    what = [*([f"{own} due"] if own or not rungs else []), *([f"tells {rungs}"] if rungs else [])]
    return f"{', '.join(what)} on {sortable_day(day)} ({zone})"


def _id_of(one: Reached | AnswerReached) -> str:
    return one.interview if isinstance(one, Reached) else one.application
