"""The chain of hashes that seals what was done: whoever changes or removes an entry breaks it.

Entries are sealed in batches. A batch's digest is made from its entries, its hash from the digest
and the hash of the batch before: so the last hash, the head, stands for everything before it. When
entries are old enough to go, their batch's digest and hash stay as the anchor of what follows.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.domain.audit import AuditEntry

OWN = ""
"""The chain of what was done here, rather than where an import came from."""

BEGINNING = "0" * 64
"""In place of the hash before the first."""

BATCH = 200
"""Entries that are sealed at once, so that a fault is known to be among so many."""


@dataclass(frozen=True)
class Seal:
    """A batch: `number` from 1 on, of how many entries, and from when to when they are. `aged_at`:
    its entries are gone, because of their age."""

    workspace: str
    chain: str
    number: int
    sealed_at: datetime
    first_at: datetime
    last_at: datetime
    count: int
    digest: str
    hash: str
    aged_at: datetime | None = None


class Broken(StrEnum):
    """What is the matter with a batch."""

    ENTRIES = "entries were changed, added or removed"
    LINK = "the seal doesn't follow from the one before"
    GAP = "a batch is missing before it"


@dataclass(frozen=True)
class Fault:
    """A batch that doesn't hold, and why."""

    seal: Seal
    why: Broken


def digest_of(entries: Iterable[AuditEntry]) -> str:
    """What a batch of entries comes to, whatever order they are given in."""
    found = hashlib.sha256()
    for line in sorted(_line(one) for one in entries):
        found.update(line.encode())
        found.update(b"\n")
    return found.hexdigest()


def hash_of(before: str, number: int, count: int, digest: str) -> str:
    """What a batch's hash is, after that of the batch before."""
    return hashlib.sha256(f"{before}:{number}:{count}:{digest}".encode()).hexdigest()


def sealed(
    workspace: str, chain: str, entries: Sequence[AuditEntry], last: Seal | None, now: datetime
) -> Seal:
    """The seal of the entries that follow after the last batch; there is one at least."""
    number = last.number + 1 if last is not None else 1
    before = last.hash if last is not None else BEGINNING
    digest, moments = digest_of(entries), [one.at for one in entries]
    return Seal(
        workspace,
        chain,
        number,
        now,
        min(moments),
        max(moments),
        len(entries),
        digest,
        hash_of(before, number, len(entries), digest),
    )


def link_fault(seal: Seal, before: Seal | None) -> Fault | None:
    """Whether the seal follows from the one before it."""
    expected = before.number + 1 if before is not None else 1
    if seal.number != expected:
        return Fault(seal, Broken.GAP)
    last = before.hash if before is not None else BEGINNING
    is_right = seal.hash == hash_of(last, seal.number, seal.count, seal.digest)
    return None if is_right else Fault(seal, Broken.LINK)


def entries_fault(seal: Seal, entries: Sequence[AuditEntry]) -> Fault | None:
    """Whether the batch's entries are those that were sealed; of an aged one, whether none is
    there."""
    if seal.aged_at is not None and not entries:
        return None
    is_right = len(entries) == seal.count and digest_of(entries) == seal.digest
    return None if is_right else Fault(seal, Broken.ENTRIES)


def _line(one: AuditEntry) -> str:
    """One entry in the one way in which it is hashed, whatever database it came from."""
    parts = [
        one.workspace,
        one.id,
        one.at.astimezone(UTC).isoformat(timespec="microseconds"),
        one.actor,
        one.action,
        one.subject,
        one.revision,
        one.part,
        list(one.fields),
    ]
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
