"""For how long a workspace keeps what it has, and when it begins to let it go."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import UserError

DAYS = 365
MESSAGES_DAYS = 400
AUDIT_DAYS = 1095

FEWEST_DAYS, MOST_DAYS = 30, 3650
NOTICE = timedelta(days=14)
"""For so long admins see what would be erased before anything first is."""

NIGHT = range(2, 5)
"""The hours, in UTC, in which what is old enough is erased."""


@dataclass(frozen=True)
class RetentionPolicy:
    """After how many days a candidate is erased: `days` after the decision, `not_hired_days` where
    they were not hired and the workspace has chosen another number for that. An application that
    nobody decided about ages from the last thing that happened with it. None keeps everybody.

    `messages_days` is for how long it's remembered which messages were sent that are about no
    candidate alone, `audit_days` for how long who did what. No candidate may outlive either: their
    messages could not be found any more.
    """

    workspace: str
    days: int | None = DAYS
    not_hired_days: int | None = None
    messages_days: int = MESSAGES_DAYS
    audit_days: int = AUDIT_DAYS

    @property
    def is_on(self) -> bool:
        return self.days is not None

    def age(self, *, is_hired: bool) -> timedelta | None:
        """How long after their end somebody is kept; None for good."""
        if self.days is None:
            return None
        others = self.days if self.not_hired_days is None else self.not_hired_days
        return timedelta(days=self.days if is_hired else others)

    def check(self) -> None:
        """Raises UserError where it can't hold."""
        for days in (self.days, self.not_hired_days, self.messages_days, self.audit_days):
            if days is not None and not FEWEST_DAYS <= days <= MOST_DAYS:
                raise UserError(f"Choose from {FEWEST_DAYS} to {MOST_DAYS} days.")
        longest = max(self.days or 0, self.not_hired_days or 0)
        if self.is_on and longest > min(self.messages_days, self.audit_days):
            raise UserError(
                "Sent messages and the audit have to be kept for at least as long as candidates."
            )


@dataclass(frozen=True)
class Retention:
    """What a workspace has chosen; `announced_at` is since when admins see what would be erased,
    `due` how many candidates were old enough when that was counted last."""

    policy: RetentionPolicy
    announced_at: datetime | None = None
    due: int = 0

    @property
    def begins_at(self) -> datetime | None:
        """When candidates are erased for the first time; None where that is not known yet, or
        everybody is kept."""
        if self.announced_at is None or not self.policy.is_on:
            return None
        return self.announced_at + NOTICE

    def is_announced_only(self, now: datetime) -> bool:
        return self.begins_at is not None and now < self.begins_at

    def may_erase(self, now: datetime) -> bool:
        return self.begins_at is not None and now >= self.begins_at


@dataclass(frozen=True)
class Ended:
    """A candidate, by their id, with the last moment from which they age."""

    candidate: str
    ended_at: datetime
    is_hired: bool

    def due_at(self, policy: RetentionPolicy) -> datetime | None:
        """When they are to be erased; None where they are kept."""
        age = policy.age(is_hired=self.is_hired)
        return None if age is None else self.ended_at + age


def longer_messages(policy: RetentionPolicy) -> RetentionPolicy:
    """The same with sent messages and audit kept for as long as candidates are, at least."""
    longest = max(policy.days or 0, policy.not_hired_days or 0)
    return replace(
        policy,
        messages_days=max(policy.messages_days, longest),
        audit_days=max(policy.audit_days, longest),
    )
