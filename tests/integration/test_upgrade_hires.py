"""A database of the version before, with panels in flight, goes on as candidates, openings and
applications of their own."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from bot.library.catalogue import Library
from bot.storage.database import Database
from bot.storage.migrate import _config, upgrade
from bot.storage.panels.rows import Whose
from tests.integration.test_panels import kit
from tests.support.clock import START
from tests.support.northwind import ALEX, MORGAN, RILEY, northwind, shown
from tests.support.panels import frozen
from tests.support.people import WORKSPACE

BEFORE = "0010"
PLAYGROUND = "T0PANELIST"
SHARED, OTHER = "5" * 16, "6" * 16
"""Openings as they were: the hash of a role and a level."""


@dataclass
class Old:
    """The database as the version before left it."""

    url: str
    library: Library
    workspace: str = WORKSPACE
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.url)

    async def prepare(self) -> None:
        content = frozen(self.library)
        async with self.database.write() as tx:
            await tx.connection.run_sync(lambda c: command.upgrade(_config(c), BEFORE))
        await self.adds(
            "content_versions",
            id=content.id,
            role=content.role.slug,
            version=content.role.version,
            content=content.model_dump_json(),
            created_at=START,
        )
        self.content = content.id
        for id, level in ((SHARED, "mid"), (OTHER, None)):
            await self.adds(
                "openings",
                id=id,
                role="backend-developer",
                title="Backend Developer",
                level=level,
                created_by="UFIRST",
                created_at=START,
            )

    async def adds(self, table: str, **row: object) -> None:
        row = {"workspace": self.workspace} | row
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        async with self.database.write() as tx:
            if self.database.is_sqlite:
                row = {k: _as_stored(v) for k, v in row.items()}
            await tx.connection.execute(
                text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row
            )

    async def panel(
        self,
        id: str,
        name: str,
        opening: str,
        by: str,
        manager: str,
        day: int,
        interviewer: str = "UALEX",
        **person: object,
    ) -> None:
        """A panel as it was: candidate and application go by its id."""
        at = START + timedelta(days=day)
        key = "".join(filter(str.isalnum, name.casefold()))
        person = {"email": None, "link": None} | person
        await self.adds("candidates", id=id, name=name, key=key, created_at=at, **person)
        await self.adds("applications", id=id, candidate=id, opening=opening, created_at=at)
        await self.adds(
            "panels",
            id=id,
            application=id,
            content=self.content,
            set_up_by=by,
            recruiter=by,
            hiring_manager=manager,
            created_at=at,
            revision=3,
        )
        await self.adds(
            "interviews",
            id="b" * 16 if len(id) == 16 else f"i{id}",
            panel=id,
            interviewer=interviewer,
            interviewer_zone="Europe/Berlin",
            focus=json.dumps(["debugging"]),
            starts_at=at,
            ends_at=at + timedelta(minutes=45),
            zone="UTC",
            questions="[]",
            remind_at=at + timedelta(minutes=45),
            revision=1,
        )

    async def rows(self, table: str) -> Sequence[dict[str, Any]]:
        async with self.database.read() as tx:
            found = await tx.connection.execute(text(f"SELECT * FROM {table}"))
            return [dict(row) for row in found.mappings()]


def _as_stored(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if hasattr(value, "tzinfo") else value


@pytest.fixture
async def old(empty_url: str, library: Library) -> AsyncIterator[Old]:
    made = Old(empty_url, library)
    await made.prepare()
    yield made
    await made.database.close()


async def test_an_opening_shared_by_hash_becomes_one_for_each_hiring_manager(old: Old) -> None:
    await old.panel("a1", "Robin Doe", SHARED, "URILEY", "UMORGAN", 1)
    await old.panel("a2", "Kim Second", SHARED, "UPAT", "UMORGAN", 2)
    await old.panel("b1", "Jo Third", SHARED, "USAM", "UPRIYA", 3)
    await old.panel("c1", "Lee Fourth", OTHER, "UPAT", "UMORGAN", 4)
    await upgrade(old.database)
    async with old.database.read() as tx:
        panels = {id: await tx.panels.get(WORKSPACE, id) for id in ("a1", "a2", "b1", "c1")}
        offered = await tx.openings.hiring(WORKSPACE, "UPRIYA", 10)
    openings = {id: panel.opening for id, panel in panels.items() if panel is not None}
    assert openings["a1"] == openings["a2"]
    assert len({opening.id for opening in openings.values()}) == 3
    shared = openings["a1"]
    assert (shared.author, shared.hiring_manager, shared.recruiter) == ("URILEY", "UMORGAN", "UPAT")
    assert (shared.role, shared.level, shared.status, shared.team) == (
        "backend-developer",
        "mid",
        "draft",
        None,
    )
    assert [opening.id for opening in offered] == [openings["b1"].id]
    assert len(await old.rows("openings")) == 3


async def test_everything_has_an_id_of_its_own_and_nothing_else_changes(old: Old) -> None:
    await old.panel("a1", "Zoë O'Neill", SHARED, "URILEY", "UMORGAN", 1, email="Zoë@Example.com")
    before = (await old.rows("interviews"), await old.rows("content_versions"))
    await upgrade(old.database)
    async with old.database.read() as tx:
        panel = await tx.panels.get(WORKSPACE, "a1")
        assert panel is not None
        (application,) = await tx.applications.of_candidate(WORKSPACE, panel.candidate.id)
    assert len({panel.id, panel.candidate.id, panel.application, panel.opening.id}) == 4
    assert SHARED not in (panel.opening.id, panel.application, panel.candidate.id)
    assert (panel.candidate.name, panel.candidate.email) == ("Zoë O'Neill", "Zoë@Example.com")
    assert (panel.revision, panel.set_up_by) == (3, "URILEY")
    told = (application.id, application.stage, application.source, application.applied_at)
    at = START + timedelta(days=1)
    assert told == (panel.application, "interviewing", "panel", at)
    (interview,) = await old.rows("interviews")
    came_later = dict.fromkeys(interview.keys() - before[0][0].keys())
    assert [interview] == [{**row, **came_later} for row in before[0]]
    assert await old.rows("content_versions") == before[1]
    (candidate,) = await old.rows("candidates")
    assert candidate["email_key"] == "zoë@example.com"


async def test_candidates_of_one_name_stay_apart_and_can_be_merged(old: Old) -> None:
    await old.panel("a1", "Robin Doe", SHARED, "URILEY", "UMORGAN", 1)
    await old.panel("b1", "Robin Doe", SHARED, "USAM", "UMORGAN", 2)
    await upgrade(old.database)
    async with old.database.read() as tx:
        one, other = [await tx.panels.get(WORKSPACE, id) for id in ("a1", "b1")]
        assert one is not None
        assert other is not None
        assert one.candidate.id != other.candidate.id
        assert one.application != other.application
        known = await tx.candidates.duplicates(WORKSPACE, Whose("UMORGAN"), one.candidate, 5)
    assert [item.candidate for item in known] == [other.candidate]


async def test_a_draft_and_a_due_message_of_a_panel_in_flight_go_on(
    empty_url: str, library: Library, tmp_path: Path
) -> None:
    old = Old(empty_url, library, PLAYGROUND)
    await old.prepare()
    await old.panel("a" * 16, "Robin Doe", SHARED, RILEY, MORGAN, 1, interviewer=ALEX)
    interview = "b" * 16
    body = {"assessments": [], "recommendation": None, "notes": "Half a thought"}
    await old.adds(
        "scorecard_drafts",
        interview=interview,
        interviewer=ALEX,
        body=json.dumps(body | {"probe_next": "", "reason": ""}),
        revision=1,
        form="f1",
        saved_at=START,
        typed_at=START,
    )
    await old.adds(
        "outbox",
        key=f"kit:{interview}",
        kind="panel.kit",
        subject=interview,
        recipient=ALEX,
        due_at=START,
        state="due",
        attempts=0,
    )
    await old.database.close()
    async with northwind(tmp_path / "slack", old.url) as house:
        await house.settles()
        assert "Interview with Robin Doe" in shown(kit(house.person(ALEX)))
        riley = house.person(RILEY)
        assert "Robin Doe" in await riley.types("/panel robin doe")
        await riley.presses(riley.newest(), "Edit details")
        assert (await riley.submits(candidate="Robyn Doe")).ok
        assert "Interview with Robyn Doe" in shown(kit(house.person(ALEX)))
        async with house.application.database.read() as tx:
            draft = await tx.scorecards.draft(PLAYGROUND, interview, ALEX)
        assert draft is not None
        assert draft.body.notes == "Half a thought"


async def test_an_empty_database_is_carried_over_too(old: Old) -> None:
    async with old.database.write() as tx:
        await tx.connection.execute(text("DELETE FROM openings"))
    await upgrade(old.database)
    assert await old.rows("openings") == await old.rows("candidates") == []
