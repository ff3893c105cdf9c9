"""Memory that does not grow without end."""

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def keep(cache: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Puts the value into the cache, and takes out what has been there longest once it is full."""
    cache.pop(key, None)
    cache[key] = value
    if len(cache) > most:
        del cache[next(iter(cache))]
