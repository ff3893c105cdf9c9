"""Every message that there is: none without a view, a story, and a text for lock screens that
names no candidate; each found by what it is about.

`tests/support/story.py` is where a new kind gets its story.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import NoneType
from typing import get_args, get_type_hints

import pytest

from bot.domain.messages import About, AboutField, MessageFacts, MessageKind, NotYet, OutboxMessage
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.messages.message import Message
from bot.services.messages.registry import BY_KIND, MESSAGES, load
from bot.services.ports import RenderedMessage
from bot.storage.database import Database
from bot.storage.outbox import outbox
from handlers.views.messages import VIEWS, show
from tests.support.clock import START
from tests.support.people import WORKSPACE, People
from tests.support.scorecards import Desk
from tests.support.story import SAM, a_long_story

NAME = ("Robin", "Doe")


def models(message: type[Message]) -> set[type]:
    """What a message renders: that is what its method says it gives."""
    given = get_type_hints(message.render)["return"]
    return set(get_args(given) or (given,)) - {NoneType, NotYet}


@dataclass
class Story:
    """The rows of a story, and what each shows."""

    desk: Desk
    rows: list[OutboxMessage]
    shown: Mapping[str, RenderedMessage]


@pytest.fixture
async def story(library: Library, sqlite_database: str) -> AsyncIterator[Story]:
    database = Database(sqlite_database)
    people = People(private={"CPRIVATE", "COTHER"})
    desk = Desk(library, database, panel_id="a" * 16, people=people)
    await a_long_story(desk)
    rows = list((await desk.enqueued("")).values())
    rendered = {row.key: await desk.rendered(row) for row in rows}
    shown = {
        key: show(model)
        for key, model in rendered.items()
        if model is not None and not isinstance(model, NotYet)
    }
    yield Story(desk, rows, shown)
    await database.close()


def test_each_kind_is_one_frozen_class() -> None:
    assert [message.kind for message in MESSAGES] == list(BY_KIND)
    assert set(BY_KIND) == set(MessageKind)
    for message in MESSAGES:
        assert is_dataclass(message)
        assert message.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_every_message_has_a_view(message: type[Message]) -> None:
    assert models(message)
    assert models(message) - VIEWS.keys() == set()


def test_there_is_no_view_of_what_no_message_renders() -> None:
    assert VIEWS.keys() - {model for message in MESSAGES for model in models(message)} == set()


async def test_every_message_has_a_story(story: Story) -> None:
    told = {row.kind for row in story.rows if row.key in story.shown}
    assert {message.kind for message in MESSAGES} - told == set()


async def test_no_text_for_a_lock_screen_names_a_candidate(story: Story) -> None:
    for row in story.rows:
        if row.key in story.shown:
            text = story.shown[row.key].text
            assert text, row.kind
            assert not any(word in text for word in NAME), row.kind
            content = vars(story.shown[row.key])
            assert faults("message", content) == [], row.kind


async def test_every_row_is_its_message_again(story: Story) -> None:
    """Nothing is lost on the way to the database and back; the key is made from the rest."""
    for row in story.rows:
        facts = MessageFacts(**{one.name: getattr(row, one.name) for one in fields(MessageFacts)})
        assert load(row).facts == facts


async def test_all_messages_about_a_candidate_are_found(story: Story) -> None:
    panel, found = await story.desk.now(), []
    async with story.desk.database.read() as tx:
        for field, id in ((AboutField.APPLICATION, panel.application), (AboutField.PERSON, SAM)):
            found += await tx.outbox.about(WORKSPACE, field, [id])
            assert await tx.outbox.about("T2", field, [id]) == []
    listing = {row.kind for row in story.rows if row.about.person not in (None, SAM)}
    public = {row.kind for row in story.rows if row.about.opening and not row.about.application}
    others = [row for row in story.rows if row not in found]
    assert {row.key for row in others if row.kind not in listing | public} == set()
    by_panel = {row.key for row in story.rows if row.about.panel == panel.id}
    assert {row.key for row in found if row.about.panel} == by_panel
    assert all(
        row.key in by_panel
        or row.about.person
        or row.about.application == panel.application
        or (row.kind == MessageKind.BOARD_DAY and row.about.opening == panel.opening.id)
        for row in story.rows
        if any(word in str(story.shown.get(row.key)) for word in NAME)
    )


@pytest.mark.parametrize("field", AboutField)
async def test_what_is_about_something_is_found_by_an_index(
    database_url: str, field: AboutField
) -> None:
    database = Database(database_url)
    rows = [
        {
            "workspace": WORKSPACE,
            "key": f"{field}:{number}",
            "kind": "panel.kit",
            "recipient": "UALEX",
            field: f"{number}",
            "payload": {},
            "due_at": START,
            "state": "sent",
            "attempts": 0,
        }
        for number in range(3000)
    ]
    async with database.write() as tx:
        await tx.connection.execute(outbox.insert(), rows)
    async with database.write() as tx:
        await tx.connection.exec_driver_sql("ANALYZE")
        (found,) = await tx.outbox.about(WORKSPACE, field, ["77"])
        assert found.about == About(**{field: "77"})
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        query = f"SELECT * FROM outbox WHERE workspace = 'T1' AND {field} IN ('77')"
        plan = str((await tx.connection.exec_driver_sql(explain + query)).all())
        assert f"ix_outbox_workspace_{field}" in plan
    await database.close()
