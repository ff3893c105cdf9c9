"""How they are typed."""

from argparse import ArgumentParser
from collections.abc import Callable


def add(command: Callable[[str, str, str], ArgumentParser]) -> None:
    text = "write everything into a folder, as JSON Lines and CSV, while Panelist runs"
    parser = command("export", "bot.commands.records.export:export", text)
    parser.add_argument("folder", metavar="DIR", help="a new or empty folder")
