"""Addresses of pages, told apart from texts."""

import re
from urllib.parse import quote

UNSEEN = re.compile(r"[\s\x00-\x1f\x7f<>\"]")


class Link(str):
    """An http(s) address, which goes wherever it goes as it is: what escapes texts leaves it."""

    __slots__ = ()


def link_of(address: str) -> Link:
    """The address without anything that could end it."""
    return Link(UNSEEN.sub(lambda found: quote(found[0]), address))
