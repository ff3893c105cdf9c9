"""Ports for servers of a test, which nobody else takes between asking and listening."""

import os
import socket
from contextlib import suppress
from functools import cache
from itertools import cycle, islice

# Below what the kernel gives to connections that name no port of their own: one of those
# could take a port that a test is about to listen on.
FIRST, LAST, EACH = 10_000, 32_000, 100


def free_port() -> int:
    """A port of this process's own: no other process that asks is given the same one."""
    _, ports = _claim(os.getpid())
    for port in islice(ports, EACH):
        with suppress(OSError), _listening(port):
            return port
    raise OSError("every port that this process has claimed is taken")


@cache
def _claim(process: int) -> "tuple[socket.socket, cycle[int]]":
    """A block of ports, claimed by listening on its first one until this process ends."""
    for first in range(FIRST, LAST, EACH):
        with suppress(OSError):
            return _listening(first), cycle(range(first + 1, first + EACH))
    raise OSError(f"no block of ports is left between {FIRST} and {LAST}")


def _listening(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))
