"""*Remind now*: its button and its answer."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.remind_now import Reminded, RemindOutcome
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import Json, context, cut, modal, private
from handlers.views.rich import Parts, joined, line, moment, person

LONGEST_LABEL = 75
MOST_NAMED = 20
"""People whom one answer names."""

NOTHING_DUE = "No one needs a reminder: nothing is due from anyone else."


class RemindToken(Token):
    """A panel whose due scorecards are meant, or one interview of it; with neither, all that are
    late among what whoever presses organizes."""

    panel: Id | None = None
    interview: Id | None = None


def remind_now_button(
    token: RemindToken, about: str = "", style: str | None = None
) -> ButtonElement:
    """The button; `about` says to screen readers whom or what is meant."""
    label = f"Remind now: {about}" if about else "Remind everyone who's late"
    return ButtonElement(
        text="Remind now",
        action_id=ActionId.REMINDERS_NOW,
        value=token.dump(),
        style=style,
        accessibility_label=cut(label, LONGEST_LABEL),
    )


def scorecards(count: int) -> str:
    return "1 scorecard" if count == 1 else f"{count} scorecards"


def reminded(results: Sequence[Reminded]) -> Json:
    """The private answer: who is reminded when, a line each."""
    return private(_text(results), _lines(results))


def reminded_modal(results: Sequence[Reminded]) -> Json:
    """The same where there is no message to answer beside."""
    return modal("Remind now", _lines(results), close="Done")


def _text(results: Sequence[Reminded]) -> str:
    now = sum(one.outcome is RemindOutcome.NOW for one in results)
    if not results:
        return "No one needs a reminder"
    return f"{_people(now)} reminded" if now else "No reminder goes out now"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _lines(results: Sequence[Reminded]) -> list[Block]:
    if not results:
        return [line(NOTHING_DUE)]
    blocks: list[Block] = [line(*joined(_sentence(one) for one in results[:MOST_NAMED]))]
    more = len(results) - MOST_NAMED
    if more > 0:
        blocks.append(context(f"And {more} more people."))
    return blocks


def _sentence(one: Reminded) -> Parts:
    """What became of one person's reminder, in a sentence."""
    who = person(one.person)
    when = moment(one.at, one.zone) if one.at is not None else ""
    match one.outcome:
        case RemindOutcome.NOW:
            return ["Reminded ", who, f" about {scorecards(one.count)}."]
        case RemindOutcome.MORNING:
            return ["It's outside ", who, "'s day. Their reminder comes ", when, "."]
        case RemindOutcome.DAY_OFF:
            return [who, " is off today. Their reminder comes ", when, "."]
        case RemindOutcome.PAUSED:
            return [who, " has paused reminders. The next one comes ", when, "."]
        case RemindOutcome.ALREADY if one.at is not None:
            return ["A reminder to ", who, " is already set for ", when, "."]
        case RemindOutcome.ALREADY:
            return [who, " was already reminded today."]
        case RemindOutcome.UNREACHABLE:
            help = "Reassign the scorecard, or close it without one."
            return [who, f" {one.because}, so I can't remind them. {help}"]
        case RemindOutcome.NEVER:
            return [who, " has no working days, so no reminder comes."]
