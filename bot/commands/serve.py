"""`panelist serve`: the bot, until it is told to stop."""

import argparse
import asyncio
import gc
import logging
from contextlib import ExitStack

from bot import logs
from bot.commands import DONE
from bot.config import Settings, load_settings, readable_by_others
from bot.library.content import LoadedContent
from bot.library.trial import load_tried
from bot.serving import BotServer, keep_what_is_loaded, listen, stop_on_signals
from bot.web import metrics_alone
from bot.wiring import wire

log = logging.getLogger(__name__)


def serve(_: argparse.Namespace) -> int:
    gc.disable()  # until `keep_what_is_loaded`
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    if mend := readable_by_others():
        log.warning("env_file.readable_by_others", extra={"mend": mend})
    asyncio.run(_serve(settings, load_tried(settings.panelist_content)))
    return DONE


async def _serve(settings: Settings, content: LoadedContent) -> None:
    application = wire(settings, content)
    with ExitStack() as listeners:
        listener = listeners.enter_context(listen(settings.host, settings.port))
        trusted = settings.trusted_proxies
        serving = [
            (
                BotServer(
                    application.asgi(), trusted_proxies=trusted, registry=application.registry
                ),
                listener,
            )
        ]
        if settings.metrics_port is not None:
            own = listeners.enter_context(listen(settings.metrics_host, settings.metrics_port))
            serving.append((BotServer(metrics_alone(application.metrics_page)), own))
        try:
            host, port, *_ = listener.getsockname()
            await application.start(f"{host}:{port}")
            keep_what_is_loaded()
            stop_on_signals(*(server for server, _ in serving))
            await asyncio.gather(*(server.serve(sockets=[at]) for server, at in serving))
        finally:
            await application.stop()
