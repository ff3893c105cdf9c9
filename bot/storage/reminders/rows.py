"""The tables of reminders, the queries over them, and what their rows are read as.

`interviews.remind_at` is when an interview has to be looked at next, from its end on or since its
interviewer declined, and `reminder_people.next_digest_at` when a person has: an index on each finds
all that there is to do.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    and_,
    or_,
    select,
    text,
    true,
)

from bot.domain.organizers import Organized, replacing
from bot.domain.reminders import (
    MANAGER_AFTER,
    RECRUITER_AFTER,
    MissingScorecard,
    RemindedPerson,
    ReminderPolicy,
    is_zone,
    with_defaults,
)
from bot.domain.scorecards.closing import due_since as due_since_of
from bot.storage.panels.rows import interviews, panels
from bot.storage.schema import Moment, metadata, partial_index
from bot.storage.scorecards.closings import closings
from bot.storage.scorecards.due import (
    due_since,
    is_due,
    is_pending,
    needs_replacement,
    owner_of,
)

HAS_NEXT = text("next_digest_at IS NOT NULL")

policies = Table(
    "reminder_cadences",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("hour", Integer, nullable=False),
    Column("working_days", JSON, nullable=False),
    Column("holidays", JSON, nullable=False),
    Column("chase_days", Integer, nullable=False),
    Column("nudge_minutes", Integer),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
    Column("manager_after", Integer, nullable=False, server_default=str(MANAGER_AFTER)),
    Column("recruiter_after", Integer, nullable=False, server_default=str(RECRUITER_AFTER)),
    Column("public_holidays", Boolean, nullable=False, server_default=true()),
)
"""`nudge_minutes` is null where no nudge is to come."""

people = Table(
    "reminder_people",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("hour", Integer),
    Column("working_days", JSON(none_as_null=True)),
    Column("days_off", JSON, nullable=False),
    Column("snoozed_until", Moment),
    Column("next_digest_at", Moment),
    Column("last_digest", Date),
    Column("later_at", Moment),
    Column("holiday_country", String(2)),
    partial_index(None, "next_digest_at", where=HAS_NEXT),
)

IDS = ("workspace", "person")


@dataclass(frozen=True)
class Ended(Organized):
    """An interview that has to be looked at, with its panel and who organizes that.

    `zone` is the interviewer's as it was when the interview was set up, `organizers_zone` the one
    in which it was. `missing` is its scorecard; where its interviewer can't make it, none is.
    """

    missing: MissingScorecard
    panel: str
    interviewer: str
    zone: str
    organizers_zone: str
    starts_at: datetime
    ends_at: datetime
    entered_at: datetime | None
    declined_at: datetime | None
    set_up_by: str
    recruiter: str
    hiring_manager: str

    @property
    def is_after_the_fact(self) -> bool:
        """Whether it was over by the time it was entered."""
        return self.entered_at is not None and self.ends_at <= self.entered_at

    @property
    def to_replace(self) -> tuple[str, ...]:
        """Who is to find somebody else."""
        return replacing(self, self.interviewer)


def held_by(people: Collection[str]) -> ColumnElement[bool]:
    return interviews.c.interviewer.in_(set(people))


def ever_reassigned_to(workspace: str, people: Collection[str]) -> ColumnElement[bool]:
    """Interviews whose scorecard was reassigned to one of these people at some time.

    Asked apart from those that they hold: together SQLite would read every interview.
    """
    columns = closings.c
    reassigned = select(columns.interview).where(
        columns.workspace == workspace, columns.receiver.in_(set(people))
    )
    return interviews.c.id.in_(reassigned)


def scorecards_due(now: datetime) -> Select[Any]:
    columns = interviews.c
    return (
        select(
            columns.workspace,
            columns.id.label("interview"),
            owner_of(interviews).label("owner"),
            due_since().label("since"),
        )
        .where(*is_due(now))
        .order_by(due_since(), columns.id)
    )


def panels_organized_by(workspace: str, people: Collection[str]) -> ColumnElement[bool]:
    """Interviews of the panels that one of these people organizes."""
    columns = panels.c
    organized = select(columns.id).where(
        columns.workspace == workspace,
        or_(
            columns.set_up_by.in_(set(people)),
            columns.recruiter.in_(set(people)),
            columns.hiring_manager.in_(set(people)),
        ),
    )
    return interviews.c.panel.in_(organized)


def replacements_due() -> Select[Any]:
    columns = interviews.c
    return ended_interviews().where(*needs_replacement()).order_by(columns.declined_at, columns.id)


def interviews_to_check(now: datetime) -> Select[Any]:
    columns = interviews.c
    return (
        ended_interviews()
        .where(*is_pending(), columns.remind_at <= now)
        .order_by(columns.remind_at)
    )


def declines_to_check(now: datetime) -> Select[Any]:
    columns = interviews.c
    return (
        ended_interviews()
        .where(*needs_replacement(), columns.remind_at <= now)
        .order_by(columns.remind_at)
    )


def ended_interviews() -> Select[Any]:
    columns = interviews.c
    return select(
        columns.workspace,
        columns.id,
        columns.interviewer,
        owner_of(interviews).label("owner"),
        columns.interviewer_zone,
        columns.zone,
        columns.starts_at,
        columns.ends_at,
        columns.entered_at,
        columns.declined_at,
        columns.panel,
        panels.c.set_up_by,
        panels.c.recruiter,
        panels.c.hiring_manager,
    ).join(panels, and_(panels.c.workspace == columns.workspace, panels.c.id == columns.panel))


def people_to_check(now: datetime) -> Select[Any]:
    return select(people).where(people.c.next_digest_at <= now).order_by(people.c.next_digest_at)


def ended_of(row: RowMapping) -> Ended:
    return Ended(
        missing=MissingScorecard(
            row["workspace"],
            row["id"],
            row["owner"],
            due_since_of(row["ends_at"], row["entered_at"]),
        ),
        panel=row["panel"],
        interviewer=row["interviewer"],
        zone=row["interviewer_zone"] if is_zone(row["interviewer_zone"]) else "UTC",
        organizers_zone=row["zone"] if is_zone(row["zone"]) else "UTC",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        entered_at=row["entered_at"],
        declined_at=row["declined_at"],
        set_up_by=row["set_up_by"],
        recruiter=row["recruiter"],
        hiring_manager=row["hiring_manager"],
    )


def policy_row(item: ReminderPolicy) -> dict[str, Any]:
    return {
        "workspace": item.workspace,
        "hour": item.hour,
        "working_days": sorted(item.working_days),
        "holidays": texts_of(item.holidays),
        "chase_days": item.chase_days,
        "nudge_minutes": item.nudge_after and item.nudge_after // timedelta(minutes=1),
        "opens": item.opens,
        "closes": item.closes,
        "manager_after": item.manager_after,
        "recruiter_after": item.recruiter_after,
        "public_holidays": item.public_holidays,
    }


def person_row(item: RemindedPerson) -> dict[str, Any]:
    own = item.working_days
    return {
        **vars(item),
        "working_days": None if own is None else sorted(own),
        "days_off": texts_of(item.days_off),
    }


def policy_of(row: RowMapping) -> ReminderPolicy:
    """As it stands in the row, whether it can be worked with or not."""
    return ReminderPolicy(
        workspace=row["workspace"],
        hour=row["hour"],
        working_days=frozenset(row["working_days"]),
        holidays=days_of(row["holidays"]),
        chase_days=row["chase_days"],
        nudge_after=minutes_of(row["nudge_minutes"]),
        opens=row["opens"],
        closes=row["closes"],
        manager_after=row["manager_after"],
        recruiter_after=row["recruiter_after"],
        public_holidays=row["public_holidays"],
    )


def reminded_of(row: RowMapping) -> RemindedPerson:
    return with_defaults(person_of(row))


def person_of(row: RowMapping) -> RemindedPerson:
    """As they stand in the row, whether it can be worked with or not."""
    own = row["working_days"]
    return RemindedPerson(
        **{
            **row,
            "working_days": None if own is None else frozenset(own),
            "days_off": days_of(row["days_off"]),
        }
    )


def minutes_of(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def texts_of(days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def days_of(texts: Iterable[str]) -> frozenset[date]:
    """The days, without what is none."""
    found = set()
    for one in texts:
        with suppress(ValueError, TypeError):
            found.add(date.fromisoformat(one))
    return frozenset(found)
