"""What a panel asks: content frozen with it, and which questions each of its interviewers gets."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from bot.domain.competencies import Competency
from bot.domain.content import Content
from bot.domain.panels.coverage import Coverage, coverage
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import Interview, NewInterview, Panel, check_interview, place_of
from bot.domain.questions.question import Bank, Question
from bot.domain.questions.selection import Level, Selection
from bot.domain.roles import Role


class FrozenContent(Content):
    """What a panel asks and rates by, as it was when the panel was set up.

    Rows keep it for years: a change to these classes must go on reading what was written before.
    """

    role: Role
    competencies: tuple[Competency, ...]

    @cached_property
    def id(self) -> str:
        """Made from the content: the same content is kept once."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]

    @property
    def ids(self) -> tuple[str, ...]:
        """The competencies' ids, most important first."""
        return tuple(competency.id for competency in self.competencies)

    def competency(self, id: str) -> Competency:
        return next(competency for competency in self.competencies if competency.id == id)

    def names(self, ids: Iterable[str]) -> list[str]:
        return [self.competency(id).name for id in ids]

    def bank(self, focus: Sequence[str], without: frozenset[str] = frozenset()) -> Bank:
        """The questions on the focus."""
        shared = (item for competency in self.competencies for item in competency.questions)
        questions = (*self.role.all_questions, *shared)
        return Bank(
            self.role.slug,
            tuple(q for q in questions if q.competency in focus and q.id not in without),
            tuple(id for id in self.ids if id in focus),
        )

    def questions(self, ids: Iterable[str]) -> tuple[Question, ...]:
        return self.bank(self.ids).restored(ids)

    def coverage(self, panel: Panel, assessed: Collection[str] = ()) -> Coverage:
        """`assessed` are the ids of interviews whose scorecard is submitted: what they rate counts
        as covered, though they were canceled, declined or replaced since."""
        return coverage(self.ids, *covering(panel, assessed))

    def interview(self, id: str, new: NewInterview, zone: str, entered_in: str) -> Interview:
        """The interview asked for, without questions; `zone` is the interviewer's.

        Raises InvalidPanel.
        """
        return interview_of(self.ids, id, new, zone, entered_in)

    def with_questions(
        self, items: Sequence[Interview], level: Level | None, others: Iterable[Interview] = ()
    ) -> tuple[Interview, ...]:
        """The interviews with questions: none twice, none of the others', while they last."""
        slots = [QuestionSlot(item.focus, Selection(item.minutes, level=level)) for item in items]
        taken = [id for other in others for id in other.questions]
        assigned = zip(items, assign_questions(self, slots, taken), strict=True)
        return tuple(replace(item, questions=questions) for item, questions in assigned)


def interview_of(
    competencies: Sequence[str], id: str, new: NewInterview, zone: str, entered_in: str
) -> Interview:
    """The interview asked for, about some of these competencies. Raises InvalidPanel."""
    if not set(new.focus) <= set(competencies):
        raise InvalidPanel(PanelField.FOCUS, "This is not among the competencies of the role.")
    item = Interview(
        id=id,
        interviewer=new.interviewer,
        interviewer_zone=zone,
        focus=tuple(id for id in competencies if id in new.focus),
        starts_at=new.starts_at,
        ends_at=new.starts_at + timedelta(minutes=new.minutes),
        zone=entered_in,
        place=place_of(new.place),
    )
    check_interview(item)
    return item


Focuses = Sequence[tuple[str, tuple[str, ...]]]


def covering(panel: Panel, assessed: Collection[str] = ()) -> tuple[Focuses, Focuses]:
    """Each interviewer with their focus: of interviews that they can make, and of others that were
    assessed before."""
    on = [item for item in panel.on if item.declined_at is None]
    done = [item for item in panel.interviews if item not in on and item.id in assessed]
    planned, before = ([(item.interviewer, item.focus) for item in items] for items in (on, done))
    return planned, before


@dataclass(frozen=True)
class QuestionSlot:
    """What one interviewer's questions have to fit."""

    focus: tuple[str, ...]
    selection: Selection


def assign_questions(
    content: FrozenContent, slots: Sequence[QuestionSlot], taken: Iterable[str] = ()
) -> list[tuple[str, ...]]:
    """The ids of each slot's questions: none twice, and none of those `taken`, while they last.

    Each slot gets one in turn, so that two who own the same competency share what there is. A
    slot that gets nothing at all has the best set there is, though others ask it too.
    """
    used = set(taken)
    assigned: list[list[Question]] = [[] for _ in slots]
    unfilled = list(range(len(slots)))
    while unfilled:
        for number in list(unfilled):
            slot, own = slots[number], assigned[number]
            bank = content.bank(slot.focus, frozenset(used - {question.id for question in own}))
            question = bank.following(slot.selection, own)
            if question is None:
                unfilled.remove(number)
            else:
                own.append(question)
                used.add(question.id)
    return [
        tuple(q.id for q in own) or content.bank(slot.focus).choose(slot.selection).ids
        for slot, own in zip(slots, assigned, strict=True)
    ]
