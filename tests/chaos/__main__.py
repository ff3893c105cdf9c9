"""`make chaos`: what has been acknowledged is in the database, and each reminder comes once.

The processes are killed again and again meanwhile. Exits with 1 and says what is missing where that
is not so.
"""

import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos import reminders
from tests.chaos.submissions import run
from tests.support.databases import Postgres, migrated_sqlite, sqlite_url

SUBMISSIONS = 500


def main() -> int:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(10**6)
    print(f"Seed {seed}: give it as an argument to try the same again.")
    server = Postgres()
    try:
        with tempfile.TemporaryDirectory(prefix="panelist-chaos-") as folder:
            sqlite = sqlite_url(migrated_sqlite(Path(folder)))
            for name, url, restart in (
                ("SQLite", sqlite, None),
                ("PostgreSQL", server.new_database(), server.restart),
            ):
                report = asyncio.run(run(url, SUBMISSIONS, seed, restart))
                print(f"{name}: {report}")
                if report.faults:
                    return 1
        year = asyncio.run(reminders.run(server.new_database(), seed))
        print(f"A year of reminders: {year}")
        if year.faults:
            return 1
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
