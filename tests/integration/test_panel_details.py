"""A panel's details changed, on SQLite and on PostgreSQL: who hears, what follows, who reads."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.domain.candidates import LONGEST_NAME
from bot.domain.messages import AboutField, MessageKind, MessageState, NotYet, OutboxMessage
from bot.domain.panels.details import Details, details
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import NewInterview, Panel
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.feedback import OwnFirst
from bot.services.frozen_contents import Contents
from bot.services.messages.outbox import Outbox
from bot.services.messages.panels import Appointed, Unshown
from bot.services.messages.progress import ProgressMessage
from bot.services.overview import PanelOverview
from bot.services.panels.changes import PanelChanged, PanelChanges, PanelEdit
from bot.services.rights import FOR_MEMBERS, NO_PART
from bot.storage.database import Database
from handlers.notifier import SlackNotifier
from handlers.views.messages import VIEWS, show
from tests.support.outbox import DyingDatabase, Killed, World, failure_told
from tests.support.panels import MONDAY, HandClock, new_interview
from tests.support.people import WORKSPACE, People, rights_of
from tests.support.scorecards import Desk, of
from tests.support.story import ALEX, DANA, EVE, LINK, PRIYA, SAM, a_long_story

SETS_UP, MANAGER, ADMIN, MEMBER = "U1", "UMANAGER", "UADMIN", "UMEMBER"
NAME = {"name": "Robyn Doe"}
PANEL = "a" * 16


@pytest.fixture
async def desk(library: Library, database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    people = People(private={"CPRIVATE", "COTHER"})
    yield Desk(library, database, url=database_url, panel_id=PANEL, people=people)
    await database.close()


async def set_up(desk: Desk, *interviews: NewInterview, **changes: object) -> Panel:
    return await desk.set_up(*interviews, **({"id": PANEL} | changes))


async def gives(desk: Desk, user: str = SETS_UP, **changes: object) -> PanelOverview:
    """Somebody changes these details of the panel as it is now."""
    panel = await desk.now()
    wanted = replace(details(panel), **changes)  # type: ignore[arg-type]
    edit = PanelEdit(panel.id, panel.revision)
    return await desk.changes.give_details(WORKSPACE, user, edit, wanted)


async def due(desk: Desk) -> dict[str, OutboxMessage]:
    return {
        key: one for key, one in (await desk.enqueued("")).items() if one.state is MessageState.DUE
    }


async def rendered(desk: Desk, key: str) -> object | None:
    async with desk.database.read() as tx:
        message = await tx.outbox.get(WORKSPACE, key)
        assert message is not None
    return await desk.rendered(message)


def part(part: PanelField, person: str) -> str:
    return f"part:{PANEL}:{part}:{person}"


# Saving


async def test_details_are_read_back_as_they_were_given(desk: Desk) -> None:
    before = await set_up(desk, channel="CPRIVATE")
    wanted = Details("Robyn Doe", "robyn@example.com", LINK, PRIYA, MEMBER, "COTHER")
    sheet = await gives(desk, **vars(wanted))
    after = await desk.now()
    assert details(after) == details(sheet.panel) == wanted
    assert (after.revision, after.interviews) == (2, before.interviews)
    for name, found in (("robyn", 1), ("Robin", 0)):
        assert len((await desk.panels.named(WORKSPACE, SETS_UP, name)).panels) == found


async def test_a_change_asks_each_table_once_however_many_interview(desk: Desk) -> None:
    asked: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    counts = []
    engine = desk.database._writer.sync_engine
    everyone = [ALEX, SAM, PRIYA, DANA, EVE]
    for id, people in ((PANEL, [ALEX]), ("b" * 16, [ALEX]), ("c" * 16, everyone)):
        interviews = [new_interview(who, MONDAY - timedelta(days=30)) for who in people]
        await set_up(desk, *interviews, id=id)
        await desk.all_sent()
        desk.panel_id = id
        await desk.changes.editable(WORKSPACE, SETS_UP, PanelEdit(id, 1))
        event.listen(engine, "before_cursor_execute", note)
        await gives(desk, name=f"Robyn Doe {id[0]}", hiring_manager=MEMBER)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))
        asked.clear()
    assert counts[1] == counts[2], "the first also looks where the organizers are"


async def test_the_record_names_fields_and_nothing_that_stands_in_them(desk: Desk) -> None:
    await set_up(desk)
    await gives(desk, name="Quokka Numbat", hiring_manager=PRIYA, email="q@example.com")
    async with desk.database.read() as tx:
        (entry,) = await tx.audit.since(WORKSPACE, PANEL, 1)
    assert (entry.actor, entry.action, entry.part) == (SETS_UP, "panel.details", None)
    assert set(entry.fields) == {"name", "hiring_manager", "email"}
    assert "Quokka" not in str(entry)


async def test_nothing_changed_is_nothing_done(desk: Desk) -> None:
    before = await set_up(desk, channel="CPRIVATE", email="robin@example.com")
    await desk.all_sent()
    flushes = len(desk.flushes)
    sheet = await gives(desk, name="  Robin   Doe ", link="")
    assert sheet.panel.revision == before.revision == (await desk.now()).revision
    assert await due(desk) == {}
    assert len(desk.flushes) == flushes


@pytest.mark.parametrize("at_once", [True, False])
async def test_the_same_form_twice_is_one_change(desk: Desk, at_once: bool) -> None:
    panel = await set_up(desk)
    wanted = replace(details(panel), name="Robyn Doe", hiring_manager=PRIYA)

    async def save() -> PanelOverview:
        return await desk.changes.give_details(WORKSPACE, SETS_UP, PanelEdit(PANEL, 1), wanted)

    sheets = await asyncio.gather(save(), save()) if at_once else [await save(), await save()]
    assert [sheet.panel.revision for sheet in sheets] == [2, 2]
    assert (await desk.now()).revision == 2


@pytest.mark.parametrize("at_once", [True, False])
async def test_whoever_is_second_is_told_what_the_first_did(desk: Desk, at_once: bool) -> None:
    panel = await set_up(desk)

    async def save(user: str, **changes: str) -> PanelOverview | UserError:
        wanted = replace(details(panel), **changes)
        try:
            return await desk.changes.give_details(WORKSPACE, user, PanelEdit(PANEL, 1), wanted)
        except PanelChanged as changed:
            return changed

    both = save(SETS_UP, name="Robyn Doe"), save(MANAGER, recruiter=PRIYA)
    outcomes = await asyncio.gather(*both) if at_once else [await one for one in both]
    (second,) = (one for one in outcomes if isinstance(one, PanelChanged))
    (change,) = second.changes
    assert change.action == "panel.details"
    assert change.fields in (("name",), ("recruiter",))
    assert (await desk.now()).revision == 2


async def test_a_forged_revision_changes_nothing(desk: Desk) -> None:
    panel = await set_up(desk)
    wanted = replace(details(panel), name="Robyn Doe")
    for revision in (0, 2, 10**9):
        with pytest.raises(PanelChanged):
            await desk.changes.give_details(WORKSPACE, SETS_UP, PanelEdit(PANEL, revision), wanted)
    assert await desk.now() == panel


# What cannot be


@pytest.mark.parametrize(
    ("changes", "where", "why"),
    [
        ({"name": " "}, PanelField.NAME, "Enter the candidate's name"),
        ({"name": "x" * (LONGEST_NAME + 1)}, PanelField.NAME, "at most 150"),
        ({"email": "robin"}, PanelField.EMAIL, "isn't an email address"),
        ({"link": "example.com/robin"}, PanelField.LINK, "starts with https"),
        ({"hiring_manager": "UGUEST"}, PanelField.HIRING_MANAGER, "is a guest"),
        ({"hiring_manager": "USTRANGER"}, PanelField.HIRING_MANAGER, "another workspace"),
        ({"recruiter": "UBOT"}, PanelField.RECRUITER, "is a bot"),
        ({"recruiter": "UGONE"}, PanelField.RECRUITER, "deactivated"),
        ({"recruiter": "UNOBODY"}, PanelField.RECRUITER, "not in the workspace"),
        ({"hiring_manager": ""}, PanelField.HIRING_MANAGER, "Choose a person"),
        ({"channel": "CPUBLIC"}, PanelField.CHANNEL, "Choose a private channel"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_done(
    desk: Desk, changes: dict[str, str], where: PanelField, why: str
) -> None:
    await set_up(desk)
    before = await desk.enqueued("")
    with pytest.raises(InvalidPanel, match=why) as caught:
        await gives(desk, **changes)
    assert caught.value.part is where
    assert (await desk.now()).revision == 1
    assert await desk.enqueued("") == before


async def test_a_recruiter_who_has_left_hinders_no_correction(desk: Desk) -> None:
    await set_up(desk, recruiter=MEMBER, channel="CPRIVATE")
    desk.people.people[MEMBER] = replace(desk.people.people[MEMBER], deleted=True)
    desk.people.private.clear()
    assert (await gives(desk, **NAME)).panel.candidate.name == "Robyn Doe"


@pytest.mark.parametrize("user", [ALEX, MEMBER, "UGUEST", "USTRANGER", "UNOBODY"])
async def test_whoever_may_not_change_a_panel_learns_no_more_than_that(
    desk: Desk, user: str
) -> None:
    await set_up(desk, new_interview(ALEX))
    said = {ALEX: "Only the panel's organizers", MEMBER: NO_PART}.get(user, FOR_MEMBERS)
    wanted = Details("", "x", "x", "UGUEST", user, "CPUBLIC")
    for edit in (PanelEdit(PANEL, 1), PanelEdit(PANEL, 9), PanelEdit("none", 1)):
        with pytest.raises(UserError) as caught:
            await desk.changes.give_details(WORKSPACE, user, edit, wanted)
        known = NO_PART if edit.panel == "none" and user == ALEX else said
        assert caught.value.text.startswith(known)


async def test_nobody_of_another_workspace_changes_anything(desk: Desk) -> None:
    await set_up(desk)
    wanted = Details("Robyn Doe", None, None, MANAGER, SETS_UP, None)
    with pytest.raises(UserError):
        await desk.changes.give_details("T2", SETS_UP, PanelEdit(PANEL, 1), wanted)
    async with desk.database.write() as tx:
        assert not await tx.panels.save(replace(await desk.now(), workspace="T2", revision=2))
        assert await tx.outbox.about("T2", AboutField.PANEL, [PANEL]) == []
    assert (await desk.now()).candidate.name == "Robin Doe"


async def test_a_cancelled_panel_stays_as_it_is(desk: Desk) -> None:
    await set_up(desk)
    await desk.changes.cancel(WORKSPACE, SETS_UP, PanelEdit(PANEL, 1))
    with pytest.raises(InvalidPanel, match="was canceled"):
        await gives(desk, **NAME)


@pytest.mark.parametrize("user", [SETS_UP, ADMIN])
@pytest.mark.parametrize("field", ["hiring_manager", "recruiter"])
async def test_who_reads_no_feedback_does_not_come_to_by_their_own_doing(
    desk: Desk, user: str, field: str
) -> None:
    await set_up(desk, new_interview(ALEX), recruiter=MEMBER)
    with pytest.raises(InvalidPanel, match="to yourself") as caught:
        await gives(desk, user, **{field: user})
    assert caught.value.part is PanelField(field)
    await gives(desk, user, **{field: PRIYA})


# Who hears


async def test_whoever_gets_a_part_and_whoever_had_it_hear_once(desk: Desk) -> None:
    await set_up(desk)
    await desk.all_sent()
    await gives(desk, hiring_manager=PRIYA, recruiter=MEMBER)
    found = await due(desk)
    assert {key: (one.kind, one.recipient) for key, one in found.items()} == {
        part(PanelField.HIRING_MANAGER, PRIYA): (MessageKind.PANEL_APPOINTED, PRIYA),
        part(PanelField.HIRING_MANAGER, MANAGER): (MessageKind.PANEL_PASSED_ON, MANAGER),
        part(PanelField.RECRUITER, MEMBER): (MessageKind.PANEL_APPOINTED, MEMBER),
    }, "but not who did it"
    panel = await desk.now()
    for one in found.values():
        model = await rendered(desk, one.key)
        assert isinstance(model, Appointed)
        assert model.giver == SETS_UP
        assert model.is_theirs is (one.kind == MessageKind.PANEL_APPOINTED)
        assert model.panel == panel


async def test_whoever_takes_a_part_themselves_hears_nothing_of_it(desk: Desk) -> None:
    await set_up(desk)
    await desk.all_sent()
    await gives(desk, SETS_UP, hiring_manager=SETS_UP)
    assert set(await due(desk)) == {part(PanelField.HIRING_MANAGER, MANAGER)}


async def test_a_part_that_has_passed_on_before_its_word_was_sent_is_not_told(desk: Desk) -> None:
    await set_up(desk)
    await gives(desk, hiring_manager=PRIYA)
    await gives(desk, hiring_manager=MEMBER)
    assert await rendered(desk, part(PanelField.HIRING_MANAGER, PRIYA)) is None
    for person, is_theirs in ((MEMBER, True), (MANAGER, False)):
        model = await rendered(desk, part(PanelField.HIRING_MANAGER, person))
        assert isinstance(model, Appointed)
        assert (model.holder, model.is_theirs) == (MEMBER, is_theirs)


async def test_a_part_that_has_come_back_before_anybody_heard_is_no_news(desk: Desk) -> None:
    await set_up(desk)
    await gives(desk, hiring_manager=PRIYA)
    await gives(desk, hiring_manager=MANAGER)
    for person in (PRIYA, MANAGER):
        assert await rendered(desk, part(PanelField.HIRING_MANAGER, person)) is None


async def test_what_has_been_sent_is_edited_rather_than_sent_again(desk: Desk) -> None:
    await set_up(desk)
    await gives(desk, hiring_manager=PRIYA)
    await desk.all_sent()
    await gives(desk, hiring_manager=MANAGER)
    found = await due(desk)
    assert {key: one.ts for key, one in found.items()} == {
        part(PanelField.HIRING_MANAGER, PRIYA): "1.1",
        part(PanelField.HIRING_MANAGER, MANAGER): "1.1",
    }
    for key in found:
        model = await rendered(desk, key)
        assert isinstance(model, Appointed)
        assert model.holder == MANAGER


async def test_who_gives_a_part_back_by_themselves_has_what_they_were_told_put_right(
    desk: Desk,
) -> None:
    await set_up(desk)
    await gives(desk, hiring_manager=PRIYA)
    await desk.all_sent()
    await gives(desk, PRIYA, hiring_manager=MEMBER)
    found = await due(desk)
    assert {key: one.ts for key, one in found.items()} == {
        part(PanelField.HIRING_MANAGER, PRIYA): "1.1",
        part(PanelField.HIRING_MANAGER, MANAGER): "1.1",
        part(PanelField.HIRING_MANAGER, MEMBER): None,
    }


async def test_an_organiser_hears_of_a_word_that_slack_refused_but_not_of_a_farewell(
    desk: Desk,
) -> None:
    await set_up(desk)
    await gives(desk, hiring_manager=PRIYA)
    for message in (await desk.enqueued("panel")).values():
        async with desk.database.write() as tx:
            await failure_told(tx, message, desk.clock.now())
    found = await desk.enqueued("panel.undelivered")
    assert {key for key in found if key.startswith("undelivered:part")} == {
        f"undelivered:{part(PanelField.HIRING_MANAGER, PRIYA)}"
    }


# What is put right


FOLLOWS: Mapping[str, str] = {
    "Kit": "name, link",
    "Soon": "name",
    "Declined": "name",
    "Summary": "name, link, hiring_manager, recruiter",
    "Unshown": "",
    "Appointed": "name, and its part",
    "Undelivered": "name",
    "Receipt": "name",
    "Progress": "name",
    "Closed": "name",
    "Reassigned": "name",
    "Digest": "name",
    "Asked": "name",
    "Nudge": "name",
    "Stopped": "name",
    "Unreachable": "",
    "Posted": "",
    "Unposted": "",
    "ToApprove": "",
    "Answered": "",
    "Referred": "name, link",
    "Unheard": "name, link",
    "ChannelBoard": "",
    "UnpostedBoard": "",
    "OutcomeTold": "name",
    "ToConfirm": "name",
    "Arrived": "",
    "ApplicationCard": "name",
    "WithdrawnByCandidate": "name",
    "Help": "",
}
"""For each message what of a panel's details it shows."""


