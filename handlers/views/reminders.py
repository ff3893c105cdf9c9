"""What people hear about scorecards that are owed; no text for a lock screen names a candidate."""

from collections.abc import Callable, Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    InteractiveElement,
    Option,
    OverflowMenuElement,
    PlainTextObject,
)

from bot.domain.scorecards.closing import ClosingKind, DueScorecard
from bot.services.messages.reminders import Digest, Nudge, Stopped, Unreachable
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import (
    MOST_CHARACTERS,
    Json,
    actions,
    as_json,
    context,
    cut,
    header,
    private,
    size_of,
)
from handlers.views.rich import Parts, bold, line, moment, person
from handlers.views.scorecards.form import OpenToken

Buttons = Callable[[DueScorecard], Sequence[InteractiveElement]]

LONGEST_NAME = 60

WITHOUT = {
    ClosingKind.DID_NOT_INTERVIEW: "I did not interview",
    ClosingKind.NO_SHOW: "Candidate did not show",
}
"""The ways in which a scorecard is closed without one."""


class CloseToken(Token):
    """A button or option that closes a scorecard without one."""

    interview: Id
    how: ClosingKind


def digest(digest: Digest) -> tuple[str, list[Json]]:
    """All that is due from someone, each to be closed from here; or that nothing of it is left."""
    if digest.is_done:
        return _done(digest)
    besides = f", and {digest.besides} besides" if digest.besides else ""
    title = f"You owe {_scorecards(len(digest.due_scorecards) + digest.more)}{besides}"
    whole = as_json(_digest(digest, title, _buttons))
    if size_of(whole) <= MOST_CHARACTERS:
        return title, whole
    return title, as_json(_digest(digest, title, _button_and_menu))


def _done(digest: Digest) -> tuple[str, list[Json]]:
    if not digest.besides:
        return "All done", as_json([line(bold("All done."), " No scorecard is owed. Thank you!")])
    due = f" You owe {_scorecards(digest.besides)} besides: my Home tab has the list."
    return "This list is done", as_json([line(bold("This list is done. Thank you!"), due)])


def _digest(digest: Digest, title: str, buttons: Buttons) -> list[Block]:
    blocks: list[Block] = [header(title)]
    for due in digest.due_scorecards:
        blocks += [line(*_interview(due, digest.zone)), actions(buttons(due))]
    if digest.more:
        blocks.append(context(f"And {digest.more} more: they come up as these are settled."))
    blocks.append(
        actions(
            [
                ButtonElement(text="In 1 h", action_id=ActionId.REMINDERS_LATER),
                ButtonElement(text="Tomorrow", action_id=ActionId.REMINDERS_TOMORROW),
            ]
        )
    )
    if digest.next_at is None:
        blocks.append(line("I do not remind you of this again."))
    else:
        blocks.append(
            line("Otherwise I remind you next ", moment(digest.next_at, digest.zone), ".")
        )
    return blocks


def _scorecards(count: int) -> str:
    return "one scorecard" if count == 1 else f"{count} scorecards"


def _interview(due: DueScorecard, zone: str) -> Parts:
    name = cut(due.candidate, LONGEST_NAME)
    return bold(name), f"\n{due.role} · ", moment(due.starts_at, zone)


def _fill(due: DueScorecard, style: str | None = None) -> ButtonElement:
    return ButtonElement(
        text="Fill now",
        action_id=ActionId.SCORECARD_OPEN,
        value=OpenToken(interview=due.interview).dump(),
        style=style,
    )


def _buttons(due: DueScorecard) -> Sequence[InteractiveElement]:
    return [
        _fill(due, "primary"),
        *(
            ButtonElement(
                text=label,
                action_id=f"{ActionId.REMINDERS_CLOSE}:{how}",
                value=CloseToken(interview=due.interview, how=how).dump(),
                confirm=_confirm(f"{label}?"),
            )
            for how, label in WITHOUT.items()
        ),
    ]


def _button_and_menu(due: DueScorecard) -> Sequence[InteractiveElement]:
    """The same where there are so many that all buttons would not fit into a message."""
    options = [
        Option(text=label, value=CloseToken(interview=due.interview, how=how).dump())
        for how, label in WITHOUT.items()
    ]
    menu = OverflowMenuElement(action_id=ActionId.REMINDERS_CLOSE, options=options)
    return [_fill(due), menu]


def _confirm(title: str) -> ConfirmObject:
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=PlainTextObject(text="The organisers are told, and no scorecard is asked for."),
        confirm=PlainTextObject(text="Yes"),
        deny=PlainTextObject(text="Back"),
    )


def nudge(nudge: Nudge) -> tuple[str, list[Json]]:
    """That an interview is over, while it is fresh."""
    due = nudge.due_scorecard
    sentence = line(*_interview(due, due.zone))
    if nudge.is_done:
        return "Done", as_json([sentence, context("Done: nothing is owed for this interview.")])
    asked = line("How was it? Two minutes now are worth ten tomorrow.")
    return "Your interview is over: how was it?", as_json([sentence, asked, actions(_buttons(due))])


def stopped(stopped: Stopped) -> tuple[str, list[Json]]:
    """That somebody has been reminded for long enough."""
    due = stopped.due_scorecard
    if not due.is_pending:
        sentence = line("The scorecard on ", bold(due.candidate), " is not owed any more.")
        return "A scorecard is not owed any more", as_json([sentence])
    if stopped.is_over:
        text = "A scorecard is reminded of again"
        has, then = "had", "I had stopped reminding, and by now I do again."
    else:
        text = "A scorecard has been owed for long"
        has, then = "has", "I have stopped reminding; please ask them yourself."
    sentence = line(
        person(due.owner),
        f" {has} not given the scorecard on {due.candidate} ({due.role}, ",
        moment(due.starts_at, due.zone),
        f") for {stopped.days} working days. {then}",
    )
    return text, as_json([sentence])


def unreachable(unreachable: Unreachable) -> tuple[str, list[Json]]:
    """That somebody gets no reminders."""
    sentence = line(
        person(unreachable.person),
        " owes scorecards, and my reminders do not reach them: the account has been deactivated, "
        "or takes no messages from apps. Please ask them yourself, or have somebody else rate.",
    )
    return "Somebody cannot be reminded", as_json([sentence])


def put_off(parts: Parts) -> Json:
    """The private answer to *In 1 h* and *Tomorrow*."""
    return private("Put off", [line(*parts)])
