"""Logs carry events and ids, and never a token or the words of an exception."""

import json
import logging
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import LogFormat, LogLevel
from bot.logs import JsonFormatter, TextFormatter, redact, request_ref, set_up


def record(message: str, error: Exception | None = None, **extra: object) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("bot.test", logging.INFO, "f", 1, message, (), info)
    made.__dict__.update(extra)
    return made


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as caught:
        return caught


@pytest.mark.parametrize(
    "secret",
    ["xoxb-123-abc", "xoxp-1-x", "xapp-1-A0-1-abc", "xoxe.xoxb-1-abc", "panelist:pass"],
)
def test_tokens_and_passwords_are_taken_out(secret: str) -> None:
    line = f"postgresql://{secret}@host" if ":" in secret else f"token={secret} end"
    assert secret not in redact(line)


def test_a_line_of_text_has_the_requests_reference_and_the_fields() -> None:
    token = request_ref.set("7f3a")
    line = TextFormatter().format(record("request", kind="command"))
    request_ref.reset(token)
    assert "7f3a request kind=command" in line


def test_a_line_for_machines_is_json() -> None:
    line = json.loads(JsonFormatter().format(record("request", kind="command")))
    assert (line["event"], line["kind"], line["level"]) == ("request", "command", "info")


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_an_exceptions_own_words_stay_out_and_its_place_stays_in(
    formatter: logging.Formatter,
) -> None:
    error = raised(ValueError("Robin was late"), cause=raised(KeyError("a name")))
    line = formatter.format(record("request.failed", error))
    assert "ValueError" in line
    assert "KeyError" in line
    assert "test_logs.py" in line
    assert "Robin" not in line
    assert "a name" not in line


def test_libraries_stay_quiet_even_at_debug() -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    set_up(LogLevel.DEBUG, LogFormat.TEXT)
    assert not logging.getLogger("slack_sdk.web").isEnabledFor(logging.INFO)
    assert not logging.getLogger("slack_bolt").isEnabledFor(logging.WARNING)
    assert not logging.getLogger("alembic.runtime.migration").isEnabledFor(logging.INFO)
    assert logging.getLogger("bot").isEnabledFor(logging.DEBUG)
    logging.getLogger().handlers[:], logging.getLogger().level = before


SECRET_TEXTS = ["p@ss/word", 'quo"te', "pässwörd", "back\\slash"]


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
@pytest.mark.parametrize("secret", SECRET_TEXTS)
def test_no_line_holds_a_secret_whatever_is_in_it(
    formatter: type[logging.Formatter], secret: str
) -> None:
    line = formatter([secret]).format(record("refused", cause=f"password {secret} is wrong"))
    assert secret not in line
    assert json.dumps(secret)[1:-1] not in line


@given(st.text(st.characters(codec="utf-8")))
def test_whatever_a_field_holds_a_line_stays_one(text: str) -> None:
    line = TextFormatter().format(record("request", value=f"a{text}b"))
    assert len(line.splitlines()) == 1
    assert not any(unicodedata.category(letter) == "Cc" for letter in line)
