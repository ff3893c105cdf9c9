"""The app's home, whose every line is the reader's own."""

from collections.abc import Collection, Sequence
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    DividerBlock,
    Option,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain.home import Home
from bot.domain.reminders import EARLIEST_HOUR, LATEST_HOUR
from bot.domain.scorecards import Duty
from handlers.ids import (
    HOME_DAY_OFF,
    HOME_DAYS,
    HOME_EVERY_DAYS,
    HOME_EVERY_HOUR,
    HOME_HOLIDAY,
    HOME_HOUR,
    HOME_SNOOZE,
    ActionId,
    Field,
)
from handlers.payloads import Token
from handlers.views.common import Json, actions, context, header, mrkdwn
from handlers.views.rich import LONG, SHORT, bold, line, moment
from handlers.views.scorecards import OpenToken

MOST_LISTED = 10
MOST_DAYS = 20
AS_EVERYBODY = "default"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DayToken(Token):
    """A button about a day off."""

    day: date


def home(it: Home) -> Json:
    blocks: list[Block] = [
        header("What you owe"),
        *_owed(it),
        DividerBlock(),
        header("Your coming interviews"),
        *_coming(it),
        DividerBlock(),
        header("Your reminders"),
        _next(it),
        *_settings(it),
        *(_for_everybody(it) if it.is_admin else []),
    ]
    return View(type="home", blocks=blocks).to_dict()


def _owed(it: Home) -> list[Block]:
    if not it.owed:
        return [line("Nothing: every scorecard is in. Thank you!")]
    blocks: list[Block] = []
    for duty in it.owed[:MOST_LISTED]:
        fill = ButtonElement(
            text="Fill now",
            action_id=ActionId.SCORECARD_OPEN,
            value=OpenToken(interview=duty.interview).dump(),
            style="primary",
        )
        blocks += [_interview(duty, it), actions([fill])]
    more = len(it.owed) - MOST_LISTED
    return [*blocks, context(f"And {more} more.")] if more > 0 else blocks


def _coming(it: Home) -> Sequence[Block]:
    return [_interview(duty, it) for duty in it.coming] or [line("None.")]


def _interview(duty: Duty, it: Home) -> Block:
    when = moment(duty.starts_at, it.person.zone, SHORT)
    return line(bold(duty.candidate), f"\n{duty.role} · ", when)


def _next(it: Home) -> Block:
    """When the next reminder comes, and why."""
    count = len(it.owed)
    owes = "one scorecard" if count == 1 else f"{count} scorecards"
    if it.next_at is None and not count:
        return line("No reminder is due, since you owe nothing.")
    if it.next_at is None:
        return line(f"You owe {owes}, but for so long that I have stopped reminding you.")
    when = moment(it.next_at, it.person.zone, LONG)
    hour = it.person.calendar(it.cadence).hour
    why = f", since you owe {owes}: it is your next working day at {hour:02}:00."
    if it.sleeps:
        why = f", since you owe {owes} and have asked to be left alone until then."
    return line("The next reminder comes ", when, why)


def _settings(it: Home) -> list[Block]:
    person = it.person
    calendar = person.calendar(it.cadence)
    everybody = Option(text=f"As everybody: {it.cadence.hour:02}:00", value=AS_EVERYBODY)
    return [
        context(f"Your time zone, from your Slack profile: {person.zone}"),
        _hours("*Reminded at*", HOME_HOUR, person.hour, everybody),
        _week("*Working days*", HOME_DAYS, calendar.working_days),
        _labelled("*Days off*", HOME_DAY_OFF, _day(HOME_DAY_OFF, "Add a day")),
        *_free(it, person.days_off, ActionId.HOME_NO_DAY_OFF),
        *_snooze(it),
    ]


def _for_everybody(it: Home) -> list[Block]:
    """What an admin chooses for whoever has made no choice."""
    cadence = it.cadence
    return [
        DividerBlock(),
        header("Everybody's reminders"),
        context("You see this as an admin. It holds for whoever has not chosen otherwise."),
        _hours("*Reminded at*", HOME_EVERY_HOUR, cadence.hour),
        _week("*Working days*", HOME_EVERY_DAYS, cadence.working_days),
        _labelled("*Holidays*", HOME_HOLIDAY, _day(HOME_HOLIDAY, "Add a day")),
        *_free(it, cadence.holidays, ActionId.HOME_NO_HOLIDAY),
    ]


def _hours(text: str, field: Field, hour: int | None, *before: Option) -> Block:
    hours = range(EARLIEST_HOUR, LATEST_HOUR + 1)
    options = [*before, *(Option(text=f"{one:02}:00", value=str(one)) for one in hours)]
    chosen = next((one for one in options if one.value == str(hour)), options[0])
    return _labelled(
        text,
        field,
        StaticSelectElement(action_id=field.action, options=options, initial_option=chosen),
    )


def _week(text: str, field: Field, days: Collection[int]) -> Block:
    week = [Option(text=name, value=str(day)) for day, name in enumerate(WEEK)]
    return _labelled(
        text,
        field,
        StaticMultiSelectElement(
            action_id=field.action,
            options=week,
            initial_options=[week[day] for day in sorted(days)] or None,
            placeholder=PlainTextObject(text="None"),
        ),
    )


def _day(field: Field, placeholder: str) -> DatePickerElement:
    return DatePickerElement(action_id=field.action, placeholder=PlainTextObject(text=placeholder))


def _free(it: Home, days: Collection[date], action: ActionId) -> list[Block]:
    """The next of these days, each to be taken away by a press."""
    today = it.person.calendar(it.cadence).day_of(it.now)
    buttons = [
        ButtonElement(
            text=f"{day:%a} {day.day} {day:%b %Y} ✕",
            action_id=f"{action}:{day.isoformat()}",
            value=DayToken(day=day).dump(),
        )
        for day in sorted(day for day in days if day >= today)[:MOST_DAYS]
    ]
    return [actions(buttons)] if buttons else []


def _snooze(it: Home) -> list[Block]:
    until = it.person.snoozed_until
    picker = _labelled(
        "*Leave me alone until*",
        HOME_SNOOZE,
        _day(HOME_SNOOZE, "A day"),
    )
    if until is None or not it.sleeps:
        return [picker]
    wake = ButtonElement(text="Remind me again from now on", action_id=ActionId.HOME_WAKE)
    quiet = line("You are left alone until ", moment(until, it.person.zone, LONG), ".")
    return [picker, quiet, actions([wake])]


def _labelled(text: str, field: Field, element: object) -> Block:
    block = mrkdwn(text)
    block.block_id = field.block
    block.accessory = element  # type: ignore[assignment]
    return block
