"""The app's home, whose every line is the reader's own."""

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from bot.domain.dates import clock_hour
from bot.domain.home import Home, ReminderReason
from bot.domain.panels.state import InterviewState
from bot.domain.reminders import MOST_REPLACED
from bot.domain.scorecards.closing import DueScorecard
from handlers.ids import ActionId
from handlers.views.common import Json, actions, and_more, context, cut, header, mrkdwn, plain
from handlers.views.home import hiring, setup, start
from handlers.views.home.settings import in_words, paused
from handlers.views.panels.declines import how_many, to_replace
from handlers.views.records import retaining
from handlers.views.remind_now import RemindToken, remind_now_button
from handlers.views.reminders import (
    LONGEST_NAME,
    close_menu,
    scorecards,
    since,
    write,
    write_another,
)
from handlers.views.rich import Parts, bold, joined, line, marked, moment, person
from handlers.views.states import WORDS, due_or_late

MOST_LISTED = 10

AFTER: dict[ReminderReason, str] = {
    ReminderReason.DIGEST: "",
    ReminderReason.LATER: ", as you asked",
    ReminderReason.NUDGE: ", right after your interview",
}
"""Why the next reminder comes, where it is not the usual one."""


def closed(text: str) -> Json:
    """The home of somebody it is not for, with the sentence that says so."""
    return View(type="home", blocks=[plain(text)]).to_dict()


def home(home: Home, prefix: str = "") -> Json:
    blocks: list[Block] = [
        header(_title(home)),
        *_due(home),
        *_to_replace(home),
        *_waiting(home),
        *_next_steps(home),
        *_coming(home),
        *hiring.openings(home, prefix),
        *_start(home, prefix),
        DividerBlock(),
        *_reminders(home),
        *(_everyone(home) if home.is_admin else []),
    ]
    return View(type="home", blocks=blocks).to_dict()


def _title(home: Home) -> str:
    """How things are with the reader, and then with whom they wait for."""
    if home.due:
        late = sum(due.interview in home.late for due in home.due)
        return f"{scorecards(len(home.due))} due{f', {late} late' if late else ''}"
    if home.replacements:
        return f"Nothing due from you · {how_many(len(home.replacements))}"
    if home.waiting:
        late = sum(due.interview in home.late for due in home.waiting)
        waiting = f"{late} late" if late else f"{len(home.waiting)} due"
        return f"Nothing due from you · {waiting}"
    if home.waiting_for_reader:
        count = len(home.waiting_for_reader)
        return "1 candidate waits for you" if count == 1 else f"{count} candidates wait for you"
    if home.set_up is not None and not home.set_up.job:
        return setup.title(home.set_up)
    return "You're all caught up"


def _due(home: Home) -> list[Block]:
    if not home.due:
        return []
    first, *others = home.due[:MOST_LISTED]
    when: Parts = (f"\n{first.role} · ", moment(first.starts_at, home.person.zone))
    blocks: list[Block] = [
        line(*since(first, home.late, home.person.zone), *when),
        actions([write(first, "primary"), close_menu(first)]),
    ]
    if others:
        blocks.append(line(*joined(since(due, home.late, home.person.zone) for due in others)))
        blocks.append(actions(write_another(others)))
    return [*blocks, *and_more(len(home.due) - MOST_LISTED)]


def _to_replace(home: Home) -> list[Block]:
    """What the reader organizes, and whose interviewers can't make it; how many is said by the
    title, unless that is about what is due from the reader."""
    if not home.replacements:
        return []
    shown, count = home.replacements[:MOST_REPLACED], len(home.replacements)
    return [
        *([DividerBlock()] if home.due else []),
        *([mrkdwn(f"*{how_many(count)}*")] if home.due else []),
        *to_replace(shown, count - len(shown), home.person.zone, is_home=True),
    ]


def _waiting(home: Home) -> list[Block]:
    """What the reader, who organizes the panels, waits for."""
    if not home.waiting:
        return []
    rows = [_waiting_for(due, home) for due in home.waiting[:MOST_LISTED]]
    return [
        *([DividerBlock()] if home.due or home.replacements else []),
        mrkdwn("*Waiting for scorecards*"),
        line(*joined(rows)),
        *and_more(len(home.waiting) - MOST_LISTED),
        *_remind(home),
    ]


