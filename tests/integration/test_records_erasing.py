"""Erasing a candidate: whatever happens on the way, nothing of them is left anywhere."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.domain.records.erasing import GIVE_UP, Because, Counts, Erasure
from bot.errors import UserError
from bot.services.candidates import merge_candidates
from bot.services.records.erasing import Erasing, begin_erasure, stuck
from bot.services.records.holding import put_hold, take_hold
from bot.storage.audit import audit
from bot.storage.candidates import merges
from bot.storage.database import Database
from bot.storage.schema import metadata
from tests.support.clock import ManualClock
from tests.support.records import (
    NOW,
    WORKSPACE,
    Deaths,
    HeldSlack,
    Killed,
    id_of,
    markers,
    remains,
    texts,
    written,
)

ADMIN, JO, KIM = "U0ADMIN", id_of("candidates", "jo"), id_of("candidates", "kim")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    async with opened.write() as tx:
        await written(tx, "jo")
        await written(tx, "kim")
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def slack_with_both() -> HeldSlack:
    slack = HeldSlack()
    for whose in ("jo", "kim"):
        for number in range(3):
            slack.messages[("D0ALEX", f"{number}.{whose}")] = f"Interview {whose}"
        slack.files[id_of("sent_files", whose)] = f"Calendar of {whose}"
    return slack


class Process:
    """Panelist, from a start to its end."""

    def __init__(self, database: Database, slack: HeldSlack, clock: ManualClock) -> None:
        self._seconds = 0.0
        self.clock = clock
        self.erasing = Erasing(database, slack, clock, lambda: self._seconds)

    async def ticks(self, number: int = 12) -> None:
        for _ in range(number):
            await self.erasing.tick()
            self._seconds += 5
            self.clock.moves(seconds=5)


async def asked(database: Database, id: str = JO, actor: str = ADMIN) -> Erasure:
    async with database.write() as tx:
        return await begin_erasure(tx, WORKSPACE, id, actor, NOW, Because.ASKED)


async def now_of(database: Database, id: str = JO) -> Erasure:
    async with database.read() as tx:
        found = await tx.erasures.get(WORKSPACE, id)
    assert found is not None
    return found


async def nothing_is_left(database: Database, slack: HeldSlack) -> None:
    left = await remains(database)
    assert [one for one in markers("jo") if one in left] == []
    assert "jo" not in texts(slack)
    assert [one for one in markers("kim") if one not in left] == []
    assert "Interview kim" in texts(slack)


async def test_of_an_erased_candidate_nothing_is_left_but_numbers(
    database: Database, clock: ManualClock
) -> None:
    slack = slack_with_both()
    before = await remains(database)
    assert [one for one in markers("jo") if one not in before] == []
    await asked(database)
    await Process(database, slack, clock).ticks()
    await nothing_is_left(database, slack)
    done = await now_of(database)
    assert (done.is_done, done.deleted) == (True, 4)
    assert done.counts == Counts(1, 1, 1, 1, 1, {id_of("openings", "jo"): "declined"})
    async with database.read() as tx:
        query = select(audit.c.actor, audit.c.action, audit.c.subject).order_by(audit.c.at)
        said = [tuple(row) for row in await tx.connection.execute(query)]
    assert said == [
        (ADMIN, "candidate.erasure_asked", JO),
        (ADMIN, "candidate.erased", JO),
    ]


async def test_a_second_run_finds_nothing(database: Database, clock: ManualClock) -> None:
    slack = slack_with_both()
    await asked(database)
    await Process(database, slack, clock).ticks()
    calls, first = len(slack.calls), await now_of(database)
    assert await asked(database, actor="U0OTHER") == first
    await Process(database, slack, clock).ticks()
    assert (len(slack.calls), await now_of(database)) == (calls, first)


async def test_killed_at_any_step_it_is_finished_by_the_next_start(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step: before and after Slack deleted something, and before and after each commit."""
    slack = slack_with_both()
    await asked(database)
    process_deaths, run = Deaths(0), 0
    real = Database.write

    def dying(self: Database) -> object:
        return _Dying(real(self), process_deaths)

    monkeypatch.setattr(Database, "write", dying)
    while not (await now_of(database)).is_done:
        run += 1
        assert run < 100
        process_deaths.at, process_deaths.steps = 1 + run % 4, 0
        slack.deaths = process_deaths
        try:
            await Process(database, slack, clock).ticks(3)
        except Killed:
            continue
    assert run > 8
    monkeypatch.undo()
    slack.deaths = Deaths(0)
    await nothing_is_left(database, slack)


class _Dying:
    def __init__(self, inner: object, deaths: Deaths) -> None:
        self._inner, self._deaths = inner, deaths

    async def __aenter__(self) -> object:
        self._deaths.step()
        return await self._inner.__aenter__()  # type: ignore[attr-defined]

    async def __aexit__(self, *error: object) -> None:
        try:
            if error[0] is None:
                self._deaths.step()
        except Killed as killed:
            await self._inner.__aexit__(Killed, killed, None)  # type: ignore[attr-defined]
            raise
        await self._inner.__aexit__(*error)  # type: ignore[attr-defined]
        self._deaths.step()


async def test_two_processes_and_two_admins_do_no_harm_to_each_other(
    database: Database, clock: ManualClock
) -> None:
    slack = slack_with_both()
    first, second = await asked(database), await asked(database, actor="U0OTHER")
    assert first == second
    one, other = (Process(database, slack, clock) for _ in range(2))
    for _ in range(8):
        await one.ticks(1)
        await other.ticks(1)
    assert (await now_of(database)).is_done
    await nothing_is_left(database, slack)


