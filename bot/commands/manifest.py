"""`panelist manifest`: what Slack makes the app from."""

import argparse
import json

from bot.commands import DONE
from bot.config import load_settings
from handlers.ids import CommandName
from handlers.manifest import manifest


def show(options: argparse.Namespace) -> int:
    prefix = load_settings().panelist_command_prefix
    made = manifest(CommandName, prefix, options.url)
    print(json.dumps(made, indent=2, ensure_ascii=False))
    return DONE
