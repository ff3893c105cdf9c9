"""`panelist db …`: work on the database."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.commands import DONE
from bot.config import Settings, load_settings
from bot.errors import UserError
from bot.storage.database import Database
from bot.storage.migrate import LACKS_MIGRATIONS, is_current
from bot.storage.migrate import upgrade as bring_up_to_date


def upgrade(_: argparse.Namespace) -> int:
    asyncio.run(_upgrade(Database(load_settings().database_url)))
    print("The database is up to date.")
    return DONE


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, which has to be there and up to date already. Raises UserError."""
    database = Database(settings.database_url)
    try:
        database.require_file()
        if not await is_current(database):
            raise UserError(LACKS_MIGRATIONS)
        yield database
    finally:
        await database.close()


async def _upgrade(database: Database) -> None:
    try:
        await bring_up_to_date(database)
    finally:
        await database.close()
