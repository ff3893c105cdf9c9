"""Who is a member, as Slack says it, or last said it where it does not answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import text

from bot.domain.people import Person
from bot.domain.rights import Act, PersonKind
from bot.errors import DatabaseAway, UserError
from bot.library.catalogue import Library
from bot.services import members as module
from bot.services.members import CannotTell, Members
from bot.services.ports import NotNow, OutcomeUnknown
from bot.services.rights import FOR_MEMBERS, Outsider
from bot.storage.database import Database
from handlers.ids import ViewId
from tests.support.acts import FORMS, PEOPLE, stage
from tests.support.clock import ManualClock
from tests.support.panelist import Panelist, running, text_of
from tests.support.panels import HandClock
from tests.support.people import WORKSPACE, People, person, rights_of
from tests.support.scorecards import Desk, of
from tests.support.slack import BROKEN, Fault, StandIn

AWAY = OutcomeUnknown("Slack did not answer.")
NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"


@dataclass
class Slack(People):
    """People, as long as Slack answers."""

    fault: Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def person(self, workspace: str, user: str) -> Person:
        self.asked.append(user)
        if self.fault is not None:
            raise self.fault
        return await super().person(workspace, user)


@dataclass
class Scene:
    """Members over a real database, as one process after another sees them."""

    database: Database
    slack: Slack = field(default_factory=Slack)
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.members = self.started()

    def started(self) -> Members:
        """A process that remembers nothing but what is written down."""
        return Members(self.database, self.slack, self.clock)

    async def kind(self, user: str = "UALEX") -> PersonKind:
        return (await self.members.look(WORKSPACE, user)).kind

    async def written(self) -> int:
        async with self.database.read() as tx:
            found = await tx.connection.execute(text("SELECT count(*) FROM members"))
        return int(found.scalar_one())


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    made = Scene(Database(database_url))
    yield made
    await made.database.close()


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ("UALEX", PersonKind.MEMBER),
        ("UGUEST", PersonKind.GUEST),
        ("USTRANGER", PersonKind.STRANGER),
        ("UBOT", PersonKind.STRANGER),
        ("UGONE", PersonKind.STRANGER),
        ("UNOBODY", PersonKind.STRANGER),
    ],
)
async def test_slack_says_what_somebody_is(scene: Scene, user: str, kind: PersonKind) -> None:
    assert await scene.kind(user) is kind


@pytest.mark.parametrize("fault", [AWAY, NotNow("ratelimited", "Slack is busy.", 30)])
async def test_somebody_seen_as_a_member_within_a_day_is_one_while_slack_is_away(
    scene: Scene, fault: Exception
) -> None:
    await scene.kind()
    scene.slack.fault = fault
    scene.clock.moves(hours=24)
    assert await scene.kind() is PersonKind.MEMBER
    scene.clock.moves(seconds=1)
    with pytest.raises(UserError):
        await scene.kind()


async def test_the_day_begins_when_they_were_seen_last(scene: Scene) -> None:
    await scene.kind()
    scene.clock.moves(hours=23)
    await scene.kind()
    scene.slack.fault = AWAY
    scene.clock.moves(hours=23)
    assert await scene.kind() is PersonKind.MEMBER


async def test_it_is_remembered_over_a_restart_with_where_they_are(scene: Scene) -> None:
    await scene.kind()
    await scene.members.flush()
    scene.slack.fault = AWAY
    scene.members = scene.started()
    scene.clock.moves(hours=23)
    seen = await scene.members.look(WORKSPACE, "UALEX")
    assert (seen.kind, seen.zone) == (PersonKind.MEMBER, "Europe/Berlin")
    scene.clock.moves(hours=2)
    scene.members = scene.started()
    with pytest.raises(CannotTell):
        await scene.kind()


async def test_a_tick_writes_it_down_now_and_then(scene: Scene) -> None:
    await scene.kind()
    await scene.members.tick()
    assert await scene.written() == 0
    scene.clock.moves(seconds=30)
    await scene.members.tick()
    assert await scene.written() == 1


async def test_it_is_remembered_for_each_workspace(scene: Scene) -> None:
    await scene.kind()
    await scene.members.flush()
    scene.slack.fault = AWAY
    for members in (scene.members, scene.started()):
        with pytest.raises(CannotTell):
            await members.look("T2", "UALEX")


async def test_whoever_was_never_seen_is_refused_while_slack_is_away(scene: Scene) -> None:
    scene.slack.fault = AWAY
    with pytest.raises(CannotTell, match="Nothing was done"):
        await scene.kind()


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_member_who_becomes_a_guest_is_remembered_as_none(
    scene: Scene, restarts: bool
) -> None:
    await scene.kind()
    await scene.members.flush()
    scene.slack.people["UALEX"] = replace(person("UALEX"), restricted=True)
    scene.clock.moves(minutes=1)
    assert await scene.kind() is PersonKind.GUEST
    await scene.members.flush()
    assert await scene.written() == 0
    scene.slack.fault = AWAY
    scene.clock.moves(minutes=1)
    if not restarts:
        assert await scene.kind() is PersonKind.GUEST
        return
    scene.members = scene.started()
    with pytest.raises(CannotTell):
        await scene.kind()


async def test_an_outsider_leaves_nothing_behind(scene: Scene) -> None:
    for user in ("UGUEST", "USTRANGER", "UNOBODY"):
        await scene.kind(user)
    await scene.members.flush()
    assert await scene.written() == 0


async def test_who_was_not_seen_for_a_day_is_forgotten(scene: Scene) -> None:
    await scene.kind("USAM")
    await scene.members.flush()
    scene.clock.moves(hours=25)
    await scene.kind("UALEX")
    await scene.members.flush()
    assert await scene.written() == 1


async def test_an_admin_is_none_while_slack_does_not_say_so(scene: Scene) -> None:
    rights = rights_of(scene.slack, scene.database, scene.clock)
    assert (await rights.access(WORKSPACE, "UADMIN")).may(Act.SET_DEFAULT)
    scene.slack.fault = AWAY
    scene.clock.moves(minutes=1)
    access = await rights.access(WORKSPACE, "UADMIN")
    assert access.may(Act.SET_UP_PANEL)
    assert not access.may(Act.SET_DEFAULT)


async def test_nobody_waits_for_slack_longer_than_an_ack_takes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(workspace: str, user: str) -> Person:
        await asyncio.sleep(60)
        raise AssertionError

    await scene.kind()
    scene.clock.moves(minutes=1)
    monkeypatch.setattr(scene.slack, "person", hangs)
    seen = await scene.members.look(WORKSPACE, "UALEX", within=0.05)
    assert seen.kind is PersonKind.MEMBER
    with pytest.raises(CannotTell):
        await scene.members.look(WORKSPACE, "USAM", within=0.05)


async def test_whoever_was_just_seen_is_known_without_slack_and_without_the_database() -> None:
    database, slack, clock = Database(NOWHERE), Slack(), ManualClock()
    members = Members(database, slack, clock)
    for _ in range(3):
        assert (await members.look(WORKSPACE, "UALEX")).kind is PersonKind.MEMBER
        clock.moves(seconds=20)
    assert slack.asked == ["UALEX"]
    with pytest.raises(DatabaseAway):
        await members.flush()  # which the next one does again
    await database.close()


async def test_a_clock_that_is_set_back_keeps_nobody_a_member_for_longer(scene: Scene) -> None:
    assert await scene.kind() is PersonKind.MEMBER
    scene.clock.moves(days=-2)
    scene.slack.people["UALEX"] = replace(person("UALEX"), restricted=True)
    assert await scene.kind() is PersonKind.GUEST


async def test_a_clock_that_is_set_back_does_not_keep_who_was_seen_from_being_written(
    scene: Scene,
) -> None:
    await scene.kind()
    scene.clock.moves(days=-2)
    await scene.members.tick()
    assert await scene.written() == 1


async def test_those_remembered_longest_are_forgotten_first(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN", 2)
    for user in ("UALEX", "USAM", "UPRIYA"):
        await scene.kind(user)
    scene.slack.fault = AWAY
    scene.clock.moves(minutes=1)
    assert await scene.kind("USAM") is PersonKind.MEMBER
    with pytest.raises(CannotTell):
        await scene.kind("UALEX")


# What may be done meanwhile


async def test_only_a_scorecard_is_written_while_it_cannot_be_told_who_somebody_is(
    scene: Scene,
) -> None:
    rights = rights_of(scene.slack, scene.database, scene.clock)
    scene.slack.fault = AWAY
    for act in Act:
        if act is Act.WRITE_SCORECARD:
            await rights.admit(WORKSPACE, "UALEX", act)
            continue
        with pytest.raises(CannotTell):
            await rights.admit(WORKSPACE, "UALEX", act)


async def test_a_guest_writes_no_scorecard(scene: Scene) -> None:
    rights = rights_of(scene.slack, scene.database, scene.clock)
    with pytest.raises(Outsider):
        await rights.admit(WORKSPACE, "UGUEST", Act.WRITE_SCORECARD)


# Over the wire


async def posted_while_away(panelist: Panelist, user: str) -> str:
    panelist.slack.fails("users.info", *[BROKEN] * 4)
    answer = await panelist.reply("/jd backend-developer", user_id=user)
    panelist.slack.faults.clear()
    return str(answer["response_type"])


async def test_a_description_is_posted_by_whoever_was_seen_today_and_by_nobody_unknown(
    slack: StandIn, sqlite_database: str
) -> None:
    clock = HandClock()
    async with running(slack, sqlite_database, clock=clock) as panelist:
        assert (await panelist.reply("/jd backend-developer"))["response_type"] == "in_channel"
    clock.move(hours=23)
    async with running(slack, sqlite_database, clock=clock) as panelist:
        assert await posted_while_away(panelist, "U1") == "in_channel"
        assert await posted_while_away(panelist, "U2") == "ephemeral"
        clock.move(hours=2)
        assert await posted_while_away(panelist, "U1") == "ephemeral"


async def test_a_slack_that_hangs_is_told_within_the_ack(panelist: Panelist) -> None:
    panelist.slack.fails("users.info", Fault(hang=True))
    answer = await panelist.reply("/jd backend-developer")
    assert "can't check who you are" in text_of(answer)


async def test_a_scorecard_is_submitted_while_slack_is_away(
    slack: StandIn, sqlite_database: str, library: Library
) -> None:
    clock = HandClock()
    async with running(slack, sqlite_database, clock=clock) as panelist:
        desk = Desk(library, panelist.application.database, clock=clock)
        here = await stage(panelist, desk, clock)
        slack.fails("users.info", *[BROKEN] * 8)
        answer = await here.does(FORMS[ViewId.SCORECARD_FORM](here), PEOPLE["interviewer"])
        assert "Submitted" in answer
        assert await desk.kept(of(here.held, "UALEX")) is not None


async def test_a_guest_reads_one_sentence_whatever_there_is(panelist: Panelist) -> None:
    panelist.slack.people["UGUEST"] = {"id": "UGUEST", "team_id": "T1", "is_restricted": True}
    for line in ("/jd", "/jd backend-developer", "/jd help", "/questions", "/panel", "/nothing"):
        answer = await panelist.reply(line, user_id="UGUEST")
        assert (answer["response_type"], text_of(answer)) == ("ephemeral", FOR_MEMBERS)
