"""How long scorecards take, from the database to what each person reads of it."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, update

from bot.cli import main
from bot.domain.applications import Stage
from bot.domain.candidates import Candidate
from bot.domain.debriefs.answers import Told
from bot.domain.debriefs.decision import Decision, Outcome, ReasonKind
from bot.domain.numbers import Numbers, edges
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.numbers import NumbersService
from bot.services.rights import Outsider
from bot.storage.database import Database, Transaction
from bot.storage.panels.rows import interviews, panels
from bot.storage.scorecards.rows import scorecards
from handlers.views import numbers as views
from tests.support.clock import ManualClock
from tests.support.panelist import text_of
from tests.support.panels import OPENING, frozen, interview, panel, stored
from tests.support.people import WORKSPACE, People, rights_of

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
LAST_MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
TEAM = [f"U{number}" for number in range(6)]


@dataclass
class Office:
    """A company that interviews, and what anybody is told of it."""

    database: Database
    service: NumbersService
    library: Library
    count: int = 0

    async def held(
        self,
        who: str,
        hours: float | None,
        *,
        team: str | None = "Data",
        days_ago: int = 7,
        **changes: object,
    ) -> str:
        """An interview so many days before the last Monday; its scorecard came in so many hours
        after its end, or is still due."""
        self.count += 1
        id = f"{self.count:016}"
        start = LAST_MONDAY - timedelta(days=days_ago)
        one = interview(who, id=id, starts_at=start)
        opening = replace(OPENING, id=team or "none", team=team)
        candidate = Candidate(id, "Robin Doe", None, None)
        whole = replace(panel(one), id=id, application=id, candidate=candidate, opening=opening)
        async with self.database.write() as tx:
            await stored(tx, whole, frozen(self.library))
            if hours is not None:
                await _submit(tx, id, who, one.ends_at + timedelta(hours=hours))
            if changes:
                this = interviews.c.id == id
                await tx.connection.execute(update(interviews).where(this).values(**changes))
        return id

    async def told(self, user: str, days: int = 28) -> Numbers:
        return await self.service.stats(WORKSPACE, user, days)


async def _submit(tx: Transaction, id: str, who: str, at: datetime) -> None:
    row = {"workspace": WORKSPACE, "id": id, "interview": id, "interviewer": who, "version": 1}
    row |= {"seen_others_before": False, "submitted_at": at}
    await tx.connection.execute(insert(scorecards).values(row))
    await tx.connection.execute(
        update(interviews).where(interviews.c.id == id).values(closed_at=at)
    )


@pytest.fixture
async def office(database_url: str, library: Library) -> AsyncIterator[Office]:
    database = Database(database_url)
    clock, people = ManualClock(NOW), People()
    people.people |= {id: replace(people.people["UMEMBER"], id=id) for id in TEAM}
    rights = rights_of(people, database, clock)
    yield Office(database, NumbersService(database, rights, clock), library)
    await database.close()


async def submitted(office: Office, hours: Sequence[float], team: str = "Data") -> None:
    for who, each in zip(TEAM, hours, strict=False):
        await office.held(who, each, team=team)


async def decided(office: Office, panel: str, who: str, **times: float | None) -> None:
    """So many hours after the interview it was decided about, undone, confirmed, and told."""
    async with office.database.write() as tx:
        found = await tx.panels.get(WORKSPACE, panel)
        assert found is not None
        ended = found.interviews[0].ends_at
        at = {name: ended + timedelta(hours=hours) for name, hours in times.items() if hours}
        before = await tx.decisions.of_panel(WORKSPACE, panel)
        made = Decision(
            *(before.last + 1, Outcome.HOLD, ReasonKind.NEED_MORE, "Wait for a word.", ("a",)),
            *(who, at["decided"], Stage.INTERVIEWING, False, at.get("undone"), who),
            needs_second="confirmed" in times,
            confirmed_at=at.get("confirmed"),
        )
        await tx.decisions.add(WORKSPACE, panel, made)
        if "told" in at:
            await tx.answers.add(WORKSPACE, found.application, Told(who, at["told"]))


async def test_a_manager_sees_how_long_decisions_and_answers_take(office: Office) -> None:
    held = [await office.held(who, 1) for who in TEAM]
    for number, (id, who) in enumerate(zip(held, TEAM, strict=True), 2):
        await decided(office, id, who, decided=1.5, undone=1.6)
        await decided(office, id, who, decided=number, told=number + 10)
        await decided(office, id, who, decided=number + 20)
    found = await office.told("UMANAGER")
    assert found.deciding is not None
    assert found.answering is not None
    hours = timedelta(hours=1)
    assert found.deciding.count == 6, "the first that holds of each panel"
    assert (found.deciding.times.median, found.deciding.times.ninth) == (3 * hours, 6 * hours)
    assert (found.answering.count, found.answering.times.median) == (6, 10 * hours)
    said = " ".join(text_of(views.numbers(found)).split())
    assert "From the last scorecard to a decision: half take up to 3 hours" in said
    assert "From a decision to the candidate's answer: half take up to 10 hours" in said
    own = await office.told(TEAM[0])
    assert (own.deciding, own.answering) == (None, None), "for whoever hires alone"


async def test_what_waits_for_a_second_decider_is_no_decision(office: Office) -> None:
    for who in TEAM:
        id = await office.held(who, 1)
        await decided(office, id, who, decided=2, confirmed=4 if who != TEAM[0] else None)
    found = await office.told("UMANAGER")
    assert found.deciding is not None
    assert (found.deciding.count, found.deciding.times.median) == (5, timedelta(hours=3))


async def test_decisions_of_four_people_are_in_no_number(office: Office) -> None:
    for number, who in enumerate(TEAM):
        await decided(office, await office.held(who, 1), TEAM[number % 4], decided=2, told=3)
    found = await office.told("UMANAGER")
    assert found.timing is not None
    assert (found.deciding, found.answering) == (None, None)


async def test_a_manager_sees_how_long_scorecards_take(office: Office) -> None:
    await submitted(office, [1, 2, 3, 4, 30, 60])
    found = await office.told("UMANAGER")
    assert found.total is not None
    assert (found.total.people, found.total.interviews, found.weeks) == (6, 6, 4)
    assert found.timing is not None
    assert found.timing.times is not None
    assert (found.timing.times.median, found.timing.times.ninth) == (
        timedelta(hours=3),
        timedelta(hours=60),
    )
    assert (found.timing.due, found.timing.within_a_day) == (6, 4)
    shown = views.numbers(found)
    assert faults("message", shown) == []
    said = text_of(shown)
    assert "Half take up to 3 hours" in said
    assert "9 in 10 up to 3 days" in " ".join(said.split())
    assert "67% of scorecards were submitted within 24 hours" in " ".join(said.split())
    assert not [id for id in (*TEAM, "UMANAGER", "Robin") if id in said]


async def test_what_is_still_due_counts_as_not_within_a_day(office: Office) -> None:
    await submitted(office, [1, 2, 3, 4, 5, 6])
    await office.held("U0", None, days_ago=3)
    found = await office.told("UMANAGER")
    assert found.timing is not None
    assert (found.timing.due, found.timing.submitted, found.timing.within_a_day) == (7, 6, 6)


async def test_what_took_no_place_is_nobodys_load(office: Office) -> None:
    await submitted(office, [1, 2, 3, 4, 5, 6])
    await office.held("U0", None, cancelled_at=NOW)
    await office.held("U1", None, declined_at=NOW)
    no_show = await office.held("U2", None)
    async with office.database.write() as tx:
        await tx.scorecards.close(Closing(WORKSPACE, no_show, 1, ClosingKind.NO_SHOW, "U2", NOW))
    await office.held("U3", None, days_ago=-1)
    found = await office.told("UMANAGER")
    assert found.total is not None
    assert found.total.interviews == 6


async def test_a_reassigned_scorecard_is_whose_it_is_now(office: Office) -> None:
    for who in TEAM[:4]:
        await office.held(who, 2)
    id = await office.held("U0", None, days_ago=5)
    assert (await office.told("UMANAGER")).total is None
    async with office.database.write() as tx:
        closing = Closing(WORKSPACE, id, 1, ClosingKind.REASSIGNED, "U0", NOW, "U4")
        await tx.scorecards.close(closing, is_over=False)
    found = await office.told("UMANAGER")
    assert found.total is not None
    assert found.total.people == 5


async def test_one_entered_later_counts_from_when_it_was_entered(office: Office) -> None:
    for who in TEAM:
        await office.held(
            who, 50, entered_at=LAST_MONDAY - timedelta(days=7) + timedelta(hours=40, minutes=45)
        )
    found = await office.told("UMANAGER")
    assert found.timing is not None
    assert found.timing.times is not None
    assert found.timing.times.median == timedelta(hours=10)


async def test_over_fewer_than_five_nothing_is_shown(office: Office) -> None:
    await submitted(office, [1, 2, 3, 4])
    found = await office.told("UMANAGER", 365)
    assert (found.total, found.timing, found.teams) == (None, None, ())
    assert "Too few people for numbers" in text_of(views.numbers(found))
    assert faults("message", views.numbers(found)) == []


async def test_a_small_team_is_shown_with_others_alone(office: Office) -> None:
    await submitted(office, [1, 2, 3, 4, 5], "Data")
    await submitted(office, [1, 2, 3, 4, 5, 6], "Mobile")
    assert [one.team for one in (await office.told("UMANAGER")).teams] == ["Mobile", "Data"]
    await office.held("U0", 1, team="Web")
    await office.held("U0", 1, team=None)
    found = await office.told("UMANAGER")
    assert [(one.team, one.interviews) for one in found.teams] == [("Mobile", 6), (None, 7)]
    shown = views.numbers(found)
    assert faults("message", shown) == []
    said = text_of(shown)
    assert "Other teams, or none" in said
    assert "Mobile         ████████▌  1.5\nOther teams    ██████████ 1.8" in said
    assert "Web" not in said


async def test_an_interviewer_sees_their_own_and_what_is_usual(office: Office) -> None:
    await submitted(office, [10, 2, 3, 4, 30, 60])
    found = await office.told("U0")
    assert (found.total, found.teams, found.may_see_all) == (None, (), False)
    assert found.own is not None
    said = text_of(views.numbers(found))
    assert "You held 1 interview." in said
    assert "Half of your scorecards took up to 10 hours. Everyone's: 4 hours." in said


async def test_one_of_five_sees_nothing_of_the_other_four(office: Office) -> None:
    await submitted(office, [1, 2, 3, 4, 5])
    found = await office.told("U0")
    assert found.timing is None
    assert found.own is not None
    assert (await office.told("UMANAGER")).timing is not None


@pytest.mark.parametrize("user", ["UGUEST", "USTRANGER"])
async def test_who_is_no_member_reads_the_one_sentence(office: Office, user: str) -> None:
    with pytest.raises(Outsider):
        await office.told(user)


@pytest.mark.parametrize("days", [0, -1, 366, 10**9])
async def test_a_time_that_nobody_can_mean_is_said(office: Office, days: int) -> None:
    with pytest.raises(UserError, match="from 1 to 365"):
        await office.told("UMANAGER", days)


async def test_another_workspaces_interviews_count_for_nothing(office: Office) -> None:
    await submitted(office, [1, 2, 3, 4, 5, 6])
    async with office.database.write() as tx:
        await tx.connection.execute(update(panels).values(hiring_manager="UEVE"))
    async with office.database.read() as tx:
        assert await tx.numbers.has_part(WORKSPACE, "UEVE")
        assert not await tx.numbers.has_part("T2", "UEVE")
        found = await tx.numbers.loads("T2", LAST_MONDAY, edges(NOW))
    assert found == []


async def test_the_number_of_queries_is_the_same_whatever_the_size(office: Office) -> None:
    asked: list[str] = []

    async def count() -> int:
        asked.clear()
        await office.told("UMANAGER")
        return len(asked)

    await submitted(office, [1, 2, 3, 4, 5, 6])
    event.listen(
        office.database._reader.sync_engine,
        "before_cursor_execute",
        lambda *arguments: asked.append(arguments[2]),
    )
    few = await count()
    for _ in range(5):
        await submitted(office, [1, 2, 3, 4, 5, 6])
    assert few == await count() < 10


async def test_the_command_line_prints_them_and_a_table(
    office: Office,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await submitted(office, [1, 2, 3, 4, 5, 6], "=Data")
    await submitted(office, [1, 2, 3, 4, 5, 6], "Web")
    async with office.database.write() as tx:
        await tx.workspace.take(WORKSPACE)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr("bot.commands.numbers.SystemClock", lambda: ManualClock(NOW))

    async def printed(*options: str) -> str:
        assert await asyncio.to_thread(main, ["stats", "--days", "28", *options]) == 0
        return capsys.readouterr().out

    lines = await printed()
    assert "median 3.0 hours, 90th percentile 6.0 hours" in lines
    assert "All teams: 12 interviews by 6 people, 3.0 a week" in lines
    rows = list(csv.reader(io.StringIO(await printed("--csv"))))
    assert [row[0] for row in rows] == ["team", "All teams", "'=Data", "Web"]
    assert await asyncio.to_thread(main, ["stats", "--days", "0"]) == 1
    assert "from 1 to 365" in capsys.readouterr().err
