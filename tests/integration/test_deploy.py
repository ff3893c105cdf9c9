"""The files in deploy/, the image, the example of settings: as far as they go without an engine."""

import configparser
import fnmatch
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Settings

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
    assert service["Restart"] == "always"


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_lets_slack_in_and_keeps_the_rest_out(name: str) -> None:
    text = (DEPLOY / name).read_text()
    assert "127.0.0.1:3000" in text
    assert "/slack/events" in text
    assert re.search(r"(respond|return) 404", text)
    assert not re.search(r"^\s*(location|handle).*(metrics|readyz)", text, re.MULTILINE)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    subject = "/CN=panelist.example.com"
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", subject]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
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
