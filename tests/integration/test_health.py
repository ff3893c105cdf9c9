"""`/healthz` and `/readyz`: what an orchestrator is told."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from bot.config import load_settings
from bot.errors import SettingsError
from bot.services.messages.panels import SoonMessage
from bot.storage.database import Database
from bot.storage.migrate import newest
from bot.wiring import wire
from tests.support.databases import Postgres
from tests.support.faulty import run_statements
from tests.support.panelist import Panelist, built_in_content, running, text_of
from tests.support.served import Served
from tests.support.server import serving
from tests.support.slack import BROKEN, StandIn, refused
from tests.support.waiting import until
from tests.support.wire import SECRET, Wire, signed, web_client


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


GONE = (
    'DROP DATABASE "{name}" WITH (FORCE)',
    'CREATE DATABASE "{name}" TEMPLATE "template_panelist"',
)
CLOSED = (
    "ALTER ROLE {role} NOLOGIN",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'",
    "ALTER ROLE {role} LOGIN",
)


@pytest.mark.parametrize(
    ("lost", "fault"),
    [(GONE, "does not exist. To create it: createdb"), (CLOSED, "refuses the user")],
    ids=["is gone", "lets nobody in"],
)
async def test_a_server_that_refuses_who_connects_is_a_database_that_is_away(
    slack: StandIn, postgres_database: str, postgres: Postgres, lost: tuple[str, ...], fault: str
) -> None:
    """However it got that way while Panelist runs, until it is mended: the last statement."""
    names = {"name": make_url(postgres_database).database, "role": f"role_{uuid4().hex}"}
    *break_with, mend_with = [text(statement.format(**names)) for statement in lost]
    async with postgres.connected() as operator:
        await operator.execute(text("CREATE ROLE {role} SUPERUSER LOGIN".format(**names)))
        url = postgres_database.replace("postgres@", "{role}@".format(**names))
        async with running(slack, url) as panelist:

            async def is_ready() -> bool:
                return (await panelist.wire.get("/readyz")).status == 200

            for statement in break_with:
                await operator.execute(statement)
            ready = await panelist.wire.get("/readyz")
            assert ready.status == 503
            assert fault in ready.json["faults"][0]
            assert (await panelist.wire.get("/metrics")).status == 200
            assert "can't reach its database" in text_of(await panelist.reply("/panel list"))
            await operator.execute(mend_with)
            await until(is_ready)


async def test_with_a_database_that_lacks_migrations_it_is_not_ready(panelist: Panelist) -> None:
    async with panelist.application.database.write() as tx:
        await tx.connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    ready = await panelist.wire.get("/readyz")
    assert ready.status == 503
    assert "panelist db upgrade" in ready.json["faults"][0]


async def test_a_revoked_token_is_degraded_until_slack_takes_it_again(panelist: Panelist) -> None:
    """Every replica has the same: to take them all out would help nobody."""
    panelist.slack.fails("views.open", refused("token_revoked"))
    _, url = await panelist.types("/jd")
    await panelist.slack.next_response(url)
    ready = await panelist.wire.get("/readyz")
    assert (ready.status, ready.json["ok"]) == (200, True)
    assert ready.json["degraded"] == ["Slack no longer accepts the token"]
    await panelist.types("/jd")
    await panelist.slack.next_call("views.open", 2)
    await panelist.application.edge.drain(3)
    assert (await panelist.wire.get("/readyz")).json["degraded"] == []


async def test_late_messages_are_degraded_with_the_age_of_the_oldest(panelist: Panelist) -> None:
    now = datetime.now(UTC)
    soon = SoonMessage(workspace="T1", panel="p1", interview="i1", recipient="U1", starts_at=now)
    await panelist.application.ticker.stop()
    async with panelist.application.database.write() as tx:
        await soon.enqueue(tx, now - timedelta(hours=2))
    ready = await panelist.wire.get("/readyz")
    [late] = ready.json["degraded"]
    assert (ready.status, "messages are late: 1, the oldest by 72" in late) == (200, True)


async def test_refused_signatures_are_degraded_by_reason(panelist: Panelist) -> None:
    for headers in ({}, {}, signed("text=goodbye")):
        await panelist.wire.send("text=hello", headers)
    ready = await panelist.wire.get("/readyz")
    [refused] = ready.json["degraded"]
    assert ready.status == 200
    assert refused.endswith("in the last 10 minutes: 2 missing, 1 wrong")


async def test_a_process_is_not_ready_before_its_start_nor_at_its_stop(
    slack: StandIn, sqlite_database: str
) -> None:
    settings = load_settings(
        _env_file=None,
        slack_api_url=slack.api_url,
        database_url=sqlite_database,
        slack_bot_token="xoxb-a-token",
        slack_signing_secret=SECRET,
    )
    application = wire(settings, built_in_content())
    async with serving(application.asgi()) as url, web_client() as web:
        asked = Wire(web, url)
        assert "Panelist has not started yet" in (await asked.get("/readyz")).json["faults"]
        await application.start()
        assert (await asked.get("/readyz")).status == 200
        await application.stop()
        stopped = await asked.get("/readyz")
        assert (stopped.status, "Panelist is stopping" in stopped.json["faults"]) == (503, True)
        await application.database.close()


async def test_a_ticker_that_is_dead_makes_it_not_ready(
    panelist: Panelist, monkeypatch: pytest.MonkeyPatch
) -> None:
    await panelist.application.ticker.stop()
    monkeypatch.setattr("bot.app.DEAD", 0.0)
    ready = await panelist.wire.get("/readyz")
    assert ready.status == 503
    assert "restart Panelist" in ready.json["faults"][0]


async def migrated_by_a_newer(url: str, runs_since: str) -> None:
    database = Database(url)
    await run_statements(
        database,
        "UPDATE alembic_version SET version_num = '9999'",
        f"UPDATE compatibility SET runs_since = '{runs_since}'",
        "ALTER TABLE openings ADD COLUMN of_the_newer VARCHAR(10)",
    )
    await database.close()


async def test_a_replica_stays_ready_while_a_newer_one_has_migrated_compatibly(
    slack: StandIn, database_url: str, tmp_path: Path
) -> None:
    """And so does one that is started again: that is the way back."""
    async with running(slack, database_url) as panelist:
        await migrated_by_a_newer(database_url, newest())
        ready = await panelist.wire.get("/readyz")
        assert (ready.status, ready.json["degraded"]) == (200, [])
        assert (await panelist.reply("/jd backend-developer"))["response_type"] == "in_channel"
    with Served(tmp_path, slack, DATABASE_URL=database_url) as served:
        async with web_client() as web:
            await served.answers(web)
        served.process.terminate()
        code, _ = await served.ends()
        assert code == 0


async def test_a_replica_is_not_ready_where_a_newer_one_has_migrated_otherwise(
    slack: StandIn, database_url: str, tmp_path: Path
) -> None:
    async with running(slack, database_url) as panelist:
        await migrated_by_a_newer(database_url, "9999")
        ready = await panelist.wire.get("/readyz")
        assert ready.status == 503
        assert "newer Panelist" in ready.json["faults"][0]
    code, log = await Served(tmp_path, slack, DATABASE_URL=database_url).ends()
    assert (code, "newer Panelist" in log) == (1, True)


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