async def test_a_legal_hold_keeps_everything_until_it_is_taken_off(
    database: Database, clock: ManualClock
) -> None:
    slack = slack_with_both()
    async with database.write() as tx:
        assert await put_hold(tx, WORKSPACE, JO, ADMIN, NOW)
        assert not await put_hold(tx, WORKSPACE, JO, ADMIN, NOW)
    with pytest.raises(UserError, match="legal hold"):
        await asked(database)
    async with database.write() as tx:
        assert await take_hold(tx, WORKSPACE, JO, ADMIN, NOW)
    await asked(database)
    async with database.write() as tx:
        await put_hold(tx, WORKSPACE, JO, ADMIN, NOW)
    process = Process(database, slack, clock)
    await process.ticks()
    assert not slack.calls
    async with database.read() as tx:
        (state,) = await tx.erasures.states()
        assert state.is_held
        (line,) = await stuck(tx, NOW + timedelta(hours=3))
    assert line == "erasures are stopped by a legal hold: 1 (panelist doctor)"
    async with database.write() as tx:
        await take_hold(tx, WORKSPACE, JO, ADMIN, NOW)
    await process.ticks()
    await nothing_is_left(database, slack)


async def test_a_channel_the_bot_has_left_is_named_for_a_person_and_tried_again(
    database: Database, clock: ManualClock
) -> None:
    slack = slack_with_both()
    slack.refuses = {"D0ALEX": "not_in_channel"}
    await asked(database)
    process = Process(database, slack, clock)
    await process.ticks()
    left = await remains(database)
    assert [one for one in markers("jo") if one in left] == []
    async with database.read() as tx:
        (state,) = await tx.erasures.states()
        lines = await stuck(tx, clock.now())
    assert state.erasure.is_done
    assert [(one.channel, one.error) for one in state.left] == [("D0ALEX", "not_in_channel")] * 3
    assert lines == ["messages or files have to be deleted by hand in Slack: 3 (panelist doctor)"]
    slack.refuses = {}
    clock.moves(hours=25)
    await process.ticks()
    async with database.read() as tx:
        assert await tx.erasures.states() == []
    await nothing_is_left(database, slack)


async def test_whoever_turned_out_to_be_them_goes_with_them(
    database: Database, clock: ManualClock
) -> None:
    """By whichever of the two ids they are named; and nobody is merged with them meanwhile."""
    slack = slack_with_both()
    async with database.write() as tx:
        await written(tx, "max")
        lists: dict[str, object] = {"applications": [], "panels": [], "folded": {}}
        merge = {"workspace": WORKSPACE, "candidate": JO, "into": KIM, "actor": ADMIN, "at": NOW}
        await tx.connection.execute(insert(merges), merge | lists)
    assert (await asked(database, JO)).candidate == KIM
    async with database.write() as tx:
        other = id_of("candidates", "max")
        with pytest.raises(UserError, match="being erased"):
            await merge_candidates(tx, WORKSPACE, other, KIM, ADMIN, NOW)
    await Process(database, slack, clock).ticks()
    left = await remains(database)
    assert [one for one in (*markers("jo"), *markers("kim")) if one in left] == []
    assert [one for one in markers("max") if one not in left] == []
    assert texts(slack) == "[]"


async def test_what_slack_will_not_delete_is_emptied(
    database: Database, clock: ManualClock
) -> None:
    slack = slack_with_both()

    async def refused(workspace: str, channel: str, ts: str) -> None:
        from bot.services.ports import Refused

        raise Refused("cant_delete_message", "Slack refused this.")

    slack.delete = refused  # type: ignore[method-assign]
    await asked(database)
    await Process(database, slack, clock).ticks()
    await nothing_is_left(database, slack)
    assert sorted(slack.messages.values()) == ["", "", "", *["Interview kim"] * 3]


async def test_with_slack_away_it_waits_and_after_a_day_leaves_the_messages_to_a_person(
    database: Database, clock: ManualClock
) -> None:
    slack = slack_with_both()
    slack.is_away = True
    await asked(database)
    process = Process(database, slack, clock)
    await process.ticks()
    left = await remains(database)
    assert [one for one in markers("jo") if one not in left and "outbox" not in one] == []
    clock.moves(seconds=GIVE_UP.total_seconds())
    await process.ticks()
    left = await remains(database)
    assert [one for one in markers("jo") if one in left] == []
    async with database.read() as tx:
        (state,) = await tx.erasures.states()
    assert {one.error for one in state.left} == {"no_answer"}


async def test_slacks_pace_and_its_429_are_kept(database: Database, clock: ManualClock) -> None:
    slack = slack_with_both()
    slack.busy = [30.0]
    seconds = 0.0
    erasing = Erasing(database, slack, clock, lambda: seconds)
    await asked(database)
    await erasing.tick()
    assert slack.calls == ["delete"] or slack.calls == ["file"]
    for _ in range(29):
        seconds += 1
        clock.moves(seconds=1)
        await erasing.tick()
    assert len(slack.calls) == 1
    seconds += 2
    clock.moves(seconds=31)
    for _ in range(8):
        seconds += 1
        clock.moves(seconds=1)
        await erasing.tick()
    assert 1 + 4 <= len(slack.calls) <= 1 + 3 + 8


def test_every_marker_stands_in_a_column_that_holds_words() -> None:
    tables = {one.split("-")[1] for one in markers("jo")}
    assert tables <= set(metadata.tables)
    assert len(markers("jo")) > 20
