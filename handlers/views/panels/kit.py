"""What an interviewer gets: the kit, the reminder, and the questions on a press."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    DividerBlock,
    PlainTextObject,
)

from bot.domain.competencies import Competency
from bot.domain.panels.panel import Interview, Panel
from bot.domain.questions.question import Question, Rating
from bot.domain.scorecards.closing import How, Settlement
from bot.services.messages.panels import Kit, Soon
from handlers.ids import ActionId
from handlers.payloads import Token
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
from handlers.views.panels.panel import Id
from handlers.views.questions.questions import asked, rated, said
from handlers.views.rich import LONG, TIME, Parts, bold, line, lines, link, moment, person

FEEDBACK: dict[How | None, str] = {
    None: "Give feedback",
    How.SCORECARD: "Edit your scorecard",
    How.DID_NOT_INTERVIEW: "Give feedback after all",
    How.NO_SHOW: "Give feedback after all",
}
"""The button to the scorecard by what the interviewer last said; once handed over there is none.

Whoever said by mistake that there is none to give has no other way to it."""


class InterviewToken(Token):
    """A button about one's own interview."""

    interview: Id


def kit(it: Kit) -> tuple[str, list[Json]]:
    """The message, whose text names no candidate: lock screens show it."""
    item = it.interview
    if not item.is_on:
        return _gone(it)
    if item.declined_at is not None and _how(it) is not How.SCORECARD:
        return _declined(it)
    text = f"Your interview kit: {it.panel.opening.title}"
    questions = it.content.questions(item.questions)
    about = [*_facts(it), *_said(it)]
    for blocks in (
        [*about, *_buttons(it, show=False), *_questions(it, questions), *_focus(it)],
        [*about, *_buttons(it, show=True), *_short(questions), *_focus(it)],
        [*about, *_buttons(it, show=True), *_short(questions)],
    ):
        if len(in_pieces(blocks)) == 1:
            return text, as_json(blocks)
    return text, as_json([*about, *_buttons(it, show=True)])


def _how(it: Kit) -> How | None:
    return it.said.how if it.said is not None else None


def _said(it: Kit) -> list[Block]:
    """What became of the interview, in the words of whoever said so."""
    match it.said:
        case None:
            return []
        case Settlement(how=How.SCORECARD):
            return [plain("Your scorecard is in.")]
        case Settlement(how=How.HANDED_OVER, receiver=receiver):
            return [line("You have handed the scorecard over to ", person(receiver or ""), ".")]
        case Settlement(how=How.NO_SHOW):
            return [plain("You said that the candidate did not show.")]
        case _:
            return [plain("You said that you did not interview.")]


def _facts(it: Kit) -> list[Block]:
    item, panel = it.interview, it.panel
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
            f"\nFocus: {', '.join(it.content.names(item.focus))}",
            *(("\n", link(profile, "Profile or CV")) if profile else ()),
        ),
    ]


def _focus(it: Kit) -> list[Block]:
    """What to rate, and what each rating looks like."""
    competencies = [it.content.competency(id) for id in it.interview.focus]
    return [
        DividerBlock(),
        header("What you rate"),
        *(_behaviours(item) for item in competencies),
    ]


def _behaviours(competency: Competency) -> Block:
    rows = [(bold(f"{rating.label}: "), competency.ratings[rating].long) for rating in Rating]
    title = line(bold(competency.name), f"\n{competency.summary}")
    block = lines(rows)
    block.elements = [*title.elements, *block.elements]
    return block


def _questions(it: Kit, questions: Sequence[Question]) -> list[Block]:
    blocks: list[Block] = []
    for number, question in enumerate(questions, start=1):
        name = it.content.names([question.competency])[0]
        blocks += [
            DividerBlock(),
            asked(question, number),
            context(f"{name} · {question.minutes} minutes · Why: {question.why}"),
            rated(question),
        ]
    return blocks


def _short(questions: Sequence[Question]) -> list[Block]:
    blocks: list[Block] = [DividerBlock()]
    blocks += [said(question, number) for number, question in enumerate(questions, start=1)]
    return [*blocks, context("“Show questions” has the probes and what good answers are like.")]


