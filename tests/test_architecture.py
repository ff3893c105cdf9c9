"""The shape of the code: what `make check` does not see by itself."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from apscheduler.schedulers.base import BaseScheduler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

import bot
import handlers
from bot.config import Settings
from bot.library.catalogue import Library
from bot.storage.database import Database

ROOT = Path(__file__).parents[1]
LIVE = (AsyncApp, AsyncEngine, AsyncWebClient, BaseScheduler, Database, Library, Settings)


def modules() -> list[ModuleType]:
    names = ["bot", "handlers"]
    for package in (bot, handlers):
        found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        names += [
            module.name
            for module in found
            if "migrations" not in module.name and not module.name.endswith("__main__")
        ]
    return [importlib.import_module(name) for name in names]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_importing_a_module_makes_nothing_that_lives(module: ModuleType) -> None:
    made = [name for name, value in vars(module).items() if isinstance(value, LIVE)]
    assert made == []


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_every_module_says_what_it_is_for(module: ModuleType) -> None:
    assert module.__doc__


FEATURES = {
    "applications",
    "apply",
    "board",
    "candidates",
    "debriefs",
    "feedback",
    "holidays",
    "home",
    "jd",
    "ladder",
    "numbers",
    "openings",
    "panels",
    "questions",
    "records",
    "remind_now",
    "reminders",
    "scorecards",
    "settings",
    "site",
}
"""What people do with Panelist: each has this one name in every room that it has something in."""

SHARED = {
    "bot": {
        *{
            "__init__",
            "__main__",
            "app",
            "caches",
            "cli",
            "clock",
            "commands",
            "config",
            "connections",
            "domain",
            "errors",
            "http",
        },
        *{
            "library",
            "logs",
            "metrics",
            "outages",
            "routes",
            "playground",
            "scheduling",
            "service_wiring",
            "services",
            "serving",
        },
        *{"storage", "web", "wiring"},
    },
    "bot/commands": {
        *{
            "__init__",
            "backups",
            "content",
            "database",
            "demo",
            "doctor",
            "hires",
            "jobs",
            "lint",
            "manifest",
            "new_role",
            "outbox",
            "serve",
        },
    },
    "bot/domain": {
        *{
            "__init__",
            "audit",
            "calendar",
            "company",
            "competencies",
            "content",
            "dates",
            "do_not_ask",
            "links",
        },
        *{
            "feedback_hints",
            "gaps",
            "messages",
            "names",
            "organizers",
            "people",
            "posting",
            "wording",
            "rights",
            "roles",
            "titles",
        },
    },
    "bot/library": {
        *{"__init__", "catalogue", "company", "content", "do_not_ask", "documents", "faults"},
        *{
            "formats",
            "layout",
            "limits",
            "loader",
            "locales",
            "tables",
            "markdown",
            "new_role",
            "sandbox",
            "shape",
            "trial",
        },
    },
    "bot/library/new_role": {
        *{"__init__", "job_posting", "markdown", "page", "placing", "source", "writing"},
    },
    "bot/playground": {
        *{"__init__", "control", "link", "page", "rules", "server", "state", "web_api"},
    },
    "bot/services": {
        *{"__init__", "frozen_contents", "jobs", "messages", "overview", "ports"},
        *{"revisions", "rights"},
        *{"members", "waiting", "workspace", "write_behind"},
    },
    "bot/services/messages": {
        *{
            "__init__",
            "message",
            "openings_approvals",
            "outbox",
            "outcomes",
            "debriefs_answers",
            "panels_declines",
            "panels_details",
            "progress",
        },
        *{"registry", "reminders_asked", "reminders_declines", "reminders_due", "reminders_ladder"},
    },
    "bot/storage": {
        *{
            "__init__",
            "approvals",
            "audit",
            "backups",
            "choices",
            "compatibility",
            "database",
            "dumps",
        },
        *{"members", "migrate", "migrations", "outbox", "postgres"},
        *{"postgres_tools", "schema", "sqlite_file", "undelivered", "workspace"},
    },
    "handlers": {
        *{"__init__", "directory", "edge", "gate", "ids", "installations", "manifest", "notifier"},
        *{"payloads", "redraws", "signatures", "slack", "slack_api", "slack_errors"},
        *{"socket_mode", "text", "views"},
    },
    "handlers/views": {"__init__", "common", "forms", "messages", "posting", "rich", "states"},
}
"""What several features share, by room. The playground and the migrations have their own words."""


def names_in(room: str) -> set[str]:
    """The modules and folders of code in a room."""
    return {
        path.stem
        for path in (ROOT / room).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }


@pytest.mark.parametrize("room", SHARED)
def test_each_file_belongs_to_a_feature_or_to_what_its_room_shares(room: str) -> None:
    assert names_in(room) - FEATURES - SHARED[room] == set()


@pytest.mark.parametrize("room", SHARED)
def test_the_list_of_what_a_room_shares_names_nothing_that_is_gone(room: str) -> None:
    assert SHARED[room] - names_in(room) == set()
    assert SHARED[room] & FEATURES == set()


def test_each_folder_of_code_is_a_room_or_one_features_own() -> None:
    own_words = ("bot/playground/", "bot/storage/migrations")
    for init in (*(ROOT / "bot").rglob("__init__.py"), *(ROOT / "handlers").rglob("__init__.py")):
        folder = init.parent.relative_to(ROOT).as_posix()
        is_known = folder in SHARED or Path(folder).name in FEATURES
        assert is_known or folder.startswith(own_words), folder


HTTP = {
    "aiohttp": {"handlers/slack_api.py", "handlers/socket_mode.py"},
    "httpx": {"bot/http.py", "bot/playground/link/http_link.py"},
}
"""Which modules ask over HTTP: those of the Slack SDK's transport, and ours; the playground, which
knows nothing of ours, has its own."""


@pytest.mark.parametrize("library", HTTP)
def test_there_is_one_client_for_what_is_not_the_sdks(library: str) -> None:
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if re.search(rf"^\s*(import|from) {library}\b", path.read_text(), re.MULTILINE)
    }
    assert found == HTTP[library]


EVERYWHERE = ("bot/domain", "bot/storage", "bot/services", "handlers", "handlers/views")


@pytest.mark.parametrize(
    "feature", ["jd", "questions", "panels", "scorecards", "feedback", "reminders", "home"]
)
def test_a_feature_has_one_name_in_every_room(feature: str) -> None:
    for room in EVERYWHERE:
        assert feature in names_in(room), room


PRIVATE_VERBS = re.compile(
    r"wants?|wanted|wish(es)?|kick(s|ed)?|hands?|handed|deals?|dealt|circles?|said|settles?"
    r"|settled|owes?|owed|dut(y|ies)|standing"
)
"""Words that only whoever wrote them would look for, rather than those of the design."""


def names_made_in(path: Path) -> Iterator[str]:
    """What a file calls its functions, methods, classes and parameters."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.arg) and node.arg == "it":
            yield "it"


