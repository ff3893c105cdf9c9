"""`panelist debrief`: the packet of an application, for somebody who was not there."""

import asyncio
from argparse import Namespace

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.domain.names import readable
from bot.library.content import load_content
from bot.library.formats import Format
from bot.services.debriefs.packet import packet_of
from bot.services.frozen_contents import Contents


def debrief(options: Namespace) -> int:
    """Prints it. Raises UserError where there is nothing to print."""
    settings = load_settings()
    print(asyncio.run(_document(settings, readable(options.application), options)))
    return DONE


async def _document(settings: Settings, application: str, options: Namespace) -> str:
    documents = load_content(settings.panelist_content).documents
    async with opened(settings) as database, database.read() as tx:
        now = SystemClock().now()
        packet = await packet_of(tx, Contents(), application, now, anonymous=options.anonymous)
        return documents.document("debrief", Format(options.format), packet=packet).strip()
