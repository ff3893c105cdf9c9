"""What not to ask: found where it is asked, and left alone where only the words are alike."""

from pathlib import Path

import pytest

from bot.domain.do_not_ask import findings
from bot.library.catalogue import Library
from bot.library.do_not_ask import advice
from bot.library.faults import ContentError
from bot.library.loader import BUILT_IN, load_layers
from tests.support.content import write_company

UNLAWFUL = {
    "age": [
        "How old are you?",
        "What year did you graduate?",
        "What's your date of birth?",
        "When do you plan to retire?",
        "May I ask your age?",
    ],
    "marriage and family": [
        "Are you married?",
        "What was your maiden name?",
        "What is your spouse's job?",
        "Are you engaged, by the way?",
        "Who do you live with?",
        "Do you plan to start a family?",
    ],
    "pregnancy and children": [
        "Are you pregnant?",
        "Do you plan to have kids?",
        "Do you have any children?",
        "Who provides childcare when you travel?",
        "How old are your children?",
    ],
    "religion and belief": [
        "Which church do you go to?",
        "What religious holidays do you observe?",
        "Are you religious?",
        "Does your religion stop you from working on Sundays?",
    ],
    "origin and citizenship": [
        "Where are you from originally?",
        "Where were your parents born?",
        "What is your native language?",
        "I like your accent. Is it French?",
        "How did you learn to speak English?",
        "Are you a US citizen?",
    ],
    "immigration documents": ["Can you show me your passport?", "Do you have a green card?"],
    "race, colour and ethnicity": [
        "What race are you?",
        "Please send a photo of yourself.",
        "Is that your natural hair?",
        "What is your ethnicity?",
    ],
    "sex, gender and orientation": [
        "What is your gender identity?",
        "Do you have a partner at home?",
        "Are you gay?",
        "Would you mind reporting to a woman?",
    ],
    "disability and health": [
        "Do you have a disability?",
        "Have you ever had a serious illness?",
        "Do you take any medication?",
        "How many sick days did you take last year?",
        "Have you ever filed for workers' compensation?",
        "Have you ever been in therapy?",
        "How tall are you?",
        "How is your health?",
        "Do you have any health conditions that we should know of?",
    ],
    "genetic and family medical history": [
        "Does cancer run in your family?",
        "Tell me your family's medical history.",
    ],
    "arrests and convictions": [
        "Have you ever been arrested?",
        "Were you ever convicted?",
        "Do you have a criminal record?",
        "Do you have any convictions?",
    ],
    "military service": [
        "What type of discharge did you get?",
        "Did you serve in a foreign army?",
        "What are your reserve duties?",
    ],
    "union membership": [
        "Are you in a union?",
        "Have you ever been a member of a trade union?",
        "What do you think of unions?",
    ],
    "politics and clubs": [
        "Who did you vote for?",
        "What are your political views?",
        "List all clubs to which you belong.",
    ],
    "credit, money and home": [
        "Have you ever gone bankrupt?",
        "Do you own or rent?",
        "Do you own a car?",
        "Have your wages ever been garnished?",
    ],
    "pay history": [
        "What is your current salary?",
        "How much did you earn at Acme?",
        "What was your last pay?",
        "Please bring your payslip.",
    ],
    "address and household": [
        "How long have you lived at your address?",
        "Who lives with you?",
    ],
    "vaccines, tobacco and cannabis": [
        "Are you vaccinated?",
        "Do you smoke?",
        "Do you use cannabis off duty?",
    ],
    "private accounts": [
        "What is your Facebook password?",
        "Please accept my friend request.",
    ],
    "brainteasers, fit and five years": [
        "Where do you see yourself in five years?",
        "How many golf balls fit into a bus?",
        "Would they be a good culture fit?",
    ],
}

LAWFUL = [
    "The page took 9 seconds. How old is the data on it?",
    "How old are the backups, and how old are they allowed to be?",
    "Two writers race for the lock: which race condition do you see? Is your race condition fixed?",
    "How would you find the data race?",
    "Choose a hash from this family of functions and start a family of services.",
    "Users with a disability cannot reach the menu. How do you test for users with disabilities?",
    "Have you had users with disabilities test a release of yours?",
    "A user has a visual impairment. What does the screen reader say?",
    "What does your health check return, and who reads your health endpoint?",
    "Have you had health issues in the cluster since?",
    "What makes a React component render your child components again?",
    "What happens to your child processes when the parent dies?",
    "Do you have children nodes in this tree?",
    "When do you plan to retire the old API?",
    "How would you choose your age limit for cached pages?",
    "Where are you from a design point of view once the deadline is halved?",
    "Where does the request come from?",
    "Are you single-threaded here?",
    "Are you conservative with memory or with latency?",
    "Do you smoke test a deployment?",
    "Which union type would you use, and are you in a union type or a product type?",
    "Does your last compensation step undo the payment?",
    "What do you make of this query plan? What did you make, and why?",
    "How does your current package handle the lock file?",
    "Which convictions about testing have you given up?",
    "What gives you faith in a test, and what is your faith in the suite based on?",
    "Which accent colour would you pick?",
    "Store a patient's family medical history. Which tables?",
    "Which languages do you use professionally?",
    "Are you authorised to work here, and would you need sponsorship?",
    "What are your salary expectations within the range?",
    "What would you disable first? Have you disabled the job?",
    "The interface is for children of eight. How do you test it with them?",
    "A tenant is married to one region. How do you move it?",
    "Model a marriage registry: what is the key?",
    "How many sick leave requests a day does the service get?",
    "What is the weight of each feature? How do you set your weights?",
    "Who do you report to about an incident, and when?",
]


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
    assert found.words == "YOUR AGE"


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
    care.write_text(care.read_text().replace("A longer poor care.", "Not a culture fit."))
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
        ('patterns = ["your lamp"]', "", "rules[1]: needs patterns or before_pause"),
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
