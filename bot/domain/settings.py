"""What a workspace has chosen for everyone in it, reminders aside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bot.domain.debriefs.answers import FEWEST_DAYS, MOST_DAYS, USUAL_DAYS
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
    suggested to whoever posts one. `two_deciders`: a decision counts once a second decider confirms
    it. `answer_days`: so many working days after their last interview candidates hear.

    A setting is a column with a default, so that a workspace that never chose has none of this.
    """

    workspace: str
    approval: bool = False
    approvers: tuple[str, ...] = ()
    jobs_channel: str | None = None
    two_deciders: bool = False
    answer_days: int = USUAL_DAYS

    def check(self, admins: Collection[str]) -> None:
        """Raises UserError where it cannot be kept. `admins` are those who are known by name: where
        Slack says who is one, nobody can be told of a job that waits for them."""
        if len(self.approvers) > MOST_APPROVERS:
            raise UserError(f"Choose {MOST_APPROVERS} people at most.")
        if not FEWEST_DAYS <= self.answer_days <= MOST_DAYS:
            raise UserError(f"Choose {FEWEST_DAYS} to {MOST_DAYS} working days.")
        if self.approval and len({*self.approvers, *admins}) < 2:
            raise UserError(TOO_FEW_APPROVERS)


OF_DEBRIEFS = frozenset({"two_deciders", "answer_days"})
"""The settings of the workspace that are about debriefs rather than openings."""


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
            f"{'debriefs.' if field.name in OF_DEBRIEFS else prefix}{field.name}",
            getattr(has, field.name),
            getattr(has, field.name) == getattr(default, field.name),
        )
        for prefix, (has, default) in parts.items()
        for field in fields(has)
        if field.name != "workspace"
    )
    return (*by_field, Chosen("reminders.company_calendar", where, not where))
