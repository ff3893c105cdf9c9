"""PostgreSQL by its URL, with the parameters that libpq knows, behind PgBouncer too; and what a
refusal of its means."""

import ssl
from typing import Any
from urllib.parse import urlencode

import asyncpg
from asyncpg.exceptions import ClientConfigurationError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from bot.errors import SettingsError

NOT_FOR_US = frozenset(
    {
        *{"connect_timeout", "channel_binding", "gssencmode", "hostaddr", "keepalives"},
        *{"keepalives_count", "keepalives_idle", "keepalives_interval", "load_balance_hosts"},
        *{"requirepeer", "sslcompression", "sslsni", "tcp_user_timeout", "require_auth"},
    }
)
"""Parameters of libpq that the driver lacks, and that change nothing in what a connection does."""

WITHOUT_NAMES = {
    "statement_cache_size": 0,
    "prepared_statement_cache_size": 0,
    "prepared_statement_name_func": str,
}
"""For a pooler such as PgBouncer, which may give each transaction another connection: a statement
is prepared without a name, for this once."""


def connect_arguments(url: str, timeout: float) -> dict[str, Any]:
    """What the driver connects with. Raises SettingsError where it could not do what is asked."""
    address = make_url(url)
    query = dict(address.normalized_query)
    if "require" in query.get("channel_binding", ()):
        raise SettingsError(
            "DATABASE_URL: Panelist's driver has no channel binding. Leave channel_binding out; "
            "sslmode=verify-full proves that it's the right server."
        )
    if "fallback_application_name" in query:
        query.setdefault("application_name", query.pop("fallback_application_name"))
    query.setdefault("application_name", ("panelist",))
    kept = [(key, values[-1]) for key, values in query.items() if key not in NOT_FOR_US]
    plain = address.set(drivername="postgresql", query={})
    dsn = f"{plain.render_as_string(hide_password=False)}?{urlencode(kept)}"
    return {"dsn": dsn, "timeout": timeout}


def bare(url: str) -> URL:
    """The URL for SQLAlchemy, which leaves everything else to `connect_arguments`."""
    return URL.create(make_url(url).drivername)


async def is_pooled(arguments: dict[str, Any]) -> bool:
    """Whether a pooler stands between us and the server: then the process that answers is not the
    one that was named at the beginning."""
    connection = await asyncpg.connect(**arguments, statement_cache_size=0)
    try:
        return bool(
            await connection.fetchval("SELECT pg_backend_pid()") != connection.get_server_pid()
        )
    finally:
        await connection.close()


def refusal(error: BaseException | None) -> str | None:
    """What the server, or the driver before it, will refuse however often it is asked, and what
    helps; None where it is worth trying again."""
    if isinstance(error, DBAPIError):
        error = error.orig.__cause__ if error.orig is not None else None
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"PostgreSQL refuses the user or the password in DATABASE_URL: {error}."
        case asyncpg.InvalidCatalogNameError():
            return f"PostgreSQL says: {error}. To create it: createdb --owner USER NAME"
        case asyncpg.InsufficientPrivilegeError():
            return (
                f"PostgreSQL says: {error}. Panelist makes its tables itself; as the database's "
                "owner, run: GRANT CREATE ON SCHEMA public TO the user in DATABASE_URL"
            )
        case asyncpg.UndefinedObjectError() | asyncpg.CantChangeRuntimeParamError():
            return f"A parameter in DATABASE_URL is refused: {error}."
        case asyncpg.ProtocolViolationError() if "startup parameter" in str(error):
            return f"A parameter in DATABASE_URL is refused: {error}."
        case ClientConfigurationError():
            return f"DATABASE_URL: {error}."
        case ssl.SSLCertVerificationError():
            return (
                f"The database's certificate isn't trusted: {error.verify_message}. "
                "sslrootcert=FILE in DATABASE_URL names the authority that signed it."
            )
        case ConnectionError() if "SSL upgrade" in str(error):
            return "The database's server has no TLS, which sslmode in DATABASE_URL asks for."
    return None
