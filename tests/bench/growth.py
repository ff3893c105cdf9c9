"""What something takes among few and among many, on SQLite and on PostgreSQL."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tests.support.databases import Postgres, migrated_sqlite, sqlite_url

ROUNDS = 7

Urls = tuple[str, str]
"""Of a database for few and of one for many."""

Seconds = tuple[float, float]

Result = TypeVar("Result")
Once = Callable[[], Awaitable[Result]]


async def in_turn(
    among: tuple[Once[Result], Once[Result]], check: Callable[[Result], None]
) -> Seconds:
    """The median seconds of each, the rounds in turn; what each gives is checked."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for once, times in zip(among, taken, strict=True):
            started = time.perf_counter()
            given = await once()
            times.append(time.perf_counter() - started)
            check(given)
    return statistics.median(taken[0]), statistics.median(taken[1])


def on_both(
    measure: Callable[[Urls], Coroutine[Any, Any, Seconds]], told: Callable[[float, float], str]
) -> None:
    """Prints what was measured, and the ratio of many to few."""
    server = Postgres()
    try:
        with tempfile.TemporaryDirectory(prefix="panelist-bench-") as folder:
            template = migrated_sqlite(Path(folder))
            few = Path(folder) / "few.db"
            few.write_bytes(template.read_bytes())
            for name, urls in (
                ("SQLite", (sqlite_url(few), sqlite_url(template))),
                ("PostgreSQL", (server.new_database(), server.new_database())),
            ):
                one, other = asyncio.run(measure(urls))
                print(f"{name}: {told(one, other)}: ratio {other / one:.2f}.")
    finally:
        server.close()
