"""A page as it is sent: whole, in both forms, and with what tells whether it is another."""

import gzip
import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

COMPRESS_FROM = 1000
"""Bytes; what is smaller fits into the first packet anyway."""


class MediaType(StrEnum):
    HTML = "text/html; charset=utf-8"
    CSS = "text/css; charset=utf-8"
    TEXT = "text/plain; charset=utf-8"
    XML = "application/xml; charset=utf-8"
    ATOM = "application/atom+xml; charset=utf-8"
    JSON_FEED = "application/feed+json; charset=utf-8"
    SVG = "image/svg+xml"
    PNG = "image/png"


@dataclass(frozen=True, eq=False)
class Page:
    """What stands at an address. `compressed` is None where that is no shorter."""

    body: bytes
    compressed: bytes | None
    media_type: MediaType
    etag: str
    changed_at: datetime
    status: int = 200
    is_static: bool = False


@dataclass(frozen=True)
class Moved:
    """The address is another one, which is given whole."""

    to: str


def page_of(
    body: bytes,
    media_type: MediaType,
    changed_at: datetime,
    status: int = 200,
    *,
    is_static: bool = False,
) -> Page:
    """The page of these bytes."""
    short = None
    if media_type is not MediaType.PNG and len(body) >= COMPRESS_FROM:
        short = gzip.compress(body, compresslevel=6, mtime=0)
    return Page(
        body=body,
        compressed=short,
        media_type=media_type,
        etag=hashlib.sha256(body).hexdigest()[:24],
        changed_at=changed_at.replace(microsecond=0),
        status=status,
        is_static=is_static,
    )
