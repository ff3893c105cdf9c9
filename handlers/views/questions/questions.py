"""Interview questions as an interviewer reads them, on a phone, ten minutes before the call."""

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
)

from bot.domain.competencies import Competency
from bot.domain.questions.interview import CLOSING, OFF_THE_RUBRIC, OPENING, RATING_RULE
from bot.domain.questions.question import Question, QuestionSet, Rating, code
from bot.domain.questions.selection import LEAST_MINUTES, MOST_MINUTES, Level, Selection, TimePlan
from bot.domain.roles import Role
from bot.library.documents import escape_mrkdwn
from handlers.ids import ActionId
from handlers.payloads import Token
from handlers.views.common import (
    MOST_BLOCKS,
    MOST_CHARACTERS,
    Json,
    actions,
    as_json,
    context,
    header,
    in_pieces,
    labelled,
    mrkdwn,
    plain,
    preformatted,
    private,
)

MOST_OF_QUESTION = 7
"""Blocks: divider, question, exhibit with its title, kind, rubric, buttons."""

CODE = 4
"""Characters of a question's code."""

Competencies = Mapping[str, Competency]
"""By id."""


class SelectionToken(Token):
    """What a set is asked for."""

    role: str
    minutes: Annotated[int, Field(ge=LEAST_MINUTES, le=MOST_MINUTES)]
    competency: str | None = None
    level: Level | None = None

    @property
    def selection(self) -> Selection:
        return Selection(self.minutes, self.competency, self.level)


class SetToken(SelectionToken):
    """A set as it stands in a message, and what is done with it.

    `shown` are its questions' codes, one after another, `seen` is the bank's mask of those put
    aside, `at` the code of the question that is opened or swapped.
    """

    shown: str
    seen: Annotated[int, Field(ge=0)] = 0
    kept: bool = False
    page: Annotated[int, Field(ge=0)] = 0
    at: str | None = None

    @property
    def codes(self) -> list[str]:
        return [self.shown[start : start + CODE] for start in range(0, len(self.shown), CODE)]


@dataclass(frozen=True)
class QuestionSetView:
    """A set as one person sees it.

    `seen` is the token's; `fixed` are the ids of questions in whose place no other fits; `open` is
    the id of the one whose rubric is shown. `notes` stand above the questions, `done` below them.
    """

    role: Role
    questions: QuestionSet
    competencies: Competencies
    seen: int
    kept: bool
    fixed: frozenset[str] = frozenset()
    open: str | None = None
    page: int = 0
    notes: tuple[str, ...] = ()
    done: str = ""

    @property
    def title(self) -> str:
        """The role's, at the level asked for."""
        return self.role.at(self.questions.selection.level).title

    def button(self, label: str, action: ActionId, suffix: str = "", **token: Any) -> ButtonElement:
        """A button that brings the set back, with these changes to its token."""
        selection = self.questions.selection
        fields = {
            "role": self.role.slug,
            "minutes": selection.minutes,
            "competency": selection.competency,
            "level": selection.level,
            "shown": "".join(map(code, self.questions.ids)),
            "seen": self.seen,
            "kept": self.kept,
            "page": self.page,
        }
        value = SetToken.model_validate(fields | token).dump()
        return ButtonElement(text=label, action_id=f"{action}{suffix}", value=value)


def question_set(question_set: QuestionSetView, command: str) -> Json:
    """The set in one message for one person: with all rubrics where they fit, else one at a time.

    A set too long for a message is shown by the page.
    """
    count = len(question_set.questions.questions)
    top = as_json(_top(question_set))
    full = [_question(question_set, number, rubric=True, toggle=False) for number in range(count)]
    whole = [*top, *itertools.chain(*full), *as_json(_bottom(question_set, command, range(count)))]
    if _size(whole) <= MOST_CHARACTERS and len(whole) <= MOST_BLOCKS:
        return _message(question_set, whole)
    span = _page(question_set, top, command)
    question_set = replace(question_set, page=span.start)
    body = [
        _question(
            question_set, n, rubric=question_set.questions.ids[n] == question_set.open, toggle=True
        )
        for n in span
    ]
    return _message(
        question_set,
        [*top, *itertools.chain(*body), *as_json(_bottom(question_set, command, span))],
    )


def _message(question_set: QuestionSetView, blocks: list[Json]) -> Json:
    return private(f"{question_set.title}: {_facts(question_set.questions)}", []) | {
        "blocks": blocks
    }


def _size(blocks: Iterable[Json]) -> int:
    return sum(len(json.dumps(block, ensure_ascii=False)) + 2 for block in blocks)


