"""What a workspace has chosen for everyone in it, reminders aside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bot.domain.holidays import HolidayCalendar
from bot.domain.records.retention import RetentionPolicy
from bot.domain.reminders import ReminderPolicy
from bot.errors import UserError

MOST_APPROVERS = 10

TOO_FEW_APPROVERS = (
    "Choose more people who approve first. No one approves their own job, so it takes at least 2 "
    "people who may: those chosen here, and the admins that PANELIST_ADMINS names."
)


@dataclass(frozen=True)
class WorkspaceSettings:
    """`approval`: whether somebody else approves a job before anything of it is public. Admins may
    approve, and so may the `approvers`. `jobs_channel` is where jobs are usually posted: it's
    suggested to whoever posts one.

    A setting is a column with a default, so that a workspace that never chose has none of this.
    """

    workspace: str
    approval: bool = False
    approvers: tuple[str, ...] = ()
    jobs_channel: str | None = None

    def check(self, admins: Collection[str]) -> None:
        """Raises UserError where it cannot be kept. `admins` are those who are known by name: where
        Slack says who is one, nobody can be told of a job that waits for them."""
        if len(self.approvers) > MOST_APPROVERS:
            raise UserError(f"Choose {MOST_APPROVERS} people at most.")
        if self.approval and len({*self.approvers, *admins}) < 2:
            raise UserError(TOO_FEW_APPROVERS)


@dataclass(frozen=True)
class Chosen:
    """A setting as it holds; `is_default`: the workspace has not chosen it, or chosen the same."""

    name: str
    value: Any
    is_default: bool


def all_chosen(
    settings: WorkspaceSettings,
    policy: ReminderPolicy,
    retention: RetentionPolicy,
    calendars: Sequence[HolidayCalendar] = (),
) -> tuple[Chosen, ...]:
    """Each setting of the workspace, in the order in which *Workspace settings* shows them."""
    workspace = settings.workspace
    parts: Mapping[str, tuple[Any, Any]] = {
        "openings.": (settings, WorkspaceSettings(workspace)),
        "reminders.": (policy, ReminderPolicy(workspace)),
        "retention.": (retention, RetentionPolicy(workspace)),
    }
    where = tuple(one.where for one in calendars)
    by_field = tuple(
        Chosen(
            f"{prefix}{field.name}",
            getattr(has, field.name),
            getattr(has, field.name) == getattr(default, field.name),
        )
        for prefix, (has, default) in parts.items()
        for field in fields(has)
        if field.name != "workspace"
    )
    return (*by_field, Chosen("reminders.company_calendar", where, not where))
