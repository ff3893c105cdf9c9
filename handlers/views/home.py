"""The app's home, whose every line is the reader's own."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    DividerBlock,
    InteractiveElement,
    Option,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain.dates import clock_hour, full_day
from bot.domain.home import Home, ReminderReason
from bot.domain.reminders import (
    CHASED_FOR,
    EARLIEST_HOUR,
    EARLIEST_OPENING,
    LATEST_CLOSING,
    LATEST_HOUR,
    NUDGES_AFTER,
    ReminderPolicy,
)
from bot.domain.scorecards.closing import DueScorecard
from handlers.ids import (
    HOME_DAY_OFF,
    HOME_DAYS,
    HOME_EVERY_CHASE,
    HOME_EVERY_DAYS,
    HOME_EVERY_HOUR,
    HOME_EVERY_NUDGE,
    HOME_HOLIDAY,
    HOME_HOUR,
    HOME_SNOOZE,
    ActionId,
    FormField,
    home_hours,
)
from handlers.payloads import Token
from handlers.views.common import Json, actions, context, header, mrkdwn, plain
from handlers.views.rich import Part, Parts, bold, line, moment
from handlers.views.scorecards.form import OpenToken

MOST_LISTED = 10
MOST_DAYS = 20
AS_EVERYBODY = "default"
NEVER = "never"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DayToken(Token):
    """A button about a day off."""

    day: date


def closed(text: str) -> Json:
    """The home of somebody it is not for, with the sentence that says so."""
    return View(type="home", blocks=[plain(text)]).to_dict()


def home(home: Home) -> Json:
    blocks: list[Block] = [
        header("What you owe"),
        *_due(home),
        DividerBlock(),
        header("Your coming interviews"),
        *_coming(home),
        DividerBlock(),
        header("Your reminders"),
        _next(home),
        *_settings(home),
        *(_for_everybody(home) if home.is_admin else []),
    ]
    return View(type="home", blocks=blocks).to_dict()


def _due(home: Home) -> list[Block]:
    if not home.due:
        return [line("Nothing: every scorecard is in. Thank you!")]
    blocks: list[Block] = []
    for due in home.due[:MOST_LISTED]:
        fill = ButtonElement(
            text="Fill now",
            action_id=ActionId.SCORECARD_OPEN,
            value=OpenToken(interview=due.interview).dump(),
            style="primary",
        )
        blocks += [_interview(due, home), actions([fill])]
    return [*blocks, *_more(home.due)]


def _coming(home: Home) -> list[Block]:
    if not home.coming:
        return [line("None.")]
    listed = [_interview(due, home, *_declined(due)) for due in home.coming[:MOST_LISTED]]
    return [*listed, *_more(home.coming)]


def _more(due_scorecards: Sequence[DueScorecard]) -> list[Block]:
    more = len(due_scorecards) - MOST_LISTED
    return [context(f"And {more} more.")] if more > 0 else []


def _declined(due: DueScorecard) -> Parts:
    is_told = due.declined_at is not None and due.owner == due.interviewer
    return ("\nYou can't make it, and those who organise the panel know.",) if is_told else ()


def _interview(due: DueScorecard, home: Home, *more: Part) -> Block:
    when = moment(due.starts_at, home.person.zone)
    return line(bold(due.candidate), f"\n{due.role} · ", when, *more)


def _next(home: Home) -> Block:
    """When the next reminder comes, and why."""
    count = len(home.due)
    owes = "one scorecard" if count == 1 else f"{count} scorecards"
    if home.next is None and not count:
        return line("No reminder is due, since you owe nothing.")
    calendar = home.person.calendar(home.policy)
    if home.next is None and not calendar.working_days:
        return line(f"You owe {owes}, but with no working days chosen I remind you of nothing.")
    if home.next is None:
        return line(f"You owe {owes}, but for so long that I remind you no more.")
    when = moment(home.next.at, home.person.zone)
    why = {
        ReminderReason.DIGEST: (
            f"since you owe {owes}: it is your next working day at {clock_hour(calendar.hour)}."
        ),
        ReminderReason.LATER: f"since you owe {owes} and have asked to be reminded again then.",
        ReminderReason.NUDGE: (
            "since an interview of yours is just over and its scorecard is not in."
        ),
    }[home.next.why]
    if home.sleeps:
        why = f"since you owe {owes} and have asked to be left alone until then."
    return line("The next reminder comes ", when, f", {why}")


def _settings(home: Home) -> list[Block]:
    person = home.person
    calendar = person.calendar(home.policy)
    everybody = Option(text=f"As everybody: {clock_hour(home.policy.hour)}", value=AS_EVERYBODY)
    return [
        context(f"Your time zone, from your Slack profile: {person.zone}"),
        _hours("*Reminded at*", HOME_HOUR, person.hour, everybody),
        _week("*Working days*", HOME_DAYS, calendar.working_days),
        _labelled(
            "*Days off*", HOME_DAY_OFF, _day(HOME_DAY_OFF, "Add a day"), sorted(person.days_off)
        ),
        *_free(home, person.days_off, ActionId.HOME_NO_DAY_OFF),
        *_snooze(home),
    ]


def _for_everybody(home: Home) -> list[Block]:
    """What an admin chooses for whoever has made no choice."""
    policy = home.policy
    return [
        DividerBlock(),
        header("Everybody's reminders"),
        context("You see this as an admin. It holds for whoever has not chosen otherwise."),
        _hours("*Reminded at*", HOME_EVERY_HOUR, policy.hour),
        _labelled("*Reminded for*", HOME_EVERY_CHASE, _chase(policy.chase_days)),
        _week("*Working days*", HOME_EVERY_DAYS, policy.working_days),
        _labelled("*Nudged once*", HOME_EVERY_NUDGE, _nudge(policy.nudge_after)),
        *_nudge_hours(policy),
        _labelled(
            "*Holidays*", HOME_HOLIDAY, _day(HOME_HOLIDAY, "Add a day"), sorted(policy.holidays)
        ),
        *_free(home, policy.holidays, ActionId.HOME_NO_HOLIDAY),
    ]


def _hours(text: str, field: FormField, chosen: int | None, *before: Option) -> Block:
    hours = range(EARLIEST_HOUR, LATEST_HOUR + 1)
    options = [*before, *(Option(text=clock_hour(one), value=str(one)) for one in hours)]
    value = AS_EVERYBODY if chosen is None else str(chosen)
    return _labelled(text, field, _select(field.action, options, value))


def _chase(days: int) -> StaticSelectElement:
    numbers = sorted({*CHASED_FOR, days})
    options = [Option(text=f"{one} working days", value=str(one)) for one in numbers]
    return _select(ActionId.HOME_EVERY_CHASE, options, str(days))


def _nudge(after: timedelta | None) -> StaticSelectElement:
    lengths = sorted({*NUDGES_AFTER, *filter(None, [after])})
    options = [
        Option(text="Never", value=NEVER),
        *(Option(text=f"{_length(one)} after the end", value=_minutes(one)) for one in lengths),
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


def _hour(action: str, word: str, hours: Iterable[int], chosen: int) -> StaticSelectElement:
    options = [Option(text=f"{word} {clock_hour(one)}", value=str(one)) for one in hours]
    select = _select(action, options, str(chosen))
    select.placeholder = PlainTextObject(text=word)
    return select


def _length(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    return f"{minutes} min" if minutes % 60 else f"{minutes // 60} h"


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


def _day(field: FormField, placeholder: str) -> DatePickerElement:
    return DatePickerElement(action_id=field.action, placeholder=PlainTextObject(text=placeholder))


def _free(home: Home, days: Collection[date], action: ActionId) -> list[Block]:
    """The next of these days, each to be taken away by a press."""
    today = home.person.calendar(home.policy).day_of(home.now)
    buttons = [
        ButtonElement(
            text=f"{full_day(day)} ✕",
            action_id=f"{action}:{day.isoformat()}",
            value=DayToken(day=day).dump(),
        )
        for day in sorted(day for day in days if day >= today)[:MOST_DAYS]
    ]
    return [actions(buttons)] if buttons else []


def _snooze(home: Home) -> list[Block]:
    until = home.person.snoozed_until
    picker = _labelled(
        "*Leave me alone until*",
        HOME_SNOOZE,
        _day(HOME_SNOOZE, "A day"),
        until if home.sleeps else None,
    )
    if until is None or not home.sleeps:
        return [picker]
    wake = ButtonElement(text="Remind me again from now on", action_id=ActionId.HOME_WAKE)
    quiet = line("You are left alone until ", moment(until, home.person.zone), ".")
    return [picker, quiet, actions([wake])]


def _labelled(
    text: str, field: FormField, element: InteractiveElement, shown: object = None
) -> Block:
    """A control with its name; `shown` is what stands beside it and follows from what is chosen.

    Slack leaves in a control what somebody chose in it as long as its block keeps its id.
    """
    state = repr((element.to_dict(), shown)).encode()
    block = mrkdwn(text)
    block.block_id = f"{field.block}#{hashlib.sha256(state).hexdigest()[:8]}"
    block.accessory = element
    return block
