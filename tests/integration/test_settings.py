"""*Workspace settings* and `panelist settings`: what a workspace has chosen, in one place."""

import json
from dataclasses import fields
from typing import Any

import pytest

from bot.domain.records.retention import RetentionPolicy
from bot.domain.reminders import ReminderPolicy
from bot.domain.settings import MOST_APPROVERS, WorkspaceSettings, all_chosen
from bot.playground.rules.limits import faults
from handlers.ids import HOME_EVERY_CHASE, SETTINGS_APPROVAL, SETTINGS_APPROVERS
from handlers.views.home import settings as forms
from tests.integration.test_home import (
    ALEX,
    Desk,
    at_home,
    changes,
    chooses,
    chooses_in_vain,
    desk,
    opens,
)
from tests.integration.test_outbox_cli import operator
from tests.support.acts import slack_people
from tests.support.panelist import text_of
from tests.support.wire import WORKSPACE

__all__ = ["desk"]

ADMIN = "UADMIN"
"""The only one that PANELIST_ADMINS names."""

ON, OFF = ({"selected_option": {"value": value}} for value in (forms.ON, forms.OFF))


def people(*users: str) -> dict[str, Any]:
    return {"selected_users": list(users)}


async def kept(desk: Desk) -> WorkspaceSettings:
    async with desk.panelist.application.database.read() as tx:
        return await tx.settings.get(WORKSPACE)


async def record(desk: Desk) -> list[tuple[str, str, tuple[str, ...]]]:
    async with desk.panelist.application.database.read() as tx:
        entries = await tx.audit.since(WORKSPACE, WORKSPACE, -1)
    return [(one.actor, one.action, one.fields) for one in entries]


def refusal(desk: Desk) -> str:
    return text_of(desk.slack.called("views.push")[-1]["view"])


async def test_an_admin_sees_in_one_place_what_the_workspace_has_chosen(desk: Desk) -> None:
    view = await opens(desk, ADMIN)
    assert "Jobs need no approval" in text_of(view or {})
    form = await changes(desk, ADMIN, "Workspace settings")
    assert faults("modal", form) == []
    told = text_of(form)
    assert form["title"]["text"] == "Workspace settings"
    for part in ("Jobs", "Approval", "Not required", "Reminders", "Holidays"):
        assert part in told


async def test_approval_takes_somebody_beside_the_only_admin(desk: Desk) -> None:
    await changes(desk, ADMIN, "Workspace settings")
    form = await chooses(desk, SETTINGS_APPROVAL, ON, ADMIN)
    assert "No one approves their own job" in refusal(desk)
    assert "Required" in text_of(form)
    assert await kept(desk) == WorkspaceSettings(WORKSPACE)
    await chooses(desk, SETTINGS_APPROVERS, people(ADMIN), ADMIN)
    await chooses(desk, SETTINGS_APPROVAL, ON, ADMIN)
    assert not (await kept(desk)).approval, "it is the same person"
    await chooses(desk, SETTINGS_APPROVERS, people("USAM", ADMIN), ADMIN)
    await chooses(desk, SETTINGS_APPROVAL, ON, ADMIN)
    assert await kept(desk) == WorkspaceSettings(WORKSPACE, True, ("USAM", ADMIN))
    assert "Jobs are approved" in at_home(desk)
    assert sorted(await record(desk)) == [
        (ADMIN, "settings.changed", ("approval",)),
        (ADMIN, "settings.changed", ("approvers",)),
        (ADMIN, "settings.changed", ("approvers",)),
    ]


async def test_while_approval_is_required_its_last_approver_stays(desk: Desk) -> None:
    await chooses(desk, SETTINGS_APPROVERS, people("USAM"), ADMIN)
    await chooses(desk, SETTINGS_APPROVAL, ON, ADMIN)
    form = await chooses(desk, SETTINGS_APPROVERS, people(), ADMIN)
    assert "No one approves their own job" in refusal(desk)
    assert (await kept(desk)).approvers == ("USAM",)
    (select,) = [
        block["accessory"]
        for block in form["blocks"]
        if block.get("accessory", {}).get("action_id") == SETTINGS_APPROVERS.action
    ]
    assert select["initial_users"] == ["USAM"], "it shows what holds"
    await chooses(desk, SETTINGS_APPROVAL, OFF, ADMIN)
    await chooses(desk, SETTINGS_APPROVERS, people(), ADMIN)
    assert await kept(desk) == WorkspaceSettings(WORKSPACE)


@pytest.mark.parametrize("chosen", [ON, people("USAM")])
async def test_nobody_but_an_admin_chooses(desk: Desk, chosen: dict[str, Any]) -> None:
    await opens(desk)
    field = SETTINGS_APPROVERS if "selected_users" in chosen else SETTINGS_APPROVAL
    await chooses_in_vain(desk, field, chosen, ALEX)
    assert "Only an admin can set this for the whole workspace." in refusal(desk)
    assert await kept(desk) == WorkspaceSettings(WORKSPACE)


async def test_an_approver_is_a_full_member(desk: Desk) -> None:
    desk.slack.people = slack_people()
    await chooses(desk, SETTINGS_APPROVERS, people("UGUEST"), ADMIN)
    assert "so they can't have this part" in refusal(desk)
    many = [f"U{number:04}" for number in range(MOST_APPROVERS + 1)]
    await chooses(desk, SETTINGS_APPROVERS, people(*many), ADMIN)
    assert f"Choose {MOST_APPROVERS} people at most." in refusal(desk)
    assert await kept(desk) == WorkspaceSettings(WORKSPACE)


async def test_whoever_runs_panelist_reads_it_with_the_defaults_marked(desk: Desk) -> None:
    await chooses(desk, SETTINGS_APPROVERS, people("USAM"), ADMIN)
    await chooses(desk, SETTINGS_APPROVAL, ON, ADMIN)
    await chooses(desk, HOME_EVERY_CHASE, {"selected_option": {"value": "5"}}, ADMIN)
    url = desk.panelist.application.settings.database_url
    told = (await operator(desk.slack, url, "settings")).stdout
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines[0] == f"Workspace {WORKSPACE}"
    for line in (
        "openings.approval on",
        "openings.approvers USAM",
        "reminders.chase_days 5",
        "reminders.hour 9 (default)",
        "reminders.working_days Monday, Tuesday, Wednesday, Thursday, Friday (default)",
        "reminders.nudge_minutes 60 (default)",
        "reminders.holidays none (default)",
    ):
        assert line in lines
    (one,) = json.loads((await operator(desk.slack, url, "settings", "--json")).stdout)
    assert one["workspace"] == WORKSPACE
    found = {item["name"]: (item["value"], item["is_default"]) for item in one["settings"]}
    assert found["openings.approval"] == (True, False)
    assert found["openings.approvers"] == (["USAM"], False)
    assert found["reminders.hour"] == (9, True)


def test_every_setting_is_printed() -> None:
    """Whatever is added to what a workspace may choose."""
    kinds = (WorkspaceSettings, ReminderPolicy, RetentionPolicy)
    every = all_chosen(*(kind(WORKSPACE) for kind in kinds))  # type: ignore[arg-type]
    names = {field.name for kind in kinds for field in fields(kind)}
    names |= {"company_calendar"}
    assert {one.name.partition(".")[2] for one in every} == names - {"workspace"}
    assert all(one.is_default for one in every)