def test_of_every_message_it_is_said_what_it_shows_of_a_panel() -> None:
    assert FOLLOWS.keys() == {model.__name__ for model in VIEWS}


async def shown(desk: Desk) -> dict[str, tuple[str, str]]:
    """What each message would say by now, with its model's name: without the values of buttons."""
    found = {}
    for key, message in (await desk.enqueued("")).items():
        model = await desk.rendered(message)
        if model is not None and not isinstance(model, NotYet):
            said = re.sub(r"'value': '[^']*'", "", str(show(model)))
            found[key] = (type(model).__name__, said)
    return found


async def test_the_long_story_has_every_message_there_is(desk: Desk) -> None:
    await a_long_story(desk)
    assert {model for model, _ in (await shown(desk)).values()} == FOLLOWS.keys()
    receipts = [key for key in await desk.enqueued("scorecard") if key.startswith("receipt")]
    assert len(receipts) > 1


@pytest.mark.parametrize(
    "changes",
    [
        NAME,
        {"link": "https://example.com/other"},
        {"link": None},
        {"email": "robin@example.com"},
        {"hiring_manager": MEMBER},
        {"recruiter": MEMBER},
        {"channel": "CPRIVATE"},
        {"channel": None},
        {"name": "Robyn Doe", "link": None, "email": None, "channel": "CPRIVATE"},
    ],
    ids=lambda changes: " ".join(changes),
)
async def test_whatever_shows_what_has_changed_is_edited_and_nothing_else_is(
    desk: Desk, changes: dict[str, str | None]
) -> None:
    await a_long_story(desk)
    before = await shown(desk)
    await gives(desk, **changes)
    after = await shown(desk)
    edited = {key for key, one in (await due(desk)).items() if one.ts and key in after}
    followed = {key for key in before if not key.startswith("board:")}  # that has its own tick
    other = {key for key in followed if key in after and after[key] != before[key]}
    assert {key: after[key] for key in edited ^ other} == {}
    fields = {name for name in changes if name in ("name", "link")}
    told = {after[key][0] for key in edited}
    for model, follows in FOLLOWS.items():
        if fields & set(follows.split(", ")):
            assert model in told
    if "name" in changes:
        assert "Robin" not in str({key: after[key] for key in after})


