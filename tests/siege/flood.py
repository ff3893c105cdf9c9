"""Clients that nobody knows, in a process of their own: so they take no time from good ones.

`python -m tests.siege.flood URL SEED`, until standard input is closed; prints how much was sent.
"""

import asyncio
import json
import random
import sys

from tests.siege import attacks


async def _flood(url: str, chance: random.Random) -> attacks.Sent:
    sent = attacks.Sent()
    others = asyncio.gather(
        attacks.half_sent(url, sent, chance),
        attacks.hangs_up(url, sent, chance),
        attacks.hostile(url, sent, chance),
    )
    await asyncio.to_thread(sys.stdin.read)
    others.cancel()
    await asyncio.gather(others, return_exceptions=True)
    return sent


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_flood(sys.argv[1], random.Random(int(sys.argv[2])))).counts))
