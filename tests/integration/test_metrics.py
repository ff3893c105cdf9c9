"""`/metrics`: what is measured, that the docs say so, and who can read it."""

import asyncio
import json
import math
import re
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.config import load_settings
from bot.errors import SettingsError
from bot.services.messages.panels import SoonMessage
from bot.serving import BotServer, listen
from bot.wiring import wire
from tests.integration.test_outbox_cli import ALEX, KIT, SAM, SAMS_KIT, all_have_ended, sets_up
from tests.support.panelist import Panelist, built_in_content, running
from tests.support.ports import free_port
from tests.support.served import Served
from tests.support.slack import StandIn, refused
from tests.support.wire import SECRET, web_client

OPERATE = Path(__file__).parents[2] / "docs" / "operate"
DOCUMENTED = OPERATE.with_suffix(".md")


async def measured(panelist: Panelist) -> dict[tuple[str, str], float]:
    """Each sample by its name and its labels' values."""
    page = (await panelist.wire.get("/metrics")).text
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def test_requests_are_counted_by_listener_and_slacks_calls_by_method(
    panelist: Panelist,
) -> None:
    panelist.slack.fails("views.open", refused("invalid_trigger_id"))
    await panelist.reply("/jd backend-developer")
    await panelist.types("/jd")
    await panelist.application.edge.drain(5)
    found = await measured(panelist)
    assert found["panelist_requests_total", "command,jd,ok"] == 2
    assert found["panelist_request_seconds_count", "command"] == 2
    assert found["panelist_slack_calls_total", "auth.test,ok"] == 1
    assert found["panelist_slack_calls_total", "views.open,invalid_trigger_id"] == 1
    assert found["panelist_slack_calls_total", "response_url,ok"] == 1


async def test_messages_are_counted_by_what_becomes_of_them(
    slack: StandIn, database_url: str, library: Any
) -> None:
    async with running(slack, database_url) as panelist:
        slack.fails("chat.postMessage", refused("restricted_action"))
        await sets_up(panelist.application.database, library, ALEX, SAM)
        await all_have_ended(panelist, KIT, SAMS_KIT)
        found = await measured(panelist)
        assert found["panelist_messages_total", "panel.kit,sent"] == 1
        assert found["panelist_messages_total", "panel.kit,refused"] == 1
        assert found["panelist_outbox_messages", "failed"] == 1


async def test_what_is_due_is_measured_with_the_age_of_the_oldest(
    slack: StandIn, database_url: str
) -> None:
    now = datetime.now(UTC)
    async with running(slack, database_url) as panelist:
        await panelist.application.ticker.stop()
        async with panelist.application.database.write() as tx:
            for number, hours in ((1, 2), (2, 0), (3, -2)):
                ids = {"workspace": "T1", "panel": "p1", "recipient": ALEX}
                soon = SoonMessage(interview=f"i{number}", starts_at=now, **ids)
                await soon.enqueue(tx, now - timedelta(hours=hours))
        found = await measured(panelist)
    assert found["panelist_outbox_messages", "due"] == 2
    assert found["panelist_outbox_messages", "late"] == 1
    assert 7200 <= found["panelist_outbox_oldest_due_seconds", ""] < 7300
    assert found["panelist_last_tick_seconds", ""] > 0


async def test_connections_and_who_waits_for_them_are_measured(panelist: Panelist) -> None:
    database = panelist.application.database
    arrived = asyncio.Event()

    async def writes() -> None:
        async with database.write():
            arrived.set()

    async with database.write():
        waiting = asyncio.create_task(writes())
        await asyncio.sleep(0)
        found = await measured(panelist)
        assert found["panelist_database_connections", "writer"] == 1
        assert found["panelist_database_connections_limit", "writer"] == 1
        assert found["panelist_database_waiting", "write"] >= 1
        assert not arrived.is_set()
    await waiting
    assert (await measured(panelist))["panelist_database_waiting", "write"] == 0


async def test_the_socket_is_measured_where_there_is_one(
    slack: StandIn, sqlite_database: str, panelist: Panelist
) -> None:
    assert ("panelist_socket_connected", "") not in await measured(panelist)
    async with running(slack, sqlite_database, slack_app_token="xapp-a-token") as over_socket:
        await slack.connected()
        assert (await measured(over_socket))["panelist_socket_connected", ""] == 1


async def test_without_its_database_everything_else_is_still_measured(panelist: Panelist) -> None:
    database = panelist.application.database
    assert database.file is not None
    await database.close()
    away = database.file.with_suffix(".away")
    shutil.move(database.file, away)
    database.file.mkdir()
    found = await measured(panelist)
    database.file.rmdir()
    shutil.move(away, database.file)
    assert math.isnan(found["panelist_outbox_messages", "due"])
    assert "panelist_last_tick_seconds" in {name for name, _ in found}


# Who can read them


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "[::1]:3000"}, 200),
        ({"Host": "panelist.example.com"}, 403),
        ({"Host": "10.0.0.7"}, 403),
        ({"X-Forwarded-For": "127.0.0.1"}, 403),
        ({"Forwarded": "for=127.0.0.1"}, 403),
        ({"X-Real-IP": "203.0.113.7"}, 403),
    ],
)
async def test_on_the_main_port_only_this_machine_reads_them(
    panelist: Panelist, headers: dict[str, str], status: int
) -> None:
    async with web_client() as web:
        response = await web.get(f"{panelist.wire.app_url}/metrics", headers=headers)
        assert response.status_code == status
        assert ("panelist_requests_total" in response.text) == (status == 200)


