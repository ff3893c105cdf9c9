"""The forms in which people choose when they are reminded, and admins for everyone."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    Option,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserMultiSelectElement,
)

from bot.domain.dates import clock_hour, full_day, short_day
from bot.domain.holidays import DayRange, ranges_of
from bot.domain.home import Home
from bot.domain.reminders import (
    CHASED_FOR,
    EARLIEST_HOUR,
    EARLIEST_OPENING,
    LADDER_AFTER,
    LATEST_CLOSING,
    LATEST_HOUR,
    NUDGES_AFTER,
    ReminderPolicy,
)
from bot.domain.settings import MOST_APPROVERS, WorkspaceSettings
from handlers.ids import (
    HOME_DAYS,
    HOME_EVERY_CHASE,
    HOME_EVERY_DAYS,
    HOME_EVERY_HOUR,
    HOME_EVERY_MANAGER,
    HOME_EVERY_NUDGE,
    HOME_EVERY_RECRUITER,
    HOME_HOLIDAY,
    HOME_HOUR,
    HOME_SNOOZE,
    SETTINGS_APPROVAL,
    SETTINGS_APPROVERS,
    SETTINGS_JOBS_CHANNEL,
    ActionId,
    FormField,
    home_hours,
)
from handlers.payloads import Token
from handlers.views.common import Json, actions, context, header, modal
from handlers.views.forms import channel_select
from handlers.views.home import holidays
from handlers.views.home.controls import labelled
from handlers.views.records import retaining
from handlers.views.rich import line, moment

MOST_DAYS = 20
AS_DEFAULT = "default"
NEVER = "never"
ON, OFF = "on", "off"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DayToken(Token):
    """A button about a day off, or several in a row."""

    day: date
    last: date | None = None

    @property
    def days(self) -> frozenset[date]:
        days = DayRange(self.day, self.last or self.day)
        days.check()
        return days.days


def settings(home: Home) -> Json:
    """When the person wants to be written to; each choice holds at once."""
    person, policy = home.person, home.policy
    calendar = person.calendar(policy)
    default = Option(text=f"Workspace default: {clock_hour(policy.hour)}", value=AS_DEFAULT)
    return _modal(
        "When I write to you",
        [
            context(f"Your time zone, from your Slack profile: {person.zone}"),
            _hours("*Daily reminder at*", HOME_HOUR, person.hour, default),
            _week("*Working days*", HOME_DAYS, calendar.working_days),
            *holidays.own_country(home),
            *holidays.days_off(sorted(person.days_off)),
            *_free(home, person.days_off, ActionId.HOME_NO_DAY_OFF),
            *_pause(home),
        ],
    )


def everyone(home: Home) -> Json:
    """*Workspace settings*: all that admins choose for everyone, a part for each feature."""
    policy = home.policy
    return _modal(
        "Workspace settings",
        [
            header("Jobs"),
            _jobs_channel(home.settings),
            *_approval(home.settings),
            *(retaining.controls(home.retention) if home.retention else []),
            header("Reminders"),
            context("For everyone who hasn't chosen otherwise on their Home tab."),
            _hours("*Daily reminder at*", HOME_EVERY_HOUR, policy.hour),
            labelled("*Remind for*", HOME_EVERY_CHASE, _chase(policy.chase_days)),
            _week("*Working days*", HOME_EVERY_DAYS, policy.working_days),
            labelled("*Right after an interview*", HOME_EVERY_NUDGE, _nudge(policy.nudge_after)),
            *_nudge_hours(policy),
            *_ladder(policy),
            labelled(
                "*Holidays*", HOME_HOLIDAY, _day(HOME_HOLIDAY, "Add a day"), sorted(policy.holidays)
            ),
            *_free(home, policy.holidays, ActionId.HOME_NO_HOLIDAY),
            *holidays.everybodys(policy),
            *holidays.company_calendar(home),
        ],
    )


def _jobs_channel(settings: WorkspaceSettings) -> Block:
    """Where jobs are usually posted."""
    action = SETTINGS_JOBS_CHANNEL.action
    channels = channel_select(action, settings.jobs_channel, "public", "private")
    words = "*Where jobs are posted*\nSuggested to whoever posts one."
    return labelled(words, SETTINGS_JOBS_CHANNEL, channels)


def _approval(settings: WorkspaceSettings) -> list[Block]:
    """Whether somebody else approves jobs, and who."""
    options = [
        Option(text="Not required", value=OFF),
        Option(text="Required", value=ON),
    ]
    chosen = ON if settings.approval else OFF
    select = _select(SETTINGS_APPROVAL.action, options, chosen)
    people = UserMultiSelectElement(
        action_id=SETTINGS_APPROVERS.action,
        placeholder=PlainTextObject(text="Choose people"),
        initial_users=list(settings.approvers) or None,
        max_selected_items=MOST_APPROVERS,
    )
    return [
        context(
            "If approval is required, someone else reads each job before it's posted, and changes "
            "to an open job before they show."
        ),
        labelled("*Approval*", SETTINGS_APPROVAL, select),
        labelled("*Who approves*\nAdmins may, too.", SETTINGS_APPROVERS, people),
    ]


def as_it_holds(view: Json, chosen_in: str) -> Json:
    """The view with another id for the block that somebody chose in, where it still has the same:
    so what was refused doesn't go on standing there as if it held."""
    for block in view["blocks"]:
        if block.get("block_id") == chosen_in:
            block["block_id"] = f"{chosen_in}."
    return view