async def test_no_interviewer_hears_anything_new(desk: Desk) -> None:
    await set_up(desk)
    await desk.all_sent()
    await gives(desk, **NAME, link=LINK, email="robin@example.com")
    new = {key for key, one in (await due(desk)).items() if one.ts is None}
    assert new == set()


async def test_a_kit_on_its_way_says_the_new_name_without_being_enqueued_twice(desk: Desk) -> None:
    panel = await set_up(desk)
    before = await due(desk)
    await gives(desk, **NAME)
    assert await due(desk) == before
    kit = await rendered(desk, f"kit:{of(panel, ALEX).id}")
    assert "Robyn Doe" in str(kit)


async def test_each_channel_has_its_own_message_and_the_former_one_names_nothing(
    desk: Desk,
) -> None:
    await set_up(desk, channel="CPRIVATE")
    await desk.all_sent()
    await gives(desk, channel="COTHER")
    found = await due(desk)
    assert {key: one.recipient for key, one in found.items()} == {
        f"panel:{PANEL}:COTHER": "COTHER",
        f"panel:{PANEL}:CPRIVATE": "CPRIVATE",
    }
    assert isinstance(await rendered(desk, f"panel:{PANEL}:CPRIVATE"), Unshown)
    await desk.all_sent()
    await gives(desk, channel=None, **NAME)
    assert f"panel:{PANEL}:CPRIVATE" not in await due(desk)
    assert isinstance(await rendered(desk, f"panel:{PANEL}:COTHER"), Unshown)


