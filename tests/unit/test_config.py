"""Settings: what is wrong is named, with the place to find the right value; no secret is shown."""

from pathlib import Path

import pytest

from bot.config import Settings, load_settings, readable_by_others
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


# Secrets in files of their own


def test_a_secret_can_be_in_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("xoxb-1\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    token = settings().slack_bot_token
    assert token is not None
    assert token.get_secret_value() == "xoxb-1"


def test_a_file_of_the_environment_wins_over_a_value_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=sqlite+aiosqlite:///old.db\n")
    (tmp_path / "url").write_text("sqlite+aiosqlite:///new.db ")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL_FILE", "url")
    assert load_settings().database_url == "sqlite+aiosqlite:///new.db"


def test_a_secret_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("hidden")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "hidden")
    monkeypatch.setenv("SLACK_SIGNING_SECRET_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingsError, match="both set") as refusal:
        settings()
    assert "hidden" not in refusal.value.text


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "can't be read"), (b"  \n", "is blank"), ("größe".encode("latin-1"), "UTF-8")],
)
def test_a_file_without_a_secret_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, says: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SLACK_SIGNING_SECRET_FILE", str(file))
    with pytest.raises(SettingsError, match=says) as refusal:
        settings()
    assert "SLACK_SIGNING_SECRET" in refusal.value.text or str(file) in refusal.value.text


def test_secrets_are_trimmed_and_a_blank_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", " xoxb-1\u00a0\n")
    token = settings().slack_bot_token
    assert token is not None
    assert token.get_secret_value() == "xoxb-1"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "   ")
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is blank"):
        settings()


def test_two_signing_secrets_hold_while_one_is_being_exchanged() -> None:
    assert settings(slack_signing_secret="new, old").signing_secrets == ("new", "old")
    assert settings().signing_secrets == ()


@pytest.mark.parametrize("secret", ["a,", ",", "a,b,c", "a,,b"])
def test_a_signing_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        settings(slack_signing_secret=secret)


def test_an_admin_who_is_no_user_id_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"@ana, ana@example\.com: not a user id") as refusal:
        settings(panelist_admins="U1,@ana,ana@example.com")
    assert "Copy member ID" in refusal.value.text


def test_nothing_shows_the_databases_password() -> None:
    found = settings(database_url="postgresql+asyncpg://panelist:p%40ss%2Fword@host/panelist")
    assert "p%40ss" not in repr(found)
    assert "p@ss/word" in found.secrets


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_with_a_byte_order_mark_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    (tmp_path / ".env").write_text("PORT=4000\n", encoding=encoding)
    monkeypatch.chdir(tmp_path)
    assert load_settings().port == 4000


def test_a_file_in_another_encoding_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes("HOST=größe\n".encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="not in UTF-8"):
        load_settings()


def test_a_file_that_others_can_read_is_told_with_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert readable_by_others() is None
    file = tmp_path / ".env"
    file.write_text("PORT=1\n")
    file.chmod(0o644)
    assert readable_by_others() == "chmod 600 .env"
    file.chmod(0o600)
    assert readable_by_others() is None


def test_a_key_has_to_be_long_and_a_scanner_has_to_have_an_address() -> None:
    with pytest.raises(SettingsError, match="PANELIST_SECRET_KEY: must have 32 letters"):
        load_settings(_env_file=None, panelist_secret_key="short")
    key = "k" * 32
    assert key in load_settings(_env_file=None, panelist_secret_key=key).secrets
    assert key not in repr(load_settings(_env_file=None, panelist_secret_key=key))
    for wrong in ("127.0.0.1:3310", "http://clamd", "tcp://", "tcp://clamd:0"):
        with pytest.raises(SettingsError, match="CLAMAV_URL: must be clamd's address"):
            load_settings(_env_file=None, clamav_url=wrong)
    assert load_settings(_env_file=None, clamav_url="tcp://clamd:3310").clamav_url
