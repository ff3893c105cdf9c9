"""Interview questions as an interviewer reads them during the call."""

from collections.abc import Iterable
from typing import Any

from slack_sdk.models.blocks import Block, DividerBlock

from bot.domain.questions import Question, Rating
from bot.domain.roles import Role
from handlers.views.common import bullets, context, header, in_pieces, private, titled


def interview_questions(role: Role, questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Questions with probes and rubrics, for one person alone, in as few messages as they need."""
    title = f"{role.title}: interview questions"
    blocks: list[Block] = [header(title), context("For the hiring team. Only you can see this.")]
    for question in questions:
        blocks += [DividerBlock(), *question_blocks(question)]
    return [private(title, []) | {"blocks": piece} for piece in in_pieces(blocks)]


def question_blocks(question: Question) -> list[Block]:
    """One question with all that is needed to ask and to rate it."""
    facts = f"{question.kind.label} · {question.level.label} · {question.minutes} minutes"
    return [
        titled(question.question, ""),
        context(f"{facts} · {question.why}"),
        bullets("Probes", question.probes),
        bullets("Rating", (f"{rating.label}: {question.rubric[rating]}" for rating in Rating)),
        bullets("Red flags", question.red_flags),
    ]