async def test_a_channel_passed_over_before_it_was_told_hears_nothing(desk: Desk) -> None:
    await set_up(desk)
    await gives(desk, channel="CPRIVATE")
    await gives(desk, channel="COTHER")
    assert await rendered(desk, f"panel:{PANEL}:CPRIVATE") is None


# Who reads


async def held(desk: Desk, **changes: object) -> Panel:
    """A panel whose interviews are over; Alex has given a scorecard, Priya and Sam owe theirs."""
    panel = await set_up(
        desk,
        *(
            new_interview(who, MONDAY + timedelta(hours=n))
            for n, who in enumerate((ALEX, PRIYA, SAM))
        ),
        **changes,
    )
    desk.clock.set(MONDAY + timedelta(days=1))
    await desk.submit(of(panel, ALEX))
    return panel


async def reads(desk: Desk, user: str) -> str:
    """What somebody gets who asks for feedback, by the panel and by one scorecard."""
    card = await desk.kept(of(await desk.now(), ALEX))
    assert card is not None
    answers = []
    for ask in (
        lambda: desk.reading.of_panel(WORKSPACE, user, PANEL),
        lambda: desk.reading.one(WORKSPACE, user, card.id),
    ):
        try:
            await ask()
        except OwnFirst as first:
            answers.append("asked first" if first.may_ask else "own first")
        except UserError:
            answers.append("nothing")
        else:
            answers.append("all")
    assert len(set(answers)) == 1, answers
    return answers[0]


