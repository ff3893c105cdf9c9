"""What not to ask: found where it is asked, and left alone where only the words are alike."""

from pathlib import Path

import pytest
import rtoml

from bot.domain.do_not_ask import Rule, findings
from bot.library.catalogue import Library
from bot.library.do_not_ask import advice
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN, load_layers
from tests.support.asked import LAWFUL, UNLAWFUL
from tests.support.content import posting_alone, write_company


@pytest.mark.parametrize(
    ("topic", "question"), [(topic, text) for topic, texts in UNLAWFUL.items() for text in texts]
)
def test_a_question_on_a_topic_is_found(library: Library, topic: str, question: str) -> None:
    assert topic in {found.rule.topic for found in findings(question, library.do_not_ask)}


def test_every_rule_has_examples(library: Library) -> None:
    assert {rule.topic for rule in library.do_not_ask} == UNLAWFUL.keys()


@pytest.mark.parametrize("question", LAWFUL)
def test_words_that_are_only_alike_are_left_alone(library: Library, question: str) -> None:
    assert [str(found) for found in findings(question, library.do_not_ask)] == []


def test_case_spaces_and_curly_apostrophes_make_no_difference(library: Library) -> None:
    (found,) = findings("WHAT’S\nYOUR  AGE?", library.do_not_ask)
    assert found.words == "WHAT’S YOUR AGE"


def test_a_finding_gives_reason_alternative_date_and_no_legal_advice(library: Library) -> None:
    (found,) = findings("Are you in a union?", library.do_not_ask)
    text = str(found)
    assert text.startswith("union membership (“Are you in a union”): ")
    assert found.rule.why in text
    assert f"Ask instead: {found.rule.ask_instead}" in text
    assert f"checked on {found.rule.checked.isoformat()}" in text
    assert text.endswith("Not legal advice.")


def with_built_in_rules(tmp_path: Path) -> list[Path]:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "do_not_ask.toml").write_text((BUILT_IN / "do_not_ask.toml").read_text())
    return [rules, tmp_path / "company"]


def test_a_companys_own_questions_are_looked_at_with_file_and_key(tmp_path: Path) -> None:
    role = write_company(tmp_path / "company")
    layers = with_built_in_rules(tmp_path)
    role.write_text(
        role.read_text().replace('["Why?", "What else?"]', '["Why?", "How old are you?"]', 1)
    )
    care = tmp_path / "company" / "competencies" / "care.toml"
    care.write_text(care.read_text().replace("A longer poor care.", "Would they be a culture fit?"))
    grave, light = sorted(advice(load_layers(layers)), key=lambda item: not item.is_grave)
    assert str(grave).startswith(f"{role}: questions[1].probes[2]: age (“How old are you”): ")
    assert str(light).startswith(f"{care}: ratings.poor.long: brainteasers")
    assert (grave.is_grave, light.is_grave) == (True, False)


def test_a_companys_own_rules_replace_the_built_in_ones(tmp_path: Path) -> None:
    write_company(tmp_path / "company")
    layers = with_built_in_rules(tmp_path)
    (tmp_path / "company" / "do_not_ask.toml").write_text(RULE)
    (rule,) = load_layers(layers).do_not_ask
    assert rule.topic == "lamps"


def test_a_companys_rule_may_refer_to_a_group_of_its_own(tmp_path: Path) -> None:
    write_company(tmp_path)
    referring = r"""['(?P<w>old) (?P=w) lamp', '(?P<w>new) (?P=w) lamp', '(\w+) \1 lamp']"""
    (tmp_path / "do_not_ask.toml").write_text(RULE.replace('["your lamp"]', referring))
    rules = load_layers([tmp_path]).do_not_ask
    texts = ("an old old lamp", "a new new lamp", "a red red lamp", "an old lamp")
    assert [len(findings(text, rules)) for text in texts] == [1, 1, 1, 0]


def test_what_many_roles_share_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        posting_alone(tmp_path, f"keeper-{number}", 'requirements = ["Show us your lamp."]\n')
    (tmp_path / "do_not_ask.toml").write_text(RULE)
    looked: list[str] = []
    find = Rule.find
    monkeypatch.setattr(Rule, "find", lambda rule, text: looked.append(text) or find(rule, text))
    found = advice(load_layers([tmp_path]))
    assert [item.finding.words for item in found] == ["your lamp"] * 5
    assert looked.count("Show us your lamp.") == 1


def test_benefits_and_the_company_may_speak_of_families(tmp_path: Path) -> None:
    more = 'benefits = ["Show us your lamp."]\nabout = ["Show us your lamp."]\n'
    posting_alone(tmp_path, more=more)
    (tmp_path / "do_not_ask.toml").write_text(RULE)
    assert advice(load_layers([tmp_path])) == []


def test_two_rules_on_one_topic_both_speak() -> None:
    one, other = (
        Rule.model_validate(rtoml.loads(RULE)["rules"][0] | {"patterns": [words], "why": words})
        for words in ("your lamp", "your light")
    )
    said = findings("Is your light your lamp?", [one, other])
    assert [(found.rule.why, found.words) for found in said] == [
        ("your lamp", "your lamp"),
        ("your light", "your light"),
    ]


RULE = """
[[rules]]
topic = "lamps"
severity = "high"
jurisdictions = ["the coast"]
why = "Lamps are private."
ask_instead = "about the light."
checked = 2026-11-25
patterns = ["your lamp"]
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('["your lamp"]', '["(your lamp"]', "rules[1].patterns[1]: must be a regular expression"),
        ('["your lamp"]', "[3]", "rules[1].patterns[1]: must be text in quotes"),
        ('patterns = ["your lamp"]', "", "rules[1]: needs learned, patterns or before_pause"),
        ("checked = 2026-11-25", "", "rules[1].checked: is missing"),
        ('"high"', '"grave"', "rules[1].severity: must be one of 'high', 'medium' or 'low'"),
    ],
)
def test_a_fault_in_the_rules_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    write_company(tmp_path)
    (tmp_path / "do_not_ask.toml").write_text(RULE.replace(old, new))
    with pytest.raises(ContentError) as refused:
        load_layers([tmp_path])
    (found,) = map(str, refused.value.faults)
    assert found.startswith(f"{tmp_path}/do_not_ask.toml: {fault}")
