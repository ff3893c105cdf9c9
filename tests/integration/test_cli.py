"""`panelist` on the command line, as a person runs it."""

import asyncio
import contextlib
import io
import json
import os
import pkgutil
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import jsonschema
import pytest

from bot import __version__
from bot.cli import main
from bot.playground.rules import limits
from bot.serving import listen
from bot.storage.database import Database
from tests.support.content import write_company
from tests.support.served import Served, environment
from tests.support.slack import StandIn, refused
from tests.support.wire import SECRET, Wire, web_client

ROOT = Path(__file__).parents[2]
MANIFEST_SCHEMA = Path(__file__).parents[3] / "shared/reference/slack-manifest.schema.json"


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def panelist(*arguments: str, cwd: Path, **settings: str) -> Done:
    """Runs a command in this process, which spares it a second of imports."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, settings),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def process(*arguments: str, cwd: Path, **settings: str) -> Done:
    """Runs a command as a person does."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


HEAVY = {"alembic", "jinja2", "pydantic", "slack_bolt", "slack_sdk", "sqlalchemy", "uvicorn"}


def test_help_imports_nothing_that_a_command_needs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"],
        cwd=tmp_path,
        env=environment({}),
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "bot.cli" in imported
    assert not {name for name in imported if name.partition(".")[0] in HEAVY}


def test_serve_on_sqlite_does_without_what_it_may_never_need(tmp_path: Path) -> None:
    spared = ("alembic", "asyncpg", "httpx", "jinja2", "sqlalchemy.dialects.postgresql")
    code = f"import sys, bot.commands.serve; print([n for n in {spared} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("command", [["check"], ["jd", "nurse"], ["roles"], ["questions", "sre"]])
