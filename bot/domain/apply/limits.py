"""How much may come from one network, and in all: what is more is kept apart, or refused."""

import ipaddress
from collections import deque

HOUR, MINUTE = 3600.0, 60.0

MOST_OF_NETWORK = 5
"""Applications an hour from one network, above which they are kept apart."""

MOST_FILES_OF_NETWORK = 10
"""Files of refused forms that are kept for one network in an hour."""

MOST_IN_ALL = 600
"""Applications a minute from everybody, above which all are asked to wait."""

MOST_NETWORKS = 20_000
"""Of which anything is remembered; the one that was quiet the longest is forgotten first."""


def network_of(address: str) -> str:
    """As much of an address as one household or office has: a /24, or a /64 of IPv6."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(one, ipaddress.IPv6Address) and one.ipv4_mapped is not None:
        one = one.ipv4_mapped
    bits = 24 if isinstance(one, ipaddress.IPv4Address) else 64
    return str(ipaddress.ip_network((one, bits), strict=False))


class Counted:
    """What happened within the last while, of each of many; times are seconds of one clock."""

    def __init__(self, most: int, within: float) -> None:
        self._most = most
        self._within = within
        self._times: dict[str, deque[float]] = {}

    def is_full(self, whose: str, at: float) -> bool:
        """Whether one more now would be too many."""
        times = self._times.get(whose)
        if times is None:
            return False
        while times and times[0] <= at - self._within:
            times.popleft()
        return len(times) >= self._most

    def add(self, whose: str, at: float) -> None:
        """One more now."""
        times = self._times.pop(whose, None)
        if times is None:
            times = deque(maxlen=self._most)
        self._times[whose] = times  # the last that was active stands last
        times.append(at)
        if len(self._times) > MOST_NETWORKS:
            del self._times[next(iter(self._times))]