def _buttons(it: Kit, *, show: bool) -> list[Block]:
    value = InterviewToken(interview=it.interview.id).dump()
    confirm = ConfirmObject(
        title=PlainTextObject(text="You can't make it?"),
        text=PlainTextObject(text="Those who organise the panel hear of it at once."),
        confirm=PlainTextObject(text="Tell them"),
        deny=PlainTextObject(text="Back"),
    )
    questions = ButtonElement(
        text="Show questions", action_id=ActionId.PANEL_QUESTIONS, value=value, style="primary"
    )
    feedback = FEEDBACK.get(_how(it))
    is_over = it.has_begun and it.said is not None
    before = [
        ButtonElement(text="Add to calendar", action_id=ActionId.PANEL_CALENDAR, value=value),
        ButtonElement(
            text="I can't make it", action_id=ActionId.PANEL_DECLINE, value=value, confirm=confirm
        ),
    ]
    return [
        actions(
            [
                *([questions] if show else []),
                *([_feedback(feedback, value)] if feedback is not None else []),
                ButtonElement(
                    text="Job description", action_id=ActionId.PANEL_POSTING, value=value
                ),
                *([] if is_over else before),
            ]
        )
    ]


def _feedback(label: str, value: str) -> ButtonElement:
    """Opens the interview's scorecard."""
    return ButtonElement(text=label, action_id=ActionId.SCORECARD_OPEN, value=value)


def _gone(it: Kit) -> tuple[str, list[Json]]:
    successor = it.panel.successor(it.interview.id)
    why: Parts = ("It has been cancelled.",)
    if successor is not None and it.panel.cancelled_at is None:
        why = (person(successor.interviewer), " takes it over.")
    blocks = [
        line(bold(f"Not needed any more: interview with {it.panel.candidate.name}")),
        line(*why),
    ]
    return "An interview of yours does not take place", as_json(blocks)


def _declined(it: Kit) -> tuple[str, list[Json]]:
    item = it.interview
    blocks = [
        *_facts(it),
        plain("You can't make it, and those who organise the panel know."),
        *_said(it),
    ]
    return f"You can't make it: {it.panel.opening.title}, {item.minutes} minutes", as_json(blocks)


def soon(it: Soon) -> tuple[str, list[Json]]:
    """The reminder; or, where what it said is no longer true, what is."""
    item, zone = it.interview, it.interview.interviewer_zone
    if not it.is_true:
        return "An interview of yours has changed", as_json([line(*_no_longer(it.panel, item))])
    value = InterviewToken(interview=item.id).dump()
    show = ButtonElement(
        text="Show questions", action_id=ActionId.PANEL_QUESTIONS, value=value, style="primary"
    )
    focus = ", ".join(it.content.names(item.focus))
    blocks = [
        line(
            bold("At "),
            moment(item.starts_at, zone, TIME),
            bold(f": interview with {it.panel.candidate.name}"),
            f"\n{it.panel.opening.name} · {item.minutes} minutes\n{focus}",
        ),
        actions([show]),
    ]
    return f"Your interview begins soon: {it.panel.opening.title}", as_json(blocks)


def _no_longer(panel: Panel, item: Interview) -> Parts:
    name = panel.candidate.name
    if not item.is_on:
        return (f"Your interview with {name} does not take place.",)
    if item.declined_at is not None:
        return (f"You can't make the interview with {name}.",)
    zone = item.interviewer_zone
    return (f"Your interview with {name} has moved to ", moment(item.starts_at, zone, LONG), ".")


def questions(it: Kit) -> list[Json]:
    """Everything to ask and to rate by, for one person alone, in as few messages as it needs."""
    title = f"Questions for {it.panel.candidate.name}"
    found = it.content.questions(it.interview.questions)
    minutes = sum(question.minutes for question in found)
    blocks: list[Block] = [
        header(title),
        context(f"{len(found)} questions · {minutes} minutes · Only you can see this."),
        *_questions(it, found),
    ]
    return [private("Your questions", []) | {"blocks": piece} for piece in in_pieces(blocks)]


def posting(it: Kit, description: Sequence[Json]) -> Json:
    """The role as candidates read it, for one person alone."""
    return private(f"Job description: {it.panel.opening.title}", []) | {"blocks": [*description]}


def calendar(text: str) -> Json:
    """The calendar file to be copied, where Slack took no file."""
    how = "Slack took no file. Save this as interview.ics and open it:"
    return private("Your interview as a calendar file", [plain(how), preformatted(text)])
