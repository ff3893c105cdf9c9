"""What Slack knows of people, asked over real HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.people import Person
from handlers import directory as module
from handlers.directory import ELSEWHERE, SlackDirectory
from handlers.slack_errors import SlackRefused
from tests.support.clock import ManualClock
from tests.support.connected import connected
from tests.support.slack import Fault, StandIn, refused

ALEX = {
    "id": "U1",
    "team_id": "T1",
    "name": "alex",
    "tz": "Europe/Berlin",
    "profile": {"display_name": "", "real_name": "Alex Novak"},
}


def told(**changes: Any) -> Fault:
    return Fault(body={"ok": True, "user": ALEX | changes})


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def directory(slack: StandIn, clock: ManualClock) -> AsyncIterator[SlackDirectory]:
    async with connected(slack.api_url) as connection:
        yield SlackDirectory(connection.slack, clock)


async def test_a_person_is_told_as_slack_knows_them(
    directory: SlackDirectory, slack: StandIn
) -> None:
    slack.fails("users.info", told())
    expected = Person("U1", "T1", "Alex Novak", "Europe/Berlin", False, False, False, "T1")
    assert await directory.person("T1", "U1") == expected


@pytest.mark.parametrize(
    ("changes", "attribute", "value"),
    [
        ({"profile": {"display_name": "Lex", "real_name": "Alex"}}, "name", "Lex"),
        ({"profile": {}}, "name", "alex"),
        ({"tz": None}, "tz", "UTC"),
        ({"tz": "Mars/Olympus"}, "tz", "UTC"),
        ({"tz": "Europe"}, "tz", "UTC"),
        ({"tz": None, "tz_offset": -28800}, "tz", "Etc/GMT+8"),
        ({"tz": None, "tz_offset": 19800}, "tz", "Etc/GMT-5"),
        ({"tz": "Mars/Olympus", "tz_offset": 360000}, "tz", "UTC"),
        ({"is_bot": True}, "is_bot", True),
        ({"deleted": True}, "deleted", True),
        ({"is_restricted": True}, "restricted", True),
        ({"is_ultra_restricted": True}, "restricted", True),
        ({"team_id": "T2"}, "team", "T2"),
        ({"team_id": None}, "team", "T1"),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T3", "T1"]}}, "team", "T1"),
        ({"team_id": "E1", "enterprise_user": {"id": "W1", "teams": ["T1"]}}, "team", "T1"),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2"]}}, "team", "T2"),
        ({"team_id": "E1", "enterprise_user": {"id": "W1"}}, "team", "E1"),
        ({"team_id": "E1", "enterprise_user": None}, "team", "E1"),
        ({"team_id": "T2", "is_stranger": True}, "team", "T2"),
        ({"team_id": None, "is_stranger": True}, "team", ELSEWHERE),
    ],
)
async def test_what_slack_says_is_read(
    directory: SlackDirectory, slack: StandIn, changes: dict[str, Any], attribute: str, value: Any
) -> None:
    slack.fails("users.info", told(**changes))
    assert getattr(await directory.person("T1", "U1"), attribute) == value


async def test_slackbot_is_a_bot(directory: SlackDirectory, slack: StandIn) -> None:
    slack.fails("users.info", told(id="USLACKBOT", is_bot=False))
    assert (await directory.person("T1", "USLACKBOT")).is_bot


async def test_an_admin_of_another_workspace_is_no_admin_here(
    directory: SlackDirectory, slack: StandIn
) -> None:
    slack.fails("users.info", told(is_admin=True, team_id="T2"), told(is_owner=True))
    assert not await directory.is_workspace_admin("T1", "U1")
    assert await directory.is_workspace_admin("T1", "U2")


async def test_a_person_is_asked_for_once_in_five_minutes(
    directory: SlackDirectory, slack: StandIn, clock: ManualClock
) -> None:
    for minutes in (0, 4, 2, 4):
        clock.moves(minutes=minutes)
        await directory.person("T1", "U1")
        await directory.is_workspace_admin("T1", "U1")
    assert len(slack.called("users.info")) == 2


async def test_people_are_remembered_for_each_workspace(
    directory: SlackDirectory, slack: StandIn
) -> None:
    assert (await directory.person("T1", "U1")).workspace == "T1"
    assert (await directory.person("T2", "U1")).workspace == "T2"


async def test_those_remembered_longest_are_forgotten_first(
    directory: SlackDirectory, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN", 2)
    for user in ("U1", "U2", "U3", "U3", "U2", "U1"):
        await directory.person("T1", user)
    assert [call["user"] for call in slack.called("users.info")] == ["U1", "U2", "U3", "U1"]


async def test_somebody_unknown_is_refused_and_asked_for_again(
    directory: SlackDirectory, slack: StandIn
) -> None:
    slack.fails("users.info", refused("user_not_found"))
    with pytest.raises(SlackRefused):
        await directory.person("T1", "U1")
    assert (await directory.person("T1", "U1")).id == "U1"
