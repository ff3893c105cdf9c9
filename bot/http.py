"""HTTP to others: one client for every request that is not the Slack SDK's own, and the proxies.

httpx is loaded when the first request is made, in a thread: it takes a start's tenth.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bot import __version__
from bot.errors import SettingsError

if TYPE_CHECKING:
    import httpx

PATIENCE = 10.0
CONNECT_WITHIN = 5.0
"""Seconds for a whole request, and for the connection that it needs."""

MOST_CONNECTIONS, MOST_IDLE = 50, 10
IDLE_FOR = 15.0
"""Seconds for which an idle connection is kept."""

LARGEST_ANSWER = 5_000_000
"""Bytes."""


class NoAnswer(Exception):
    """Nobody answered in time, or not in HTTP; whether the request was taken is not known."""


@dataclass(frozen=True)
class Response:
    """What was answered, whatever the status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Follows no redirect, repeats nothing, and honors the environment's proxies; `stop` after
    use."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()

    async def post(self, url: str, content: bytes, content_type: str) -> Response:
        """Raises NoAnswer."""
        return await self._request("POST", url, content, {"Content-Type": content_type})

    async def stop(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _request(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str]
    ) -> Response:
        client = await self._made()
        import httpx

        try:
            async with (
                asyncio.timeout(PATIENCE),
                client.stream(method, url, content=content, headers=headers) as response,
            ):
                return Response(response.status_code, response.headers, await _body(response))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise NoAnswer from error

    async def _made(self) -> "httpx.AsyncClient":
        async with self._making:
            if self._client is None:
                self._client = await asyncio.to_thread(_new_client)
        return self._client


def _new_client() -> "httpx.AsyncClient":
    import httpx

    return httpx.AsyncClient(
        verify=ssl.create_default_context(),  # the system's authorities, as for the SDK
        timeout=httpx.Timeout(PATIENCE, connect=CONNECT_WITHIN),
        limits=httpx.Limits(
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_IDLE,
            keepalive_expiry=IDLE_FOR,
        ),
        headers={"User-Agent": f"Panelist/{__version__}"},
    )


async def _body(response: "httpx.Response") -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise NoAnswer
    return bytes(body)


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for the address, as httpx finds it; None for none.

    The SDK takes the first of the variables for every address, whatever NO_PROXY says.
    """
    proxies, where = getproxies(), urlsplit(url)
    if proxy_bypass(where.netloc.rpartition("@")[2]):
        return None
    scheme = {"ws": "http", "wss": "https"}.get(where.scheme, where.scheme)
    found = proxies.get(scheme) or proxies.get("all")
    return found if not found or "://" in found else f"http://{found}"


def check_proxies() -> None:
    """Raises SettingsError where the environment names a proxy that cannot be used."""
    proxies = getproxies()
    if proxies.get("no", "").strip() == "*":
        return
    for name in ("http", "https", "all"):
        scheme, _, rest = proxies.get(name, "").partition("://")
        if rest and scheme not in ("http", "https"):
            raise SettingsError(
                f"{name.upper()}_PROXY is a {scheme} proxy, which Panelist can't use: give one "
                "that begins with http:// or https://, or remove it."
            )
