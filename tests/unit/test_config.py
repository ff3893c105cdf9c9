"""Settings: what is wrong is named, with the place to find the right value; no secret is shown."""

from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.errors import SettingsError


def settings(**given: object) -> Settings:
    return load_settings(_env_file=None, **given)


def test_the_defaults_are_the_contracts() -> None:
    found = settings()
    assert found.database_url == "sqlite+aiosqlite:///panelist.db"
    assert (found.host, found.port) == ("127.0.0.1", 3000)
    assert found.slack_api_url == "https://slack.com/api/"


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nHOST=0.0.0.0\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "5000")
    found = load_settings()
    assert (found.host, found.port) == ("0.0.0.0", 5000)


def test_admins_are_read_from_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANELIST_ADMINS", "U1, U2,,")
    assert settings().panelist_admins == {"U1", "U2"}


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("PORT", "")
    assert settings().slack_bot_token is None
    assert settings().port == 3000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "99999"),
        ("port", "soon"),
        ("database_url", "mysql://x"),
        ("database_url", "sqlite+aiosqlite://"),
        ("log_level", "loud"),
        ("panelist_command_prefix", "Hire "),
        ("slack_api_url", "slack.com/api"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        settings(**{name: value})


def test_all_missing_slack_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        settings().require_slack()
    assert "SLACK_BOT_TOKEN is not set" in refusal.value.text
    assert "OAuth & Permissions" in refusal.value.text
    assert "SLACK_SIGNING_SECRET is not set" in refusal.value.text
    assert "Signing Secret" in refusal.value.text


def test_socket_mode_needs_no_signing_secret() -> None:
    settings(slack_bot_token="xoxb-1", slack_app_token="xapp-1").require_slack()


def test_swapped_tokens_are_noticed_and_never_shown() -> None:
    with pytest.raises(SettingsError) as refusal:
        settings(slack_bot_token="xapp-hidden", slack_app_token="xoxb-hidden").require_slack()
    assert "SLACK_BOT_TOKEN is not a bot token" in refusal.value.text
    assert "SLACK_APP_TOKEN is not an app-level token" in refusal.value.text
    assert "hidden" not in refusal.value.text
    assert "hidden" not in repr(settings(slack_bot_token="xoxb-hidden"))
