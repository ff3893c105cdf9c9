"""Who did what, when."""

import secrets
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AuditEntry:
    """Something that was done: ids and the names of fields, never what stands in them.

    `subject` is what it was done to, at which `revision`, and `part` the part of it, where one
    is meant. `at` is in UTC.
    """

    id: str
    workspace: str
    at: datetime
    actor: str
    action: str
    subject: str
    revision: int
    part: str | None = None
    fields: tuple[str, ...] = ()


def new_id() -> str:
    """An id that nothing else has."""
    return secrets.token_hex(8)