def _remind(home: Home) -> list[Block]:
    """*Remind now*, where somebody is late; the first thing to do unless something is due."""
    if not any(due.interview in home.late for due in home.waiting):
        return []
    style = None if home.due else "primary"
    return [actions([remind_now_button(RemindToken(), style=style)])]


def _waiting_for(due: DueScorecard, home: Home) -> Parts:
    words = due_or_late(due.due_since, home.late.get(due.interview), home.person.zone)
    name = bold(cut(due.candidate, LONGEST_NAME))
    return marked(words.mark, name, " · ", person(due.owner), f" · {words.word}")


def _next_steps(home: Home) -> list[Block]:
    """The candidates who wait for the reader; the title says so unless it is about scorecards."""
    blocks = hiring.next_steps(home)
    is_first = not (home.due or home.replacements or home.waiting)
    if is_first or not blocks:
        return blocks
    return [DividerBlock(), mrkdwn("*Waiting for you*"), *blocks]


def _coming(home: Home) -> list[Block]:
    if not home.coming:
        return []
    rows = [_interview(due, home) for due in home.coming[:MOST_LISTED]]
    return [
        DividerBlock(),
        mrkdwn("*Your next interviews*"),
        line(*joined(rows)),
        *and_more(len(home.coming) - MOST_LISTED),
    ]


def _interview(due: DueScorecard, home: Home) -> Parts:
    name = bold(cut(due.candidate, LONGEST_NAME))
    when = moment(due.starts_at, home.person.zone)
    if due.is_declined:
        said = f"\nYou {WORDS[InterviewState.DECLINED].word}."
        return marked(WORDS[InterviewState.DECLINED].mark, name, " · ", when, said)
    return marked(WORDS[InterviewState.PLANNED].mark, name, " · ", when)


def _start(home: Home, prefix: str) -> list[Block]:
    """Something to begin: in words where there is nothing else here."""
    if home.set_up is not None and not home.set_up.job:
        return [*setup.checklist(home.set_up), *start.sections(prefix)[1:]]
    if home.due or home.replacements or home.waiting or home.coming or home.has_openings:
        return [DividerBlock(), start.buttons()]
    return [context("Nothing waits for you. Here's what you can start."), *start.sections(prefix)]


def _reminders(home: Home) -> list[Block]:
    calendar = home.person.calendar(home.policy)
    today = calendar.day_of(home.now)
    own = [day for day in home.person.days_off if day >= today]
    block = mrkdwn(f"*When I write to you*\n{in_words(home, own)}")
    block.accessory = ButtonElement(
        text="Change",
        action_id=ActionId.HOME_SETTINGS,
        accessibility_label="Change when I write to you",
    )
    return [block, *_next(home)]


def _next(home: Home) -> list[Block]:
    """When the next reminder comes, if one does."""
    until = home.person.snoozed_until
    if home.sleeps and until is not None:
        return paused(until, home.person.zone)
    if home.next is not None:
        when = moment(home.next.at, home.person.zone)
        return [line("Next reminder: ", when, AFTER[home.next.why])]
    if not home.due and not home.replacements:
        return []
    if not home.person.calendar(home.policy).working_days:
        return [context("No reminders: you have no working days.")]
    return [context("Reminders about these have ended.")]


def _everyone(home: Home) -> list[Block]:
    """What the workspace has chosen, for admins."""
    policy = home.policy
    holidays = sum(day >= home.now.date() for day in policy.holidays)
    words = [
        clock_hour(policy.hour),
        f"for {policy.chase_days} working days",
        f"{holidays or 'no'} holiday{'' if holidays == 1 else 's'}",
        *(["public holidays"] if policy.public_holidays else []),
        *(["company calendar"] if policy.company_days is not None else []),
    ]
    approval = "Jobs are approved" if home.settings.approval else "Jobs need no approval"
    left = setup.left_to_set_up(home.set_up) if home.set_up is not None else []
    not_yet = f"\nNot set up yet: {', '.join(left)}" if left else ""
    block = mrkdwn(f"*For everyone*\n{approval}\nReminders: {' · '.join(words)}{not_yet}")
    block.accessory = ButtonElement(
        text="Workspace settings",
        action_id=ActionId.HOME_EVERYONE,
    )
    return [block, *retaining.at_home(home)]
