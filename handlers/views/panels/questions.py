"""What an interviewer asks and rates by, in modals that stay open beside the call.

The questions come first, to be read aloud; what good answers look like is one press away from each.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextSectionElement,
)

from bot.domain.competencies import Competency
from bot.domain.questions.question import Question, Rating
from bot.domain.questions.selection import time_plan
from bot.services.messages.panels import Kit
from handlers.ids import ActionId
from handlers.views.common import Json, actions, as_json, context, header, modal, plain, titled
from handlers.views.panels.kit import InterviewToken
from handlers.views.questions.questions import closing, how_to_rate, minutes, opening
from handlers.views.rich import Parts, bold, line, lines, people

MOST_ON_PAGE = 20
"""Questions: a modal has at most a hundred blocks, and each of these takes up to four."""


class QuestionsToken(InterviewToken):
    """A button that shows the questions; `first` is the number of the first one shown."""

    first: Annotated[int, Field(ge=0, lt=1000)] = 0


class QuestionToken(InterviewToken):
    """A button about one question of an interview."""

    question: str


def questions(kit: Kit, first: int = 0) -> Json:
    """Everything to ask, in the order in which it is asked."""
    item = kit.interview
    found, plan = kit.content.questions(item.questions), time_plan(item.minutes)
    last = min(first + MOST_ON_PAGE, len(found))
    blocks: list[Block] = [header(f"{kit.panel.candidate.name} · {minutes(item.minutes)}")]
    if first == 0 and plan.opening:
        blocks += [*opening(plan), DividerBlock()]
    for number in range(first, last):
        blocks += _question(kit, found[number], number + 1, len(found))
    if last == len(found):
        blocks += closing(plan)
    blocks += [actions(_below(kit, first, last, len(found))), *_colleagues(kit)]
    return _modal("Questions", as_json(blocks), "Close")


def _question(kit: Kit, question: Question, number: int, count: int) -> list[Block]:
    name = kit.content.names([question.competency])[0]
    rubric = ButtonElement(
        text="What good looks like",
        action_id=ActionId.PANEL_RUBRIC,
        value=QuestionToken(interview=kit.interview.id, question=question.id).dump(),
    )
    rubric.accessibility_label = f"What good looks like, question {number}"
    return [
        context(f"{number} of {count} · {name} · {minutes(question.minutes)}"),
        _asked(question),
        actions([rubric]),
        DividerBlock(),
    ]


def _asked(question: Question) -> RichTextBlock:
    """The question, its follow-ups, and what the candidate is shown with it."""
    elements: list[RichTextElement] = [
        _paragraph(question.question),
        RichTextListElement(style="bullet", elements=list(map(_paragraph, question.probes))),
    ]
    if question.exhibit is not None:
        title = RichTextElementParts.Text(
            text=f"Show the candidate: {question.exhibit.title}", style={"italic": True}
        )
        text = RichTextElementParts.Text(text=question.exhibit.lines)
        elements += [
            RichTextSectionElement(elements=[title]),
            RichTextPreformattedElement(elements=[text]),
        ]
    return RichTextBlock(elements=elements)


def _paragraph(text: str) -> RichTextSectionElement:
    return RichTextSectionElement(elements=[RichTextElementParts.Text(text=text)])


def _below(kit: Kit, first: int, last: int, count: int) -> list[ButtonElement]:
    """The way to the other pages, and to what each competency is rated by."""
    id = kit.interview.id
    buttons = []
    for label, start in (("Earlier questions", first - MOST_ON_PAGE), ("Later questions", last)):
        if start >= 0 and start < count:
            value = QuestionsToken(interview=id, first=start).dump()
            action = f"{ActionId.PANEL_QUESTIONS}:{start}"
            buttons.append(ButtonElement(text=label, action_id=action, value=value))
    value = InterviewToken(interview=id).dump()
    for label, action in (
        ("Competencies to rate", ActionId.PANEL_RATINGS),
        ("Job description", ActionId.PANEL_POSTING),
    ):
        buttons.append(ButtonElement(text=label, action_id=action, value=value))
    return buttons


def _colleagues(kit: Kit) -> list[Block]:
    """What the others ask about, so that nobody asks the same again."""
    rows: list[Parts] = [
        (*people([other.interviewer]), f": {', '.join(kit.content.names(other.focus))}")
        for other in kit.panel.others(kit.interview.id)
    ]
    return [line(bold("What the others cover")), lines(rows)] if rows else []


def rubric(kit: Kit, question: Question) -> Json:
    """What only the interviewer reads: for each rating what decides, then what it looks like."""
    blocks: list[Block] = [
        context(kit.content.names([question.competency])[0]),
        plain(question.question),
        *(_rating(question, rating) for rating in Rating),
        DividerBlock(),
        titled("Red flags", "\n".join(f"• {flag}" for flag in question.red_flags)),
        titled("Why you ask this", question.why),
        how_to_rate(),
    ]
    return _modal("What good looks like", as_json(blocks), "Back")


def _rating(question: Question, rating: Rating) -> Block:
    deciding = question.deciding(rating)
    title = f"{rating.label}: {deciding}" if deciding else rating.label
    return line(bold(f"{title}\n"), question.rubric[rating])


def ratings(kit: Kit) -> Json:
    """What to rate, and what each rating looks like."""
    competencies = [kit.content.competency(id) for id in kit.interview.focus]
    blocks = [block for item in competencies for block in _behaviors(item)]
    return _modal("Competencies to rate", as_json([*blocks, how_to_rate()]), "Back")


def _behaviors(competency: Competency) -> list[Block]:
    rows: list[Parts] = [
        (bold(f"{rating.label}: "), competency.ratings[rating].long) for rating in Rating
    ]
    return [header(competency.name), plain(competency.summary), lines(rows)]


def posting(description: Sequence[Json]) -> Json:
    """The role as candidates read it."""
    return _modal("Job description", description, "Close")


def _modal(title: str, blocks: Sequence[Json], close: str) -> Json:
    return modal(title, blocks, close=close)
