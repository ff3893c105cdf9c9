"""`panelist debrief`: the packet of an application, as it was, for somebody who was not there."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.applications import Stage
from bot.domain.debriefs.decision import Decision, Outcome, ReasonKind
from bot.domain.debriefs.leanings import Leaning, WrittenLeaning
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.scorecard import Assessment, Choice
from bot.library.catalogue import Library
from bot.storage.database import Database
from tests.integration.test_cli import Done
from tests.integration.test_cli import panelist as command_line
from tests.support.panels import MONDAY, new_interview
from tests.support.people import WORKSPACE
from tests.support.scorecards import Desk, body, of

ALEX, SAM, MANAGER, RECRUITER = "UALEX", "USAM", "UMANAGER", "URECRUITER"
REASON = "Halves the search, and <says> why *each* time.\nSecond line."


@pytest.fixture
async def desk(library: Library, sqlite_database: str) -> AsyncIterator[Desk]:
    database = Database(sqlite_database)
    yield Desk(library, database, url=sqlite_database, panel_id="a" * 16)
    await database.close()


async def held(desk: Desk) -> Panel:
    """Alex and Sam are two ratings apart; it was decided, and the decision was undone once."""
    people = {"recruiter": RECRUITER, "hiring_manager": MANAGER}
    starts = ((ALEX, MONDAY), (SAM, MONDAY + timedelta(hours=1)))
    panel = await desk.set_up(
        *(new_interview(*one, 45, "debugging") for one in starts), id="a" * 16, **people
    )
    desk.clock.set(MONDAY + timedelta(hours=3))
    for who, choice in ((ALEX, Choice.OUTSTANDING), (SAM, Choice.BORDERLINE)):
        item = of(panel, who)
        seen = tuple(Assessment(id, choice, f"{who} saw the quokka") for id in item.focus)
        await desk.submit(item, replace(body(item.focus), assessments=seen))
    return panel


async def decided(desk: Desk, panel: Panel) -> None:
    at = desk.clock.now()
    focus = of(panel, ALEX).focus
    made = Decision(
        *(1, Outcome.HOLD, ReasonKind.NEED_MORE, "Wait for one more reference.", focus[:1]),
        *(MANAGER, at, Stage.INTERVIEWING, False, at, MANAGER),
    )
    offer = Decision(
        *(2, Outcome.OFFER, ReasonKind.SKILLS_SHOWN, REASON, focus[:1]),
        *(MANAGER, at, Stage.INTERVIEWING),
    )
    async with desk.database.write() as tx:
        await tx.debriefs.lock(WORKSPACE, panel.id)
        leaning = WrittenLeaning(MANAGER, Leaning.YES, "The search is what we lack.", at)
        await tx.debriefs.put_leaning(WORKSPACE, panel.id, leaning)
        await tx.debriefs.open_leanings(WORKSPACE, panel.id, at)
        for one in (made, offer):
            await tx.decisions.add(WORKSPACE, panel.id, one)


async def printed(desk: Desk, *arguments: str) -> Done:
    """In a thread, since the command has a loop of its own."""
    folder = Path(desk.url.removeprefix("sqlite+aiosqlite:///")).parent
    return await asyncio.to_thread(
        command_line, "debrief", *arguments, cwd=folder, DATABASE_URL=desk.url
    )


@pytest.mark.parametrize("style", ["markdown", "html"])
async def test_it_shows_all_that_led_to_the_decision(desk: Desk, style: str) -> None:
    panel = await held(desk)
    await decided(desk, panel)
    done = await printed(desk, panel.application, "--format", style)
    assert done.returncode == 0, done.stderr
    text = html.unescape(re.sub(r"\\(?=[^\w\s])", "", done.stdout))
    for words in (
        "Robin Doe",
        "Offer",
        "<says> why *each* time.",
        "undone ",
        "Wait for one more reference.",
        f"{ALEX} saw the quokka",
        f"{SAM} saw the quokka",
        "(split)",
        "The search is what we lack.",
        "recommends: Yes",
        "What the ratings stood for",
    ):
        assert words in text, words
    escaped = {"markdown": r"\<says>", "html": "&lt;says&gt;"}
    assert escaped[style] in done.stdout, "people's words are no markup"


async def test_on_request_it_names_nobody(desk: Desk) -> None:
    panel = await held(desk)
    await decided(desk, panel)
    done = await printed(desk, panel.application, "--anonymous")
    said = done.stdout.replace(f"{ALEX} saw", "").replace(f"{SAM} saw", "")
    for user in (ALEX, SAM, MANAGER, RECRUITER):
        assert user not in said
    for words in ("Interviewer 1", "Interviewer 2", "Hiring manager"):
        assert words in said


async def test_recommendations_wait_for_the_leanings_here_too(desk: Desk) -> None:
    panel = await held(desk)
    done = await printed(desk, panel.application)
    assert "recommends" not in done.stdout
    assert "They open once every decider has written a leaning" in done.stdout
    assert "Nothing is decided yet" in done.stdout


async def test_an_id_that_is_none_is_said(desk: Desk) -> None:
    await held(desk)
    done = await printed(desk, "nonsense")
    assert done.returncode == 1
    assert "There's no application with this ID" in done.stderr
    assert (await printed(desk, "x", "--format", "pdf")).returncode == 2
