"""The files in deploy/, the image, the example of settings: as far as they go without an engine."""

import configparser
import fnmatch
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.config import Settings
from tests.support.panelist import Panelist
from tests.support.ports import free_port
from tests.support.waiting import until
from tests.support.wire import Wire, web_client

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
ROUTES = {"/healthz", "/readyz"}
STOP = 10
"""Seconds that `panelist serve` gives requests, and again what is in flight, at a stop."""


def documents(name: str) -> list[Any]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def dockerfile(word: str) -> list[str]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return re.findall(rf"^{word} (.*)$", text, re.MULTILINE)


def test_a_copied_example_changes_nothing_but_what_is_filled_in() -> None:
    assert set(example().values()) == {""}
    in_the_image = set(re.findall(r"(\w+)=", " ".join(dockerfile("ENV"))))
    assert not in_the_image & example().keys(), "the image's own settings would be lost"


def test_the_builder_gets_what_the_image_is_made_of_and_nothing_else() -> None:
    rules = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert rules[0] == "*"
    kept = {line[1:] for line in rules if line.startswith("!")}
    wanted = {
        source
        for line in dockerfile("COPY")
        if not line.startswith("--from")
        for source in line.split()[:-1]
    }
    assert kept == wanted
    assert all((ROOT / name).exists() for name in kept)
    assert not any(fnmatch.fnmatch(".env", name) for name in kept)


def test_the_image_is_stopped_as_panelist_stops_and_asked_as_it_answers() -> None:
    assert dockerfile("STOPSIGNAL") == ["SIGTERM"]
    assert "/healthz" in dockerfile("HEALTHCHECK")[0]


def test_compose_waits_for_postgres_and_keeps_secrets_in_files() -> None:
    (made,) = documents("compose.yaml")
    panelist, postgres = made["services"]["panelist"], made["services"]["postgres"]
    assert panelist["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert postgres["healthcheck"]["test"]
    assert int(panelist["stop_grace_period"].removesuffix("s")) > 2 * STOP
    assert panelist["ports"] == ["127.0.0.1:3000:3000"], "what is public is the proxy"
    used = {*panelist["secrets"], *postgres["secrets"]}
    assert used == made["secrets"].keys()
    settings = panelist["environment"]
    assert all(name.endswith("_FILE") for name in settings)
    assert {name.removesuffix("_FILE").lower() for name in settings} <= set(Settings.model_fields)


def test_kubernetes_asks_the_right_routes_and_gives_time_to_stop() -> None:
    deployment, service = documents("kubernetes.yaml")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    probes = {name: container[name]["httpGet"]["path"] for name in container if "Probe" in name}
    assert probes == {
        "startupProbe": "/readyz",
        "readinessProbe": "/readyz",
        "livenessProbe": "/healthz",
    }, "a replica without its database is not to be started anew"
    assert pod["terminationGracePeriodSeconds"] > 2 * STOP
    assert service["spec"]["selector"] == deployment["spec"]["template"]["metadata"]["labels"]
    assert pod["securityContext"]["runAsUser"] == 10001
    assert "--uid 10001" in (ROOT / "Dockerfile").read_text()


def test_the_unit_stops_as_panelist_does_and_keeps_files_private() -> None:
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "panelist.service")
    service = unit["Service"]
    assert service["ExecStart"].endswith("panelist serve")
    assert int(service["TimeoutStopSec"]) > 2 * STOP
    assert (service["UMask"], service["StateDirectoryMode"]) == ("0077", "0700")
    assert "EnvironmentFile" not in service, "commands would not have the settings"
    assert service["Restart"] == "always"


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_lets_slack_in_and_keeps_the_rest_out(name: str) -> None:
    text = (DEPLOY / name).read_text()
    assert "127.0.0.1:3000" in text
    assert "/slack/events" in text
    assert re.search(r"(respond|return) 404", text)
    assert not re.search(r"^\s*(location|handle).*(metrics|readyz)", text, re.MULTILINE)


