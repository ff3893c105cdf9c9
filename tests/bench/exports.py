"""What an export of everything leaves in memory at most, among few rows and among many."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from bot.storage.database import Database
from tests.bench.growth import Urls, on_both
from tests.bench.servers import environment

FEW, MANY = 10_000, 1_000_000
MOST_MORE = 20
"""Megabytes."""

SERIES = {
    True: "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :count)",
    False: "WITH s(n) AS (SELECT generate_series(1, :count))",
}
ROWS = """
INSERT INTO candidates (workspace, id, name, key, email, created_at)
{series} SELECT 'T1', 'c' || n, 'Candidate ' || n, 'candidate ' || n, 'c' || n || '@x.example',
'2026-03-01 09:00:00+00:00' FROM s
"""


def main() -> None:
    on_both(
        _measure,
        lambda one, other: (
            f"export peaks at {one:.0f} MB with {FEW:,} candidates, at "
            f"{other:.0f} MB with {MANY:,} ({other - one:+.0f} MB, at most {MOST_MORE:+})"
        ),
    )


async def _measure(urls: Urls) -> tuple[float, float]:
    for url, count in zip(urls, (FEW, MANY), strict=True):
        database = Database(url)
        async with database.write() as tx:
            rows = ROWS.format(series=SERIES[database.is_sqlite])
            if not database.is_sqlite:
                rows = rows.replace("+00:00' FROM", "+00:00'::timestamptz FROM")
            await tx.connection.execute(text(rows), {"count": count})
        await database.close()
    few, many = [await asyncio.to_thread(_peak, url) for url in urls]
    if many - few > MOST_MORE:
        raise RuntimeError(f"an export's memory grows by {many - few:.0f} MB")
    return few, many


def _peak(url: str) -> float:
    """Megabytes that the command had at most."""
    with tempfile.TemporaryDirectory(prefix="panelist-bench-") as folder:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "export", str(Path(folder) / "out")],
            env=environment() | {"DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError("the export failed")
        print(f"An export took {time.perf_counter() - started:.1f} s.")
    return usage.ru_maxrss / 1024
