"""A role that is a posting and nothing else, as companies have them: what each command says."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.library.content import load_content
from tests.support.content import posting_alone
from tests.support.northwind import RILEY, northwind, shown
from tests.support.panelist import Panelist, button, choice, running, text_of
from tests.support.setup_form import begins
from tests.support.slack import StandIn

NO_GUIDE = "There's no hiring guide for Lift Technician yet."
NO_QUESTIONS = "There are no interview questions for Lift Technician yet."


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "content"
    posting_alone(folder)
    monkeypatch.setenv("PANELIST_CONTENT", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
async def panelist(slack: StandIn, sqlite_database: str, content: Path) -> AsyncIterator[Panelist]:
    async with running(slack, sqlite_database, panelist_content=content) as started:
        yield started


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(list(arguments)) == code
    output = capsys.readouterr()
    return output.err if code else output.out


async def test_it_is_posted_like_any_other(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd lift technician")
    assert posted["response_type"] == "in_channel"
    assert "You keep the lifts running." in text_of(posted)
    assert "also known as" not in text_of(posted)


@pytest.mark.parametrize(
    ("label", "said"), [("Hiring guide", NO_GUIDE), ("Interview questions", NO_QUESTIONS)]
)
async def test_a_button_under_it_says_what_is_not_there_yet(
    panelist: Panelist, label: str, said: str
) -> None:
    posted = await panelist.reply("/jd lift-technician")
    answer = await panelist.slack.next_response(await panelist.presses(button(posted, label)))
    assert said in text_of(answer)
    assert "“Write content”" in text_of(answer)
    assert answer["response_type"] == "ephemeral"


@pytest.mark.parametrize("asked", ["lift-technician", "lift-technician senior 30"])
async def test_questions_says_that_there_are_none(panelist: Panelist, asked: str) -> None:
    assert NO_QUESTIONS in text_of(await panelist.reply(f"/questions {asked}"))


async def test_the_text_to_take_away_has_no_empty_heading(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd lift-technician")
    url = await panelist.presses(choice(posted, "Get Markdown"))
    answer = text_of(await panelist.slack.next_response(url))
    assert "You keep the lifts running." in answer
    assert "##" not in answer


async def test_a_panel_needs_something_to_rate(
    tmp_path: Path, sqlite_database: str, content: Path
) -> None:
    async with northwind(tmp_path / "slack", sqlite_database, content=content) as house:
        riley = house.person(RILEY)
        await begins(riley, "lift-technician")
        assert "no competencies for Lift Technician yet" in shown(riley.modal)


def test_the_command_line_says_it_too(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    role = str(content / "roles/field/lift-technician.toml")
    guide = printed(capsys, "jd", "lift-technician", "--part", "guide", code=1)
    assert NO_GUIDE in guide
    assert role in guide
    for slack in (["--format", "slack"], []):
        assert NO_GUIDE in printed(
            capsys, "jd", "lift-technician", "--part", "guide", *slack, code=1
        )
    for extent in ([], ["--all"]):
        assert NO_QUESTIONS in printed(capsys, "questions", "lift-technician", *extent, code=1)
    found = json.loads(printed(capsys, "jd", "lift-technician", "--format", "json"))
    assert found["guide"] is None
    assert "  lift-technician " in printed(capsys, "roles")


def test_check_takes_it_and_counts_what_is_not_there_yet(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posting_alone(content, "lift-planner")
    said = printed(capsys, "check")
    assert "No faults: 42 roles" in said
    assert "Not there yet: a hiring guide for 2 roles, competencies for 2 roles" in said


def test_lengths_are_advice_and_never_refused(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posting_alone(
        content,
        more=f"requirements = {json.dumps(['You fix lifts.'] * 4)}\n"
        f"responsibilities = {json.dumps(['x' * 457] * 8)}\n",
    )
    path = content / "roles/field/lift-technician.toml"
    path.write_text(path.read_text().replace("Lift Technician", "Lift technician, " + "x" * 55))
    said = printed(capsys, "check")
    assert f"{path}: title: has 72 characters; up to 60 read best" in said
    assert f"{path}: requirements: has 4 entries; 5 to 8 read best" in said
    assert f"{path}: responsibilities[8]: has 457 characters; up to 400 read best" in said


def test_so_is_how_many_conditions_there_are(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demand = '{ demand = "You lift 20 kg.", adjustment = "Or with a hoist." }'
    path = content / "roles/field/lift-technician.toml"
    for count, is_said in ((5, False), (6, True)):
        posting_alone(
            content, more=f"conditions = {{ physical = [{', '.join([demand] * count)}] }}\n"
        )
        told = f"{path}: conditions.physical: has {count} entries; up to 5 read best"
        assert (told in printed(capsys, "check")) is is_said


def test_lint_gives_the_same_advice(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posting_alone(content, more='requirements = ["You fix lifts."]\n')
    assert main(["lint", "lift-technician"]) == 1
    assert "requirements: length (“1 entry”): 5 to 8 read best" in capsys.readouterr().out


def test_parts_that_companies_have_are_shown_in_order(content: Path) -> None:
    posting_alone(
        content,
        more=(
            'benefits = ["30 days of leave."]\nabout = ["We keep towers moving."]\n'
            'process = ["A call", "A day with us"]\ncontact = ["Write to jobs@lifts.example."]\n'
            '[intros]\nbenefits = "For everyone:"\n'
            '[[more]]\nheading = "Pay and grade"\ntext = ["Grade 7."]\nitems = ["52,000 a year"]\n'
            '[[more]]\ntext = ["Paid monthly."]\n'
        ),
    )
    role = load_content(content).library.role("lift-technician")
    assert role is not None
    assert [section.heading for section in role.sections] == [
        "",
        "What we offer",
        "About us",
        "How we hire",
        "Contact",
        "Pay and grade",
        "",
    ]
    assert role.posting[1:3] == ("For everyone:", "30 days of leave.")
    assert role.posting[-3:] == ("Grade 7.", "52,000 a year", "Paid monthly.")


async def test_a_german_role_is_german_in_slack(
    slack: StandIn, sqlite_database: str, content: Path
) -> None:
    more = 'locale = "de"\naliases = ["Aufzugmonteur"]\nbenefits = ["30 Tage Urlaub."]\n'
    posting_alone(content, more=more)
    async with running(slack, sqlite_database, panelist_content=content) as panelist:
        posted = await panelist.reply("/jd aufzugmonteur")
        assert "Das bieten wir" in text_of(posted)
        assert "auch: Aufzugmonteur" in text_of(posted)
        url = await panelist.presses(choice(posted, "Get Markdown"))
        assert "## Das bieten wir" in text_of(await panelist.slack.next_response(url))
