"""Whose a payload is, read as Bolt reads it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncBoltRequest

from handlers.payloads import workspace_of

Json = dict[str, Any]

OURS, THEIRS = "T0OURS", "T0THEIRS"
IN_A_SHARED_CHANNEL = {"is_ext_shared_channel": True, "authorizations": [{"team_id": OURS}]}
VIEW = {"id": "V1", "team_id": THEIRS, "app_installed_team_id": OURS}

PAYLOADS: dict[str, tuple[Json, str]] = {
    "command": ({"command": "/jd", "team_id": OURS, "user_id": "U1"}, OURS),
    "command of an Enterprise Grid": ({"team_id": OURS, "enterprise_id": "E1"}, OURS),
    "press": ({"type": "block_actions", "team": {"id": OURS}, "user": {"team_id": OURS}}, OURS),
    "press by somebody else's in a shared channel": (
        {"type": "block_actions", "team": {"id": OURS}, "user": {"team_id": THEIRS}},
        OURS,
    ),
    "press in an org-wide app, which names no team": (
        {"type": "block_actions", "team": None, "user": {"id": "U1", "team_id": OURS}},
        OURS,
    ),
    "submission": ({"type": "view_submission", "team": {"id": OURS}, "view": {"id": "V"}}, OURS),
    "submission of a modal opened in another workspace": (
        {"type": "view_submission", "team": {"id": THEIRS}, "view": VIEW},
        OURS,
    ),
    "press in such a modal": (
        {"type": "block_actions", "team": {"id": THEIRS}, "view": VIEW, "user": {"id": "U1"}},
        OURS,
    ),
    "event": ({"team_id": OURS, "event": {"type": "app_home_opened", "user": "U1"}}, OURS),
    "event in a shared channel": ({"team_id": THEIRS, "event": {}} | IN_A_SHARED_CHANNEL, OURS),
    "event with no authorization": ({"team_id": OURS, "authorizations": []}, OURS),
    "event that names its team inside": ({"event": {"team_id": OURS}}, OURS),
    "team as text": ({"team": OURS}, OURS),
    "another workspace's": ({"team": {"id": THEIRS}, "user": {"id": "U1"}}, THEIRS),
    "an enterprise's, which is no workspace": ({"enterprise_id": "E1", "team_id": None}, ""),
    "nobody's": ({}, ""),
}


def as_bolt_reads_it(payload: Json) -> str:
    return AsyncBoltRequest(body=payload, mode="socket_mode").context.team_id or ""


@pytest.mark.parametrize("what", PAYLOADS)
def test_a_payload_is_the_workspaces_that_the_app_is_installed_in(what: str) -> None:
    payload, workspace = PAYLOADS[what]
    assert workspace_of(payload) == workspace == as_bolt_reads_it(payload)


teams = st.sampled_from([OURS, THEIRS, "E0GRID"])
holders = st.fixed_dictionaries({}, optional={"id": teams, "team_id": teams})
payloads = st.fixed_dictionaries(
    {},
    optional={
        "team_id": st.none() | teams,
        "enterprise_id": st.none() | teams,
        "team": st.none() | teams | holders,
        "enterprise": st.none() | holders,
        "user": holders | st.just("U1"),
        "view": st.fixed_dictionaries(
            {}, optional={"team_id": teams, "app_installed_team_id": st.none() | teams}
        ),
        "event": holders,
        "authorizations": st.none() | st.lists(holders, max_size=2),
        "is_ext_shared_channel": st.booleans(),
    },
)


@given(payloads)
def test_of_any_shape_it_says_the_same_as_bolt(payload: Json) -> None:
    assert workspace_of(payload) == as_bolt_reads_it(payload)
