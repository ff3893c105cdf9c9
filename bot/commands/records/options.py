"""How they are typed."""

from argparse import ArgumentParser
from collections.abc import Callable


def add(command: Callable[[str, str, str], ArgumentParser]) -> None:
    text = "write everything into a folder, as JSON Lines and CSV, while Panelist runs"
    parser = command("export", "bot.commands.records.export:export", text)
    parser.add_argument("folder", metavar="DIR", help="a new or empty folder")
    text = "put an export of Panelist into this database, adding what is new"
    parser = command("import", "bot.commands.records.importing:load", text)
    parser.add_argument("path", metavar="PATH", help="the folder that panelist export wrote")
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be done, without doing it"
    )