def certificate(folder: Path) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    to = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run([*make, *to], check=True, capture_output=True)


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def of_nginx(folder: Path, port: int, panelist: str, *under_a_path: tuple[str, str]) -> list[str]:
    site = replaced(
        (DEPLOY / "nginx.conf").read_text(),
        ("/etc/letsencrypt/live/panelist.example.com", str(folder)),
        ("    listen [::]:443 ssl;\n", ""),
        ("443 ssl", f"127.0.0.1:{port} ssl"),
        ("panelist.example.com", "localhost"),
        *under_a_path,
        ("127.0.0.1:3000", panelist),
    )
    files = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{name}_temp_path {folder}/{name};" for name in files)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log;\n"
        f"events {{}}\nhttp {{ access_log off; {paths}\n{site}}}\n"
    )
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def of_caddy(folder: Path, port: int, panelist: str, *under_a_path: tuple[str, str]) -> list[str]:
    name = f"https://localhost:{port} {{\n\ttls {folder}/fullchain.pem {folder}/privkey.pem"
    site = replaced(
        (DEPLOY / "Caddyfile").read_text(),
        ("panelist.example.com {", name),
        *under_a_path,
        ("127.0.0.1:3000", panelist),
    )
    options = f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}\n}}\n"
    (folder / "Caddyfile").write_text(options + site)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


UNDER_A_PATH = {
    "nginx": (
        ("location = /slack/events", "location = /panelist/slack/events"),
        ("proxy_pass http://127.0.0.1:3000;", "proxy_pass http://127.0.0.1:3000/slack/events;"),
    ),
    "caddy": (
        (
            "handle /slack/events {",
            "handle /panelist/slack/events {\n\t\turi strip_prefix /panelist",
        ),
    ),
}
"""What `docs/deploy.md` says to change in each file."""


@pytest.mark.parametrize("path", ["", "/panelist"])
@pytest.mark.parametrize(("proxy", "command"), [("nginx", of_nginx), ("caddy", of_caddy)])
async def test_through_a_proxy_slack_gets_in_and_nobody_anywhere_else(
    panelist: Panelist,
    tmp_path: Path,
    proxy: str,
    command: Callable[..., list[str]],
    path: str,
) -> None:
    if shutil.which(proxy) is None:
        pytest.skip(f"{proxy} is not installed")
    changes = UNDER_A_PATH[proxy] if path else ()
    said = (ROOT / "docs" / "deploy.md").read_text()
    assert all(line.strip(" {") in said for _, new in changes for line in new.split("\n\t\t"))
    certificate(tmp_path)
    port, at = free_port(), panelist.wire.app_url.removeprefix("http://")
    with (tmp_path / "output").open("w") as output:
        running = subprocess.Popen(  # noqa: ASYNC220 - it only starts it
            command(tmp_path, port, at, *changes), stdout=output, stderr=output
        )
    try:
        async with web_client() as web:
            url = f"https://localhost:{port}"

            async def listens() -> bool:
                assert running.poll() is None, (tmp_path / "output").read_text()
                with suppress(httpx.TransportError):
                    return (await web.get(f"{url}/")).status_code == 404
                return False

            await until(listens)
            wire = Wire(web, f"{url}{path}")
            reply = await wire.command("/jd backend-developer", panelist.slack.response_url())
            assert reply.json["response_type"] == "in_channel"
            for route in ("/readyz", "/healthz", "/metrics", "/slack/events/x", "/panelist/readyz"):
                assert (await web.get(url + route)).status_code == 404, route
    finally:
        running.terminate()
        running.wait()


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    certificate(tmp_path)
    site = (DEPLOY / "nginx.conf").read_text()
    site = site.replace("/etc/letsencrypt/live/panelist.example.com", str(tmp_path))
    (tmp_path / "site.conf").write_text(site)
    (tmp_path / "nginx.conf").write_text("events {}\nhttp { include site.conf; }\n")
    done = subprocess.run(
        ["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_takes_its_file() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
