"""The board: what each candidate waits for, and who sees it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from bot.domain.applications import Application, Source, Stage
from bot.domain.board import Board, BoardLine, WaitKind
from bot.domain.candidates import Candidate
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.panels.panel import Panel
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.board.board import BoardFilter, BoardPage, BoardScope, BoardService
from bot.services.panels.changes import PanelEdit
from bot.services.rights import FOR_MEMBERS
from bot.services.waiting import board_of
from bot.storage.board.board import Shown
from bot.storage.database import Database
from tests.support.clock import START
from tests.support.panels import MONDAY, OPENING, frozen, interview, new_interview, panel, stored
from tests.support.people import WORKSPACE, rights_of
from tests.support.scorecards import Desk, of

ALEX, SAM, PRIYA, DANA, EVE = "UALEX", "USAM", "UPRIYA", "UDANA", "UEVE"
SETTER, RECRUITER, MANAGER, ADMIN, MEMBER = "U1", "URECRUITER", "UMANAGER", "UADMIN", "UMEMBER"
DAY = timedelta(days=1)


@pytest.fixture
async def desk(library: Library, database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    yield Desk(library, database, panel_id="a" * 16)
    await database.close()


def board_service(desk: Desk) -> BoardService:
    return BoardService(
        desk.database, rights_of(desk.people, desk.database, desk.clock), desk.clock
    )


async def page(desk: Desk, user: str, **asked: object) -> BoardPage:
    return await board_service(desk).board(WORKSPACE, user, BoardFilter(**asked))  # type: ignore[arg-type]


async def board(desk: Desk, user: str, **asked: object) -> Board:
    return (await page(desk, user, **asked)).board


async def line(desk: Desk, user: str = RECRUITER) -> BoardLine:
    (only,) = (await board(desk, user)).lines
    return only


async def held(desk: Desk, **parts: object) -> Panel:
    """Alex and Sam have interviewed Robin this morning; Priya will on Thursday."""
    starts = ((ALEX, MONDAY), (SAM, MONDAY), (PRIYA, MONDAY + 3 * DAY))
    people = {"recruiter": RECRUITER, "hiring_manager": MANAGER} | parts
    interviews = [new_interview(*one) for one in starts]
    made = await desk.set_up(*interviews, id=desk.panel_id, **people)
    desk.clock.set(MONDAY + timedelta(hours=2))
    return made


async def many(desk: Desk, number: int, first: int = 0, **parts: object) -> None:
    """So many candidates, each with a panel of two of which one is over."""
    content = frozen(desk.library)
    async with desk.database.write() as tx:
        for n in range(first, first + number):
            id = f"{n:016x}"
            items = (
                interview(ALEX, id=f"{n:015x}a", starts_at=MONDAY),
                interview(SAM, id=f"{n:015x}b", starts_at=MONDAY + 9 * DAY),
            )
            whole = replace(
                panel(*items),
                id=id,
                application=id,
                candidate=Candidate(id, f"Robin {n}", None, None),
                recruiter=RECRUITER,
                **parts,  # type: ignore[arg-type]
            )
            await stored(tx, whole, content)


async def referred(
    desk: Desk, opening: Opening, id: str = "f" * 16, stage: Stage = Stage.APPLIED
) -> None:
    async with desk.database.write() as tx:
        if await tx.openings.get(WORKSPACE, opening.id) is None:
            await tx.openings.add(WORKSPACE, opening, START)
        await tx.candidates.add(WORKSPACE, Candidate(id, "Omar Said", None, None), START)
        made = Application(id, id, opening.id, stage, Source.REFERRAL, MONDAY, referrer=PRIYA)
        await tx.applications.add(WORKSPACE, made)


async def test_a_candidate_waits_for_whatever_presses_most(desk: Desk) -> None:
    made = await held(desk)
    waits = (await line(desk)).waits
    assert (waits.kind, set(waits.people)) == (WaitKind.DUE, {ALEX, SAM})
    await desk.submit(of(made, ALEX))
    desk.clock.set(MONDAY + 2 * DAY)
    shown = await line(desk)
    assert (shown.waits.kind, shown.waits.people) == (WaitKind.LATE, (SAM,))
    assert (shown.submitted, shown.expected) == (1, 3)
    await desk.submit(of(made, SAM))
    planned = (await line(desk)).waits
    assert (planned.kind, planned.at) == (WaitKind.PLANNED, of(made, PRIYA).starts_at)
    desk.clock.set(MONDAY + 3 * DAY)
    assert (await line(desk)).waits.kind is WaitKind.TODAY
    desk.clock.set(MONDAY + 4 * DAY)
    await desk.submit(of(made, PRIYA))
    shown = await line(desk)
    assert (shown.waits.kind, shown.shown_stage) == (WaitKind.ALL_IN, Stage.DECIDING)
    assert shown.waits.at == desk.clock.now()


async def test_a_decline_waits_for_a_replacement(desk: Desk) -> None:
    made = await held(desk)
    for who in (ALEX, SAM):
        await desk.submit(of(made, who))
    await desk.changes.decline(WORKSPACE, PRIYA, of(made, PRIYA).id)
    shown = await line(desk)
    assert (shown.waits.kind, shown.waits.people) == (WaitKind.DECLINED, (PRIYA,))
    assert (shown.submitted, shown.expected) == (2, 2)
    assert shown.waits_for(RECRUITER)
    assert not shown.waits_for(PRIYA)


async def test_it_waits_for_whoever_can_move_it_on(desk: Desk) -> None:
    made = await held(desk)
    desk.clock.set(MONDAY + 2 * DAY)
    late = await line(desk)
    assert [late.waits_for(who) for who in (SETTER, RECRUITER, MANAGER, ALEX)] == [True] * 3 + [
        False
    ]
    desk.clock.set(MONDAY + 4 * DAY)
    for who in (ALEX, SAM, PRIYA):
        await desk.submit(of(made, who))
    done = await line(desk)
    assert [done.waits_for(who) for who in (SETTER, RECRUITER, MANAGER)] == [False, True, True]


async def test_an_opening_without_a_manager_shows_who_applied(desk: Desk) -> None:
    await referred(desk, replace(OPENING, author=SETTER, recruiter=None, hiring_manager=None))
    desk.clock.set(MONDAY)
    shown = await line(desk, SETTER)
    assert shown.waits.kind is WaitKind.APPLIED
    assert shown.waits_for(SETTER)


async def test_what_is_over_is_not_on_it_unless_something_is_due(desk: Desk) -> None:
    closed = replace(OPENING, id="o2", status=OpeningStatus.CLOSED)
    await referred(desk, closed)
    await referred(desk, OPENING, "e" * 16, Stage.WITHDRAWN)
    assert (await board(desk, SETTER)).lines == ()
    await many(desk, 1, opening=closed)
    desk.clock.set(MONDAY + 2 * DAY)
    assert [one.waits.kind for one in (await board(desk, SETTER)).lines] == [WaitKind.LATE]


async def test_the_openings_with_something_late_come_first(desk: Desk) -> None:
    await many(desk, 2)
    second = replace(OPENING, id="o2", title="Data Engineer")
    await many(desk, 2, first=2, opening=second)
    await referred(desk, replace(OPENING, id="o0", title="Designer", recruiter=RECRUITER))
    desk.clock.set(MONDAY + 2 * DAY)
    shown = await board(desk, RECRUITER)
    assert [one.opening.id for one in shown.openings][-1] == "o0"
    assert [len(one.lines) for one in shown.openings] == [2, 2, 1]
    assert len(shown.late) == 4


@pytest.mark.parametrize(
    ("user", "sees", "stage"),
    [
        (SETTER, True, Stage.INTERVIEWING),
        (RECRUITER, True, Stage.INTERVIEWING),
        (MANAGER, True, Stage.INTERVIEWING),
        (ALEX, True, None),
        (MEMBER, False, None),
        (ADMIN, False, None),
    ],
)
async def test_everybody_sees_those_in_whose_hiring_they_have_a_part(
    desk: Desk, user: str, sees: bool, stage: Stage | None
) -> None:
    await held(desk)
    found = (await board(desk, user)).lines
    assert [one.stage for one in found] == ([stage] if sees else [])
    mine = (await board(desk, user, scope=BoardScope.MINE)).lines
    assert bool(mine) is (sees and user != ALEX)


async def test_an_interviewer_sees_their_own_panel_alone(desk: Desk) -> None:
    """A second round for the same application, on which Alex is not."""
    made = await held(desk)
    other = replace(
        panel(interview(DANA, id="d" * 16, starts_at=MONDAY)),
        id="b" * 16,
        application=made.application,
        candidate=made.candidate,
        opening=made.opening,
    )
    async with desk.database.write() as tx:
        content = frozen(desk.library)
        assert await tx.panels.add(replace(other, content=content.id), content)
    assert (await line(desk, ALEX)).expected == 3
    assert (await line(desk, RECRUITER)).expected == 4
    assert [one.item.interviewer for one in (await line(desk, DANA)).interviews] == [DANA]


async def test_an_admin_asks_for_everyones(desk: Desk) -> None:
    await held(desk)
    assert len((await board(desk, ADMIN, scope=BoardScope.ALL)).lines) == 1
    with pytest.raises(UserError, match="Only an admin"):
        await board(desk, RECRUITER, scope=BoardScope.ALL)


@pytest.mark.parametrize("user", ["UGUEST", "USTRANGER", "UGONE"])
async def test_outsiders_read_one_sentence(desk: Desk, user: str) -> None:
    await held(desk)
    service = board_service(desk)
    for asking in (
        service.board(WORKSPACE, user, BoardFilter()),
        service.candidate(WORKSPACE, user, "a" * 16),
    ):
        with pytest.raises(UserError, match=FOR_MEMBERS):
            await asking


async def test_a_recruiter_who_is_a_guest_now_sees_nothing(desk: Desk) -> None:
    await held(desk)
    people = desk.people.people
    people[RECRUITER] = replace(people[RECRUITER], restricted=True)
    desk.clock.moves(days=2)
    with pytest.raises(UserError, match=FOR_MEMBERS):
        await board(desk, RECRUITER)


async def test_a_canceled_panel_is_waited_for_no_more(desk: Desk) -> None:
    made = await held(desk)
    await desk.changes.cancel(WORKSPACE, SETTER, edit_of(made))
    assert (await board(desk, ALEX)).lines == ()
    assert (await line(desk, RECRUITER)).waits.kind is WaitKind.NO_INTERVIEWS


async def test_a_name_finds_them_at_any_stage(desk: Desk) -> None:
    await referred(desk, OPENING, stage=Stage.HIRED)
    assert [one.candidate.name for one in (await board(desk, SETTER, name="omar")).lines] == [
        "Omar Said"
    ]
    for nobody in ("mar", "%", "Robin"):
        assert (await board(desk, SETTER, name=nobody)).lines == ()
    assert (await board(desk, MEMBER, name="omar")).lines == ()


async def test_filters_and_what_else_could_be_asked_for(desk: Desk) -> None:
    await many(desk, 2)
    await referred(desk, replace(OPENING, id="o2", recruiter=RECRUITER))
    desk.clock.set(MONDAY + 2 * DAY)
    shown = await page(desk, RECRUITER, opening="o2")
    assert [one.candidate.name for one in shown.board.lines] == ["Omar Said"]
    assert {one.id for one in shown.openings} == {"o1", "o2"}
    assert list(shown.stages) == [Stage.APPLIED, Stage.INTERVIEWING]
    assert len((await board(desk, RECRUITER, stage=Stage.INTERVIEWING)).lines) == 2
    assert len((await board(desk, RECRUITER, scope=BoardScope.LATE)).lines) == 2
    assert (await board(desk, RECRUITER, opening="o9")).lines == ()


async def test_it_asks_as_much_for_one_candidate_as_for_three_hundred(desk: Desk) -> None:
    await many(desk, 1)
    desk.clock.set(MONDAY + 2 * DAY)
    await board(desk, RECRUITER)
    with statements(desk.database) as one:
        assert len((await board(desk, RECRUITER)).lines) == 1
    await many(desk, 299, first=1)
    with statements(desk.database) as several:
        assert len((await board(desk, RECRUITER)).lines) == 300
    assert len(one) == len(several) < 12


async def test_what_is_late_is_on_it_however_many_there_are(desk: Desk) -> None:
    await many(desk, 3)
    for number in range(4):
        await referred(desk, replace(OPENING, id="o2", recruiter=RECRUITER), f"{number:015x}f")
    desk.clock.set(MONDAY + 2 * DAY)
    rights = rights_of(desk.people, desk.database, desk.clock)
    access = await rights.access(WORKSPACE, RECRUITER)
    async with desk.database.read() as tx:
        shown = await board_of(tx, access, Shown(RECRUITER), desk.clock.now(), most=5)
    assert shown.is_cut
    assert (len(shown.lines), len(shown.late)) == (5, 3)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database is asked meanwhile, on SQLite without the beginning of a transaction."""
    asked: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if statement != "BEGIN":
            asked.append(statement)

    engines = [engine.sync_engine for engine in {database._writer, database._reader}]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def edit_of(made: Panel) -> PanelEdit:
    return PanelEdit(made.id, made.revision)