def test_nothing_is_called_by_a_private_verb_and_no_parameter_is_called_it() -> None:
    found = set()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for name in names_made_in(path):
                words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")
                is_private = any(PRIVATE_VERBS.fullmatch(word) for word in words)
                if name == "it" or is_private or "look_at" in name:
                    found.add((path.relative_to(ROOT).as_posix(), name))
    assert found == set()


@pytest.mark.parametrize("suffix", ["py", "js"])
def test_files_are_short_enough_to_find_ones_way_in(suffix: str) -> None:
    paths = [
        path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob(f"*.{suffix}")
    ]
    assert paths
    for path in paths:
        assert len(path.read_text().splitlines()) <= 420, path


def test_pins_have_hashes_and_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "://" not in text
        pins = re.findall(r"^\S+==.*\n.*", text, re.MULTILINE)
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins)


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    for dependency in project["project"]["dependencies"]:
        assert re.search(rf'"{re.escape(dependency)}",\s+# \w', text), dependency


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_the_image_runs_as_a_user_of_its_own_with_its_data_on_a_volume() -> None:
    final = dockerfile().rpartition("\nFROM ")[2]
    for line in (
        "USER panelist",
        "VOLUME /data",
        "HOST=0.0.0.0",
        "WORKDIR /data",  # where the default of DATABASE_URL has its file
        "HEALTHCHECK",
        "/healthz",
        'CMD ["panelist", "serve"]',
    ):
        assert line in final
    assert final.index("USER panelist") < final.index("CMD")
    assert not re.search(r"\b(gcc|build-essential|apt-get|git|pip install)\b", final)


def test_everything_that_the_image_copies_is_there() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile(), re.MULTILINE):
        for source in line.split():
            assert (ROOT / source).exists(), source


def test_the_image_installs_pinned_packages_only() -> None:
    for line in re.findall(r"pip install ([^\n\\]+)", dockerfile()):
        assert "--require-hashes" in line or "/wheels/" in line


def test_modals_are_spelled_out_in_one_place() -> None:
    made = re.compile(r"View\(\s*type=\"modal\"|\"type\": \"modal\"")
    files = (ROOT / "handlers").rglob("*.py")
    assert [path.name for path in files if made.search(path.read_text())] == ["common.py"]
