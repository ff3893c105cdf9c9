"""The options of what is done with records, which every start of the command line reads."""

import argparse
from collections.abc import Callable

Command = Callable[[str, str, str], argparse.ArgumentParser]


def add_records(command: Command) -> None:
    """Adds the commands about what is kept of candidates, and for how long."""
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
