"""What an interviewer gets: the kit, the reminder, and the questions on a press."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
)

from bot.domain.competencies import Competency
from bot.domain.panels.panel import Interview, Panel
from bot.domain.questions.question import Question, Rating
from bot.domain.questions.selection import time_plan
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
    in_pieces,
    plain,
    preformatted,
    private,
)
from handlers.views.questions.questions import aloud, asked, closing, how_to_rate, opening, rated
from handlers.views.rich import TIME, Part, Parts, bold, line, lines, link, moment, person

FEEDBACK: dict[ClosingKind | None, str] = {
    None: "Give feedback",
    ClosingKind.SCORECARD: "Edit your scorecard",
    ClosingKind.DID_NOT_INTERVIEW: "Give feedback after all",
    ClosingKind.NO_SHOW: "Give feedback after all",
}
"""The button to the scorecard by how the interviewer closed it last; once reassigned there is none.

Whoever closed it by mistake has no other way to it."""


class InterviewToken(Token):
    """A button about one's own interview."""

    interview: Id


def kit(kit: Kit) -> tuple[str, list[Json]]:
    """The message, whose text names no candidate: lock screens show it."""
    item = kit.interview
    if not item.is_on:
        return _gone(kit)
    questions = kit.content.questions(item.questions)
    about = [*_facts(kit), *_declined(kit), *_closed(kit)]
    if kit.is_declined:
        text = f"You can't make it: {kit.panel.opening.title}, {item.minutes} minutes"
        return text, as_json([*about, *_buttons(kit, show=True)])
    if kit.is_over and kit.closing is None:
        text = f"Your scorecard is due: {kit.panel.opening.title}"
        return text, as_json([*about, *_buttons(kit, show=True), *_focus(kit)])
    text = f"Your interview kit: {kit.panel.opening.title}"
    for blocks in (
        [*about, *_buttons(kit, show=False), *_questions(kit, questions), *_focus(kit)],
        [*about, *_buttons(kit, show=True), *_short(questions), *_focus(kit)],
        [*about, *_buttons(kit, show=True), *_short(questions)],
    ):
        if len(in_pieces(blocks)) == 1:
            return text, as_json(blocks)
    return text, as_json([*about, *_buttons(kit, show=True)])


def _how(kit: Kit) -> ClosingKind | None:
    return kit.closing.how if kit.closing is not None else None


