"""`make bench`: Panelist against the least that could do the same, in one run.

`/jd`: the complete command against a bare Bolt app that acks the same blocks, once in Bolt's
default mode and once with process_before_response, in alternating rounds at 1 and 16 connections.
Machines are noisy, so only the ratios of one run mean anything.

Scorecards: a submission against the bare insert of the same rows in a transaction, by 1 and 16
writers, on SQLite and on PostgreSQL.

Reminders: a tick with 1,000 due among 10,000 and among 1,000,000 interviews.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import reminders, submissions
from tests.bench.servers import KINDS
from tests.support.wire import command_fields, form, signed

ROUNDS = 7
SECONDS = 1.5
CONNECTIONS = (1, 16)


def request_bytes(port: int) -> bytes:
    body = form(command_fields("/jd backend-developer", "http://127.0.0.1:9/response/1"))
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
        if b"in_channel" not in body:
            raise RuntimeError(body[:200].decode())
        count += 1
    writer.close()
    await writer.wait_closed()
    return count


async def rate(port: int, connections: int) -> float:
    """Requests a second over one round."""
    request = request_bytes(port)
    started = time.perf_counter()
    until = started + SECONDS
    counts = await asyncio.gather(*(_client(port, request, until) for _ in range(connections)))
    return sum(counts) / (time.perf_counter() - started)


def start(kind: str, folder: Path) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.servers", kind, str(folder / kind)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["port"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        started = {kind: start(kind, Path(folder)) for kind in KINDS}
        try:
            measure({kind: port for kind, (_, port) in started.items()})
        finally:
            for process, _ in started.values():
                process.terminate()
                process.wait()


def measure(ports: dict[str, int]) -> None:
    for connections in CONNECTIONS:
        rates: dict[str, list[float]] = {kind: [] for kind in ports}
        for number in range(ROUNDS + 1):
            order = list(ports) if number % 2 else list(reversed(ports))
            for kind in order:
                measured = asyncio.run(rate(ports[kind], connections))
                if number:
                    rates[kind].append(measured)
        middle = {kind: statistics.median(values) for kind, values in rates.items()}
        print(f"/jd at {connections} connection{'s' if connections > 1 else ''}:")
        for kind, value in middle.items():
            print(f"  {kind:<12} {value:7.0f} a second")
        ours = middle["panelist"]
        print(f"  Panelist: {ours / middle['bare']:.2f} of bare Bolt, process_before_response;")
        print(f"  {ours / middle['default']:.2f} of bare Bolt in its default mode.")


if __name__ == "__main__":
    main()
    submissions.main()
    reminders.run()
