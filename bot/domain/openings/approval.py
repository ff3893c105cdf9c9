"""Approval: that somebody else reads a job before anything of it is public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.audit import AuditEntry
from bot.domain.openings.public import PUBLIC_FIELDS, PublicPart
from bot.errors import UserError

LONGEST_REASON = 1000


class ApprovalState(StrEnum):
    """What has become of an opening that was sent for approval."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    """By its people, or because the job is over."""
    NOT_REQUIRED = "not_required"
    """Approval was switched off meanwhile."""


@dataclass(frozen=True)
class Approval:
    """An opening that was sent for approval, for the `number`th time.

    `version` is the opening's when it was sent, and once it is approved the one that was approved;
    `public` is then what was. `reason` is why it was sent back, for whoever sent it alone.
    """

    opening: str
    number: int
    version: int
    sent_by: str
    sent_at: datetime
    state: ApprovalState = ApprovalState.WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    public: PublicPart | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state is ApprovalState.WAITING


@dataclass(frozen=True)
class Clearance:
    """How far an opening is with its approval: the latest time it was sent, and what was approved
    last. `held` names what was changed of an open job and isn't shown before it is approved."""

    is_required: bool
    latest: Approval | None = None
    approved: PublicPart | None = None
    held: tuple[str, ...] = ()

    @property
    def is_waiting(self) -> bool:
        return self.latest is not None and self.latest.is_waiting

    def allows(self, public: PublicPart) -> bool:
        """Whether this may be made public."""
        return not self.is_required or self.approved == public


def writers(
    author: str, sent_by: Iterable[str], since_approved: Iterable[AuditEntry]
) -> frozenset[str]:
    """Who wrote what is to be approved, and so doesn't approve it: whoever made the opening, sent
    it, or changed what is public since it was approved."""
    changed = (one.actor for one in since_approved if PUBLIC_FIELDS.intersection(one.fields))
    return frozenset({author, *sent_by, *changed})


def checked_reason(text: str | None) -> str:
    """Raises UserError where it says nothing."""
    reason = (text or "").strip()
    if not reason:
        raise UserError("Say what should change.")
    return reason[:LONGEST_REASON]