def _modal(title: str, blocks: Sequence[Block]) -> Json:
    return modal(title, blocks, close="Done")


def in_words(home: Home, days_off: Collection[date]) -> str:
    """When somebody is written to, in a line."""
    calendar, count = home.person.calendar(home.policy), len(days_off)
    off = f"{count or 'no'} day{'' if count == 1 else 's'} off"
    words = f"{_days(calendar.working_days)} from {clock_hour(calendar.hour)}, your time"
    return " · ".join([words, off, *holidays.in_words(home)])


def _days(days: Collection[int]) -> str:
    """Such as "Mon–Fri" or "Mon, Wed"."""
    names = [WEEK[day][:3] for day in sorted(days)]
    if not names:
        return "No working days"
    in_a_row = sorted(days) == list(range(min(days), max(days) + 1))
    return f"{names[0]}–{names[-1]}" if in_a_row and len(names) > 2 else ", ".join(names)


def _hours(text: str, field: FormField, chosen: int | None, *before: Option) -> Block:
    hours = range(EARLIEST_HOUR, LATEST_HOUR + 1)
    options = [*before, *(Option(text=clock_hour(one), value=str(one)) for one in hours)]
    value = AS_DEFAULT if chosen is None else str(chosen)
    return labelled(text, field, _select(field.action, options, value))


def _chase(days: int) -> StaticSelectElement:
    numbers = sorted({*CHASED_FOR, days})
    options = [Option(text=f"{one} working days", value=str(one)) for one in numbers]
    return _select(ActionId.HOME_EVERY_CHASE, options, str(days))


def _nudge(after: timedelta | None) -> StaticSelectElement:
    lengths = sorted({*NUDGES_AFTER, *filter(None, [after])})
    options = [
        Option(text="Never", value=NEVER),
        *(Option(text=f"{_length(one)} after it ends", value=_minutes(one)) for one in lengths),
    ]
    return _select(ActionId.HOME_EVERY_NUDGE, options, _minutes(after) if after else NEVER)


def _nudge_hours(policy: ReminderPolicy) -> list[Block]:
    """From and until when nudges may come; only what leaves an hour in between is offered."""
    if policy.nudge_after is None:
        return []
    begin, end = home_hours(policy.opens, policy.closes)
    froms = range(EARLIEST_OPENING, policy.closes)
    untils = range(policy.opens + 1, LATEST_CLOSING + 1)
    selects = actions(
        [
            _hour(begin.action, "From", froms, policy.opens),
            _hour(end.action, "Until", untils, policy.closes),
        ]
    )
    selects.block_id = begin.block
    return [selects]


