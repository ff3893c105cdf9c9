"""`panelist db …`: work on the database."""

import argparse
import asyncio

from bot.commands import DONE
from bot.config import load_settings
from bot.storage.database import Database
from bot.storage.migrate import upgrade as bring_up_to_date


def upgrade(_: argparse.Namespace) -> int:
    asyncio.run(_upgrade(Database(load_settings().database_url)))
    print("The database is up to date.")
    return DONE


async def _upgrade(database: Database) -> None:
    try:
        await bring_up_to_date(database)
    finally:
        await database.close()
