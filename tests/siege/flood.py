"""Clients that nobody knows, in a process of their own: so they take no time from good ones.

`python -m tests.siege.flood URL SEED`, until standard input is closed; prints how much was sent.
"""

import asyncio
import json
import os
import random
import sys

from tests.siege import attacks


async def _flood(url: str, chance: random.Random) -> None:
    sent = attacks.Sent()
    async with asyncio.TaskGroup() as group:
        for attack in (attacks.half_sent, attacks.hangs_up, attacks.hostile):
            group.create_task(attack(url, sent, chance))
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps(sent.counts), flush=True)
        os._exit(0)  # every connection is left as it is


if __name__ == "__main__":
    asyncio.run(_flood(sys.argv[1], random.Random(int(sys.argv[2]))))
