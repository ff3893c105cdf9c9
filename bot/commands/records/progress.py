"""How far it is, for whoever waits."""

import sys
import time

OFTEN, SELDOM = 0.2, 10.0
"""Seconds between two lines: on a terminal, where each takes the last one's place, and in a log."""

CLEARED = "\r\x1b[K"


class ProgressLine:
    """On standard error: which table, and how many of its rows."""

    def __init__(self) -> None:
        self._replaces = sys.stderr.isatty()
        self._told_at = time.monotonic()
        self._has_line = False

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._replaces and self._has_line:
            print(CLEARED, end="", file=sys.stderr, flush=True)

    def __call__(self, table: str, rows: int) -> None:
        now = time.monotonic()
        if now - self._told_at < (OFTEN if self._replaces else SELDOM):
            return
        self._told_at, self._has_line = now, True
        text = f"{table}: {rows:,} rows"
        start, end = (CLEARED, "") if self._replaces else ("", "\n")
        print(f"{start}{text}", end=end, file=sys.stderr, flush=True)
