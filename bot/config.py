"""Settings, from the environment or `.env`; the environment wins."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

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
    database_url: str = "sqlite+aiosqlite:///panelist.db"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    panelist_content: Path | None = None
    panelist_admins: frozenset[str] = frozenset()
    panelist_command_prefix: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,20}$")] = ""
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.TEXT

    @field_validator("panelist_admins", mode="before")
    @classmethod
    def _split_ids(cls, value: Any) -> Any:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
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
    found = {**_of_file(_env_file), **os.environ}
    named = {name.lower(): value for name, value in found.items() if value}
    known = {name: named[name] for name in Settings.model_fields if name in named}
    try:
        return Settings(**known | given)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in fault['loc']).upper()}: "
            f"{fault['msg'].removeprefix('Value error, ')}."
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsError("\n".join(lines)) from None


def _of_file(path: str | None) -> Mapping[str, str | None]:
    if path is None or not Path(path).is_file():
        return {}
    from dotenv import dotenv_values  # most installations set the environment and have no file

    return dotenv_values(path, encoding="utf-8")
