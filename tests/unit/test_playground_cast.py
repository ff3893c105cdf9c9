"""Who is in the playground's workspace, from a file; what is wrong in it is said in sentences."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.playground.server import TEMPLATES
from bot.playground.state.cast import Cast, CastError, read
from bot.playground.state.models import BOT_USER, TEAM_ID, Enterprise, User

ACME = """
[workspace]
name = "Acme Robotics"
domain = "acme"
email_domain = "acme.example"

[workspace.organization]
id = "E0ACME"
name = "Acme"

[[people]]
name = "kim"
full_name = "Kim Sato"
title = "Recruiter"
zone = "Asia/Tokyo"
zone_label = "Japan Standard Time"

[[people]]
name = "ada.osei"
full_name = "Ada Osei"
kind = "admin"

[[people]]
name = "gil"
full_name = "Gil Guest"
kind = "guest"
email = "gil@elsewhere.example"

[[people]]
name = "sol"
full_name = "Sol Single"
kind = "single-channel guest"

[[people]]
name = "pat"
full_name = "Pat Partner"
kind = "external"
workspace = "T0PARTNER"

[[people]]
name = "oli"
full_name = "Oli Org"
kind = "organization"
workspace = "T0SISTER"

[[people]]
name = "eve"
full_name = "Eve Everywhere"
kind = "organization"
workspace = "E0ACME"

[[people]]
id = "U0LEFT"
name = "lee"
full_name = "Lee Left"
kind = "deactivated"

[[channels]]
name = "talent"
topic = "Who we hire"

[[channels]]
name = "with-partner"
members = ["kim", "pat"]

