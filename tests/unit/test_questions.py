"""Choosing questions: what every set holds to, whatever the bank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import search_key
from bot.domain.questions.question import Bank, QuestionKind, QuestionSet, code, set_name
from bot.domain.questions.selection import MOST_MINUTES, Level, Selection, time_plan
from bot.domain.questions.words import Vocabulary, Words, guess, understand
from bot.library.catalogue import Library
from bot.library.loader import load
from tests.support.bank import COMPETENCIES, banks, question, selections, shown


@given(banks(), selections)
def test_a_set_never_exceeds_its_minutes_and_never_repeats(
    bank: Bank, selection: Selection
) -> None:
    chosen = bank.choose(selection)
    assert chosen.minutes == sum(item.minutes for item in chosen.questions)
    assert chosen.minutes <= selection.plan.questions
    assert len(shown(chosen)) == len(chosen.questions)


@given(banks(), selections)
def test_a_set_covers_every_competency_that_it_claims(bank: Bank, selection: Selection) -> None:
    chosen = bank.choose(selection)
    assert set(chosen.competencies) == {item.competency for item in chosen.questions}
    if selection.competency:
        assert set(chosen.competencies) <= {selection.competency}


@given(banks(), selections)
def test_time_is_not_left_where_another_question_would_fit(
    bank: Bank, selection: Selection
) -> None:
    chosen = bank.choose(selection)
    left = selection.plan.questions - chosen.minutes
    others = [item for item in bank.suitable(selection) if item.id not in chosen.ids]
    assert all(item.minutes > left for item in others)


@given(banks(), selections)
def test_competencies_are_balanced_as_far_as_time_allows(bank: Bank, selection: Selection) -> None:
    chosen = bank.choose(selection)
    left = selection.plan.questions - chosen.minutes
    of = {id: [q for q in chosen.questions if q.competency == id] for id in COMPETENCIES}
    for id, asked in of.items():
        for other, asked_of_other in of.items():
            if len(asked) >= len(asked_of_other) + 2:
                spare = [q for q in bank.suitable(selection) if q.competency == other]
                unused = [q for q in spare if q.id not in chosen.ids]
                assert all(q.minutes > left + asked[-1].minutes for q in unused), (id, other)


@given(banks(), selections)
def test_the_same_request_gives_the_same_set(bank: Bank, selection: Selection) -> None:
    assert bank.choose(selection) == bank.choose(selection)
    assert bank.choose(selection).name == bank.choose(selection).name


@given(banks(), selections)
def test_another_set_repeats_nothing_until_the_bank_is_through(
    bank: Bank, selection: Selection
) -> None:
    fitting = {
        item.id for item in bank.suitable(selection) if item.minutes <= selection.plan.questions
    }
    current, before = bank.choose(selection), set[str]()
    while current.questions and not fitting <= before | shown(current):
        before |= shown(current)
        current = bank.another(current)
        assert current.questions, "what has not been seen is shown"
        assert not shown(current) & before
        assert current.minutes <= selection.plan.questions
    assert bank.another(current).questions or not fitting, "then it begins again"


@given(banks(), selections, st.data())
def test_a_swap_exchanges_one_question_and_keeps_to_the_minutes(
    bank: Bank, selection: Selection, data: st.DataObject
) -> None:
    old = bank.choose(selection)
    if not old.questions:
        return
    out = data.draw(st.sampled_from(old.ids))
    new = bank.swap(old, out)
    if new is None:
        return
    assert new.minutes <= selection.plan.questions
    assert len(shown(new)) == len(old.questions)
    assert shown(old) - shown(new) == {out}
    assert out in new.seen
    assert not shown(new) & new.seen


@given(banks(), st.data())
def test_a_mask_gives_the_ids_back(bank: Bank, data: st.DataObject) -> None:
    ids = data.draw(st.frozensets(st.sampled_from([item.id for item in bank.questions])))
    assert bank.unmask(bank.mask(ids)) == ids


@given(banks(), selections)
def test_questions_are_for_the_level_or_the_next_to_it(bank: Bank, selection: Selection) -> None:
    if selection.level is None:
        return
    order = list(Level)
    steps = {
        abs(order.index(item.level) - order.index(selection.level))
        for item in bank.suitable(selection)
    }
    assert steps <= {0, 1} or len(steps) == 1, "else the nearest there are"


@given(st.integers(5, 240))
def test_an_interview_has_time_to_open_and_for_the_candidates_questions(minutes: int) -> None:
    plan = time_plan(minutes)
    assert plan.opening + plan.questions + plan.closing == minutes
    if minutes >= 20:
        assert plan.opening == 5
        assert 5 <= plan.closing <= 10


@given(st.integers(5, 240))
def test_a_longer_interview_has_no_less_time_for_anything(minutes: int) -> None:
    shorter, longer = time_plan(minutes), time_plan(minutes + 1)
    assert longer.opening >= shorter.opening
    assert longer.closing >= shorter.closing


@given(st.integers(3, 225))
def test_the_shortest_interview_for_a_set_has_room_for_it(minutes: int) -> None:
    length = Selection.lasting(minutes)
    assert length.plan.questions >= minutes or length.minutes == MOST_MINUTES


@given(banks(), selections)
def test_a_set_opens_with_what_the_person_has_done(bank: Bank, selection: Selection) -> None:
    fitting = [q for q in bank.suitable(selection) if q.minutes <= selection.plan.questions]
    if any(q.kind is QuestionKind.BEHAVIORAL for q in fitting):
        assert bank.choose(selection).questions[0].kind is QuestionKind.BEHAVIORAL


def test_more_time_covers_more_of_a_roles_competencies() -> None:
    library = load()
    for role in library.roles:
        bank = Bank(role.slug, library.bank(role), role.competencies)
        sets = [bank.choose(Selection(minutes)) for minutes in (15, 30, 45, 60, 90, 120)]
        covered = [len(chosen.competencies) for chosen in sets]
        assert covered == sorted(covered), role.slug


def test_the_most_important_competency_comes_first() -> None:
    bank = Bank(
        "r", tuple(question(id, competency=id) for id in reversed(COMPETENCIES)), COMPETENCIES
    )
    assert bank.choose(Selection(minutes=42)).ids == ("first", "second", "third")


def test_the_next_set_goes_on_with_the_competencies_left_out() -> None:
    bank = Bank("r", tuple(question(id, competency=id) for id in COMPETENCIES), COMPETENCIES)
    assert bank.another(bank.choose(Selection(minutes=42))).ids == ("fourth", "fifth")


def test_kinds_are_mixed() -> None:
    parts = [(id, kind) for id in COMPETENCIES[:4] for kind in QuestionKind]
    bank = Bank(
        "r",
        tuple(question(f"{id}-{number}", id, kind) for number, (id, kind) in enumerate(parts)),
        COMPETENCIES,
    )
    chosen = bank.choose(Selection(minutes=55))
    assert {item.kind for item in chosen.questions} == set(QuestionKind)


def test_the_asked_level_comes_before_its_neighbours_and_of_them_the_lower_first() -> None:
    levels = {level: question(level, level=level, minutes=5) for level in Level}
    bank = Bank("r", tuple(levels.values()), COMPETENCIES)
    chosen = bank.choose(Selection(minutes=60, level=Level.MID))
    assert chosen.ids == (Level.MID, Level.JUNIOR, Level.SENIOR)


def test_a_long_question_gives_way_to_one_that_leaves_time_for_others() -> None:
    bank = Bank("r", (question("long", minutes=40), question("short", minutes=10)), COMPETENCIES)
    assert bank.choose(Selection(minutes=45)).ids == ("short",)
    assert bank.choose(Selection(minutes=140)).ids == ("long", "short")


def test_a_swap_prefers_the_same_competency_and_what_was_not_seen() -> None:
    bank = Bank(
        "r",
        (
            question("a", "first"),
            question("b", "second"),
            question("a2", "first"),
            question("a3", "first"),
        ),
        COMPETENCIES,
    )
    old = QuestionSet("r", Selection(20), bank.questions[:2])
    new = bank.swap(old, "a")
    assert new is not None
    assert new.ids == ("a2", "b")
    newer = bank.swap(new, "a2")
    assert newer is not None
    assert newer.ids == ("a3", "b")
    assert bank.swap(old, "not-there") is None


def test_a_name_depends_on_the_role_the_questions_and_their_order() -> None:
    a, b = question("a"), question("b")
    names = {
        QuestionSet(role, Selection(), questions).name
        for role in ("r", "s")
        for questions in ((a, b), (b, a), (a,))
    }
    assert len(names) == 6
    assert all(set_name(name) == name for name in names)
    assert QuestionSet("r", Selection(10), (a,), frozenset("b")).name in names


@pytest.mark.parametrize("typed", ["K7F2-9QXM", " k7f29qxm ", "k7f2 9qxm"])
def test_a_name_is_known_however_it_is_typed(typed: str) -> None:
    assert set_name(typed) == "k7f29qxm"


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    assert set_name("OIL12345") == "01112345"


@pytest.mark.parametrize("typed", ["", "k7f2", "k7f29qxmm", "k7f29qx!", "<!here>", "u" * 3000])
def test_what_cannot_be_a_name_is_none(typed: str) -> None:
    assert set_name(typed) == ""


def test_codes_are_short_and_different_over_the_library(library: Library) -> None:
    ids = {item.id for role in library.roles for item in library.bank(role)}
    assert {len(code(id)) for id in ids} == {4}
    assert len({code(id) for id in ids}) == len(ids)


VOCABULARY = Vocabulary(
    roles={
        search_key(name): slug
        for slug, names in {
            "backend-developer": ["backend-developer", "back-end dev", "API developer"],
            "data-engineer": ["data engineer"],
            "staff-nurse": ["staff nurse"],
        }.items()
        for name in names
    },
    competencies={"datamodelling": "data-modelling", "security": "security", "apidesign": "api"},
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("backend-developer", Words(("backend-developer",))),
        ("Back-End  Dev", Words(("backend-developer",))),
        (
            "senior back end dev data modelling 30",
            Words(("backend-developer",), ("data-modelling",), (Level.SENIOR,), (30,)),
        ),
        (
            "30 minutes of data-modelling for a senior API developer",
            Words(("backend-developer",), ("data-modelling",), (Level.SENIOR,), (30,)),
        ),
        ("data engineer, mid-level, 1h", Words(("data-engineer",), (), (Level.MID,), (60,))),
        ("staff nurse", Words(("staff-nurse",))),
        ("staff staff nurse", Words(("staff-nurse",), (), (Level.STAFF,))),
        ("data engineer 90min", Words(("data-engineer",), (), (), (90,))),
        ("data engineer 0", Words(("data-engineer",), (), (), (0,))),
        ("data engineer -5", Words(("data-engineer",), (), (), (-5,))),
        ("sr data engineer sr", Words(("data-engineer",), (), (Level.SENIOR,))),
        ("junior senior", Words((), (), (Level.JUNIOR, Level.SENIOR))),
        ("basket weaver senior", Words((), (), (Level.SENIOR,), (), ("basket weaver",))),
        ("data engineer 4.5", Words(("data-engineer",), (), (), (), ("4.5",))),
        ("", Words()),
    ],
)
def test_words_are_understood_in_any_order(text: str, words: Words) -> None:
    assert understand(text, VOCABULARY) == words


@given(st.permutations(["back-end dev", "data modelling", "senior", "30"]))
def test_the_order_of_the_words_makes_no_difference(parts: list[str]) -> None:
    assert understand(" ".join(parts), VOCABULARY) == Words(
        ("backend-developer",), ("data-modelling",), (Level.SENIOR,), (30,)
    )


@given(st.text())
def test_any_text_is_read_without_a_fault(text: str) -> None:
    understood = understand(text, VOCABULARY)
    guess(understood, VOCABULARY)


def test_what_follows_the_sixtieth_word_is_not_understood() -> None:
    understood = understand("senior " * 60 + "data engineer", VOCABULARY)
    assert understood == Words((), (), (Level.SENIOR,), (), ("data engineer",))


@pytest.mark.parametrize(
    ("text", "guessed"),
    [
        ("data enginer senor", Words(("data-engineer",))),
        ("data engineer secuirty senor", Words(("data-engineer",), ("security",), (Level.SENIOR,))),
        ("data engineer xqzzy", Words(("data-engineer",), (), (), (), ("xqzzy",))),
    ],
)
def test_slips_are_guessed(text: str, guessed: Words) -> None:
    assert guess(understand(text, VOCABULARY), VOCABULARY) == guessed
