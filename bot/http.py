"""HTTP to others: one client for every request that is not the Slack SDK's own, and the proxies.

httpx is loaded when the first request is made, in a thread: it takes a start's tenth.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
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


class NotPublic(NoAnswer):
    """The address is not one of the public internet, or not of https, or leads to one that is not
    so."""


class TooSlow(NoAnswer):
    """It took too long."""


class TooLarge(NoAnswer):
    """It is more than was to be read."""


class LeadsOn(NoAnswer):
    """One address led to another, too often."""


class Compressed(NoAnswer):
    """It was compressed, which was not asked for: what that takes to read has no bound."""


MOST_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)

HTTPS = 443
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for those of IPv4."""

UNICAST = ipaddress.ip_network("2000::/3")
"""The IPv6 addresses that anybody on the internet has."""

OF_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
"""Which older versions of Python take for public."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is written as."""
    one = ipaddress.ip_address(address)
    if isinstance(one, ipaddress.IPv6Address):
        inner = one.ipv4_mapped or one.sixtofour or (one.teredo and one.teredo[1])
        if one in TRANSLATED:
            inner = ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        return one in UNICAST and one.is_global
    return one.is_global and not one.is_multicast and one not in OF_PROTOCOLS


def public_host(url: str) -> str:
    """The host of an https address on the usual port, without name and password. Raises NotPublic
    where it is none, or an IP address that is not public."""
    try:
        where = urlsplit(url)
        host, port = where.hostname, where.port
    except ValueError as error:
        raise NotPublic from error
    if where.scheme != "https" or not host or port not in (None, HTTPS) or where.username:
        raise NotPublic
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not is_public(str(literal)):
        raise NotPublic
    return host


async def public_address(host: str) -> str:
    """Where a server of this name is, as the system says now. Raises NotPublic where any of its
    addresses is not one of the public internet, and OSError where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_, address in found]
    if not all(map(is_public, addresses)):
        raise NotPublic
    return addresses[0]


async def get_public(url: str, headers: Mapping[str, str], most: int) -> Response:
    """What a server of the public internet answers, within ten seconds in all.

    Its name is looked up once, every address that it has must be public, and the connection goes to
    one of these; the certificate has to be the name's. The same holds for where it leads to, three
    times at most. Nothing compressed is read, and nothing beyond `most` bytes. Raises NoAnswer, as
    the narrowest that there is.
    """
    public_host(url)
    client = await asyncio.to_thread(_new_client)
    import httpx

    try:
        async with asyncio.timeout(PATIENCE), client:
            for _ in range(MOST_REDIRECTS + 1):
                answer = await _got(client, url, headers, most)
                leads_to = answer.headers.get("Location", "")
                if answer.status not in REDIRECTS or not leads_to:
                    return answer
                url = urljoin(url, leads_to)
            raise LeadsOn
    except (TimeoutError, httpx.ReadTimeout) as error:
        raise TooSlow from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NoAnswer from error


async def _got(
    client: "httpx.AsyncClient", url: str, headers: Mapping[str, str], most: int
) -> Response:
    import httpx

    address, named = await public_address(public_host(url)), httpx.URL(url)
    request = client.build_request(
        "GET",
        named.copy_with(host=address),
        headers={
            **headers,
            "Host": named.netloc.decode("ascii"),
            "Accept-Encoding": "identity",
        },
        extensions={"sni_hostname": named.raw_host.decode("ascii")},
    )
    response = await client.send(request, stream=True)
    try:
        if response.status_code in REDIRECTS:  # whatever it says besides is not read
            return Response(response.status_code, response.headers, b"")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Compressed
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > most:
                raise TooLarge
        return Response(response.status_code, response.headers, bytes(body))
    finally:
        await response.aclose()


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