def test_commands_that_read_content_need_no_database_and_no_slack(
    tmp_path: Path, command: list[str]
) -> None:
    spared = ["sqlalchemy", "slack_sdk", "slack_bolt", "selectolax", "tomlkit", "uvicorn"]
    if command != ["check"]:  # which looks countries up that the built-in files name
        spared.append("babel")
    code = (
        f"import sys; from bot.cli import main; main({command}); "
        f"print([n for n in {spared} if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "[]\n"


def test_every_command_leads_somewhere() -> None:
    cli = (ROOT / "bot/cli.py").read_text()
    actions = re.findall(r'"(bot\.commands\.[\w.]+:\w+)"', cli)
    assert len(actions) == len(set(actions)) >= 9
    for action in actions:
        assert callable(pkgutil.resolve_name(action))


def test_help_names_every_command(tmp_path: Path) -> None:
    done = process("--help", cwd=tmp_path)
    assert done.returncode == 0
    for command in ("serve", "check", "roles", "jd", "manifest", "db"):
        assert f"\n    {command} " in done.stdout


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["jd"], ["jd", "x", "--format", "pdf"]])
def test_bad_use_exits_2(tmp_path: Path, arguments: list[str]) -> None:
    done = panelist(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "usage: panelist" in done.stderr


def test_check_finds_the_built_in_content_without_fault(tmp_path: Path) -> None:
    done = panelist("check", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("No faults:")


def test_check_tells_all_faults_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    role = write_company(tmp_path / "own")
    role.write_text(role.read_text().replace("15-1252", "x").replace('"Care."', ""))
    done = panelist("check", cwd=tmp_path, PANELIST_CONTENT=str(tmp_path / "own"))
    assert done.returncode == 1
    assert "occupation: must look like" in done.stderr
    assert "guide.look_for: must not be empty" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_companys_role_stands_beside_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    write_company(tmp_path / "own")
    done = panelist("roles", cwd=tmp_path, PANELIST_CONTENT=str(tmp_path / "own"))
    assert "lamp-keeper" in done.stdout
    assert "backend-developer" in done.stdout


def test_a_content_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = panelist("check", cwd=tmp_path, PANELIST_CONTENT="/no/such/folder")
    assert done.returncode == 1
    assert "/no/such/folder" in done.stderr


def test_roles_as_json_have_the_contracts_keys(tmp_path: Path) -> None:
    roles = json.loads(panelist("roles", "--json", cwd=tmp_path).stdout)
    backend = next(role for role in roles if role["slug"] == "backend-developer")
    assert set(backend) == {"slug", "title", "category", "aliases"}
    assert backend["title"] == "Backend Developer"


@pytest.mark.parametrize("part", ["posting", "guide"])
@pytest.mark.parametrize("style", ["slack", "markdown", "html", "text", "json"])
def test_a_role_is_printed_in_every_format(tmp_path: Path, part: str, style: str) -> None:
    done = panelist("jd", "Backend Engineer", "--part", part, "--format", style, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Backend" in done.stdout
    if style in ("slack", "json"):
        parsed: dict[str, Any] = json.loads(done.stdout)
        assert ("blocks" in parsed) == (style == "slack")


def test_the_posting_shows_nothing_of_the_guide(tmp_path: Path) -> None:
    role = json.loads(panelist("jd", "backend-developer", "--format", "json", cwd=tmp_path).stdout)
    for style in ("slack", "markdown", "html", "text"):
        shown = panelist("jd", "backend-developer", "--format", style, cwd=tmp_path).stdout
        assert role["guide"]["faq"][0]["question"] not in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("backend-devloper", "Did you mean: backend-developer?"),
        ("sr ios dev", "Did you mean: senior mobile-engineer?"),
        ("lead recruiter", "'lead recruiter' isn't written yet. These are: Recruiter, "),
        ("plumber", "There's no role called 'plumber'. panelist roles lists every role; docs/"),
        ("plumb\udcff", "There's no role called 'plumb\ufffd'."),
    ],
)
def test_an_unknown_role_is_met_with_one_that_is_near_or_with_how_to_add_it(
    tmp_path: Path, name: str, said: str
) -> None:
    done = panelist("jd", name, cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_level_is_set_apart_from_the_role(tmp_path: Path) -> None:
    done = panelist("jd", "sr. backend dev", cwd=tmp_path)
    assert done.stdout.startswith("Senior Backend Developer")


def test_serve_without_tokens_says_which_and_where(tmp_path: Path) -> None:
    done = process("serve", cwd=tmp_path)
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_refuses_broken_content_and_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    role = write_company(tmp_path / "own")
    role.write_text(role.read_text().replace('title = "Lamp Keeper"', ""))
    done = process(
        "serve",
        cwd=tmp_path,
        PANELIST_CONTENT=str(tmp_path / "own"),
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_SIGNING_SECRET=SECRET,
    )
    assert done.returncode == 1
    assert "lamp-keeper.toml: title: is missing" in done.stderr


def test_serve_on_a_taken_port_says_so_in_a_sentence(tmp_path: Path) -> None:
    taken = listen("127.0.0.1", 0)
    done = process(
        "serve",
        cwd=tmp_path,
        PORT=str(taken.getsockname()[1]),
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL="http://127.0.0.1:9/api/",
    )
    taken.close()
    assert done.returncode == 1
    assert "choose another port" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_with_its_database_away_says_so(tmp_path: Path) -> None:
    done = process(
        "serve",
        cwd=tmp_path,
        PORT="0",
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_SIGNING_SECRET=SECRET,
        DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/panelist.db",
    )
    assert done.returncode == 1
    assert "database" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_operator_reads_which_database_is_away_and_why(tmp_path: Path) -> None:
    """And nothing that is meant for whoever presses a button in Slack."""
    url = "postgresql+asyncpg://panelist:a-password@127.0.0.1:9/panelist"
    done = panelist("outbox", cwd=tmp_path, DATABASE_URL=url)
    assert done.returncode == 1
    assert "postgresql://127.0.0.1:9/panelist can't be used (ConnectionRefused" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "a-password" not in done.stderr
    assert "try again in a minute" not in done.stderr


def test_db_upgrade_makes_the_database(tmp_path: Path) -> None:
    for _ in range(2):
        assert panelist("db", "upgrade", cwd=tmp_path).returncode == 0
    with sqlite3.connect(tmp_path / "panelist.db") as database:
        assert database.execute("SELECT count(*) FROM postings").fetchone() == (0,)
    database.close()


@pytest.mark.parametrize("url", [None, "https://panelist.example"])
def test_the_manifest_is_one_that_slack_accepts(tmp_path: Path, url: str | None) -> None:
    arguments = ["manifest"] if url is None else ["manifest", "--url", url]
    made = json.loads(panelist(*arguments, cwd=tmp_path).stdout)
    assert made["settings"]["socket_mode_enabled"] is (url is None)
    for command in made["features"]["slash_commands"]:
        assert command.get("url") == (url and f"{url}/slack/events")
    assert len(made["display_information"]["long_description"]) >= 175
    if not MANIFEST_SCHEMA.exists():
        pytest.skip("Slack's published schema is not beside this checkout")
    jsonschema.validate(made, json.loads(MANIFEST_SCHEMA.read_text()))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://panelist.example", "https://panelist.example/slack/events"),
        ("https://panelist.example/", "https://panelist.example/slack/events"),
        ("https://panelist.example/slack/events", "https://panelist.example/slack/events"),
        ("https://panelist.example//slack/events//", "https://panelist.example/slack/events"),
        (
            "https://intra.example:8443/panelist ",
            "https://intra.example:8443/panelist/slack/events",
        ),
    ],
)
def test_the_manifest_has_one_route_for_slack_however_the_address_is_given(
    tmp_path: Path, given: str, url: str
) -> None:
    made = json.loads(panelist("manifest", "--url", given, cwd=tmp_path).stdout)
    assert made["settings"]["interactivity"]["request_url"] == url
    assert {command["url"] for command in made["features"]["slash_commands"]} == {url}


