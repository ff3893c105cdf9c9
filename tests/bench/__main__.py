"""`make bench`: Panelist against the least that could do the same, in one run.

Start: how long until it is ready, and what is in memory then, against a bare Bolt app on uvicorn.

`/jd`: the complete command against a bare Bolt app that acks the same blocks, once in Bolt's
default mode and once with process_before_response, in alternating rounds at 1 and 16 connections.
Machines are noisy, so only the ratios of one run mean anything. `/jd` and `/jd list` once more for
a company with 400 roles and 200 jobs.

Scorecards: a submission against the bare insert of the same rows in a transaction, by 1 and 16
writers, on SQLite and on PostgreSQL.

Jobs pages: one against a bare Starlette route with the same body, and `/jd` while 300 pages a
second are read.

Reminders: a tick with 1,000 due and late, so that lateness climbs, among 10,000 and among 1,000,000
interviews.

Board: an organizer's, of 100 applications among 1,000 and among 100,000.

Export: what it has in memory at most, with 10,000 candidates and with 1,000,000.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench import board, exports, lists, pages, reminders, start, submissions
from tests.bench.servers import BARE, DEFAULT, PANELIST, Server
from tests.support.slack import StandIn
from tests.support.wire import command_fields, form, signed

ROUNDS = 7
SECONDS = 1.5
CONNECTIONS = (1, 16)
LINE = "/jd backend-developer"


def request_bytes(port: int, line: str) -> bytes:
    body = form(command_fields(line, "http://127.0.0.1:9/response/1"))
    headers = signed(body) | {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n{body}".encode()


async def _client(port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    count = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        body = await reader.readexactly(length)
        if b'"blocks"' not in body:
            raise RuntimeError(body[:200].decode())
        count += 1
    writer.close()
    await writer.wait_closed()
    return count


async def rate(port: int, connections: int, line: str) -> float:
    """Requests a second over one round."""
    request = request_bytes(port, line)
    started = time.perf_counter()
    until = started + SECONDS
    counts = await asyncio.gather(*(_client(port, request, until) for _ in range(connections)))
    return sum(counts) / (time.perf_counter() - started)


async def main() -> None:
    slack = StandIn()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with slack.serving() as slack.url:
            await asyncio.to_thread(start.run, folder, slack.api_url)
            servers = {
                kind: await asyncio.to_thread(Server, kind, folder, slack.api_url)
                for kind in (DEFAULT, BARE, PANELIST)
            }
            try:
                ports = {kind: server.port for kind, server in servers.items()}
                await measure(ports, LINE, "/jd")
            finally:
                for server in servers.values():
                    server.stop()
            await measure_lists(folder / "large", slack.api_url)
            await pages.measure(
                folder / "pages", slack.api_url, lambda port: request_bytes(port, LINE)
            )


async def measure_lists(folder: Path, slack_api_url: str) -> None:
    """The same commands where a company has many roles and jobs."""
    folder.mkdir()
    await lists.fill(folder)
    ours = await asyncio.to_thread(Server, PANELIST, folder, slack_api_url)
    servers = [ours]
    try:
        for line in (LINE, "/jd list"):
            acked = await lists.answer(ours.port, line)
            bare = {
                kind: await asyncio.to_thread(Server, kind, folder, slack_api_url, acked)
                for kind in (DEFAULT, BARE)
            }
            servers += bare.values()
            ports = {kind: server.port for kind, server in (bare | {PANELIST: ours}).items()}
            await measure(ports, line, f"{line} with {lists.ROLES} roles and {lists.JOBS} jobs")
    finally:
        for server in servers:
            server.stop()


async def measure(ports: dict[str, int], line: str, title: str) -> None:
    for connections in CONNECTIONS:
        rates: dict[str, list[float]] = {kind: [] for kind in ports}
        for number in range(ROUNDS + 1):
            order = list(ports) if number % 2 else list(reversed(ports))
            for kind in order:
                measured = await rate(ports[kind], connections, line)
                if number:
                    rates[kind].append(measured)
        middle = {kind: statistics.median(values) for kind, values in rates.items()}
        print(f"{title} at {connections} connection{'s' if connections > 1 else ''}:")
        for kind, value in middle.items():
            print(f"  {kind:<14} {value:7.0f} a second")
        ours = middle[PANELIST]
        print(f"  Panelist: {ours / middle[BARE]:.2f} of bare Bolt, process_before_response;")
        print(f"  {ours / middle[DEFAULT]:.2f} of bare Bolt in its default mode.")


if __name__ == "__main__":
    asyncio.run(main())
    submissions.main()
    reminders.run()
    board.run()
    exports.main()
