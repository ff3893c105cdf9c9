"""Whose the database is: nothing is sent with the token of another workspace."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.jd import Posting
from bot.domain.messages import MessageState
from bot.errors import SettingsError
from bot.services.workspace import OtherWorkspace, WorkspaceService
from bot.storage.database import Database
from handlers import installations
from handlers.installations import OneInstallation, authorizer
from handlers.notifier import SlackNotifier
from handlers.slack import Slack
from handlers.slack_api import SlackApi
from handlers.slack_errors import NotInstalled
from tests.support.connected import connected, token_of
from tests.support.databases import sqlite_url
from tests.support.outbox import World
from tests.support.panelist import running, text_of
from tests.support.served import Served
from tests.support.slack import BROKEN, Fault, StandIn
from tests.support.waiting import A_MINUTE

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def token_is_of(workspace: str) -> Fault:
    return Fault(body={"ok": True, "team_id": workspace, "user_id": "UBOT"})


@pytest.fixture
async def database(database_url: str):  # type: ignore[no-untyped-def]
    opened = Database(database_url)
    yield opened
    await opened.close()


async def posted_in(database: Database, workspace: str) -> None:
    """Something of this workspace is in the database, as an earlier version left it."""
    posting = Posting(f"p-{workspace}", workspace, "C1", "backend-developer", "v1", "U1", NOW)
    async with database.write() as tx:
        await tx.postings.add([posting])


# Whose it is


async def test_the_first_start_makes_it_the_workspaces(database: Database) -> None:
    owner = WorkspaceService(database)
    assert await owner.known() is None
    for _ in range(2):
        await owner.claim("T1")
    assert await owner.known() == "T1"


async def test_a_database_with_rows_of_one_workspace_is_that_ones(database: Database) -> None:
    await posted_in(database, "T1")
    owner = WorkspaceService(database)
    assert await owner.known() == "T1"
    with pytest.raises(OtherWorkspace):
        await owner.claim("T0")
    await owner.claim("T1")


async def test_a_database_with_rows_of_several_takes_the_tokens_where_it_is_one_of_them(
    database: Database,
) -> None:
    for workspace in ("T1", "T2"):
        await posted_in(database, workspace)
    owner = WorkspaceService(database)
    assert await owner.known() is None
    with pytest.raises(OtherWorkspace, match="the data of T1 and T2"):
        await owner.claim("T0")
    await owner.claim("T2")
    assert await owner.known() == "T2"


async def test_of_two_replicas_with_different_tokens_one_is_refused(database_url: str) -> None:
    replicas = [Database(database_url) for _ in range(2)]
    claims = (
        WorkspaceService(replica).claim(workspace)
        for replica, workspace in zip(replicas, ("T1", "T2"), strict=True)
    )
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [OtherWorkspace]
    for replica in replicas:
        await replica.close()


# The start


async def test_a_token_of_another_workspace_is_refused_at_start_in_a_sentence(
    slack: StandIn, sqlite_database: str
) -> None:
    async with running(slack, sqlite_database):
        pass
    slack.fails("auth.test", token_is_of("T0"))
    with pytest.raises(SettingsError) as refused:
        async with running(slack, sqlite_database):
            pass
    assert refused.value.text == (
        "SLACK_BOT_TOKEN is of the workspace T0, but the database holds the data of T1, which must "
        "not be sent there: use the token of T1, or give T0 a database of its own with "
        "DATABASE_URL."
    )


async def test_serve_ends_with_that_sentence_and_1(
    tmp_path: Path, slack: StandIn, sqlite_database: str
) -> None:
    async with running(slack, sqlite_database):
        pass
    slack.fails("auth.test", token_is_of("T0"))
    code, log = await Served(tmp_path, slack, DATABASE_URL=sqlite_database).ends()
    assert code == 1
    assert "use the token of T1" in log
    assert "Traceback" not in log


async def test_rows_that_an_earlier_version_left_keep_another_token_out(
    slack: StandIn, sqlite_database: str
) -> None:
    database = Database(sqlite_database)
    await posted_in(database, "T1")
    await database.close()
    slack.fails("auth.test", token_is_of("T0"))
    with pytest.raises(SettingsError, match="the data of T1"):
        async with running(slack, sqlite_database):
            pass


async def test_an_empty_database_is_taken_by_the_first_token(
    slack: StandIn, tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path / "new.db")
    slack.fails("auth.test", token_is_of("T0"))
    async with running(slack, url):
        pass
    with pytest.raises(SettingsError, match="the data of T0"):
        async with running(slack, url):
            pass


# Slack away at the start


async def test_while_slack_has_not_said_whose_the_token_is_nothing_is_sent(
    slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installations, "FIRST_PAUSE", 0.05)
    database = Database(sqlite_database)
    await posted_in(database, "T1")
    await database.close()
    slack.fails("auth.test", *[BROKEN] * 6, token_is_of("T0"))
    async with running(slack, sqlite_database) as panelist:
        await panelist.types("/jd")
        await panelist.application.edge.drain(5)
        assert not slack.called("views.open")
        async with asyncio.timeout(A_MINUTE):
            while panelist.application.installations.refused is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        ready = await panelist.wire.get("/readyz")
        assert ready.status == 200, "what all replicas share is no reason to take them out"
        assert "SLACK_BOT_TOKEN is of the workspace T0" in ready.json["degraded"][0]
        await panelist.types("/jd")
        await panelist.application.edge.drain(5)
    assert {method for method, _ in slack.calls} == {"auth.test"}


async def test_once_slack_has_said_so_everything_is_as_ever(
    slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installations, "FIRST_PAUSE", 0.05)
    slack.fails("auth.test", *[BROKEN] * 3)
    async with running(slack, sqlite_database) as panelist:
        await slack.next_call("auth.test", 4)
        answer = await panelist.reply("/jd backend-developer")
        assert answer["response_type"] == "in_channel"
        await panelist.types("/jd")
        await slack.next_call("views.open")
        assert (await panelist.wire.get("/readyz")).status == 200


# What is due for another workspace


async def test_rows_of_another_workspace_are_never_sent_with_this_token(
    world: World,
) -> None:
    owner = WorkspaceService(world.database)
    api = SlackApi(world.slack.api_url)
    await api.start()
    one = OneInstallation("xoxb-of-T1", api.identity, owner)
    await one.start()
    world.notifier = SlackNotifier(Slack(api, one))
    world.outbox = world.another()
    await world.enqueues(workspace="T0", key="kit:0")
    await world.enqueues(workspace="T1", key="kit:1", to="USAM")
    for _ in range(3):
        await world.later(minutes=2)
    assert len(world.arrived("USAM")) == 1
    assert world.arrived("UALEX") == []
    row = await world.row("kit:0", "T0")
    assert row is not None
    assert (row.state, row.ts) == (MessageState.DUE, None), "it waits for a token of its own"
    await one.stop()
    await api.stop()


async def test_each_workspace_is_called_with_its_own_token_once_there_are_several(
    slack: StandIn,
) -> None:
    """All that changes for that is where installations come from."""
    async with connected(slack.api_url) as connection:
        for workspace in ("T1", "T2"):
            await connection.slack.of(workspace).user("U1")
            await connection.slack.of(workspace).post("C1", "hello", [])
    assert slack.tokens == [
        (method, token_of(workspace))
        for workspace in ("T1", "T2")
        for method in ("users.info", "chat.postMessage")
    ]


async def test_bolt_asks_the_same_source(slack: StandIn, database: Database) -> None:
    api = SlackApi(slack.api_url)
    await api.start()
    one = OneInstallation("xoxb-of-T1", api.identity, WorkspaceService(database))
    await one.start()
    authorize = authorizer(one)
    assert (await authorize(None, "T1")).bot_token == "xoxb-of-T1"
    assert (await authorize(None, "T2")).bot_token is None
    with pytest.raises(NotInstalled):
        await Slack(api, one).of("T2").user("U1")
    await api.stop()


async def test_a_request_of_another_workspace_is_refused_without_a_word_of_ours(
    slack: StandIn, sqlite_database: str
) -> None:
    async with running(slack, sqlite_database) as panelist:
        reply = await panelist.reply("/jd backend-developer", team_id="T2")
        assert text_of(reply) == "Panelist is for full members of this workspace."
        assert not slack.called("users.info")
