"""Panels that are being put together, in the database."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, Column, Float, Index, RowMapping, String, Table, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.candidates import LONGEST_EMAIL, LONGEST_KEY, Candidate
from bot.domain.panels.draft import PanelDraft
from bot.storage.schema import Moment, metadata, upsert

log = logging.getLogger(__name__)

panel_drafts = Table(
    "panel_drafts",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("key", String(LONGEST_KEY), nullable=False),
    Column("email_key", String(LONGEST_EMAIL)),
    Column("draft", JSON, nullable=False),
    Column("pressed_at", Float, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Index(None, "workspace", "person"),
    Index(None, "workspace", "key"),
    Index(None, "workspace", "email_key"),
    Index(None, "saved_at"),
)
"""`key` and `email_key` are the candidate's, as in `candidates`: by them whoever erases a person
finds what is being put together for them. `pressed_at` is when Slack saw the last press."""


@dataclass(frozen=True)
class SavedDraft:
    """A draft as it was saved: whose it is, and when Slack saw the press that it is from."""

    workspace: str
    person: str
    draft: PanelDraft
    pressed_at: float
    saved_at: datetime


class PanelDraftStore:
    """Drafts within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, workspace: str, id: str) -> SavedDraft | None:
        """The draft, which nobody else changes until the transaction ends."""
        columns = panel_drafts.c
        query = select(panel_drafts).where(columns.workspace == workspace, columns.id == id)
        row = (await self._connection.execute(query.with_for_update())).mappings().one_or_none()
        return None if row is None else _saved(row)

    async def latest(self, workspace: str, person: str, since: datetime) -> SavedDraft | None:
        """The last that the person saved since then."""
        columns = panel_drafts.c
        query = (
            select(panel_drafts)
            .where(columns.workspace == workspace, columns.person == person)
            .where(columns.saved_at >= since)
            .order_by(columns.saved_at.desc(), columns.id)
            .limit(1)
        )
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else _saved(row)

    async def put(self, item: SavedDraft) -> None:
        candidate = Candidate("", item.draft.name, item.draft.email, None)
        row = {
            "workspace": item.workspace,
            "id": item.draft.id,
            "person": item.person,
            "key": candidate.key,
            "email_key": candidate.email_key,
            "draft": _adapter().dump_python(item.draft, mode="json"),
            "pressed_at": item.pressed_at,
            "saved_at": item.saved_at,
        }
        statement = upsert(self._connection, panel_drafts, row)
        ids = ("workspace", "id")
        new = {name: row[name] for name in row if name not in ids}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=ids, set_=new)
        )

    async def remove(self, workspace: str, id: str) -> None:
        columns = panel_drafts.c
        this = and_(columns.workspace == workspace, columns.id == id)
        await self._connection.execute(delete(panel_drafts).where(this))

    async def remove_of(self, workspace: str, person: str) -> None:
        """Forgets all that the person was putting together."""
        columns = panel_drafts.c
        theirs = and_(columns.workspace == workspace, columns.person == person)
        await self._connection.execute(delete(panel_drafts).where(theirs))

    async def remove_for(self, workspace: str, candidate: Candidate) -> None:
        """Forgets whatever is being put together for a candidate of this name or address."""
        columns = panel_drafts.c
        is_about = columns.key == candidate.key
        if candidate.email_key is not None:
            is_about |= columns.email_key == candidate.email_key
        about = and_(columns.workspace == workspace, is_about)
        await self._connection.execute(delete(panel_drafts).where(about))

    async def remove_before(self, moment: datetime) -> None:
        """Forgets what nobody has touched since."""
        await self._connection.execute(delete(panel_drafts).where(panel_drafts.c.saved_at < moment))


@cache
def _adapter() -> TypeAdapter[PanelDraft]:
    """Made when it is first used: a start does not wait for it."""
    return TypeAdapter(PanelDraft)


def _saved(row: RowMapping) -> SavedDraft | None:
    """None where a later version of Panelist wrote it, and this one cannot read it."""
    try:
        draft = _adapter().validate_python(row["draft"])
    except ValidationError:
        log.warning("panel_draft.unreadable")
        return None
    return SavedDraft(row["workspace"], row["person"], draft, row["pressed_at"], row["saved_at"])
