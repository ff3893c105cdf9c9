"""Who can be reached, and why not."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.people import Person, unreachable_because

ALEX = Person("U1", "T1", "Alex", "Europe/Berlin", False, False, False, "T1")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"is_bot": True}, "is a bot"),
        ({"restricted": True}, "is a guest"),
        ({"deleted": True}, "has been deactivated"),
        ({"team": "T2"}, "belongs to another workspace"),
        ({"team": "T2", "restricted": True}, "belongs to another workspace"),
        ({"team": "T2", "deleted": True}, "has been deactivated"),
    ],
)
def test_why_somebody_cannot_be_reached(changes: dict[str, Any], reason: str | None) -> None:
    assert unreachable_because(replace(ALEX, **changes), "T1") == reason
