"""A panel that the demo's people have held, written into the demo's own database."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.candidates import Candidate
from bot.domain.messages import AboutField, MessageState
from bot.domain.panels.panel import Panel
from bot.library.catalogue import Library
from bot.services.messages.panels import enqueue_panel
from bot.storage.database import Database
from tests.support.databases import sqlite_url
from tests.support.demo import Demo
from tests.support.panels import frozen, interview, panel, stored
from tests.support.waiting import until

RILEY, MORGAN, ALEX, SAM, PRIYA, ANA = (
    *("U0RECRUIT", "U0MANAGER", "U0ALEX"),
    *("U0SAM", "U0PRIYA", "U0ADMIN"),
)
FOCUS = {
    ALEX: ("data-modelling", "api-design"),
    SAM: ("system-design", "reliability"),
    PRIYA: ("debugging", "security"),
    ANA: ("code-quality",),
    MORGAN: ("debugging",),
}
ZONES = {
    ALEX: "Europe/Berlin",
    SAM: "America/New_York",
    PRIYA: "Asia/Kolkata",
    ANA: "Europe/Lisbon",
    MORGAN: "Europe/Berlin",
}
LENGTH = timedelta(minutes=45)


async def held(demo: Demo, library: Library, name: str) -> Panel:
    """A panel of five for this candidate, which was over an hour ago; everybody has their kit."""
    content = frozen(library)
    start = datetime.now(UTC) - len(FOCUS) * LENGTH - timedelta(hours=1)
    items = [
        replace(
            interview(user, *focus, id=secrets.token_hex(8), starts_at=start + number * LENGTH),
            interviewer_zone=ZONES[user],
        )
        for number, (user, focus) in enumerate(FOCUS.items())
    ]
    id = secrets.token_hex(8)
    made = panel(*items, workspace="T0PANELIST")
    whole = replace(
        made,
        id=id,
        application=id,
        candidate=Candidate(id, name, None, None),
        content=content.id,
        opening=replace(made.opening, id=id, author=RILEY),
        set_up_by=RILEY,
        recruiter=RILEY,
        hiring_manager=MORGAN,
        created_at=start,
    )
    database = Database(sqlite_url(demo.folder / "panelist-demo" / "panelist.db"))
    async with database.write() as tx:
        await stored(tx, whole, content)
        await enqueue_panel(tx, whole, datetime.now(UTC))
    await until(lambda: _is_quiet(database, whole), 20)
    await database.close()
    return whole


async def _is_quiet(database: Database, panel: Panel) -> bool:
    """Whether every message about the panel has been sent, and none is edited the next moment."""
    now = datetime.now(UTC)
    async with database.read() as tx:
        rows = await tx.outbox.about(panel.workspace, AboutField.PANEL, [panel.id])
        are_sent = all(row.state is MessageState.SENT or row.due_at > now for row in rows)
        return are_sent and not await tx.reminders.has_due(now)
