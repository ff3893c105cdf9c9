"""Panels from set-up to cancellation, on SQLite and on PostgreSQL, up to the outbox."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from bot.domain.messages import MessageKind, MessageState, OutboxMessage
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import Interview, NewInterview, Panel
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.messages.panels import Undelivered
from bot.services.overview import PanelOverview
from bot.services.panels.changes import PanelChanged, PanelChanges, PanelEdit
from bot.services.panels.interview_reminders import PanelReminders
from bot.services.panels.setup import PanelsService
from bot.services.rights import FOR_MEMBERS, NO_PART
from bot.storage.database import Database
from bot.storage.outbox import outbox
from tests.support.clock import ManualClock
from tests.support.outbox import failure_told, rendered
from tests.support.panels import FOCUS, MONDAY, NOW, new_interview, new_panel, set_up
from tests.support.people import WORKSPACE, People, rights_of


@dataclass
class House:
    """The services about panels, with what is under them."""

    library: Library
    database: Database
    people: People = field(default_factory=People)
    clock: ManualClock = field(default_factory=ManualClock)
    flushes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        contents, rights = Contents(), rights_of(self.people, self.database, self.clock)
        shared = (self.clock, lambda: self.flushes.append(1))
        self.panels = PanelsService(self.library, self.database, rights, contents, *shared)
        self.changes = PanelChanges(self.database, rights, contents, *shared)
        self.reminders = PanelReminders(self.database, rights, *shared)

    async def set_up(self, *interviews: NewInterview, **changes: object) -> PanelOverview:
        new = new_panel(self.library, *interviews, **changes)
        return await set_up(self.panels, "U1", new)

    async def now(self, id: str = "p1") -> Panel:
        async with self.database.read() as tx:
            panel = await tx.panels.get(WORKSPACE, id)
        assert panel is not None
        return panel

    async def outgoing(self, key: str) -> OutboxMessage | None:
        async with self.database.read() as tx:
            return await tx.outbox.get(WORKSPACE, key)

    async def keys(self) -> set[str]:
        async with self.database.read() as tx:
            rows = await tx.connection.execute(text("SELECT key FROM outbox WHERE state = 'due'"))
        return set(rows.scalars())

    async def all_sent(self) -> None:
        """As if Slack had taken everything that was due."""
        due = outbox.c.due_at <= self.clock.now()
        sent = update(outbox).where(due).values(state=MessageState.SENT, ts="1.1")
        async with self.database.write() as tx:
            await tx.connection.execute(sent)

    async def rendered(self, key: str) -> object | None:
        async with self.database.read() as tx:
            message = await tx.outbox.get(WORKSPACE, key)
            assert message is not None
            return await rendered(tx, message, self.clock.now())


@pytest.fixture
async def house(library: Library, database_url: str) -> AsyncIterator[House]:
    database = Database(database_url)
    yield House(library, database)
    await database.close()


def of(panel: Panel, user: str) -> Interview:
    return next(item for item in panel.on if item.interviewer == user)


def edit(panel: Panel, user: str = "") -> PanelEdit:
    return PanelEdit(panel.id, panel.revision, of(panel, user).id if user else "")


async def test_a_panel_is_read_back_as_it_was_set_up(house: House) -> None:
    sheet = await house.set_up(channel="CPRIVATE", email="robin@example.com")
    assert await house.now() == replace(
        sheet.panel, interviews=tuple(sorted(sheet.panel.on, key=lambda item: item.starts_at))
    )
    assert {item.interviewer_zone for item in sheet.panel.on} == {
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
    }
    assert {item.zone for item in sheet.panel.on} == {"Europe/London"}
    assert house.flushes == [1]


async def test_no_two_members_are_given_the_same_question(house: House) -> None:
    panel = (await house.set_up()).panel
    asked = [id for item in panel.on for id in item.questions]
    assert all(item.questions for item in panel.on)
    assert len(asked) == len(set(asked))


async def test_what_is_asked_outlives_the_role(house: House, library: Library) -> None:
    sheet = await house.set_up()
    bare = Library([role for role in library.roles if role.slug != "backend-developer"], [])
    after = House(bare, house.database)
    kit = await after.panels.kit(WORKSPACE, "UALEX", of(sheet.panel, "UALEX").id)
    assert kit.content == sheet.content
    assert kit.content.questions(kit.interview.questions)


async def test_each_interviewer_gets_a_kit_and_a_reminder_and_the_channel_the_panel(
    house: House,
) -> None:
    panel = (await house.set_up(channel="CPRIVATE")).panel
    expected = {"panel:p1:CPRIVATE"}
    for item in panel.on:
        expected |= {f"kit:{item.id}", f"soon:{item.id}:{int(item.starts_at.timestamp())}"}
    assert await house.keys() == expected
    soon = await house.outgoing(next(key for key in expected if key.startswith("soon")))
    assert soon is not None
    assert soon.expires_at is not None
    assert soon.due_at == soon.expires_at - timedelta(minutes=15)


async def test_pressing_twice_sets_up_once(house: House) -> None:
    first, second = await asyncio.gather(house.set_up(), house.set_up())
    assert first.panel.id == second.panel.id
    assert {item.id for item in first.panel.on} == {item.id for item in second.panel.on}
    assert len(await house.keys()) == 2 * len(FOCUS)


async def test_a_used_form_gives_nobody_else_the_panel(house: House) -> None:
    await house.set_up()
    with pytest.raises(UserError, match="already used"):
        await house.panels.set_up(WORKSPACE, "UMEMBER", new_panel(house.library))


@pytest.mark.parametrize(
    ("user", "why"),
    [
        ("UBOT", "Bot is a bot"),
        ("UGUEST", "Guest is a guest"),
        ("UGONE", "Gone has been deactivated"),
        ("USTRANGER", "Stranger belongs to another workspace"),
        ("UNOBODY", "is not in the workspace"),
    ],
)
@pytest.mark.parametrize(
    ("field", "part"),
    [
        ("recruiter", PanelField.RECRUITER),
        ("hiring_manager", PanelField.HIRING_MANAGER),
        ("interviews", PanelField.INTERVIEWS),
    ],
)
async def test_whoever_cannot_be_reached_is_named(
    house: House, user: str, why: str, field: str, part: PanelField
) -> None:
    value = (new_interview(user),) if field == "interviews" else user
    with pytest.raises(InvalidPanel, match=why) as caught:
        await house.set_up(**{field: value})
    assert caught.value.part is part
    assert await house.keys() == set()


async def test_a_public_channel_is_refused(house: House) -> None:
    with pytest.raises(InvalidPanel, match="Choose a private channel") as caught:
        await house.set_up(channel="CPUBLIC")
    assert caught.value.part is PanelField.CHANNEL


async def test_a_panel_without_interviewers_is_refused(house: House) -> None:
    with pytest.raises(InvalidPanel, match="at least one interviewer"):
        await house.panels.set_up(WORKSPACE, "U1", replace(new_panel(house.library), interviews=()))


async def test_an_edited_role_is_noticed(house: House) -> None:
    with pytest.raises(InvalidPanel, match="edited after you chose it"):
        await house.set_up(version="older")


async def test_a_time_in_the_past_is_accepted_and_reminds_nobody(house: House) -> None:
    panel = (await house.set_up(new_interview("UALEX", NOW - timedelta(days=2)))).panel
    assert await house.keys() == {f"kit:{panel.on[0].id}"}


async def test_a_change_of_time_reaches_only_whom_it_concerns(house: House) -> None:
    panel = (await house.set_up(channel="CPRIVATE")).panel
    await house.all_sent()
    before = await house.keys()
    alex = of(panel, "UALEX")
    later = new_interview("UALEX", alex.starts_at + timedelta(hours=6))
    sheet = await house.changes.reschedule(WORKSPACE, "U1", edit(panel, "UALEX"), later)
    moved = of(sheet.panel, "UALEX")
    assert moved.questions == alex.questions
    assert (await house.keys()) - before == {
        "panel:p1:CPRIVATE",
        f"kit:{alex.id}",
        f"soon:{alex.id}:{int(moved.starts_at.timestamp())}",
    }
    assert before - await house.keys() == {f"soon:{alex.id}:{int(alex.starts_at.timestamp())}"}


async def test_another_focus_brings_other_questions_that_nobody_else_has(house: House) -> None:
    panel = (await house.set_up()).panel
    wish = new_interview("UALEX", MONDAY, 45, "debugging")
    sheet = await house.changes.reschedule(WORKSPACE, "U1", edit(panel, "UALEX"), wish)
    alex = of(sheet.panel, "UALEX")
    asked = {question.competency for question in sheet.content.questions(alex.questions)}
    assert asked == {"debugging"}
    others = {id for item in sheet.panel.others(alex.id) for id in item.questions}
    assert not others & set(alex.questions)


async def test_a_replacement_gets_the_kit_and_the_one_before_is_told(house: House) -> None:
    panel = (await house.set_up()).panel
    await house.all_sent()
    alex = of(panel, "UALEX")
    sheet = await house.changes.replace(WORKSPACE, "U1", edit(panel, "UALEX"), "UMEMBER")
    new = of(sheet.panel, "UMEMBER")
    assert (new.starts_at, new.focus, new.questions) == (
        alex.starts_at,
        alex.focus,
        alex.questions,
    )
    assert {f"kit:{new.id}", f"kit:{alex.id}"} <= await house.keys()
    assert f"soon:{alex.id}:{int(alex.starts_at.timestamp())}" not in await house.keys()


async def test_a_kit_that_was_not_sent_before_its_interview_was_cancelled_never_is(
    house: House,
) -> None:
    panel = (await house.set_up()).panel
    await house.changes.cancel_interview(WORKSPACE, "U1", edit(panel, "UALEX"))
    assert await house.rendered(f"kit:{of(panel, 'UALEX').id}") is None


async def test_cancelling_the_panel_ends_every_interview(house: House) -> None:
    panel = (await house.set_up()).panel
    await house.all_sent()
    sheet = await house.changes.cancel(WORKSPACE, "UMANAGER", edit(panel))
    assert sheet.panel.on == ()
    assert await house.keys() == {f"kit:{item.id}" for item in panel.interviews}


async def test_the_second_of_two_editors_is_told_what_the_first_did(house: House) -> None:
    panel = (await house.set_up()).panel
    later = new_interview("UALEX", MONDAY + timedelta(hours=7))
    await house.changes.reschedule(WORKSPACE, "U1", edit(panel, "UALEX"), later)
    with pytest.raises(PanelChanged) as caught:
        await house.changes.cancel_interview(WORKSPACE, "UMANAGER", edit(panel, "USAM"))
    (change,) = caught.value.changes
    assert (change.actor, change.action) == ("U1", "interview.changed")
    assert change.part == of(panel, "UALEX").id
    assert "starts_at" in change.fields
    assert caught.value.sheet.panel.revision == 2
    assert of(await house.now(), "USAM")


async def test_of_two_edits_at_the_same_instant_one_is_made(house: House) -> None:
    panel = (await house.set_up()).panel
    outcomes = await asyncio.gather(
        *(
            house.changes.cancel_interview(WORKSPACE, "U1", edit(panel, user))
            for user in ("UALEX", "USAM")
        ),
        return_exceptions=True,
    )
    assert {type(outcome) for outcome in outcomes} == {PanelOverview, PanelChanged}
    assert (await house.now()).revision == 2


async def test_declining_tells_every_organizer_once_and_moving_it_puts_that_right(
    house: House,
) -> None:
    panel = (await house.set_up()).panel
    await house.all_sent()
    house.clock.set(MONDAY - timedelta(hours=20))
    alex = of(panel, "UALEX")
    for _ in range(2):
        await house.changes.decline(WORKSPACE, "UALEX", alex.id)
    stamp, at = (
        int(moment.timestamp() * unit)
        for moment, unit in ((alex.starts_at, 1), (house.clock.now(), 1000))
    )
    keys = {f"declined:{alex.id}:{stamp}:{organizer}:{at}" for organizer in panel.organizers}
    assert len(keys) == 2
    due = await house.keys()
    assert keys | {f"kit:{alex.id}"} <= due
    assert f"soon:{alex.id}:{stamp}" not in due
    await house.all_sent()
    later = new_interview("UALEX", MONDAY + timedelta(days=1))
    now = await house.now()
    sheet = await house.changes.reschedule(WORKSPACE, "U1", edit(now, "UALEX"), later)
    assert of(sheet.panel, "UALEX").declined_at is None
    assert keys <= await house.keys(), "what organisers were told is put right"


async def test_declining_ends_with_the_start(house: House) -> None:
    panel = (await house.set_up()).panel
    house.clock.moves(days=30)
    with pytest.raises(UserError, match="already started"):
        await house.changes.decline(WORKSPACE, "UALEX", of(panel, "UALEX").id)


async def test_only_the_interviewer_declines(house: House) -> None:
    panel = (await house.set_up()).panel
    for user in ("U1", "USAM", "UMEMBER"):
        with pytest.raises(UserError):
            await house.changes.decline(WORKSPACE, user, of(panel, "UALEX").id)


@pytest.mark.parametrize("user", ["UGUEST", "USTRANGER", "UNOBODY"])
async def test_outsiders_read_one_sentence_whatever_there_is(house: House, user: str) -> None:
    panel = (await house.set_up()).panel
    alex = of(panel, "UALEX").id
    for attempt in (
        lambda: house.panels.named(WORKSPACE, user, "Robin Doe"),
        lambda: house.panels.named(WORKSPACE, user, "Nobody"),
        lambda: house.panels.mine(WORKSPACE, user),
        lambda: house.panels.sheet(WORKSPACE, user, "p1"),
        lambda: house.panels.sheet(WORKSPACE, user, "none"),
        lambda: house.panels.kit(WORKSPACE, user, alex),
        lambda: house.changes.decline(WORKSPACE, user, "none"),
        lambda: house.changes.cancel(WORKSPACE, user, edit(panel)),
        lambda: house.panels.set_up(WORKSPACE, user, new_panel(house.library, id="p2")),
        lambda: house.reminders.put(WORKSPACE, user, 5),
    ):
        with pytest.raises(UserError) as caught:
            await attempt()
        assert caught.value.text == FOR_MEMBERS


async def test_a_member_without_a_part_learns_nothing_of_a_panel(house: House) -> None:
    panel = (await house.set_up()).panel
    for attempt in (
        lambda: house.panels.sheet(WORKSPACE, "UMEMBER", "p1"),
        lambda: house.panels.sheet(WORKSPACE, "UMEMBER", "none"),
        lambda: house.panels.kit(WORKSPACE, "UMEMBER", of(panel, "UALEX").id),
        lambda: house.panels.kit(WORKSPACE, "UMEMBER", "none"),
        lambda: house.changes.cancel(WORKSPACE, "UMEMBER", edit(panel)),
        lambda: house.changes.cancel(WORKSPACE, "UMEMBER", PanelEdit("none", 1)),
    ):
        with pytest.raises(UserError) as caught:
            await attempt()
        assert caught.value.text == NO_PART
    assert (await house.panels.named(WORKSPACE, "UMEMBER", "Robin Doe")).panels == []
    assert (await house.panels.mine(WORKSPACE, "UMEMBER")).panels == []


async def test_a_panel_is_found_by_its_candidates_name_however_it_is_written(
    house: House,
) -> None:
    await house.set_up(name="Zoë O'Neill")
    for name in ("zoe oneill", "ZOË O'NEILL", "Zoë", "Neill"):
        for user in ("U1", "UMANAGER", "UALEX", "UADMIN"):
            (found,) = (await house.panels.named(WORKSPACE, user, name)).panels
            assert found.id == "p1"
    for name in ("%", "_", "🙂", "eill", "x" * 3000):
        assert (await house.panels.named(WORKSPACE, "U1", name)).panels == []


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("Zoë van der Berg", "Berg"),
        ("Zoë van der Berg", "berg zoe"),
        ("Łukasz Żak", "Lukasz Zak"),
        ("Søren Bø", "soren bo"),
        ("王小明", "小明"),
        ("राम कुमार", "कुमार"),
    ],
)
async def test_a_candidate_is_found_by_any_of_their_names_without_marks_that_keyboards_lack(
    house: House, name: str, found_by: str
) -> None:
    await house.set_up(name=name)
    (found,) = (await house.panels.named(WORKSPACE, "U1", found_by)).panels
    assert found.candidate.name == name
    assert (await house.panels.named(WORKSPACE, "U1", f"{found_by} xq")).panels == []


@pytest.mark.parametrize(("one", "other"), [("カン", "ガン"), ("राम", "रीमा")])
async def test_a_mark_that_is_a_letter_makes_another_person(
    house: House, one: str, other: str
) -> None:
    await house.set_up(name=one)
    await house.set_up(id="p2", name=other)
    for id, name in (("p1", one), ("p2", other)):
        (found,) = (await house.panels.named(WORKSPACE, "U1", name)).panels
        assert found.id == id


async def test_two_candidates_of_one_name_are_both_found(house: House) -> None:
    await house.set_up()
    await house.set_up(id="p2", level=None)
    found = (await house.panels.named(WORKSPACE, "U1", "Robin Doe")).panels
    assert {panel.id for panel in found} == {"p1", "p2"}


async def test_the_list_has_those_to_come_first(house: House) -> None:
    for id, days in (("past", -20), ("late", 9), ("soon", 2), ("older", -40)):
        start = NOW + timedelta(days=days)
        await house.set_up(new_interview("UALEX", start), id=id)
    listed = (await house.panels.mine(WORKSPACE, "UALEX")).panels
    assert [panel.id for panel in listed] == ["soon", "late", "past", "older"]
    assert (await house.panels.mine(WORKSPACE, "USAM")).panels == []


async def test_nothing_of_it_is_seen_from_another_workspace(house: House) -> None:
    panel = (await house.set_up()).panel
    async with house.database.read() as tx:
        assert await tx.panels.get("T2", "p1") is None
        assert await tx.panels.of_interview("T2", panel.on[0].id) is None
        assert await tx.panels.latest("T2", "U1", 10) == []
        assert await tx.panels.upcoming("T2", NOW) == []
        assert await tx.audit.since("T2", "p1", 0) == []


async def test_a_deleted_candidate_takes_everything_along(house: House) -> None:
    panel = (await house.set_up()).panel
    async with house.database.write() as tx:
        gone = text("DELETE FROM candidates WHERE id = :id")
        await tx.connection.execute(gone, {"id": panel.candidate.id})
    with pytest.raises(UserError) as caught:
        await house.panels.kit(WORKSPACE, "UALEX", of(panel, "UALEX").id)
    assert caught.value.text == NO_PART
    assert await house.rendered(f"kit:{of(panel, 'UALEX').id}") is None


async def test_the_record_holds_ids_and_field_names_and_no_text(house: House) -> None:
    panel = (await house.set_up(email="robin@example.com")).panel
    await house.changes.cancel_interview(WORKSPACE, "UMANAGER", edit(panel, "UALEX"))
    async with house.database.read() as tx:
        record = await tx.audit.since(WORKSPACE, "p1", 0)
    assert [(entry.actor, entry.action) for entry in record] == [
        ("U1", "panel.set_up"),
        ("UMANAGER", "interview.cancelled"),
    ]
    assert record[1].fields == ("cancelled_at",)
    assert "Robin" not in str(record)
    assert "robin" not in str(record)


# Reminders


async def test_a_persons_own_minutes_hold_for_what_is_in_the_calendar(house: House) -> None:
    panel = (await house.set_up()).panel
    alex, sam = of(panel, "UALEX"), of(panel, "USAM")

    async def due(item: Interview) -> timedelta | None:
        found = await house.outgoing(f"soon:{item.id}:{int(item.starts_at.timestamp())}")
        return item.starts_at - found.due_at if found else None

    await house.reminders.put(WORKSPACE, "UALEX", 45)
    assert (await due(alex), await due(sam)) == (timedelta(minutes=45), timedelta(minutes=15))
    await house.reminders.put(WORKSPACE, "UADMIN", 5, everybody=True)
    assert (await due(alex), await due(sam)) == (timedelta(minutes=45), timedelta(minutes=5))
    await house.reminders.put(WORKSPACE, "UALEX", 0)
    assert await due(alex) is None
    assert await house.reminders.minutes(WORKSPACE, "UALEX") == 0
    assert await house.reminders.minutes(WORKSPACE, "UMEMBER") == 5


@pytest.mark.parametrize("minutes", [-1, 1441, 10**9])
async def test_minutes_out_of_bounds_are_refused(house: House, minutes: int) -> None:
    with pytest.raises(UserError, match="1 to 1440"):
        await house.reminders.put(WORKSPACE, "U1", minutes)


async def test_only_an_admin_sets_the_workspaces_default(house: House) -> None:
    with pytest.raises(UserError, match="Only an admin"):
        await house.reminders.put(WORKSPACE, "U1", 5, everybody=True)


async def test_a_reminder_that_has_been_sent_is_put_right_by_a_change(house: House) -> None:
    panel = (await house.set_up()).panel
    alex = of(panel, "UALEX")
    house.clock = ManualClock(alex.starts_at - timedelta(minutes=10))
    await house.all_sent()
    key = f"soon:{alex.id}:{int(alex.starts_at.timestamp())}"
    later = new_interview("UALEX", alex.starts_at + timedelta(hours=3))
    await house.changes.reschedule(WORKSPACE, "U1", edit(panel, "UALEX"), later)
    put_right = await house.outgoing(key)
    assert put_right is not None
    assert (put_right.state, put_right.ts) == (MessageState.DUE, "1.1")
    again = await house.outgoing(key.replace(key[-10:], str(int(later.starts_at.timestamp()))))
    assert again is not None
    assert again.due_at == later.starts_at - timedelta(minutes=15)


# Failures


async def test_an_organiser_hears_once_of_a_kit_that_slack_refused(house: House) -> None:
    panel = (await house.set_up()).panel
    key = f"kit:{of(panel, 'UALEX').id}"
    message = await house.outgoing(key)
    assert message is not None
    for _ in range(2):
        async with house.database.write() as tx:
            this = update(outbox).where(outbox.c.key == key)
            failed = this.values(state=MessageState.FAILED, error="user_disabled")
            await tx.connection.execute(failed)
            await failure_told(tx, message, house.clock.now())
    told = await house.outgoing(f"undelivered:{key}")
    assert told is not None
    assert (told.recipient, told.kind) == ("U1", MessageKind.PANEL_UNDELIVERED)
    shown = await house.rendered(f"undelivered:{key}")
    assert isinstance(shown, Undelivered)
    assert (shown.recipient, shown.error) == ("UALEX", "user_disabled")
    async with house.database.write() as tx:
        await failure_told(tx, told, house.clock.now())
    assert not [key for key in await house.keys() if key.startswith("undelivered:undelivered")]
