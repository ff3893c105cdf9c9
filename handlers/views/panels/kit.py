"""What an interviewer gets: the kit, the reminder, and the way out."""

from collections.abc import Mapping
from enum import StrEnum

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    OverflowMenuElement,
)

from bot.domain.dates import short_time_in
from bot.domain.panels.panel import Interview, Panel
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.services.messages.panels import Kit, Soon
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import (
    Json,
    actions,
    as_json,
    context,
    header,
    plain,
    preformatted,
    private,
)
from handlers.views.forms import option
from handlers.views.rich import TIME, Part, Parts, bold, line, link, moment, person

WRITE: Mapping[ClosingKind | None, str] = {
    None: "Write scorecard",
    ClosingKind.SCORECARD: "Edit scorecard",
    ClosingKind.DID_NOT_INTERVIEW: "Write scorecard anyway",
    ClosingKind.NO_SHOW: "Write scorecard anyway",
    ClosingKind.CLOSED: "Write scorecard anyway",
}
"""The button to the scorecard by how the interviewer closed it last; once reassigned there is none.

Whoever closed it by mistake has no other way to it."""

TITLES: Mapping[ClosingKind, str] = {
    ClosingKind.SCORECARD: "Scorecard submitted",
    ClosingKind.DID_NOT_INTERVIEW: "Scorecard closed",
    ClosingKind.NO_SHOW: "No-show",
    ClosingKind.CLOSED: "Scorecard closed",
    ClosingKind.REASSIGNED: "Scorecard reassigned",
}
"""The state that a kit's first line begins with, before the candidate's name."""


class InterviewToken(Token):
    """A button about one's own interview."""

    interview: Id


class KitAction(StrEnum):
    """What the menu of a kit does."""

    CALENDAR = "calendar"
    POSTING = "posting"
    DECLINE = "decline"


class KitChoice(InterviewToken):
    """A choice in the menu of a kit."""

    verb: KitAction


def kit(kit: Kit) -> tuple[str, list[Json]]:
    """The message: when, for what, whom, and the way to all else. Its text names no candidate:
    lock screens show it."""
    item = kit.interview
    if not item.is_on:
        return _gone(kit)
    text, title = _titles(kit)
    blocks = [
        header(f"{title}{kit.panel.candidate.name}"),
        *_declined(kit),
        *_closed(kit),
        *_facts(kit),
        actions(kit_buttons(kit)),
    ]
    return text, as_json(blocks)


def _titles(kit: Kit) -> tuple[str, str]:
    """The message's text, and what stands above it, before the candidate's name."""
    item, role = kit.interview, kit.panel.opening.title
    how = _how(kit)
    if kit.is_declined:
        return f"You can't make an interview: {role}", "You can't make it · "
    if how is not None:
        return f"{TITLES[how]}: {role}", f"{TITLES[how]} · "
    if kit.is_over:
        return f"Your scorecard is due: {role}", "Scorecard due · "
    when = short_time_in(item.interviewer_zone, item.starts_at)
    return f"You interview a candidate for {role} on {when}", "Interview with "


def _how(kit: Kit) -> ClosingKind | None:
    return kit.closing.how if kit.closing is not None else None


def _declined(kit: Kit) -> list[Block]:
    """That the interviewer can't make it, with what they said of it."""
    if not kit.is_declined:
        return []
    return [
        line(
            "The organizers will look for someone else.", *reason_given(kit.interview, "your time")
        )
    ]


def reason_given(item: Interview, whose: str = "", zone: str | None = None) -> Parts:
    """Why somebody can't make it, and when they could instead, where they said so."""
    parts: list[Part] = []
    if item.declined_because:
        parts.append(f"\n“{item.declined_because}”")
    if item.other_time is not None:
        parts += ["\nAnother time: ", moment(item.other_time, zone or item.interviewer_zone)]
        parts += [f", {whose}"] if whose else []
    return parts


def _closed(kit: Kit) -> list[Block]:
    """How the interviewer closed the scorecard, where its title leaves that open."""
    match kit.closing:
        case Closing(is_by_organizer=True) as closing:
            return [line(*_by_organizer(closing))]
        case Closing(how=ClosingKind.REASSIGNED, receiver=receiver):
            return [line("You reassigned the scorecard to ", person(receiver or ""), ".")]
        case Closing(how=ClosingKind.NO_SHOW):
            return [plain("You said the candidate didn't show up.")]
        case Closing(how=ClosingKind.DID_NOT_INTERVIEW):
            return [plain("You said you didn't interview.")]
        case _:
            return []


def _by_organizer(closing: Closing) -> Parts:
    """What an organizer did about the scorecard, and why, in their words."""
    reason = f" They said: “{closing.reason}”" if closing.reason else ""
    if closing.receiver is not None:
        to: Parts = (" reassigned the scorecard to ", person(closing.receiver))
    else:
        to = (" closed this without a scorecard",)
    return [person(closing.actor), *to, ".", reason]


