"""Banks of questions made up for tests."""

from datetime import date

from hypothesis import strategies as st

from bot.domain.questions.question import Bank, Question, QuestionKind, QuestionSet, Rubric
from bot.domain.questions.selection import Level, Selection

COMPETENCIES = ("first", "second", "third", "fourth", "fifth")


def question(
    id: str,
    competency: str = "first",
    kind: QuestionKind = QuestionKind.SITUATIONAL,
    level: Level = Level.MID,
    minutes: int = 10,
) -> Question:
    texts = {rating: f"{rating} {id}" for rating in ("poor", "borderline", "solid", "outstanding")}
    return Question(
        id=id,
        competency=competency,
        kind=kind,
        level=level,
        question=f"What about {id}?",
        probes=(f"Why {id}?", f"How {id}?"),
        why=f"Because of {id}.",
        minutes=minutes,
        red_flags=(f"Dismisses {id}.",),
        reviewed=date(2026, 11, 25),
        rubric=Rubric(**texts),
    )


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """Any bank: some competencies may have no question, and some many."""
    made = st.builds(
        dict,
        competency=st.sampled_from(COMPETENCIES),
        kind=st.sampled_from(QuestionKind),
        level=st.sampled_from(Level),
        minutes=st.integers(3, 40),
    )
    parts = draw(st.lists(made, min_size=1, max_size=30))
    questions = tuple(question(f"q-{number}", **part) for number, part in enumerate(parts))
    return Bank("a-role", questions, COMPETENCIES)


selections = st.builds(
    Selection,
    minutes=st.integers(5, 240),
    competency=st.none() | st.sampled_from(COMPETENCIES),
    level=st.none() | st.sampled_from(Level),
)


def shown(questions: QuestionSet) -> set[str]:
    return set(questions.ids)
