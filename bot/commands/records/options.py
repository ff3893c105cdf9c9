"""The options of what is done with records, which every start of the command line reads."""

import argparse
from collections.abc import Callable
from datetime import datetime

Command = Callable[[str, str, str], argparse.ArgumentParser]


def add_records(command: Command, moment: Callable[[str], datetime]) -> None:
    """Adds the commands about what is kept of candidates, and for how long; `moment` reads a
    time."""
    _add_moves(command)
    text = "delete a candidate for good: in Slack, and in the database"
    parser = command("erase", "bot.commands.records.erasing:erase", text)
    parser.add_argument("candidate", metavar="ID", help="their ID; panelist candidates lists them")
    parser.add_argument("--yes", action="store_true", help="don't ask for the candidate's name")
    text = "keep everything of a candidate, whatever their age and whoever asks"
    parser = command("legal-hold", "bot.commands.records.erasing:legal_hold", text)
    parser.add_argument("candidate", metavar="ID", help="their ID; panelist candidates lists them")
    parser.add_argument("state", choices=["on", "off"], help="whether they're held")
    text = "erase whoever was kept for as long as the workspace keeps candidates"
    parser = command("retain", "bot.commands.records.retaining:retain", text)
    parser.add_argument(
        "--dry-run", action="store_true", help="print who would be erased, without erasing anyone"
    )
    text = "list who did what when, by IDs; or check that nobody changed it"
    parser = command("audit", "bot.commands.records.auditing:audit", text)
    parser.add_argument(
        "--since",
        type=moment,
        metavar="TIME",
        help="such as 2026-12-01T09:00+01:00; without an offset, UTC (default: all)",
    )
    parser.add_argument(
        "--about", metavar="ID", help="only what was done to this candidate, panel or opening"
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="find what was changed or removed, and print the head, to compare with one you noted",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


def _add_moves(command: Command) -> None:
    text = "write everything into a folder, as JSON Lines and CSV, while Panelist runs"
    parser = command("export", "bot.commands.records.export:export", text)
    parser.add_argument("folder", metavar="DIR", help="a new or empty folder")
    parser.add_argument(
        "--candidate",
        metavar="ID",
        help="only what is kept about this candidate, as JSON and as a page to read",
    )
    parser.add_argument(
        "--anonymous",
        action="store_true",
        help="with --candidate: numbers in place of your colleagues",
    )
    parser.set_defaults(bad_use=parser.error)
    text = "put an export of Panelist into this database, adding what is new"
    parser = command("import", "bot.commands.records.importing:load", text)
    parser.add_argument("path", metavar="PATH", help="the folder that panelist export wrote")
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be done, without doing it"
    )