async def test_a_new_hiring_manager_reads_and_the_former_one_does_not(desk: Desk) -> None:
    await held(desk)
    assert (await reads(desk, MANAGER), await reads(desk, MEMBER)) == ("all", "nothing")
    await gives(desk, hiring_manager=MEMBER)
    assert (await reads(desk, MANAGER), await reads(desk, MEMBER)) == ("nothing", "all")


async def test_a_new_hiring_manager_who_owes_a_scorecard_is_asked_first(desk: Desk) -> None:
    panel = await held(desk)
    assert await reads(desk, PRIYA) == "own first"
    await gives(desk, hiring_manager=PRIYA)
    assert await reads(desk, PRIYA) == "asked first"
    await desk.reading.of_panel(WORKSPACE, PRIYA, PANEL, anyway=True)
    await desk.submit(of(panel, PRIYA))
    card = await desk.kept(of(panel, PRIYA))
    assert card is not None
    assert card.seen_others_before, "which their scorecard says"


async def test_a_former_hiring_manager_reads_on_only_with_their_own_scorecard_in(
    desk: Desk,
) -> None:
    panel = await held(desk, hiring_manager=SAM)
    await gives(desk, hiring_manager=MEMBER)
    assert await reads(desk, SAM) == "own first"
    await desk.submit(of(panel, SAM))
    assert await reads(desk, SAM) == "all"


