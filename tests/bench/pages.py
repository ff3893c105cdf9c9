"""The jobs pages: a page against a bare Starlette route with the same body, in alternating rounds,
and `/jd` while 300 pages a second are read."""

import asyncio
import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.domain.audit import new_id
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database
from bot.storage.migrate import upgrade
from tests.bench.servers import PANELIST, Server, environment
from tests.integration.test_openings_services import Office
from tests.support.panelist import built_in_content
from tests.support.people import WORKSPACE
from tests.support.ports import free_port

ADDRESS = "/jobs/payments-developer"
SETTINGS = {"PANELIST_PUBLIC_URL": "https://jobs.example.com"}
ROUNDS, SECONDS = 7, 1.5
CONNECTIONS = (1, 16)
PAGES = 300
"""A second, while somebody types `/jd`."""

BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
body = open(sys.argv[2], "rb").read()
async def page(request):
    return HTMLResponse(body)
uvicorn.run(
    Starlette(routes=[Route(sys.argv[3], page)]),
    host="127.0.0.1", port=int(sys.argv[1]), log_level="critical", access_log=False,
)
"""


async def seed(folder: Path) -> None:
    """Opens a job, so that there is a page."""
    database = Database(f"sqlite+aiosqlite:///{folder}/panelist.db")
    await upgrade(database)
    await WorkspaceService(database).claim(WORKSPACE)
    office = Office(built_in_content().library, database)
    await office.opens(id := new_id())
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    await database.close()


async def _reads(port: int, until: float, pause: float = 0.0) -> int:
    """Asks for the page again and again; gives how often."""
    request = f"GET {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    count, begun = 0, time.perf_counter()
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        lines = head.lower().split(b"\r\n")
        length = next(one for one in lines if one.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        count += 1
        if pause:
            await asyncio.sleep(max(0.0, begun + count * pause - time.perf_counter()))
    writer.close()
    await writer.wait_closed()
    return count


async def rate(port: int, connections: int) -> float:
    """Pages a second over one round."""
    started = time.perf_counter()
    counts = await asyncio.gather(*(_reads(port, started + SECONDS) for _ in range(connections)))
    return sum(counts) / (time.perf_counter() - started)


async def acks(port: int, request: bytes, seconds: float) -> list[float]:
    """How long `/jd` takes, each time, in milliseconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    took, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(one for one in lines if one.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        took.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(0.01)
    writer.close()
    await writer.wait_closed()
    return took


def _fetched(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", ADDRESS)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{ADDRESS}: {answer.status}")
    return answer.read()


async def _until_up(port: int) -> None:
    while True:
        try:
            await asyncio.to_thread(_fetched, port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            return


async def measure(folder: Path, slack_api_url: str, request_of: Callable[[int], bytes]) -> None:
    """Prints both; `request_of` gives a signed `/jd` for a port."""
    folder.mkdir()
    await seed(folder)
    ours = await asyncio.to_thread(Server, PANELIST, folder, slack_api_url, **SETTINGS)
    body = folder / "page.html"
    body.write_bytes(await asyncio.to_thread(_fetched, ours.port))
    port = free_port()
    bare = subprocess.Popen(  # noqa: ASYNC220 - one that lives on
        [sys.executable, "-c", BARE, str(port), str(body), ADDRESS], env=environment()
    )
    try:
        await _until_up(port)
        for connections in CONNECTIONS:
            rates: dict[int, list[float]] = {ours.port: [], port: []}
            for _ in range(ROUNDS):
                for one, found in rates.items():
                    found.append(await rate(one, connections))
            middle = {one: statistics.median(found) for one, found in rates.items()}
            print(
                f"a page at {connections:2} connections: {middle[ours.port]:7.0f}/s, bare route "
                f"{middle[port]:7.0f}/s, ratio {middle[ours.port] / middle[port]:.2f} (0.90)"
            )
        alone = await acks(ours.port, request_of(ours.port), 4.0)
        until = time.perf_counter() + 4.5
        readers = 10
        load = [
            asyncio.create_task(_reads(ours.port, until, readers / PAGES)) for _ in range(readers)
        ]
        beside = await acks(ours.port, request_of(ours.port), 4.0)
        read = sum(await asyncio.gather(*load)) / 4.5
        print(
            f"/jd beside {read:.0f} pages a second: median {statistics.median(beside):.2f} ms, "
            f"alone {statistics.median(alone):.2f} ms, ratio "
            f"{statistics.median(beside) / statistics.median(alone):.2f} (1.25); "
            f"99th percentile {statistics.quantiles(beside, n=100)[98]:.1f} ms (20)"
        )
    finally:
        bare.terminate()
        bare.wait()
        ours.stop()