async def test_on_a_port_of_their_own_whoever_reaches_it_reads_them(
    tmp_path: Path, slack: StandIn
) -> None:
    port = free_port()
    with Served(tmp_path, slack, METRICS_PORT=str(port), METRICS_HOST="0.0.0.0") as served:
        other_name = {"Host": "panelist.internal:9100", "X-Forwarded-For": "10.0.0.7"}
        async with web_client() as web:
            await served.answers(web)
            main = await web.get(f"{served.url}/metrics")
            assert main.status_code == 404, "they are not on the main port then"
            own = f"http://127.0.0.1:{port}"
            page = await web.get(f"{own}/metrics", headers=other_name)
            assert (page.status_code, "panelist_build_info" in page.text) == (200, True)
            assert (await web.post(f"{own}/slack/events")).status_code == 404
        served.process.send_signal(signal.SIGTERM)
        assert (await served.ends())[0] == 0


# Whose forwarded headers count


@pytest.mark.parametrize(
    ("trusted", "client"), [((), "127.0.0.1"), (("127.0.0.0/8", "10.0.0.0/8"), "203.0.113.7")]
)
async def test_a_refused_request_is_logged_with_whoever_sent_it_through_a_trusted_proxy(
    panelist: Panelist,
    trusted: tuple[str, ...],
    client: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = BotServer(panelist.application.asgi(), trusted_proxies=trusted)
    with listen("127.0.0.1", 0) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await server.up.wait()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
        headers = {"X-Forwarded-For": "203.0.113.7, 10.0.0.9"}
        async with web_client() as web:
            refused = await web.post(url, content=b"text=hello", headers=headers)
            assert refused.status_code == 401
        server.stop()
        await task
    [record] = [one for one in caplog.records if one.message == "signature.refused"]
    assert vars(record)["client"] == client


def test_a_proxy_that_is_no_address_is_refused_by_name() -> None:
    given = load_settings(_env_file=None, trusted_proxies="127.0.0.1, 10.0.0.0/8").trusted_proxies
    assert given == ("127.0.0.1/32", "10.0.0.0/8")
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES: 'my-proxy'"):
        load_settings(_env_file=None, trusted_proxies="my-proxy")


# What the docs say


def documented() -> dict[str, tuple[str, frozenset[str], str]]:
    """Type, labels and unit of each metric in the table."""
    rows = re.findall(
        r"^\| `(panelist_\w+)` \| (\w+) \| (.*?) \| (.*?) \|", DOCUMENTED.read_text(), re.MULTILINE
    )
    return {
        name: (kind, frozenset(re.findall(r"`(\w+)`", labels)), unit)
        for name, kind, labels, unit in rows
    }


@pytest.fixture
async def made(slack: StandIn, sqlite_database: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Type and labels of each metric of an application in Socket Mode, and over HTTP."""
    found = {}
    for tokens in ({"slack_app_token": "xapp-1"}, {"slack_signing_secret": SECRET}):
        settings = load_settings(
            _env_file=None,
            slack_bot_token="xoxb-1",
            slack_api_url=slack.api_url,
            database_url=sqlite_database,
            **tokens,
        )
        registry = wire(settings, built_in_content()).registry
        for collector in registry._collector_to_names:
            metric: Any = collector
            [family] = metric.describe()
            name = {"counter": f"{family.name}_total", "info": f"{family.name}_info"}.get(
                family.type, family.name
            )
            kind = "gauge" if family.type == "info" else family.type
            labels = {"version"} if family.type == "info" else set(metric._labelnames)
            found[name] = (kind, frozenset(labels))
    return found


async def test_each_metric_is_documented_with_type_labels_and_unit(
    made: dict[str, tuple[str, frozenset[str]]],
) -> None:
    told = documented()
    assert {name: (kind, labels) for name, (kind, labels, _) in told.items()} == made
    for name, (_, _, unit) in told.items():
        assert (unit == "seconds") == ("seconds" in name), name


def expressions() -> Iterator[tuple[str, str]]:
    """Every query of the alerts and the dashboard, by where it stands."""
    alerts = yaml.safe_load((OPERATE / "alerts.yaml").read_text())
    for group in alerts["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in ("page", "ticket")
            assert rule["annotations"]["summary"]
            assert "panelist" in rule["annotations"]["what_to_do"]
            yield rule["alert"], rule["expr"]
    dashboard = json.loads((OPERATE / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("where", "expression"), [*expressions()])
def test_alerts_and_dashboard_ask_for_metrics_and_labels_that_there_are(
    where: str, expression: str
) -> None:
    known = documented()
    asked = re.findall(r"(panelist_\w+?)(?:_bucket|_count|_sum)?\b(?:{([^}]*)})?", expression)
    assert asked, where
    assert expression.count("(") == expression.count(")")
    for name, matchers in asked:
        assert name in known, name
        labels = set(re.findall(r"(\w+)(?:=|!)", matchers)) - {"le"}
        assert labels <= known[name][1], name


def test_the_alerts_name_everything_that_wakes_somebody() -> None:
    asked = " ".join(expression for _, expression in expressions())
    for name in documented():
        assert name in asked or name in ("panelist_build_info",), name
