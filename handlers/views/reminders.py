"""What people hear about scorecards that are due; no text for a lock screen names a candidate."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    Option,
    OverflowMenuElement,
    PlainTextObject,
    StaticSelectElement,
)

from bot.domain.dates import short_day_in
from bot.domain.reminders import PutOff
from bot.domain.scorecards.closing import ClosingKind, DueScorecard
from bot.services.messages.reminders import Nudge, Stopped, Unreachable
from bot.services.messages.reminders_asked import Asked
from bot.services.messages.reminders_due import Digest
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, as_json, context, cut, header, notice, private
from handlers.views.debriefs.due import answers_due, answers_text, answers_title
from handlers.views.ladder import late_of_others, late_text, late_title
from handlers.views.panels.declines import how_many, to_replace
from handlers.views.panels.panel import PanelToken
from handlers.views.remind_now import scorecards as scorecards
from handlers.views.rich import Parts, bold, joined, line, marked, moment, person
from handlers.views.scorecards.form import OpenToken
from handlers.views.states import due_or_late

LONGEST_NAME = 60
LONGEST_LABEL = 75
"""Characters of an option, and of what screen readers say of a button."""

WITHOUT = {
    ClosingKind.DID_NOT_INTERVIEW: "I didn't interview",
    ClosingKind.NO_SHOW: "No-show",
}
"""The ways in which a scorecard is closed without one."""


class CloseToken(Token):
    """A button or option that closes a scorecard without one."""

    interview: Id
    how: ClosingKind


def digest(digest: Digest) -> tuple[str, list[Json]]:
    """All that is due from someone, the longest due first; or that nothing of it is left."""
    if digest.is_done:
        return _done(digest)
    blocks: list[Block] = [header(_title(digest)), *_due(digest)]
    blocks += to_replace(digest.replacements, digest.more_replacements, digest.zone)
    if digest.due_scorecards or digest.replacements:
        blocks.append(actions([*write_another(digest.due_scorecards[1:]), *_later()]))
    blocks += late_of_others(digest, is_first=len(blocks) == 1)
    blocks += answers_due(digest, is_first=len(blocks) == 1)
    blocks += [context(text) for text in _more(digest)]
    if not (digest.due_scorecards or digest.replacements):
        return _text(digest), as_json(blocks)
    if digest.next_at is None:
        blocks.append(context("This is your last reminder about these."))
    else:
        blocks.append(line("Next reminder: ", moment(digest.next_at, digest.zone)))
    return _text(digest), as_json(blocks)


def _due(digest: Digest) -> list[Block]:
    if not digest.due_scorecards:
        return []
    first, *others = digest.due_scorecards
    rows = [since(due, digest.late, digest.zone) for due in others]
    return [
        line(*since(first, digest.late, digest.zone)),
        actions([write(first, "primary"), close_menu(first)]),
        *([line(*joined(rows))] if rows else []),
    ]


def _text(digest: Digest) -> str:
    """For lock screens."""
    if not digest.due_scorecards and not digest.replacements:
        return late_text(digest) if digest.others else answers_text(digest)
    if not digest.due_scorecards:
        return _title(digest)
    oldest = short_day_in(digest.zone, digest.due_scorecards[0].due_since)
    return f"{_title(digest)}; the first since {oldest}"


def _title(digest: Digest) -> str:
    if not digest.due_scorecards and not digest.replacements:
        return late_title(digest) if digest.others else answers_title(digest)
    replaced = how_many(len(digest.replacements) + digest.more_replacements)
    if not digest.due_scorecards:
        return f"You have {replaced}"
    return f"You have {_counted(digest)}{f', and {replaced}' if digest.replacements else ''}"


def _counted(digest: Digest) -> str:
    count = len(digest.due_scorecards) + digest.more + digest.besides
    late = len(digest.late)
    if late == count:
        return f"{count} late scorecard{'s' if count > 1 else ''}"
    return f"{scorecards(count)} due{f', {late} late' if late else ''}"


def _done(digest: Digest) -> tuple[str, list[Json]]:
    if not digest.besides and not digest.replacements_besides:
        text = "You're all caught up"
        return text, as_json([line(*marked("in", bold(f"{text}."), " Thanks!"))])
    text = "You're caught up on these"
    besides = [
        *([f"{digest.besides} more due"] if digest.besides else []),
        *([how_many(digest.replacements_besides)] if digest.replacements_besides else []),
    ]
    more = f" Your Home tab has {' and '.join(besides)}."
    return text, as_json([line(*marked("in", bold(f"{text}."), more))])


def _more(digest: Digest) -> list[str]:
    more = f"{digest.more} more will follow once these are in."
    besides = f"{digest.besides} more on your Home tab."
    return [*([more] if digest.more else []), *([besides] if digest.besides else [])]


def since(due: DueScorecard, late: Mapping[str, datetime], zone: str) -> Parts:
    """Whom it is about, and since when it is due or late."""
    words = due_or_late(due.due_since, late.get(due.interview), zone)
    return marked(words.mark, bold(cut(due.candidate, LONGEST_NAME)), f" · {words.word}")


def write(due: DueScorecard, style: str | None = None) -> ButtonElement:
    return ButtonElement(
        text="Write scorecard",
        action_id=ActionId.SCORECARD_OPEN,
        value=OpenToken(interview=due.interview).dump(),
        style=style,
        accessibility_label=cut(f"Write scorecard on {due.candidate}", LONGEST_LABEL),
    )


def write_another(others: Sequence[DueScorecard]) -> list[StaticSelectElement]:
    """One menu for all but the first."""
    if not others:
        return []
    options = [
        Option(
            text=PlainTextObject(text=cut(due.candidate, LONGEST_LABEL), emoji=False),
            value=OpenToken(interview=due.interview).dump(),
        )
        for due in others
    ]
    return [
        StaticSelectElement(
            placeholder="Write another",
            action_id=f"{ActionId.SCORECARD_OPEN}:more",
            options=options,
        )
    ]


def close_menu(due: DueScorecard) -> OverflowMenuElement:
    """What else may be said of the interview; each option is asked once more."""
    options = [
        Option(text=label, value=CloseToken(interview=due.interview, how=how).dump())
        for how, label in WITHOUT.items()
    ]
    name = cut(due.candidate, LONGEST_NAME)
    return OverflowMenuElement(
        action_id=ActionId.REMINDERS_CLOSE,
        options=options,
        confirm=ConfirmObject(
            title=PlainTextObject(text="Close without a scorecard?"),
            text=PlainTextObject(
                text=f"The organizers will be notified, and no scorecard on {name} will be due."
            ),
            confirm=PlainTextObject(text="Notify organizers"),
            deny=PlainTextObject(text="Cancel"),
        ),
    )


def _later() -> list[ButtonElement]:
    """They put off the whole digest."""
    return [
        ButtonElement(text="In 1 hour", action_id=ActionId.REMINDERS_LATER),
        ButtonElement(text="Next workday", action_id=ActionId.REMINDERS_TOMORROW),
    ]


def asked(asked: Asked) -> tuple[str, list[Json]]:
    """The reminder, for whose scorecards it is about; or that they are in."""
    if not asked.due_scorecards:
        text = "You're caught up on these"
        return text, as_json([line(*marked("in", f"{text}. Thanks!"))])
    first, *others = asked.due_scorecards
    count = scorecards(len(asked.due_scorecards) + asked.more)
    rows = [since(due, asked.late, asked.zone) for due in others]
    blocks: list[Block] = [
        header(f"A reminder: {count} due"),
        line(*since(first, asked.late, asked.zone)),
        actions([write(first, "primary"), close_menu(first)]),
        *([line(*joined(rows))] if rows else []),
        *([actions(write_another(others))] if others else []),
        *([context(f"{asked.more} more on your Home tab.")] if asked.more else []),
        context("An organizer asked me to remind you."),
    ]
    return f"A reminder: you have {count} due", as_json(blocks)


def nudge(nudge: Nudge) -> tuple[str, list[Json]]:
    """That an interview is over, while it is fresh."""
    due = nudge.due_scorecard
    name = cut(due.candidate, LONGEST_NAME)
    about = line(f"{due.role} · ", moment(due.starts_at, due.zone))
    if nudge.is_done:
        return "No scorecard is due for this interview", as_json(
            [line(*marked("in", bold(name), " · nothing is due")), about]
        )
    blocks = [
        header(f"{name} · how did it go?"),
        about,
        context("Two minutes now saves ten later."),
        actions([write(due, "primary"), close_menu(due)]),
    ]
    day = short_day_in(due.zone, due.starts_at)
    return f"How did your interview on {day} go?", as_json(blocks)


def stopped(stopped: Stopped) -> tuple[str, list[Json]]:
    """That somebody has been reminded for long enough."""
    due = stopped.due_scorecard
    if not due.is_pending:
        sentence = line(*marked("in", bold(due.candidate), f" · {due.role}\nNo scorecard is due."))
        return "A scorecard is no longer due", as_json([sentence])
    if stopped.is_over:
        text, news = "Reminders about a scorecard are back on", "Reminders are back on."
        since = f"Was reminded for {stopped.days} working days"
    else:
        text = "A scorecard is late, and I've stopped reminding"
        news = "I've stopped reminding them. You may want to follow up."
        since = f"Reminded for {stopped.days} working days"
    blocks = [
        header(f"{cut(due.candidate, LONGEST_NAME)} · scorecard late"),
        line(
            *marked("late", person(due.owner), f" · {due.role}\n{since}, for the interview on "),
            moment(due.starts_at, due.zone),
        ),
        context(news),
        actions([_open(due)]),
    ]
    return f"{text}: {stopped.days} working days", as_json(blocks)


def _open(due: DueScorecard) -> ButtonElement:
    return ButtonElement(
        text="Open panel",
        action_id=ActionId.PANEL_OPEN,
        value=PanelToken(panel=due.panel, apart=True).dump(),
        accessibility_label=cut(f"Open the panel of {due.candidate}", LONGEST_LABEL),
    )


def unreachable(unreachable: Unreachable) -> tuple[str, list[Json]]:
    """That somebody gets no reminders."""
    blocks = [
        header("A reminder can't be delivered"),
        line(*marked("late", person(unreachable.person), " has scorecards due.")),
        context(
            "Their account is deactivated, or takes no messages from apps. Ask them yourself, or "
            "have someone else who took part write the scorecard."
        ),
    ]
    return "Someone with scorecards due can't be reminded", as_json(blocks)


def put_off(again: PutOff) -> Json:
    """The private answer to *In 1 hour* and *Next workday*."""
    if again.at is None:
        return notice("You have no working days, so no reminder comes. Choose some on my Home tab.")
    return private("Reminder moved", [line("Next reminder: ", moment(again.at, again.zone), ".")])
