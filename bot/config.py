"""Settings, from the environment or `.env`; the environment wins."""

import codecs
import os
import re
import shlex
import stat
from collections.abc import Mapping
from enum import StrEnum
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.errors import SettingsError

SLACK_API_URL = "https://slack.com/api/"

WHERE_TO_FIND = {
    "SLACK_BOT_TOKEN": (
        "In Slack's app settings: OAuth & Permissions → Bot User OAuth Token. It begins with xoxb-."
    ),
    "SLACK_SIGNING_SECRET": (
        "In Slack's app settings: Basic Information → App Credentials → Signing Secret."
    ),
    "SLACK_APP_TOKEN": (
        "In Slack's app settings: Basic Information → App-Level Tokens, "
        "with the scope connections:write. It begins with xapp-."
    ),
}


SECRETS = frozenset(
    {
        *("slack_bot_token", "slack_signing_secret", "slack_app_token", "database_url"),
        "panelist_secret_key",
    }
)
"""What may also come from a file that NAME_FILE names, and is never shown."""

SHORTEST_KEY = 32
"""Letters of the key that links are signed with."""

SHORTEST_PASSWORD = 4
"""Letters. To take a shorter one out would make logs unreadable, and it is no secret."""

USER_ID = re.compile(r"[UW][A-Z0-9]+")


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseModel):
    """Every setting of Panelist; the field names in capitals are the environment's."""

    model_config = ConfigDict(extra="forbid")

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = SLACK_API_URL
    database_url: Annotated[str, Field(repr=False)] = "sqlite+aiosqlite:///panelist.db"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    metrics_host: str = "127.0.0.1"
    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    trusted_proxies: tuple[str, ...] = ()
    panelist_content: Path | None = None
    panelist_admins: frozenset[str] = frozenset()
    panelist_public_url: str | None = None
    panelist_secret_key: SecretStr | None = None
    clamav_url: str | None = None
    panelist_command_prefix: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,20}$")] = ""
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.TEXT

    @field_validator("panelist_admins", mode="before")
    @classmethod
    def _split_ids(cls, value: Any) -> Any:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("panelist_admins")
    @classmethod
    def _are_user_ids(cls, value: frozenset[str]) -> frozenset[str]:
        wrong = sorted(name for name in value if not USER_ID.fullmatch(name))
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)}: not a user id, which begins with U or W. In Slack: open the "
                "person's profile, then ⋮ → Copy member ID"
            )
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _are_addresses(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        try:
            return tuple(str(ip_network(part)) for part in parts)
        except ValueError as error:
            raise ValueError(
                f"{error}. Give addresses or networks, such as 127.0.0.1 or 10.0.0.0/8"
            ) from None

    @field_validator("panelist_public_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        return None if value is None else _public_url(value)

    @field_validator("panelist_secret_key")
    @classmethod
    def _is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(
                f"must have {SHORTEST_KEY} letters at least, such as openssl rand -hex 32 writes"
            )
        return value

    @field_validator("clamav_url")
    @classmethod
    def _is_scanner(cls, value: str | None) -> str | None:
        try:
            url = urlsplit(value or "tcp://here:1")
            is_right = url.scheme == "tcp" and bool(url.hostname) and url.port != 0
        except ValueError:
            is_right = False
        if not is_right:
            raise ValueError("must be clamd's address, such as tcp://127.0.0.1:3310")
        return value

    @field_validator("slack_signing_secret")
    @classmethod
    def _one_or_two(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not (len(_parts(value)) <= 2 and all(_parts(value))):
            raise ValueError("must be one secret, or two with a comma while one is being exchanged")
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _ignore_case(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _end_with_slash(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value if value.endswith("/") else value + "/"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        from sqlalchemy.engine import make_url  # commands that only read content need none
        from sqlalchemy.exc import ArgumentError

        try:
            url = make_url(value)
        except ArgumentError:
            url = None
        known = url is not None and (
            url.drivername == "postgresql+asyncpg"
            or (url.drivername == "sqlite+aiosqlite" and url.database not in (None, ":memory:"))
        )
        if not known:
            raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """Each of them is accepted: two while one is being exchanged, none in Socket Mode alone."""
        secret = self.slack_signing_secret
        return () if secret is None else _parts(secret)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold: tokens, signing secrets, the database's password."""
        tokens = (self.slack_bot_token, self.slack_app_token, self.panelist_secret_key)
        found = [token.get_secret_value() for token in tokens if token is not None]
        from sqlalchemy.engine import make_url

        password = str(make_url(self.database_url).password or "")
        found += [password] if len(password) >= SHORTEST_PASSWORD else []
        return (*found, *self.signing_secrets)

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode rather than over HTTP."""
        return self.slack_app_token is not None

    def require_slack(self) -> None:
        """Raises SettingsError naming every Slack setting that `serve` needs and does not have."""
        needed = ["SLACK_BOT_TOKEN"]
        if not self.socket_mode:
            needed.append("SLACK_SIGNING_SECRET")
        missing = [name for name in needed if getattr(self, name.lower()) is None]
        lines = [f"{name} is not set. {WHERE_TO_FIND[name]}" for name in missing]
        bot, app = self.slack_bot_token, self.slack_app_token
        if bot is not None and not bot.get_secret_value().startswith("xox"):
            lines.append(f"SLACK_BOT_TOKEN is not a bot token. {WHERE_TO_FIND['SLACK_BOT_TOKEN']}")
        if app is not None and not app.get_secret_value().startswith("xapp-"):
            lines.append(
                f"SLACK_APP_TOKEN is not an app-level token. {WHERE_TO_FIND['SLACK_APP_TOKEN']}"
            )
        if lines:
            lines.append("Put it into the environment or into the file .env (see .env.example).")
            raise SettingsError("\n".join(lines))


def load_settings(_env_file: str | None = ".env", **given: Any) -> Settings:
    """The settings, with `given` ones (by field name) before the environment's.

    Raises SettingsError that names each wrong setting and never shows a secret.
    """
    found = _with_files(_env_file)
    known = {name: found[name] for name in Settings.model_fields if name in found}
    try:
        return Settings(**known | given)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in fault['loc']).upper()}: "
            f"{fault['msg'].removeprefix('Value error, ')}."
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsError("\n".join(lines)) from None


def readable_by_others(path: str = ".env") -> str | None:
    """The command that keeps others on this machine from reading the file, where they can."""
    file = Path(path)
    if os.name != "posix" or not file.is_file() or not file.stat().st_mode & (stat.S_IRWXO):
        return None
    return f"chmod 600 {shlex.quote(path)}"


def _public_url(text: str) -> str:
    """Without a slash at its end. Raises ValueError unless pages can be linked to below it."""
    try:
        url = urlsplit(text)
        is_here = url.hostname in ("localhost", "127.0.0.1", "::1")
        is_right = bool(url.hostname and not url.username and url.port != 0)
    except ValueError:
        is_right, is_here = False, False
    is_allowed = is_right and (url.scheme == "https" or (url.scheme == "http" and is_here))
    if not is_allowed or not ADDRESS.fullmatch(text):
        raise ValueError(
            "must be an address that begins with https://, such as https://jobs.example.com"
        )
    if url.query or url.fragment or text.endswith(("?", "#")):
        raise ValueError("must end before any ? or #")
    path = re.sub("/{2,}", "/", url.path).rstrip("/")
    return f"{url.scheme}://{url.netloc.lower()}{path}"


ADDRESS = re.compile(r"[!-~]+")
"""What stands in a header as it is: a name with other letters is written as xn--…."""


def _parts(secret: SecretStr) -> tuple[str, ...]:
    return tuple(part.strip() for part in secret.get_secret_value().split(","))


def _with_files(env_file: str | None) -> Mapping[str, str]:
    """What is set, by field name, trimmed; of a secret in a file of its own, what that file holds.

    An empty value is as good as none.
    """
    found: dict[str, str] = {}
    for source in (_of_file(env_file), os.environ):
        given = {name.lower(): value for name, value in source.items() if value}
        for either in ({name, f"{name}_file"} for name in SECRETS):
            if either & given.keys():  # the environment wins, whichever of the two it has
                found = {name: value for name, value in found.items() if name not in either}
        found |= given
    for name in sorted(SECRETS):
        file = found.get(f"{name}_file")
        if file is not None and name in found:
            both = f"{name.upper()} and {name.upper()}_FILE"
            raise SettingsError(f"{both} are both set. Keep one of them.")
        if file is not None:
            found[name] = _secret_in(name, Path(file.strip()))
        if name in found and not found[name].strip():
            raise SettingsError(f"{name.upper()} is blank. {WHERE_TO_FIND.get(name.upper(), '')}")
    return {name: value.strip() for name, value in found.items()}


def _secret_in(name: str, file: Path) -> str:
    try:
        return _decoded(file)
    except OSError as error:
        raise SettingsError(
            f"{name.upper()}_FILE: {file} can't be read ({error.strerror})."
        ) from None


def _of_file(path: str | None) -> Mapping[str, str | None]:
    if path is None or not Path(path).is_file():
        return {}
    from dotenv import dotenv_values  # most installations set the environment and have no file

    try:
        text = _decoded(Path(path))
    except OSError as error:
        raise SettingsError(f"{path} can't be read ({error.strerror}).") from None
    return dotenv_values(stream=StringIO(text))


def _decoded(file: Path) -> str:
    """The file's text: in UTF-8, or in UTF-16 by its byte-order mark.

    Raises OSError, SettingsError.
    """
    data = file.read_bytes()
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not in UTF-8. Save it in that encoding.") from None