def _facts(kit: Kit) -> list[Block]:
    """When, for what, and what the candidate is in for."""
    item, panel = kit.interview, kit.panel
    profile = panel.candidate.link
    parts: list[Part] = [
        moment(item.starts_at, item.interviewer_zone),
        "\nUntil ",
        moment(item.ends_at, item.interviewer_zone, TIME),
        f", your time · {item.minutes} minutes",
        f"\nFocus: {', '.join(kit.content.names(item.focus))}",
    ]
    parts += place(item)
    if profile:
        parts += ["\n", link(profile, "Profile or resume")]
    return [line(*parts), context(panel.opening.name)]


def place(item: Interview) -> Parts:
    """Where an interview is held, unless the button to join says all of it."""
    is_told = item.place is None or item.place == item.meeting_link
    return () if is_told else (f"\nWhere: {item.place}",)


def kit_buttons(kit: Kit) -> list[ButtonElement | OverflowMenuElement]:
    """What there is to do: the questions first, and once the interview is over the scorecard."""
    value = InterviewToken(interview=kit.interview.id).dump()
    is_due = kit.is_over and not kit.is_declined and kit.closing is None
    is_ahead = not (kit.is_over or kit.is_declined)
    questions = _questions(kit.interview, is_primary=is_ahead)
    label = WRITE.get(_how(kit))
    write = ButtonElement(
        text=label or "",
        action_id=ActionId.SCORECARD_OPEN,
        value=value,
        style="primary" if is_due else None,
    )
    scorecard = [write] if label is not None else []
    if is_due:
        return [*scorecard, questions]
    if kit.is_declined:
        accept = ButtonElement(
            text="I can make it after all",
            action_id=ActionId.PANEL_ACCEPT,
            value=value,
            style="primary",
        )
        return [accept, questions, *scorecard]
    join = _join(kit.interview) if is_ahead else []
    menu = [] if kit.has_begun else [_menu(kit.interview)]
    return [questions, *join, *scorecard, *menu]


def _questions(item: Interview, *, is_primary: bool) -> ButtonElement:
    return ButtonElement(
        text="Questions",
        action_id=ActionId.PANEL_QUESTIONS,
        value=InterviewToken(interview=item.id).dump(),
        style="primary" if is_primary else None,
    )


def _join(item: Interview) -> list[ButtonElement]:
    if item.meeting_link is None:
        return []
    return [ButtonElement(text="Join call", action_id=ActionId.PANEL_JOIN, url=item.meeting_link)]


def _menu(item: Interview) -> OverflowMenuElement:
    """What is needed once, if ever, before an interview."""
    labels = {
        KitAction.CALENDAR: "Add to calendar",
        KitAction.POSTING: "Job description",
        KitAction.DECLINE: "I can't make it",
    }
    options = [
        option(label, KitChoice(interview=item.id, verb=verb).dump())
        for verb, label in labels.items()
    ]
    return OverflowMenuElement(action_id=ActionId.PANEL_KIT_MENU, options=options)


def _gone(kit: Kit) -> tuple[str, list[Json]]:
    successor = kit.panel.successor(kit.interview.id)
    why: Parts = ("The interview was canceled.",)
    if successor is not None and kit.panel.cancelled_at is None:
        why = (person(successor.interviewer), " is interviewing instead.")
    blocks = [
        line("You no longer need to interview ", bold(kit.panel.candidate.name), "."),
        line(*why),
    ]
    return "You're off an interview", as_json(blocks)


def soon(soon: Soon) -> tuple[str, list[Json]]:
    """The reminder; or, where what it said is no longer true, what is."""
    item, zone = soon.interview, soon.interview.interviewer_zone
    if not soon.is_true:
        return "One of your interviews changed", as_json([line(*_no_longer(soon.panel, item))])
    blocks = [
        line(
            bold("At "),
            moment(item.starts_at, zone, TIME),
            bold(f": interview with {soon.panel.candidate.name}"),
            f"\n{item.minutes} minutes",
            f"\nFocus: {', '.join(soon.content.names(item.focus))}",
            *place(item),
        ),
        context(soon.panel.opening.name),
        actions([_questions(item, is_primary=True), *_join(item)]),
    ]
    return f"Your interview starts soon: {soon.panel.opening.title}", as_json(blocks)


def _no_longer(panel: Panel, item: Interview) -> Parts:
    name = bold(panel.candidate.name)
    if not item.is_on:
        return ("You no longer need to interview ", name, ".")
    if item.declined_at is not None:
        return ("You can't make the interview with ", name, ".")
    zone = item.interviewer_zone
    return ("Your interview with ", name, " moved to ", moment(item.starts_at, zone), ".")


def calendar(name: str, text: str) -> Json:
    """The calendar file to be copied, where Slack took no file."""
    how = f"Slack couldn't accept the file. Save this as {name} and open it:"
    return private("Your interview as a calendar file", [plain(how), preformatted(text)])