@pytest.mark.parametrize(
    "url", ["http://x", "https://", "https://a b", "https://a/?b", "https://u:p@a", "https://[::1"]
)
def test_the_manifest_refuses_what_is_no_address(tmp_path: Path, url: str) -> None:
    done = panelist("manifest", "--url", url, cwd=tmp_path)
    assert done.returncode == 2
    assert "--url: must" in done.stderr


def test_a_console_that_lacks_a_letter_still_gets_its_answer(tmp_path: Path) -> None:
    done = process("jd", "backend-developer", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def served(tmp_path: Path, slack: StandIn) -> Iterator[Served]:
    with Served(tmp_path, slack) as started:
        yield started


async def test_serve_answers_and_a_sigterm_in_the_middle_loses_nothing(
    served: Served, tmp_path: Path, slack: StandIn
) -> None:
    async with web_client() as web:
        await served.answers(web)
        wire = Wire(web, served.url)
        asked = [
            asyncio.create_task(wire.command("/jd backend-developer", slack.response_url()))
            for _ in range(20)
        ]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        served.process.send_signal(signal.SIGTERM)
        replies = [await task for task in asked if not await _refused(task)]
    code, log = await served.ends()
    assert code == 0
    assert "Traceback" not in log
    assert "stopped" in log
    assert replies
    with sqlite3.connect(tmp_path / "panelist.db") as database:
        (count,) = database.execute("SELECT count(*) FROM postings").fetchone()
    database.close()
    assert count == len(replies), "every answered posting has its record, and no other"


async def test_serve_stops_where_its_terminal_is_closed(served: Served) -> None:
    async with web_client() as web:
        await served.answers(web)
    served.process.send_signal(signal.SIGHUP)
    code, log = await served.ends()
    assert (code, "stopped" in log) == (0, True)


async def test_serve_says_what_runs_where_and_never_the_password(
    served: Served, tmp_path: Path
) -> None:
    async with web_client() as web:
        await served.answers(web)
    served.process.send_signal(signal.SIGTERM)
    _, log = await served.ends()
    [line] = [line for line in log.splitlines() if " started " in line]
    for said in (
        f"version={__version__}",
        f"address=127.0.0.1:{served.port}",
        "database=sqlite:///panelist.db",
        "mode=http",
        "content=built-in",
    ):
        assert said in line
    database = Database("postgresql+asyncpg://ana:s3cret@db.example:6432/hiring?password=s3cret")
    assert database.name == "postgresql://db.example:6432/hiring"


@pytest.mark.parametrize(
    ("api", "said"),
    [("{slack}/nowhere/", ("404", "127.0.0.1")), ("http://127.0.0.1:9/api/", ("127.0.0.1:9",))],
    ids=["another server", "nobody"],
)
async def test_serve_names_a_wrong_slack_api_url_with_host_and_status(
    tmp_path: Path, slack: StandIn, api: str, said: tuple[str, ...]
) -> None:
    with Served(tmp_path, slack, SLACK_API_URL=api.format(slack=slack.url)) as served:
        async with web_client() as web:
            await served.answers(web)
            [degraded] = (await web.get(f"{served.url}/readyz")).json()["degraded"]
        served.process.send_signal(signal.SIGTERM)
        _, log = await served.ends()
    [line] = [line for line in log.splitlines() if "identity.failing" in line]
    for one in said:
        assert one in line
        assert one in degraded
    assert "SLACK_BOT_TOKEN" in degraded
    assert "Traceback" not in log


async def _refused(task: asyncio.Task[Any]) -> bool:
    """Whether the request came after the door was closed."""
    try:
        await task
    except httpx.TransportError:
        return True
    return False


async def test_serve_with_a_wrong_token_ends_with_a_sentence(
    tmp_path: Path, slack: StandIn
) -> None:
    slack.fails("auth.test", refused("invalid_auth"))
    code, log = await Served(tmp_path, slack).ends()
    assert code == 1
    assert "Slack refuses SLACK_BOT_TOKEN" in log
    assert "Traceback" not in log


def test_the_blocks_on_the_command_line_are_within_slacks_limits(tmp_path: Path) -> None:
    done = panelist("jd", "backend-developer", "--format", "slack", cwd=tmp_path)
    assert limits.faults("message", {"text": "x"} | json.loads(done.stdout)) == []


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ([], "panelist demo"),
        (["PORT=3200"], "panelist demo --port 3200"),
        (["PORT=3200", "CAST=team.toml"], "panelist demo --port 3200 --cast team.toml"),
    ],
)
def test_make_demo_takes_a_port_and_a_cast(given: list[str], command: str) -> None:
    shown = subprocess.run(
        ["make", "--dry-run", "demo", *given],
        cwd=Path(__file__).parents[2],
        env=environment({}),  # of no make that runs these tests
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.splitlines()[-1].split() == [".venv/bin/panelist", *command.split()[1:]]
