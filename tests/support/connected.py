"""Slack's client over real HTTP, for an app that is installed in every workspace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from handlers.installations import Installation
from handlers.slack import Slack
from handlers.slack_api import SlackApi


def token_of(workspace: str) -> str:
    return f"xoxb-{workspace}"


@dataclass(frozen=True)
class Everywhere:
    """Implements Installations: each workspace has a token of its own, or all the same."""

    token: str | None = None

    def has(self, workspace: str) -> bool:
        return True

    async def find(self, workspace: str) -> Installation | None:
        return await self.to_send(workspace)

    async def to_send(self, workspace: str) -> Installation:
        return Installation(workspace, self.token or token_of(workspace))


@dataclass
class Connection:
    """The session, and the client over it."""

    url: str
    token: str | None = None
    api: SlackApi = field(init=False)
    slack: Slack = field(init=False)

    def __post_init__(self) -> None:
        self.api = SlackApi(self.url)
        self.slack = Slack(self.api, Everywhere(self.token))


@asynccontextmanager
async def connected(url: str, token: str | None = None) -> AsyncIterator[Connection]:
    """A connection to the Web API at this address."""
    connection = Connection(url, token)
    await connection.api.start()
    try:
        yield connection
    finally:
        await connection.api.stop()