def _page(question_set: QuestionSetView, top: list[Json], command: str) -> range:
    """Which questions stand on the page, with room for the largest rubric.

    So a rubric opens in its place and moves no question to another page. A page is known by its
    first question.
    """
    questions = question_set.questions.questions
    closed = [_question(question_set, n, rubric=False, toggle=True) for n in range(len(questions))]
    rubric = max(_size(as_json([rated(question)])) for question in questions)
    frame = [*top, *as_json(_bottom(question_set, command, range(1, len(questions) - 1)))]
    room = MOST_CHARACTERS - _size(frame) - rubric
    most = (MOST_BLOCKS - len(frame)) // MOST_OF_QUESTION
    pages: list[range] = [range(0, 0)]
    for number, blocks in enumerate(closed):
        start = pages[-1].start
        used = _size(itertools.chain(*closed[start:number]))
        if number > start and (used + _size(blocks) > room or number - start == most):
            pages.append(range(number, number))
        pages[-1] = range(pages[-1].start, number + 1)
    at = (
        question_set.page
        if question_set.open is None
        else question_set.questions.ids.index(question_set.open)
    )
    return next((page for page in pages if at in page), pages[0])


def _top(question_set: QuestionSetView) -> list[Block]:
    names = ", ".join(
        question_set.competencies[id].name for id in question_set.questions.competencies
    )
    facts = f"{_facts(question_set.questions)} · {names} · Only you can see this."
    return [
        header(_title(question_set)),
        context(facts),
        *map(context, question_set.notes),
        *_expected(question_set),
        *opening(question_set.questions.selection.plan),
        how_to_rate(),
    ]


def _title(question_set: QuestionSetView) -> str:
    return f"{question_set.title}: interview questions"


def _facts(questions: QuestionSet) -> str:
    count = len(questions.questions)
    asked = f"{count} {'question' if count == 1 else 'questions'}"
    level = questions.selection.level
    return f"{asked} · {questions.selection.minutes} minutes{f' · {level.label}' if level else ''}"


def _expected(question_set: QuestionSetView) -> list[Block]:
    """What the level takes of each competency asked about, where a level was asked for."""
    level = question_set.questions.selection.level
    if level is None:
        return []
    asked = (question_set.competencies[id] for id in question_set.questions.competencies)
    expected = [
        (competency.name, text)
        for competency in asked
        if (text := question_set.role.expected(competency, level))
    ]
    return [labelled(f"Expected at this level: {level.label}", expected)] if expected else []


def _question(
    question_set: QuestionSetView, number: int, *, rubric: bool, toggle: bool
) -> list[Json]:
    question = question_set.questions.questions[number]
    at = code(question.id)
    buttons = []
    if toggle and rubric:
        buttons.append(question_set.button("Hide rubric", ActionId.QUESTIONS_SHOW))
    elif toggle:
        buttons.append(question_set.button("Show rubric", ActionId.QUESTIONS_SHOW, at=at))
    if question.id not in question_set.fixed:
        buttons.append(question_set.button("Swap", ActionId.QUESTIONS_SWAP, at=at))
    return as_json(
        [
            DividerBlock(),
            *asked(question, number + 1),
            context(f"{kind_of(question, question_set.competencies)}\nWhy: {question.why}"),
            *([rated(question)] if rubric else []),
            *([actions(buttons)] if buttons else []),
        ]
    )


def kind_of(question: Question, competencies: Competencies) -> str:
    name = competencies[question.competency].name
    return f"{name} · {question.kind.label} · {question.level.label} · {question.minutes} minutes"


def _rich(parts: Iterable[tuple[str, bool]]) -> RichTextBlock:
    """Anybody's texts one after another, some of them bold."""
    text = RichTextElementParts.Text
    elements = [
        text(text=words, style={"bold": True}) if bold else text(text=words)
        for words, bold in parts
    ]
    return RichTextBlock(elements=[RichTextSectionElement(elements=elements)])


def aloud(question: Question, number: int) -> list[Block]:
    """What is said to the candidate, and what they are shown."""
    return [_rich([(f"{number}. {question.question}", True)]), *_exhibit(question)]


def asked(question: Question, number: int) -> list[Block]:
    """The question with its probes, some of which hold facts to be given only when asked for."""
    probes = "".join(f"\n• {probe}" for probe in question.probes)
    parts = [(f"{number}. {question.question}", True), (probes, False)]
    return [_rich(parts), *_exhibit(question)]


def _exhibit(question: Question) -> list[Block]:
    if question.exhibit is None:
        return []
    return [
        context(f"Show the candidate: {question.exhibit.title}"),
        preformatted(question.exhibit.lines),
    ]