def _ladder(policy: ReminderPolicy) -> list[Block]:
    """Who else hears that a scorecard is late, and when."""
    return [
        labelled(
            "*Tell the hiring manager*",
            HOME_EVERY_MANAGER,
            _after(HOME_EVERY_MANAGER, policy.manager_after),
        ),
        labelled(
            "*Ask the recruiter to act*",
            HOME_EVERY_RECRUITER,
            _after(HOME_EVERY_RECRUITER, policy.recruiter_after),
        ),
    ]


def _after(field: FormField, chosen: int) -> StaticSelectElement:
    """After how many working days of a scorecard being due."""
    days = sorted({*LADDER_AFTER, chosen})
    options = [Option(text=_days_due(one), value=str(one)) for one in days]
    return _select(field.action, options, str(chosen))


def _days_due(days: int) -> str:
    if not days:
        return "Never"
    return f"After {days} working day{'' if days == 1 else 's'}"


def _hour(action: str, word: str, hours: Iterable[int], chosen: int) -> StaticSelectElement:
    options = [Option(text=f"{word} {clock_hour(one)}", value=str(one)) for one in hours]
    select = _select(action, options, str(chosen))
    select.placeholder = PlainTextObject(text=word)
    return select


def _length(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    hours = minutes // 60
    return f"{minutes} minutes" if minutes % 60 else f"{hours} hour{'s' if hours > 1 else ''}"


def _minutes(length: timedelta) -> str:
    return str(length // timedelta(minutes=1))


def _select(action: str, options: Sequence[Option], chosen: str) -> StaticSelectElement:
    return StaticSelectElement(
        action_id=action,
        options=options,
        initial_option=next(one for one in options if one.value == chosen),
    )


def _week(text: str, field: FormField, days: Collection[int]) -> Block:
    week = [Option(text=name, value=str(day)) for day, name in enumerate(WEEK)]
    return labelled(
        text,
        field,
        StaticMultiSelectElement(
            action_id=field.action,
            options=week,
            initial_options=[week[day] for day in sorted(days)] or None,
            placeholder=PlainTextObject(text="None"),
        ),
    )


def _day(field: FormField, placeholder: str) -> DatePickerElement:
    return DatePickerElement(action_id=field.action, placeholder=PlainTextObject(text=placeholder))


def _free(home: Home, days: Collection[date], action: ActionId) -> list[Block]:
    """The next of these days, those in a row as one, each to be taken away by a press."""
    today = home.person.calendar(home.policy).day_of(home.now)
    buttons = [
        ButtonElement(
            text=f"{_range(one)} ✕",
            action_id=f"{action}:{one.first.isoformat()}",
            value=DayToken(day=one.first, last=one.last).dump(),
        )
        for one in ranges_of(day for day in days if day >= today)[:MOST_DAYS]
    ]
    return [actions(buttons)] if buttons else []


def _range(days: DayRange) -> str:
    """Such as "Mon, Dec 21, 2026" or "Mon, Dec 21 – Sun, Jan 3, 2027"."""
    if days.first == days.last:
        return full_day(days.first)
    is_one_year = days.first.year == days.last.year
    first = short_day(days.first) if is_one_year else full_day(days.first)
    return f"{first} – {full_day(days.last)}"


def _pause(home: Home) -> list[Block]:
    until = home.person.snoozed_until if home.sleeps else None
    blocks = [
        labelled("*Pause reminders until*", HOME_SNOOZE, _day(HOME_SNOOZE, "Choose a day"), until)
    ]
    return blocks if until is None else [*blocks, *paused(until, home.person.zone)]


def paused(until: datetime, zone: str) -> list[Block]:
    """That there are no reminders before then, and how to have them again."""
    wake = ButtonElement(text="Resume reminders", action_id=ActionId.HOME_WAKE)
    return [line("Reminders are paused until ", moment(until, zone), "."), actions([wake])]
