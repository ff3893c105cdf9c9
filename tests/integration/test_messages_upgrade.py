"""What had been enqueued before messages had columns of their own goes on after the migration, on
SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from bot.domain.messages import AboutField, MessageKind, MessageState, OutboxMessage
from bot.domain.panels.details import details
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.messages.outbox import Outbox
from bot.services.messages.registry import load
from bot.services.panels.changes import PanelChanges, PanelEdit
from bot.storage.database import Database
from bot.storage.migrate import _config, upgrade
from handlers.notifier import SlackNotifier
from handlers.views.messages import show
from tests.support.clock import START, ManualClock
from tests.support.connected import connected
from tests.support.panels import frozen
from tests.support.people import WORKSPACE, People, rights_of
from tests.support.slack import StandIn

ALEX, SAM, ORGANIZER, MANAGER = "UALEX", "USAM", "U1", "UMANAGER"
PANEL, INTERVIEW, OTHER, CARD = "a" * 16, "1" * 16, "2" * 16, "c" * 16
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STAMP = int(MONDAY.timestamp())
LATER = int(START.timestamp()) + 3600
KIT = f"kit:{INTERVIEW}"
ARRIVED = f"arrived:{CARD}:{MANAGER}"
PART = f"part:{PANEL}"

OLD = (
    ("panel.kit", KIT, INTERVIEW, ALEX),
    ("panel.kit", f"kit:{OTHER}", OTHER, SAM),
    ("panel.soon", f"soon:{INTERVIEW}:{STAMP}", INTERVIEW, ALEX),
    ("panel.declined", f"declined:{INTERVIEW}:{STAMP}:{MANAGER}", INTERVIEW, MANAGER),
    ("panel.summary", f"panel:{PANEL}:CPRIVATE", PANEL, "CPRIVATE"),
    ("panel.undelivered", f"undelivered:{KIT}", KIT, ORGANIZER),
    ("panel.undelivered", f"undelivered:panel:{PANEL}:C0", f"panel:{PANEL}:C0", MANAGER),
    ("panel.summary", f"panel:{PANEL}:C0", PANEL, "C0"),
    ("panel.appointed", f"{PART}:hiring_manager:{MANAGER}", PANEL, MANAGER),
    ("panel.passed_on", f"{PART}:recruiter:{SAM}", PANEL, SAM),
    ("scorecard.receipt", f"receipt:{CARD}:1", CARD, ALEX),
    ("scorecard.receipt", f"receipt:{CARD}:2", CARD, ALEX),
    ("scorecard.arrived", ARRIVED, CARD, MANAGER),
    ("scorecard.settled", f"settled:{OTHER}:2:{MANAGER}", OTHER, MANAGER),
    ("scorecard.handed", f"handed:{OTHER}:1", OTHER, ALEX),
    ("reminders.digest", f"digest:{SAM}:2026-11-24", "2026-11-24", SAM),
    ("reminders.later", f"later:{SAM}:{LATER}", SAM, SAM),
    ("reminders.nudge", f"nudge:{OTHER}", OTHER, SAM),
    ("reminders.stopped", f"stopped:{OTHER}:{MANAGER}:10", OTHER, MANAGER),
    ("reminders.resumed", f"stopped:{OTHER}:{ORGANIZER}:3", OTHER, ORGANIZER),
    ("reminders.unreachable", f"unreachable:{SAM}:{MANAGER}", SAM, MANAGER),
)
"""Every kind as the version before wrote it: kind, key, subject, recipient."""

SINCE = {
    MessageKind.SCORECARDS_ALL_IN,
    MessageKind.REMINDERS_ASKED,
    MessageKind.HOME_HELP,
    MessageKind.OPENING_POSTED,
    MessageKind.OPENING_UNPOSTED,
    MessageKind.OPENING_REFERRED,
    MessageKind.OPENING_APPROVAL,
    MessageKind.OPENING_ANSWERED,
    MessageKind.DEBRIEF_OUTCOME,
    MessageKind.APPLICATION_ARRIVED,
    MessageKind.APPLICATION_CARD,
    MessageKind.APPLICATION_WITHDRAWN,
    MessageKind.DEBRIEF_CONFIRM,
    MessageKind.BOARD_DAY,
    MessageKind.BOARD_UNPOSTED,
}
"""Kinds that it did not have."""


def sent(number: int) -> dict[str, Any]:
    return {"state": "sent", "channel": "D1", "ts": f"1.{number}"}


DUE: dict[str, Any] = {"state": "due"}
FAILED: dict[str, Any] = {"state": "failed", "error": "user_disabled"}
GONE = "9" * 16
"""An interview whose panel has been deleted."""


def rows() -> list[dict[str, Any]]:
    """Every message in every state, each state in a workspace of its own."""
    found = []
    for workspace, how in ((WORKSPACE, sent), ("TDUE", lambda _: DUE), ("TFAIL", lambda _: FAILED)):
        for number, (kind, key, subject, recipient) in enumerate(OLD):
            found.append(row(workspace, kind, key, subject, recipient, **how(number)))
    found.append(row(WORKSPACE, "panel.kit", f"kit:{GONE}", GONE, ALEX, **DUE))
    edit = sent(99) | DUE
    found.append(row(WORKSPACE, "reminders.nudge", f"nudge:{GONE}", GONE, ALEX, **edit))
    found.append(row(WORKSPACE, "tomorrows", "tomorrows:1", "1", ALEX, **DUE))
    return found


def row(
    workspace: str, kind: str, key: str, subject: str, recipient: str, **state: Any
) -> dict[str, Any]:
    empty = dict.fromkeys(("channel", "ts", "error"))
    ids = {"workspace": workspace, "kind": kind, "key": key, "subject": subject}
    return ids | {"recipient": recipient, "due_at": START, "attempts": 0} | empty | state


def hires(library: Library, workspace: str) -> dict[str, list[dict[str, Any]]]:
    """A panel of two, one of whom has given a scorecard, as the version before stored them."""
    content, ids = frozen(library), {"workspace": workspace, "created_at": START}
    interview = {
        "workspace": workspace,
        "panel": PANEL,
        "interviewer_zone": "UTC",
        "focus": ["debugging"],
        "starts_at": MONDAY,
        "ends_at": MONDAY + timedelta(minutes=45),
        "zone": "UTC",
        "questions": [],
        "revision": 1,
    }
    return {
        "candidates": [ids | {"id": PANEL, "name": "Robin Doe", "key": "robin doe"}],
        "openings": [
            ids
            | {"id": "o1", "role": content.role.slug, "title": content.role.title}
            | {"created_by": ORGANIZER}
        ],
        "applications": [ids | {"id": PANEL, "candidate": PANEL, "opening": "o1"}],
        "content_versions": [
            ids
            | {"id": "c1", "role": content.role.slug, "version": content.role.version}
            | {"content": content.model_dump_json()}
        ],
        "panels": [
            ids
            | {"id": PANEL, "application": PANEL, "content": "c1", "set_up_by": ORGANIZER}
            | {"recruiter": ORGANIZER, "hiring_manager": MANAGER, "channel": "CPRIVATE"}
            | {"revision": 1}
        ],
        "interviews": [
            interview | {"id": INTERVIEW, "interviewer": ALEX},
            interview | {"id": OTHER, "interviewer": SAM},
        ],
        "scorecards": [
            {"workspace": workspace, "id": CARD, "interview": INTERVIEW, "interviewer": ALEX}
            | {"version": 1, "seen_others_before": False, "submitted_at": START}
        ],
    }


@pytest.fixture
async def database(empty_url: str, library: Library) -> AsyncIterator[Database]:
    """One of the version before, with everything in flight."""
    made = Database(empty_url)

    def fill(connection: sa.Connection) -> None:
        command.upgrade(_config(connection), "0010")
        for workspace in (WORKSPACE, "TDUE", "TFAIL"):
            for name, values in hires(library, workspace).items():
                table = sa.Table(name, sa.MetaData(), autoload_with=connection)
                connection.execute(table.insert(), values)
        outbox = sa.Table("outbox", sa.MetaData(), autoload_with=connection)
        connection.execute(outbox.insert(), rows())

    async with made.write() as tx:
        await tx.connection.run_sync(fill)
    yield made
    await made.close()


async def messages(database: Database, workspace: str) -> dict[str, OutboxMessage]:
    async with database.read() as tx:
        keys = [key for _, key, *_ in OLD] + [f"kit:{GONE}", f"nudge:{GONE}", "tomorrows:1"]
        return {one.key: one for one in await tx.outbox.several(workspace, keys)}


async def test_every_message_is_known_by_its_columns(database: Database) -> None:
    assert {kind for kind, *_ in OLD} == set(MessageKind) - SINCE
    await upgrade(database)
    for workspace, state in ((WORKSPACE, "sent"), ("TDUE", "due"), ("TFAIL", "failed")):
        found = await messages(database, workspace)
        for number, (kind, key, _, recipient) in enumerate(OLD):
            one = found[key]
            assert (one.kind, one.recipient, one.state) == (kind, recipient, state)
            assert one.ts == (f"1.{number}" if state == "sent" else None)
            message = load(one)
            if kind != "scorecard.arrived":  # of which there is one for each panel since
                assert message.key == key, "made from what was read out of it"
            if kind not in ("reminders.digest", "reminders.later", "reminders.unreachable"):
                assert one.about.panel == PANEL
            else:
                assert one.about.person == SAM
        about_interview = {key for key, one in found.items() if one.about.interview == INTERVIEW}
        assert {KIT, f"receipt:{CARD}:1", ARRIVED} <= about_interview


async def test_all_about_a_candidate_is_found(database: Database) -> None:
    await upgrade(database)
    async with database.read() as tx:
        panel = await tx.panels.get(WORKSPACE, PANEL)
        assert panel is not None
        found = await tx.outbox.about(WORKSPACE, AboutField.APPLICATION, [panel.application])
        people = await tx.outbox.about(WORKSPACE, AboutField.PERSON, [SAM])
    assert {one.key for one in (*found, *people)} == {key for _, key, *_ in OLD}


async def test_what_is_about_nothing_any_more_ends(database: Database) -> None:
    await upgrade(database)
    found = await messages(database, WORKSPACE)
    assert f"kit:{GONE}" not in found
    assert found[f"nudge:{GONE}"].state is MessageState.SENT
    assert found["tomorrows:1"].state is MessageState.DUE, "a kind of another version's"


@pytest.mark.parametrize(("key", "reader"), [(KIT, ALEX), (ARRIVED, MANAGER)])
async def test_what_was_sent_before_is_edited_in_place_after(
    database: Database, slack: StandIn, key: str, reader: str
) -> None:
    posted = slack.conversations.answer("chat.postMessage", {"channel": reader, "text": "as then"})
    async with database.write() as tx:
        await tx.connection.execute(
            sa.text(
                "UPDATE outbox SET channel = :channel, ts = :ts WHERE key = :key AND ts IS NOT NULL"
            ),
            {"channel": posted["channel"], "ts": posted["ts"], "key": key},
        )
    await upgrade(database)
    clock, people = ManualClock(START), People(private={"CPRIVATE"})
    rights = rights_of(people, database, clock)
    changes = PanelChanges(database, rights, Contents(), clock, lambda: None)
    edit = PanelEdit(PANEL, 1)
    sheet = await changes.editable(WORKSPACE, ORGANIZER, edit)
    named = replace(details(sheet.panel), name="Robyn Doe")
    await changes.give_details(WORKSPACE, ORGANIZER, edit, named)
    async with connected(slack.api_url) as connection:
        await Outbox(database, SlackNotifier(connection.slack), clock, show).tick()
    said = slack.conversations.said_to(reader)
    (message,) = [message for message in said if message["ts"] == posted["ts"]]
    assert message["edits"] == 1
    assert "Robyn Doe" in str(message["blocks"])
    assert (await messages(database, WORKSPACE))[key].state is MessageState.SENT


async def test_going_back_gives_each_message_its_subject_again(database: Database) -> None:
    query = sa.text("SELECT workspace, key, subject FROM outbox ORDER BY workspace, key")

    async def subjects() -> list[tuple[str, str, str]]:
        async with database.read() as tx:
            found = await tx.connection.execute(query)
            return [tuple(one) for one in found if "9999" not in one[1] and one[1] != "tomorrows:1"]

    async def migrate(how: Any, to: str) -> None:
        async with database.write() as tx:
            await tx.connection.run_sync(lambda connection: how(_config(connection), to))

    before = await subjects()
    await migrate(command.upgrade, "0011")
    await migrate(command.downgrade, "0010")
    assert await subjects() == before
