"""Which board a job's private channel shows, in the database."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Column, Date, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import metadata, upsert

channel_boards = Table(
    "channel_boards",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("opening", String(32), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("day", Date, nullable=False),
    Column("posted", String(64), nullable=False),
    Column("shown", String(64), nullable=False),
)


@dataclass(frozen=True)
class LastBoard:
    """The board that a channel was shown last, and on which day; `posted` is what it showed at
    first, and `shown` what it shows now, as Board.digest has them."""

    channel: str
    day: date
    posted: str
    shown: str


class ChannelBoardStore:
    """The last board of each opening, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last(self, workspace: str, opening: str, *, lock: bool = False) -> LastBoard | None:
        columns = channel_boards.c
        query = select(columns.channel, columns.day, columns.posted, columns.shown)
        query = query.where(columns.workspace == workspace, columns.opening == opening)
        if lock:
            query = query.with_for_update()
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else LastBoard(**row)

    async def put(self, workspace: str, opening: str, board: LastBoard) -> None:
        row = {"workspace": workspace, "opening": opening, **asdict(board)}
        statement = upsert(self._connection, channel_boards, row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=("workspace", "opening"), set_=row)
        )