def _declined(kit: Kit) -> list[Block]:
    """That the interviewer can't make it, with what they said of it."""
    if not kit.is_declined:
        return []
    return [
        line(
            "You can't make it, and the organizers know.", *reason_given(kit.interview, "your time")
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
    """How the interviewer closed the scorecard."""
    match kit.closing:
        case None:
            return []
        case Closing(how=ClosingKind.SCORECARD):
            return [plain("Your scorecard is in.")]
        case Closing(how=ClosingKind.REASSIGNED, receiver=receiver):
            return [line("You have handed the scorecard over to ", person(receiver or ""), ".")]
        case Closing(how=ClosingKind.NO_SHOW):
            return [plain("You said that the candidate did not show.")]
        case _:
            return [plain("You said that you did not interview.")]


def _facts(kit: Kit) -> list[Block]:
    item, panel = kit.interview, kit.panel
    profile = panel.candidate.link
    return [
        header(f"Interview with {panel.candidate.name}"),
        line(
            bold(panel.opening.name),
            "\n",
            moment(item.starts_at, item.interviewer_zone),
            " to ",
            moment(item.ends_at, item.interviewer_zone, TIME),
            f", your time · {item.minutes} minutes",
            f"\nFocus: {', '.join(kit.content.names(item.focus))}",
            *(("\n", link(profile, "Profile or CV")) if profile else ()),
        ),
    ]


def _focus(kit: Kit) -> list[Block]:
    """What to rate, and what each rating looks like."""
    competencies = [kit.content.competency(id) for id in kit.interview.focus]
    return [
        DividerBlock(),
        header("What you rate"),
        *(_behaviors(item) for item in competencies),
    ]


def _behaviors(competency: Competency) -> Block:
    rows = [(bold(f"{rating.label}: "), competency.ratings[rating].long) for rating in Rating]
    title = line(bold(competency.name), f"\n{competency.summary}")
    block = lines(rows)
    block.elements = [*title.elements, *block.elements]
    return block


def _questions(kit: Kit, questions: Sequence[Question]) -> list[Block]:
    plan = time_plan(kit.interview.minutes)
    blocks: list[Block] = [*opening(plan), how_to_rate()]
    for number, question in enumerate(questions, start=1):
        name = kit.content.names([question.competency])[0]
        blocks += [
            DividerBlock(),
            *asked(question, number),
            context(f"{name} · {question.minutes} minutes · Why: {question.why}"),
            rated(question),
        ]
    return [*blocks, DividerBlock(), *closing(plan)]


def _short(questions: Sequence[Question]) -> list[Block]:
    blocks: list[Block] = [DividerBlock()]
    for number, question in enumerate(questions, start=1):
        blocks += aloud(question, number)
    return [*blocks, context("“Show questions” has the probes and what good answers are like.")]


def _buttons(kit: Kit, *, show: bool) -> list[Block]:
    value = InterviewToken(interview=kit.interview.id).dump()
    is_due = kit.is_over and not kit.is_declined and kit.closing is None
    feedback = FEEDBACK.get(_how(kit))
    scorecard = [_feedback(feedback, value, first=is_due)] if feedback is not None else []
    questions = ButtonElement(
        text="Show questions",
        action_id=ActionId.PANEL_QUESTIONS,
        value=value,
        style=None if is_due or kit.is_declined else "primary",
    )
    shown = [questions] if show else []
    posting = ButtonElement(text="Job description", action_id=ActionId.PANEL_POSTING, value=value)
    first = [*scorecard, *shown] if is_due else [*shown, *scorecard]
    return [actions([*_coming(kit, value, back=True), *first, posting, *_coming(kit, value)])]


def _coming(kit: Kit, value: str, *, back: bool = False) -> list[ButtonElement]:
    """What is pressed before an interview; `back`: that somebody can make it after all."""
    if kit.is_declined:
        accept = ButtonElement(
            text="I can make it after all",
            action_id=ActionId.PANEL_ACCEPT,
            value=value,
            style="primary",
        )
        return [accept] if back else []
    if back or kit.has_begun:
        return []
    return [
        ButtonElement(text="Add to calendar", action_id=ActionId.PANEL_CALENDAR, value=value),
        ButtonElement(text="I can't make it", action_id=ActionId.PANEL_DECLINE, value=value),
    ]


def _feedback(label: str, value: str, *, first: bool) -> ButtonElement:
    """Opens the interview's scorecard."""
    style = "primary" if first else None
    return ButtonElement(text=label, action_id=ActionId.SCORECARD_OPEN, value=value, style=style)


def _gone(kit: Kit) -> tuple[str, list[Json]]:
    successor = kit.panel.successor(kit.interview.id)
    why: Parts = ("It has been cancelled.",)
    if successor is not None and kit.panel.cancelled_at is None:
        why = (person(successor.interviewer), " takes it over.")
    blocks = [
        line(bold(f"Not needed any more: interview with {kit.panel.candidate.name}")),
        line(*why),
    ]
    return "An interview of yours does not take place", as_json(blocks)


def soon(soon: Soon) -> tuple[str, list[Json]]:
    """The reminder; or, where what it said is no longer true, what is."""
    item, zone = soon.interview, soon.interview.interviewer_zone
    if not soon.is_true:
        return "An interview of yours has changed", as_json([line(*_no_longer(soon.panel, item))])
    value = InterviewToken(interview=item.id).dump()
    show = ButtonElement(
        text="Show questions", action_id=ActionId.PANEL_QUESTIONS, value=value, style="primary"
    )
    focus = ", ".join(soon.content.names(item.focus))
    blocks = [
        line(
            bold("At "),
            moment(item.starts_at, zone, TIME),
            bold(f": interview with {soon.panel.candidate.name}"),
            f"\n{soon.panel.opening.name} · {item.minutes} minutes\n{focus}",
        ),
        actions([show]),
    ]
    return f"Your interview begins soon: {soon.panel.opening.title}", as_json(blocks)


def _no_longer(panel: Panel, item: Interview) -> Parts:
    name = panel.candidate.name
    if not item.is_on:
        return (f"Your interview with {name} does not take place.",)
    if item.declined_at is not None:
        return (f"You can't make the interview with {name}.",)
    zone = item.interviewer_zone
    return (f"Your interview with {name} has moved to ", moment(item.starts_at, zone), ".")


def questions(kit: Kit) -> list[Json]:
    """Everything to ask and to rate by, for one person alone, in as few messages as it needs."""
    title = f"Questions for {kit.panel.candidate.name}"
    found = kit.content.questions(kit.interview.questions)
    blocks: list[Block] = [
        header(title),
        context(
            f"{len(found)} questions · {kit.interview.minutes} minutes · Only you can see this."
        ),
        *_questions(kit, found),
    ]
    return [private("Your questions", []) | {"blocks": piece} for piece in in_pieces(blocks)]


def posting(kit: Kit, description: Sequence[Json]) -> Json:
    """The role as candidates read it, for one person alone."""
    return private(f"Job description: {kit.panel.opening.title}", []) | {"blocks": [*description]}


def calendar(text: str) -> Json:
    """The calendar file to be copied, where Slack took no file."""
    how = "Slack took no file. Save this as interview.ics and open it:"
    return private("Your interview as a calendar file", [plain(how), preformatted(text)])
