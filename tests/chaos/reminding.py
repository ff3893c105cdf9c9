"""One replica that reminds, to be killed: `reminding NAME FOLDER DATABASE_URL SLACK_API_URL MONTH`.

The time is what stands in the folder's file `now`, with the number of the step: the replica ticks
once at each, and says so in a file of its own.
"""

import asyncio
import json
import logging
import sys
from datetime import datetime
from pathlib import Path

from bot.services.messages.outbox import Outbox
from bot.services.reminders import RemindersService
from bot.storage.database import Database
from handlers.notifier import SlackNotifier
from handlers.views.messages import show
from tests.support.connected import Connection
from tests.support.month import Month

POLL = 0.002


class SharedClock:
    """The time of the parent process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "now"

    def read(self) -> tuple[int, datetime]:
        step, _, moment = self._file.read_text().partition(" ")
        return int(step), datetime.fromisoformat(moment)

    def now(self) -> datetime:
        return self.read()[1]


async def remind(name: str, folder: Path, database_url: str, slack: str, month: Month) -> None:
    clock, done = SharedClock(folder), folder / name
    database, connection = Database(database_url), Connection(slack)
    await connection.api.start()
    outbox = Outbox(database, SlackNotifier(connection.slack), clock, show)
    service = RemindersService(database, month.directory, clock)
    seen = -1
    while True:
        step = clock.read()[0]
        if step == seen:
            await asyncio.sleep(POLL)
            continue
        await service.tick()
        await outbox.tick()
        seen = step
        done.with_suffix(".new").write_text(str(step))
        done.with_suffix(".new").replace(done)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    given = json.loads(sys.argv[5])
    given["start"] = datetime.fromisoformat(given["start"])
    asyncio.run(remind(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:5], Month(**given)))
