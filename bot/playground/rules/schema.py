"""Checks of JSON values that say what is amiss in Slack's words, with a JSON pointer."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
"""Takes a value and the pointer to it; yields what is amiss."""


def fault(sentence: str, path: str) -> str:
    """One line of `response_metadata.messages`."""
    return f"[ERROR] {sentence} [json-pointer:{path}]"


def string(most: int | None = None, *, least: int = 0, pattern: str | None = None) -> Check:
    """A text of so many characters, with a pattern that the whole of it matches."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must provide a string", path)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", path)
        elif most is not None and len(value) > most:
            yield fault(f"must be less than {most + 1} characters", path)
        elif pattern is not None and not re.fullmatch(pattern, value):
            yield fault(f"must match the pattern {pattern}", path)

    return check


def boolean(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must provide a boolean", path)


def integer(least: int, most: int | None = None) -> Check:
    """A whole number within bounds."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault("must provide an integer", path)
        elif value < least:
            yield fault(f"must be greater than {least - 1}", path)
        elif most is not None and value > most:
            yield fault(f"must be less than {most + 1}", path)

    return check


def number(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield fault("must provide a number", path)


def choice(*values: Any) -> Check:
    """One of these values."""

    def check(value: Any, path: str) -> Iterator[str]:
        if value not in values:
            yield fault(f"must be one of {', '.join(map(str, values))}", path)

    return check


def array(item: Check, most: int | None = None, *, least: int = 1) -> Check:
    """A list of so many items, each of which passes a check."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must provide an array", path)
            return
        if len(value) < least:
            yield fault(f"no fewer than {least} items allowed", path)
        if most is not None and len(value) > most:
            yield fault(f"no more than {most} items allowed", path)
        for index, member in enumerate(value):
            yield from item(member, f"{path}/{index}")

    return check


def record(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *also: Check
) -> Check:
    """An object with these keys and no others; `also` is checked where each of them is right."""
    known = {**(optional or {}), **required}

    def keys(value: Mapping[str, Any], path: str) -> Iterator[str]:
        for key in required:
            if key not in value:
                yield fault(f"missing required field: {key}", path)
        for key, member in value.items():
            if key in known:
                yield from known[key](member, f"{path}/{key}")
            else:
                yield fault(f"invalid additional property: {key}", path)

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", path)
            return
        found = list(keys(value, path))
        yield from found
        if not found:
            for more in also:
                yield from more(value, path)

    return check


def tagged(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of these checks it has to pass."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", path)
        elif "type" not in value:
            yield fault("missing required field: type", path)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield fault(f"unsupported type: {value['type']}", f"{path}/type")
        else:
            rest = {key: member for key, member in value.items() if key != "type"}
            yield from kinds[value["type"]](rest, path)

    return check


def exactly_one(*keys: str) -> Check:
    """Of these keys the object has one."""
    return _count(keys, lambda present: present == 1, "must define either {}, and only one")


def at_least_one(*keys: str) -> Check:
    """Of these keys the object has one or more."""
    return _count(keys, lambda present: present > 0, "must define either {}")


def _count(keys: tuple[str, ...], right: Callable[[int], bool], sentence: str) -> Check:
    names = " or ".join(f"`{key}`" for key in keys)

    def check(value: Any, path: str) -> Iterator[str]:
        if not right(sum(key in value for key in keys)):
            yield fault(sentence.format(names), path)

    return check
