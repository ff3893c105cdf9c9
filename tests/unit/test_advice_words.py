"""What is said of a posting's words and of how it is built, and what is left alone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.openings.advice import advice_on, advice_on_text, mended
from bot.domain.openings.advice_book import AdviceBook
from bot.domain.openings.advice_finding import Finding
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.text import Text, text_of
from bot.domain.posting import PostingPart, Section
from bot.domain.roles import Role
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN, load, load_layers
from tests.support.advice import DAYS, TODAY, job, listed, text_with
from tests.support.content import write_company

LIBRARY = load()


WITHOUT_GUARD = replace(LIBRARY.advice, do_not_ask=())
"""What has tests of its own, and takes longest."""


def found(text: Text, book: AdviceBook = WITHOUT_GUARD) -> list[Finding]:
    return list(advice_on_text(text, book))


def asked(requirement: str) -> list[tuple[str, tuple[str, ...]]]:
    """What is said of a requirement, with the words."""
    return [(one.rule, one.words) for one in found(text_with(requirement))]


REQUIREMENTS = {
    "Bachelor's degree in marketing": [("degree", ("Bachelor's degree in marketing",))],
    "A university degree": [("degree", ("university degree",))],
    "You have an MBA.": [("degree", ("MBA",))],
    "5+ years of experience with lamps": [("years", ("5+ years of experience",))],
    "At least three years of professional sales experience": [
        ("years", ("At least three years of professional sales experience",))
    ],
    "3-5 years’ experience": [("years", ("3-5 years’ experience",))],
    "Native German speaker": [("origin", ("Native German speaker",))],
    "German is your mother tongue.": [("origin", ("mother tongue",))],
    "You're a recent graduate.": [("age", ("recent graduate",))],
    "A digital native": [("age", ("digital native",))],
    "A person aged 25 to 35": [("age", ("aged 25 to 35",))],
    "You must be under 35.": [("age", ("under 35",))],
    "You're able-bodied.": [("disability", ("able-bodied",))],
    "US citizens only": [("citizenship", ("US citizens only",))],
    "Canadian experience": [("canadian-experience", ("Canadian experience",))],
    "You must be currently employed.": [("employed", ("must be currently employed",))],
    "Clean-shaven": [("looks", ("Clean-shaven",))],
    "You are a salesman.": [("gendered", ("salesman",))],
    "He or she knows lamps.": [("gendered", ("He or she",))],
    "You keep the blacklist.": [("exclusive-terms", ("blacklist",))],
    "A rock star": [("cliche", ("rock star",))],
    "Rockstars and NINJAS": [("cliche", ("Rockstars",)), ("cliche", ("NINJAS",))],
    "You work hard, play hard.": [("cliche", ("work hard, play hard",))],
    "We're a family here.": [("one-of-us", ("We're a family",))],
    "A cultural fit": [("one-of-us", ("cultural fit",))],
    "Competitive salary": [("pay-words", ("Competitive salary",))],
    "Pay of up to $90,000": [("pay-words", ("up to $90,000",))],
    "Work from anywhere": [("anywhere", ("Work from anywhere",))],
}

LEFT_ALONE = [
    "Bachelor's degree or equivalent experience",
    "A degree in nursing, as required by law",
    "You've run standups as a scrum master.",
    "You've kept a store open for three years.",
    "Most people need about five years of experience. What you can show counts for more.",
    "You speak German at C1 level or above.",
    "You have graduated from our lamp course.",
    "You can lift a lamp, with or without an adjustment.",
    "You've managed the family room.",
    "You know how to blacken brass.",
    "You repair guruwood and ninjago lamps.",
    "You can explain a competitive analysis.",
    "You've worked for a family-owned company.",
    "You're authorized to work in the US.",
    "You hold a clearance that the law gives to US citizens only, as required by the contract.",
]


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_words_that_keep_people_away_are_found_and_quoted(requirement: str) -> None:
    assert asked(requirement) == REQUIREMENTS[requirement]


@pytest.mark.parametrize("requirement", LEFT_ALONE)
def test_words_that_are_about_the_work_are_left_alone(requirement: str) -> None:
    assert asked(requirement) == []


def test_every_rule_is_tried() -> None:
    tried = {rule for pairs in REQUIREMENTS.values() for rule, _ in pairs}
    assert tried == {rule.id for rule in LIBRARY.advice.posting.rules}


@pytest.mark.parametrize(
    ("requirement", "topic"),
    [
        ("You're young and energetic.", "age"),
        ("You're not pregnant and don't plan to be.", "pregnancy and children"),
        ("No criminal record", "arrests and convictions"),
    ],
)
def test_a_question_that_must_not_be_asked_is_found_where_it_hides(
    requirement: str, topic: str
) -> None:
    all_of_them = found(text_with(requirement), LIBRARY.advice)
    titles = {one.title for one in all_of_them if one.rule == "do-not-ask"}
    assert topic.capitalize() in titles


def test_the_guard_does_not_say_again_what_a_rule_has_said() -> None:
    text = text_with("Native German speaker")
    assert [one.rule for one in found(text, LIBRARY.advice)] == ["origin"]


def test_a_part_is_known_whatever_a_company_calls_it() -> None:
    line = "Family health cover: your spouse and your children are insured too."
    offered = Section("Goodies", items=(line,), part=PostingPart.BENEFITS)
    assert found((*text_with(""), offered), LIBRARY.advice) == []
    asked_for = replace(offered, part=PostingPart.RESPONSIBILITIES)
    assert "do-not-ask" in [one.rule for one in found((*text_with(""), asked_for), LIBRARY.advice)]
    needed = Section("Your toolbox", items=("You're a recent graduate.", *["You plan."] * 9))
    needed = replace(needed, part=PostingPart.REQUIREMENTS)
    assert "must-haves" in [one.rule for one in found((*text_with(""), needed))]


@pytest.mark.parametrize("heading", ["What we offer", "Our benefits", "About us", "How we hire"])
def test_what_the_company_says_of_itself_asks_nobody_anything(heading: str) -> None:
    section = Section(
        heading,
        (
            "25 days of vacation, and your birthday off",
            "Health cover, paid in full for you and by 80% for your family",
        ),
    )
    assert found((*text_with("You plan."), section), LIBRARY.advice) == []


def test_a_degree_outside_of_the_requirements_is_left_alone() -> None:
    assert found(text_with(about="You'll teach people with a bachelor's degree in lamps.")) == []


def test_a_finding_says_where_it_stands_what_to_do_and_where_that_is_from() -> None:
    (one,) = found(text_with("Native German speaker"))
    assert one.spot.in_text == "What you'll bring, line 6"
    assert (one.law, one.instead) == (
        "US, UK, EU",
        "Name the language and the level that the work takes, such as “German at C1 level or "
        "above”.",
    )
    assert [(it.text, it.url) for it in one.references] == [
        (
            "EEOC: language and national origin",
            "https://www.eeoc.gov/laws/guidance/"
            "eeoc-enforcement-guidance-national-origin-discrimination",
        )
    ]


def test_what_the_law_is_about_comes_first() -> None:
    both = found(text_with("A rock star", "Native German speaker"))
    assert [one.rule for one in both] == ["origin", "cliche"]


def test_another_word_is_offered_where_there_is_one() -> None:
    (one,) = found(text_with("A salesman"))
    assert (one.use, one.instead) == ("salesperson", "“salesperson”")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("You're a rockstar.", "You're an expert."),
        ("Foremen and foreman", "Foremen and supervisor"),
        ("A rock-star who sells", "An expert who sells"),
        ("You manage an allowlist and a whitelist.", "You manage an allowlist and an allowlist."),
        ("Salesmen  and a chairman", "Salespeople and a chairman"),
        ("An expert for blacklists", "An expert for blocklists"),
        ("Your craftsmanship: a craftsman's", "Your craftsmanship: a craftsperson's"),
    ],
)
def test_the_other_word_takes_its_place_in_the_line(line: str, instead: str) -> None:
    text = text_with(line)
    first = found(text)[0]
    section = mended(text, first)
    assert section is not None
    assert section.items == (*listed(), instead)


OF_SALESMAN = st.sampled_from(("salesmanship", "a", "salesmans_", "lamp", "xsalesman", "an"))


@given(st.lists(OF_SALESMAN, max_size=6), st.lists(OF_SALESMAN, max_size=6))
def test_no_other_letters_of_the_line_are_replaced(before: list[str], after: list[str]) -> None:
    text = text_with(" ".join(("Lamps", *before, "for", "salesman", *after)))
    (one,) = [finding for finding in found(text) if finding.words == ("salesman",)]
    section = mended(text, one)
    assert section is not None
    assert section.items[-1] == " ".join(("Lamps", *before, "for", "salesperson", *after))


def test_words_that_are_only_a_part_of_longer_ones_by_now_are_left_alone() -> None:
    (salesman,) = found(text_with("A salesman"))
    assert mended(text_with("A salesmanship"), salesman) is None


def test_words_that_are_gone_or_have_no_other_are_not_replaced() -> None:
    (native,) = found(text_with("A native speaker"))
    assert mended(text_with("A native speaker"), native) is None
    (salesman,) = found(text_with("A salesman"))
    assert mended(text_with("A lamp"), salesman) is None
    assert mended(text_with("A salesman")[:1], salesman) is None


def test_the_title_is_read_as_well() -> None:
    (one,) = advice_on(job(title="Lamp Ninja"), LIBRARY.advice, TODAY)
    assert (one.rule, one.spot.field, one.words) == ("cliche", OpeningField.TITLE, ("Ninja",))


def test_eight_must_haves_are_fine_and_nine_are_many() -> None:
    sections = text_with()
    eight = (*sections[:2], replace(sections[2], items=listed(8)))
    nine = (*sections[:2], replace(sections[2], items=listed(9)))
    assert found(eight) == []
    (one,) = found(nine)
    assert (one.rule, one.title) == ("must-haves", "9 must-haves")
    assert one.spot.in_text == "What you'll bring"


def test_a_posting_that_says_hardly_anything_is_told_so() -> None:
    (one,) = found(
        (Section(paragraphs=("You'll sell lamps in our store.",), items=("Sell lamps.",)),)
    )
    assert (one.rule, one.title) == ("length", "8 words")


def test_a_very_long_posting_is_told_so() -> None:
    long = (Section(paragraphs=(DAYS * 7,)), *text_with()[1:])
    assert "length" in {one.rule for one in found(long)}


def test_all_lists_and_no_lists_are_told_of() -> None:
    items = tuple(
        f"Sell lamp number {number} to one of the builders in town." for number in range(30)
    )
    assert [one.rule for one in found((Section("What you'll do", items),))] == ["lists"]
    assert [one.rule for one in found((Section(paragraphs=(DAYS * 2,)),))] == ["lists"]


def test_a_posting_that_only_specialists_can_read_is_told_so() -> None:
    hard = "The organizational responsibilities necessitate interdepartmental administration. " * 40
    assert "reading-ease" in {one.rule for one in found((Section(paragraphs=(hard,)),))}


def test_words_that_sound_masculine_are_told_of_only_where_there_are_many() -> None:
    strong = "You're dominant, decisive, ambitious, aggressive and outspoken. "
    assert found(text_with(about=strong)) == []
    (one,) = found(text_with(about=strong * 2))
    assert (one.rule, one.title) == ("coded-words", "Words that sound masculine")
    assert one.words == ("dominant", "decisive", "ambitious", "aggressive", "outspoken")


@pytest.mark.parametrize(
    "text",
    [
        "Du verkaufst Lampen, die du kennst, und bist ein Ninja und ein Guru für Licht.",
        "Vous vendez des lampes et vous êtes le guru de la lumière, un ninja pour les clients.",
        "ランプを売る仕事です。ninja と guru を探しています。",
    ],
)
def test_a_posting_in_another_language_is_left_alone(text: str) -> None:
    assert found((Section(paragraphs=(text,)),)) == []


def test_a_posting_in_short_english_is_read() -> None:
    terse = (Section("Requirements", items=("Sales ninja", "5+ years of experience", "Own car")),)
    assert {"cliche", "years"} <= {one.rule for one in found(terse)}


def roles() -> list[Role]:
    return [at for role in LIBRARY.roles for at in (role, *(role.at(one) for one in role.levels))]


@pytest.mark.parametrize("role", roles(), ids=lambda role: f"{role.slug}-{role.level}")
def test_there_is_nothing_to_say_of_a_built_in_role(role: Role) -> None:
    assert [(one.title, one.words) for one in found(role.sections)] == []


PIECES = st.sampled_from(
    [
        *REQUIREMENTS,
        *(
            "You’re  young and\tenergetic",
            "rock\u00a0star",
            "Let's sell lamps.",
            "— he/she —",
            "10+ years",
        ),
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=4).map(tuple), min_size=1, max_size=3).map(
    lambda parts: tuple(
        Section(f"What you'll bring {at}", items=one) for at, one in enumerate(parts)
    )
)


@given(TEXTS)
def test_quoted_words_stand_where_the_finding_says(text: Text) -> None:
    for one in found(text):
        spot = one.spot
        if spot.section is None or spot.line is None:
            continue
        line = " ".join(text[spot.section].items[spot.line].split())
        assert all(words in line for words in one.words), (one.words, line)


@given(TEXTS)
def test_the_order_of_lines_makes_no_difference_to_what_is_found(text: Text) -> None:
    turned = tuple(replace(section, items=section.items[::-1]) for section in text)
    assert {one.key for one in found(text)} == {one.key for one in found(turned)}


@given(TEXTS)
def test_saying_it_twice_finds_nothing_else(text: Text) -> None:
    doubled = tuple(replace(section, items=section.items * 2) for section in text)
    of_lines = [one.key for one in found(doubled) if one.spot.line is not None]
    assert set(of_lines) == {one.key for one in found(text) if one.spot.line is not None}


def test_a_posting_in_a_file_is_read_part_by_part() -> None:
    lines = [
        "# Lamp Seller",
        "",
        "You'll sell lamps.",
        "",
        "**What you'll do:**",
        "- Sell",
        "* Pack",
    ]
    assert text_of([*lines, "", "Requirements:", "", "- Hands"]) == (
        Section("Lamp Seller", paragraphs=("You'll sell lamps.",)),
        Section("What you'll do", items=("Sell", "Pack")),
        Section("Requirements", items=("Hands",)),
    )


def company(folder: Path, change: tuple[str, str]) -> Path:
    write_company(folder)
    built_in = (BUILT_IN / "posting_advice.toml").read_text()
    assert change[0] in built_in
    (folder / "posting_advice.toml").write_text(built_in.replace(*change, 1))
    return folder


def test_a_companys_own_words_are_found(tmp_path: Path) -> None:
    layer = company(tmp_path, ('"rock star" = "expert"', '"lamp wizardry" = "craft"'))
    advice = load_layers([layer]).advice
    (one,) = advice_on_text(text_with("Lamp-wizardry", "A rockstar"), advice)
    assert (one.words, one.use) == (("Lamp-wizardry",), "craft")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"he/she"', '"(he"', "rules[3].patterns[1]: must be a regular expression"),
        ('id = "years"', 'id = "degree"', "two rules have the id 'degree'"),
        ("most.at = 8\n", "", "limits.must_haves.most.at: is missing"),
        ('"adventurous"', '"Adventurous"', "coded.masculine[2]"),
        ("least = 10", "fewest = 10", "coded.fewest: is not a known key"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(ContentError) as refused:
        load_layers([company(tmp_path, (old, new))])
    assert any(re.search(re.escape(fault), str(one)) for one in refused.value.faults)