[[channels]]
id = "C0SECRET"
name = "offers"
private = true
members = ["kim"]
app = false
"""


def cast(folder: Path, text: str = ACME, name: str = "acme.toml") -> Cast:
    path = folder / name
    path.write_text(text)
    return read(path)


def faults(folder: Path, text: str, name: str = "acme.toml") -> list[str]:
    with pytest.raises(CastError) as caught:
        cast(folder, text, name)
    heading, *lines = str(caught.value).splitlines()
    count = f"{len(lines)} {'problem' if len(lines) == 1 else 'problems'}"
    assert heading == f"{folder / name}: {count} in this cast."
    return [line.removeprefix("  ") for line in lines]


def by_name(found: Cast) -> dict[str, User]:
    return {user.name: user for user in found.people}


def test_a_file_names_workspace_people_and_channels(tmp_path: Path) -> None:
    found = cast(tmp_path)
    assert (found.team.name, found.team.domain) == ("Acme Robotics", "acme")
    assert found.team.enterprise == Enterprise("E0ACME", "Acme")
    kim = found.people[0]
    assert (kim.id, kim.real_name, kim.title) == ("U0KIM", "Kim Sato", "Recruiter")
    assert (kim.tz, kim.tz_label) == ("Asia/Tokyo", "Japan Standard Time")
    assert (kim.email, by_name(found)["gil"].email) == (
        "kim@acme.example",
        "gil@elsewhere.example",
    )
    assert by_name(found)["ada.osei"].id == "U0ADAOSEI"
    talent, _, offers = found.channels
    assert (talent.id, talent.kind, talent.topic) == ("C0TALENT", "channel", "Who we hire")
    assert (offers.id, offers.kind, offers.members) == ("C0SECRET", "private", ("U0KIM",))


def test_each_kind_of_person_is_what_slack_says_of_them(tmp_path: Path) -> None:
    people = by_name(cast(tmp_path))
    assert people["ada.osei"].is_admin
    assert not people["kim"].is_admin
    assert (people["gil"].is_restricted, people["gil"].is_ultra_restricted) == (True, False)
    assert (people["sol"].is_restricted, people["sol"].is_ultra_restricted) == (True, True)
    assert (people["pat"].team, people["pat"].is_external) == ("T0PARTNER", True)
    assert (people["oli"].team, people["oli"].is_external) == ("T0SISTER", False)
    assert people["lee"].deleted
    assert (people["kim"].team, people["kim"].is_external) == (TEAM_ID, False)


def test_a_channel_that_names_nobody_is_of_all_members_and_the_app(tmp_path: Path) -> None:
    talent, shared, _ = cast(tmp_path).channels
    assert talent.members == ("U0KIM", "U0ADAOSEI", "U0OLI", "U0EVE", BOT_USER)
    assert (talent.is_shared, shared.is_shared) == (False, True)


def test_json_says_the_same(tmp_path: Path) -> None:
    as_json = json.dumps(tomllib.loads(ACME))
    assert cast(tmp_path, as_json, "acme.json") == cast(tmp_path)


def test_the_people_of_the_demo_are_such_a_file() -> None:
    found = read(TEMPLATES / "cast.toml")
    assert [user.real_name for user in found.people][:2] == ["Riley Chen", "Morgan Adeyemi"]
    assert found.channels[0].id == "C0HIRING"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('zone = "Asia/Tokyo"', 'zone = "Mars/Base"',
         "people[1].zone: 'Mars/Base' is not a time zone such as Europe/Berlin"),
        ('zone = "Asia/Tokyo"', 'zone = "/etc/passwd"',
         "people[1].zone: '/etc/passwd' is not a time zone such as Europe/Berlin"),
        ('zone = "Asia/Tokyo"', "zone = 9", "people[1].zone: must be text in quotes"),
        ('kind = "guest"', 'kind = "gast"',
         "people[3].kind: 'gast' must be one of 'member', 'admin', 'owner', 'guest', "
         "'single-channel guest', 'external', 'organization' or 'deactivated'"),
        ('title = "Recruiter"', 'tittle = "Recruiter"', "people[1].tittle: is not a known key"),
        ('full_name = "Kim Sato"', "", "people[1].full_name: is missing"),
        ('name = "kim"', 'name = "Kim"',
         "people[1].name: 'Kim' must look like alex.novak: small letters, digits, - . _"),
        ('id = "U0LEFT"', 'id = "left"', "people[8].id: 'left' must look like U0ALEX"),
        ('email = "gil@elsewhere.example"', 'email = "gil"',
         "people[3].email: 'gil' must look like alex@example.com"),
        ('id = "U0LEFT"', 'id = "U0KIM"', "people: the id U0KIM is there 2 times"),
        ('name = "ada.osei"', 'name = "sol"', "people: the name sol is there 2 times"),
        ('id = "U0LEFT"', f'id = "{BOT_USER}"',
         f"people: the id {BOT_USER} belongs to Slack's side; choose another"),
        ('members = ["kim", "pat"]', 'members = ["kim", "pet"]',
         "channels[2].members: there is nobody called 'pet'"),
        ('members = ["kim", "pat"]', 'members = "kim"', "channels[2].members: must be a list"),
        ("private = true", 'private = "maybe"', "channels[3].private: must be true or false"),
        ('name = "with-partner"', 'name = "talent"', "channels: the name talent is there 2 times"),
        ('kind = "admin"', 'workspace = "T0PARTNER"',
         "people[2].workspace: only people of kind external or organization are at home elsewhere"),
        ('workspace = "T0PARTNER"', f'workspace = "{TEAM_ID}"',
         f"people[5].workspace: {TEAM_ID} is this workspace; choose another"),
        ('domain = "acme"', 'domain = "a cme"',
         "workspace.domain: 'a cme' must look like northwind-labs"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_at_its_place(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    assert before in ACME
    assert sentence in faults(tmp_path, ACME.replace(before, after, 1))


def test_members_of_an_organization_need_one(tmp_path: Path) -> None:
    alone = ACME.replace('[workspace.organization]\nid = "E0ACME"\nname = "Acme"\n', "")
    sentence = "kind: organization needs [workspace.organization] with its id and name"
    assert faults(tmp_path, alone) == [f"people[6].{sentence}", f"people[7].{sentence}"]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = ACME.replace("Asia/Tokyo", "Mars/Base").replace("private = true", "privat = true")
    assert len(faults(tmp_path, text)) == 2


@pytest.mark.parametrize(
    ("whole", "sentence"),
    [
        ({}, "workspace: is missing"),
        ({"people": []}, "people: must not be empty"),
        ({"channels": []}, "channels: must not be empty"),
        ({"people": [{"name": "lee", "full_name": "Lee", "kind": "deactivated"}]},
         "people: somebody has to be left who is not deactivated"),
    ],
)  # fmt: skip
def test_somebody_and_somewhere_there_have_to_be(
    tmp_path: Path, whole: dict[str, Any], sentence: str
) -> None:
    workspace = {"name": "Acme", "domain": "acme", "email_domain": "acme.example"}
    file = whole and {
        "workspace": workspace,
        "people": [{"name": "kim", "full_name": "Kim"}],
        "channels": [{"name": "talent"}],
        **whole,
    }
    assert sentence in faults(tmp_path, json.dumps(file), "acme.json")


@pytest.mark.parametrize(
    ("name", "text", "beginning"),
    [
        ("acme.toml", "[workspace", "this is not TOML: "),
        ("acme.json", "{", "this is not JSON: "),
        ("acme.yaml", "", "the name must end in .toml or .json"),
        ("acme.json", "[]", "must be a table with keys of its own"),
    ],
)
def test_what_is_no_such_file_is_said(tmp_path: Path, name: str, text: str, beginning: str) -> None:
    (line,) = faults(tmp_path, text, name)
    assert line.startswith(beginning)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CastError, match="the file cannot be read: No such file or directory"):
        read(tmp_path / "nowhere.toml")
