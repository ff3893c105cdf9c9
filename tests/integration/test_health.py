"""`/healthz` and `/readyz`: what an orchestrator is told."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import SettingsError
from tests.support.panelist import Panelist, running, text_of
from tests.support.slack import BROKEN, StandIn, refused


async def test_a_running_panelist_is_alive_and_ready(panelist: Panelist) -> None:
    assert (await panelist.wire.get("/healthz")).status == 200
    ready = await panelist.wire.get("/readyz")
    assert (ready.status, ready.json) == (200, {"ok": True, "faults": [], "degraded": []})


async def test_readiness_never_asks_slack(panelist: Panelist) -> None:
    before = len(panelist.slack.calls)
    await panelist.wire.get("/readyz")
    assert len(panelist.slack.calls) == before


async def test_without_its_database_it_is_alive_and_not_ready(panelist: Panelist) -> None:
    path = Path(panelist.application.settings.database_url.partition(":///")[2])
    await panelist.application.database.close()
    shutil.move(path, path.with_suffix(".away"))
    path.mkdir()
    assert (await panelist.wire.get("/healthz")).status == 200
    ready = await panelist.wire.get("/readyz")
    assert ready.status == 503
    assert ready.json["faults"] == ["the database cannot be reached"]
    path.rmdir()
    shutil.move(path.with_suffix(".away"), path)
    assert (await panelist.wire.get("/readyz")).status == 200


@pytest.mark.parametrize(
    ("revision", "fault"), [("0001", "panelist db upgrade"), ("9999", "a newer Panelist")]
)
async def test_a_database_of_another_version_is_not_ready(
    panelist: Panelist, revision: str, fault: str
) -> None:
    async with panelist.application.database.write() as tx:
        statement = text("UPDATE alembic_version SET version_num = :revision")
        await tx.connection.execute(statement, {"revision": revision})
    ready = await panelist.wire.get("/readyz")
    assert ready.status == 503
    assert fault in ready.json["faults"][0]


async def test_a_revoked_token_makes_it_not_ready_until_slack_takes_it_again(
    panelist: Panelist,
) -> None:
    panelist.slack.fails("views.open", refused("token_revoked"))
    _, url = await panelist.types("/jd")
    await panelist.slack.next_response(url)
    assert (await panelist.wire.get("/readyz")).status == 503
    await panelist.types("/jd")
    await panelist.slack.next_call("views.open", 2)
    await panelist.application.edge.drain(3)
    assert (await panelist.wire.get("/readyz")).status == 200


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive"])
async def test_a_wrong_token_stops_the_start_and_says_where_to_find_the_right_one(
    slack: StandIn, sqlite_database: str, error: str
) -> None:
    slack.fails("auth.test", refused(error))
    with pytest.raises(SettingsError, match="OAuth & Permissions") as refusal:
        async with running(slack, sqlite_database):
            pass
    assert "SLACK_BOT_TOKEN" in refusal.value.text
    assert "xoxb-a-token" not in refusal.value.text


async def test_slack_being_away_is_no_reason_not_to_start(
    slack: StandIn, sqlite_database: str
) -> None:
    slack.fails("auth.test", *[BROKEN] * 9)
    async with running(slack, sqlite_database) as panelist:
        answer = await panelist.reply("/jd backend-developer")
        assert "can't check who you are" in text_of(answer), "nobody has ever been seen here"
        slack.faults.clear()
        assert (await panelist.reply("/jd backend-developer"))["response_type"] == "in_channel"
