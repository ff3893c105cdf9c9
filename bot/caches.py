"""Memory that does not grow without end, and that a clock which is set back does not keep fresh."""

from datetime import datetime, timedelta
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def keep(cache: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Puts the value into the cache, and takes out what has been there longest once it is full."""
    cache.pop(key, None)
    cache[key] = value
    if len(cache) > most:
        del cache[next(iter(cache))]


def is_within(span: timedelta, since: datetime, now: datetime) -> bool:
    """Whether no more than the span has gone by since then; never of what is still to come, as
    after the clock was set back."""
    return since <= now < since + span