def rated(question: Question) -> Block:
    """What only the interviewer reads: for each rating what decides, then what it looks like."""
    parts: list[tuple[str, bool]] = []
    for rating in Rating:
        deciding = question.deciding(rating)
        parts.append((f"{rating.label}: ", True))
        if deciding:
            parts.append((f"{deciding}\n", True))
        parts.append((f"{question.rubric[rating]}\n", False))
    flags = "".join(f"\n• {flag}" for flag in question.red_flags)
    return _rich([*parts, ("Red flags:", True), (flags, False)])


def how_to_rate() -> Block:
    """The rule that decides between neighboring ratings, wherever people rate."""
    return context(f"How to rate: {RATING_RULE} {OFF_THE_RUBRIC}")


def opening(plan: TimePlan) -> list[Block]:
    """How the interview begins, where there is time for it."""
    return [context(f"Open · {minutes(plan.opening)}: {OPENING}")] if plan.opening else []


def closing(plan: TimePlan) -> list[Block]:
    """How the interview ends, where there is time for it."""
    return [context(f"Close · {minutes(plan.closing)}: {CLOSING}")] if plan.closing else []


def minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def _bottom(question_set: QuestionSetView, command: str, page: range) -> list[Block]:
    count = len(question_set.questions.questions)
    show, buttons = ActionId.QUESTIONS_SHOW, []
    if page.start > 0:
        buttons.append(
            question_set.button("Previous questions", show, ":back", page=page.start - 1)
        )
    if page.stop < count:
        buttons.append(question_set.button("Next questions", show, ":on", page=page.stop))
    buttons += [
        question_set.button("Another set", ActionId.QUESTIONS_ANOTHER),
        question_set.button("Send to my DM", ActionId.QUESTIONS_DM),
        question_set.button("Post to channel", ActionId.QUESTIONS_WARN),
    ]
    part = f"Questions {page.start + 1} to {page.stop} of {count}."
    return [
        DividerBlock(),
        *closing(question_set.questions.selection.plan),
        *([] if len(page) == count else [context(part)]),
        _name_of(question_set, command),
        *([context(question_set.done)] if question_set.done else []),
        actions(buttons),
    ]


def _name_of(question_set: QuestionSetView, command: str) -> Block:
    if not question_set.kept:
        return plain(
            "This set couldn't be saved under a name: Panelist can't reach its database right now. "
            "Send it to your DM to keep it."
        )
    return mrkdwn(
        f"`{command} set {question_set.questions.name}` shows this set again: "
        "use it for every candidate, and share it with the next interviewer."
    )


def warning(question_set: QuestionSetView) -> Json:
    """What stands before *Post to channel*, in the place of the set."""
    count = len(question_set.questions.questions)
    asked = "this question" if count == 1 else f"these {count} questions"
    text = (
        f"Candidates may be in this channel. Everyone in it will be able to read {asked}. "
        "Follow-ups, rubrics and red flags are left out."
    )
    post = question_set.button("Post anyway", ActionId.QUESTIONS_POST)
    post.style = "danger"
    back = question_set.button("Cancel", ActionId.QUESTIONS_SHOW)
    return private("Candidates may be in this channel.", [plain(text), actions([post, back])])


def for_channel(question_set: QuestionSetView) -> list[Json]:
    """The questions alone, in as few messages as needed.

    Candidates may read along: no probe, no rubric, and no name by which one gets at them.
    """
    blocks: list[Block] = [
        header(_title(question_set)),
        context(_facts(question_set.questions)),
    ]
    for number, question in enumerate(question_set.questions.questions, start=1):
        kind = context(kind_of(question, question_set.competencies))
        blocks += [DividerBlock(), *aloud(question, number), kind]
    return _messages(question_set, blocks)


def for_dm(question_set: QuestionSetView, command: str) -> list[Json]:
    """The whole set with rubrics, in as few messages as it needs."""
    blocks: list[Block] = [
        header(_title(question_set)),
        context(_facts(question_set.questions)),
    ]
    if question_set.kept:
        blocks.append(_name_of(question_set, command))
    blocks += [
        *_expected(question_set),
        *opening(question_set.questions.selection.plan),
        how_to_rate(),
    ]
    for number, question in enumerate(question_set.questions.questions, start=1):
        kind = context(f"{kind_of(question, question_set.competencies)}\nWhy: {question.why}")
        blocks += [DividerBlock(), *asked(question, number), kind, rated(question)]
    blocks += [DividerBlock(), *closing(question_set.questions.selection.plan)]
    return _messages(question_set, blocks)


def _messages(question_set: QuestionSetView, blocks: Iterable[Block]) -> list[Json]:
    text = escape_mrkdwn(f"{_title(question_set)}. {_facts(question_set.questions)}")
    return [{"text": text, "blocks": piece} for piece in in_pieces(blocks)]