async def test_having_been_shown_it_anyway_ends_with_the_part(desk: Desk) -> None:
    await held(desk, hiring_manager=SAM)
    await desk.reading.of_panel(WORKSPACE, SAM, PANEL, anyway=True)
    assert await reads(desk, SAM) == "all"
    await gives(desk, hiring_manager=MEMBER)
    assert await reads(desk, SAM) == "own first"


async def test_word_of_a_scorecard_goes_to_whoever_organizes_by_then(desk: Desk) -> None:
    panel = await held(desk)
    await gives(desk, hiring_manager=MEMBER)
    wanted = await desk.enqueued("scorecard.arrived")
    assert await desk.rendered(wanted[ProgressMessage.key_of(PANEL, MANAGER)]) is None
    await desk.submit(of(panel, SAM))
    found = await desk.enqueued("scorecard.arrived")
    assert {one.recipient for one in found.values()} - {MANAGER} == {SETS_UP, MEMBER}


# Kills


@pytest.mark.parametrize("committed", [True, False])
async def test_a_kill_around_the_commit_loses_nothing_and_says_nothing_twice(
    world: World, library: Library, database_url: str, committed: bool
) -> None:
    clock = HandClock()
    desk = Desk(library, world.database, url=database_url, panel_id=PANEL, clock=clock)
    panel = await set_up(desk, new_interview(ALEX))
    wanted = replace(details(panel), name="Robyn Doe", hiring_manager=PRIYA)

    async def save(database: Database) -> None:
        rights = rights_of(desk.people, database, clock)
        changes = PanelChanges(database, rights, Contents(), clock, lambda: None)
        await changes.give_details(WORKSPACE, SETS_UP, PanelEdit(PANEL, 1), wanted)

    dying = DyingDatabase(database_url, 1, committed=committed, end=Killed)
    with pytest.raises(Killed):
        await save(dying)
    await dying.close()
    assert (await desk.now()).revision == (2 if committed else 1)
    await save(world.database)
    assert (await desk.now()).revision == 2

    notifier = SlackNotifier(world.connection.slack)
    outbox = Outbox(world.database, notifier, world.clock, show)
    for _ in range(5):
        await outbox.tick()
        world.clock.moves(minutes=1)
    for person in (PRIYA, MANAGER, ALEX):
        (said,) = world.slack.conversations.said_to(person)
        assert "Robyn Doe" in str(said["blocks"]), person
        assert "Robyn" not in said["text"]
