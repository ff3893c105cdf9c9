"""The commands of `panelist`: how they are typed. What they do is imported once one is run."""

import argparse
import gc
import io
import pkgutil
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot import __version__, routes
from bot.commands import FAULTS
from bot.commands.records.options import add_records
from bot.domain.numbers import DAYS
from bot.domain.questions.selection import LEAST_MINUTES, MOST_MINUTES, Level
from bot.errors import DatabaseAway, UserError
from bot.library.formats import OF_OPENINGS, Format

Action = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Exit codes: 0 done, 1 found faults or failed, 2 bad use."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console may lack letters that titles have
    options = _parser().parse_args(arguments)
    try:
        return _imported(options.action)(options)
    except DatabaseAway as away:
        from bot.outages import cause_of  # asyncio is loaded by then

        print(
            f"The database {away.where} can't be used ({cause_of(away)}). Check that it's running, "
            "and that DATABASE_URL is right.",
            file=sys.stderr,
        )
        return FAULTS
    except UserError as error:
        print(error.text, file=sys.stderr)
        return FAULTS
    except BrokenPipeError:
        sys.stderr.close()
        return FAULTS


def _imported(name: str) -> Action:
    """Imports make much that stays and next to no garbage: to look for it takes a third longer."""
    gc.disable()
    action: Action = pkgutil.resolve_name(name)
    gc.enable()
    return action


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="panelist",
        description="Panelist, a Slack assistant for hiring teams. "
        "Settings come from the environment or from the file .env; see .env.example.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, action: str, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(action=action)
        return added

    command(
        "serve",
        "bot.commands.serve:serve",
        "run the bot: over Socket Mode if SLACK_APP_TOKEN is set, otherwise over HTTP",
    )

    demo_parser = command(
        "demo",
        "bot.commands.demo:demo",
        "try everything in a browser, without Slack",
    )
    demo_parser.add_argument(
        "--port", type=_port, default=3100, metavar="N", help="port of the page (default: 3100)"
    )
    demo_parser.add_argument(
        "--cast",
        metavar="FILE",
        help="your own people and channels, in TOML or JSON; see docs/playground.md",
    )
    demo_parser.add_argument(
        "--fresh", action="store_true", help="start with an empty workspace and database"
    )

    command(
        "check",
        "bot.commands.content:check",
        "check all roles, competencies and questions, and list every problem",
    )

    _add_lint(command)

    roles_parser = command("roles", "bot.commands.content:roles", "list the roles in the library")
    roles_parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    jd_parser = command(
        "jd",
        "bot.commands.content:jd",
        "print the job description or hiring guide of a role or opening",
    )
    jd_parser.add_argument(
        "role",
        metavar="ROLE|OPENING",
        help="a role's slug, title or other name, such as 'senior ios developer', "
        "or an opening's slug or ID, which panelist openings lists",
    )
    jd_parser.add_argument(
        "--part",
        choices=["posting", "guide"],
        default="posting",
        help="what candidates read (posting, the default) or what the team reads (guide)",
    )
    jd_parser.add_argument(
        "--format",
        choices=["slack", *Format, "json", *OF_OPENINGS],
        default="text",
        help="slack prints the message's blocks, json everything there is (default: text). "
        "Only of an opening: jsonld is for search engines, and the last four are texts to paste",
    )
    jd_parser.set_defaults(bad_use=jd_parser.error)

    questions_parser = command(
        "questions", "bot.commands.content:questions", "print a set of interview questions"
    )
    questions_parser.add_argument(
        "role", metavar="ROLE", help="slug, title or other name, such as 'senior ios developer'"
    )
    extent = questions_parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--minutes",
        type=_minutes,
        help=f"how long the interview is, {LEAST_MINUTES} to {MOST_MINUTES} (default: 45)",
    )
    extent.add_argument("--all", action="store_true", help="print the whole bank instead of a set")
    questions_parser.add_argument("--competency", help="only questions about this competency")
    questions_parser.add_argument("--level", choices=list(Level), help="the candidate's level")
    questions_parser.add_argument(
        "--format",
        choices=[Format.MARKDOWN, Format.HTML, "json"],
        default=Format.MARKDOWN,
        help="html prints as a kit (default: markdown)",
    )

    _add_new_role(command)

    manifest_parser = command(
        "manifest",
        "bot.commands.manifest:show",
        "print the manifest for creating the app in Slack",
    )
    manifest_parser.add_argument(
        "--url",
        metavar="https://…",
        type=_public_url,
        help="where Slack reaches the bot over HTTP; without it, the app uses Socket Mode",
    )

    remind_parser = command(
        "remind",
        "bot.commands.reminders:remind",
        "send the reminders that are due now or at a given time",
    )
    remind_parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="such as 2026-12-01T09:00+01:00; without an offset, UTC (default: now). "
        "Without --dry-run, what is due by then is sent now, and that day's digest is used up",
    )
    remind_parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print who would get what and why, without sending anything",
    )

    _add_listings(command)
    settings_parser = command(
        "settings",
        "bot.commands.settings:settings",
        "print what each workspace has chosen, and what holds where it hasn't",
    )
    settings_parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    _add_stats(command)

    _add_outbox(command)

    doctor_parser = command(
        "doctor",
        "bot.commands.doctor:doctor",
        "list what wasn't delivered, what is late, and who can't be reached",
    )
    doctor_parser.add_argument(
        "--repair", action="store_true", help="recalculate when people's next reminders are due"
    )
    doctor_parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    add_records(command, _moment)
    _add_backups(command)

    sites = commands.add_parser(
        "site", help="write the jobs pages as files", description="write the jobs pages as files"
    )
    _add_site(sites.add_subparsers(metavar="COMMAND", required=True))

    databases = commands.add_parser(
        "db", help="work on the database", description="work on the database"
    )
    db_commands = databases.add_subparsers(metavar="COMMAND", required=True)
    upgrade_parser = db_commands.add_parser("upgrade", help="bring the database up to date")
    upgrade_parser.set_defaults(action="bot.commands.database:upgrade")
    return parser


def _add_site(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "write the jobs pages and feeds into a folder, for any host"
    parser = commands.add_parser("build", help=text, description=text)
    parser.add_argument(
        "folder", metavar="DIR", help="a new or empty folder, or one that this command wrote"
    )
    parser.add_argument(
        "--library", action="store_true", help="with the public part of the role library"
    )
    parser.add_argument(
        "--base",
        metavar="URL",
        help="where the pages will be, such as https://jobs.example.com "
        "(default: PANELIST_PUBLIC_URL)",
    )
    parser.set_defaults(action="bot.commands.site:build")


def _add_backups(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    text = "write the whole database into a file, while Panelist runs"
    parser = command("backup", "bot.commands.backups:backup", text)
    parser.add_argument("file", metavar="FILE", help="an older backup there is replaced")
    text = "put a backup into an empty database, while Panelist is stopped"
    parser = command("restore", "bot.commands.backups:restore", text)
    parser.add_argument("file", metavar="FILE", help="what panelist backup wrote")
    parser.add_argument(
        "--replace", action="store_true", help="delete first what is in the database"
    )


def _add_stats(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    text = "show how long scorecards take and how interviews are spread, naming no one"
    parser = command("stats", "bot.commands.numbers:stats", text)
    parser.add_argument(
        "--days",
        type=int,
        default=DAYS,
        metavar="N",
        help="1 to 365, taken for the last 4, 13, 26 or 52 whole weeks (default: 90)",
    )
    parser.add_argument("--csv", action="store_true", help="as a table, for spreadsheets")


def _add_outbox(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    text = "list the messages that haven't been sent, and send them again"
    parser = command("outbox", "bot.commands.outbox:outbox", text)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--failed", action="store_true", help="only those that weren't delivered")
    what.add_argument("--held", action="store_true", help="only those that a restore holds back")
    what.add_argument("--retry", metavar="KEY", help="send this one, which failed or is held")
    what.add_argument(
        "--release",
        action="store_true",
        help="send all that are held, unless Slack has them already",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


def _add_new_role(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    text = "write a role's file, from a job description that you have or to begin with"
    parser = command("new-role", "bot.commands.new_role:new_role", text)
    parser.add_argument(
        "slug", metavar="SLUG", help="what people will type, such as backend-developer"
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        help="Markdown, HTML, or schema.org's JobPosting as JSON-LD, alone or in HTML; - reads "
        "standard input. Nothing of it is lost: what has no place is at the end of the file",
    )
    parser.add_argument(
        "--category",
        metavar="C",
        help="the folder below roles/ (default: the role's own, or general)",
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="the file to write (default: in the folder that PANELIST_CONTENT names; printed where "
        "it names none)",
    )


def _add_lint(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    text = "find what doesn't belong in a posting, a question or feedback"
    parser = command("lint", "bot.commands.lint:lint", text)
    parser.add_argument(
        "what",
        metavar="ROLE|FILE|-",
        nargs="*",
        help="roles, text files, or - to read standard input, one text a line (default: all roles)",
    )
    parser.add_argument(
        "--as",
        dest="kind",
        choices=["posting", "question", "feedback"],
        default="question",
        help="what kind of texts these are (default: question; roles have postings and questions). "
        "Postings are also held against the advice that is given before a job is posted",
    )
    parser.add_argument(
        "--json", action="store_true", help='a line {"text", "findings"} for each text'
    )


def _add_listings(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    """What is hired for, who is in for it, and who turned out to be one person."""
    for name, text in (
        ("openings", "list the openings"),
        ("applications", "list the applications"),
        ("candidates", "list the candidates, with possible duplicates"),
    ):
        parser = command(name, f"bot.commands.hires:{name}", text)
        parser.add_argument("--json", action="store_true", help="as JSON, for programs")
        if name == "candidates":
            parser.add_argument(
                "--find", metavar="TEXT", help="only those with this in their name or email address"
            )
    text = "print all that led to a decision about an application"
    parser = command("debrief", "bot.commands.debriefs:debrief", text)
    parser.add_argument(
        "application", metavar="APPLICATION", help="its ID, which panelist applications lists"
    )
    parser.add_argument(
        "--format",
        choices=[Format.MARKDOWN, Format.HTML],
        default=Format.MARKDOWN,
        help="html is a page to read or to print (default: markdown)",
    )
    parser.add_argument(
        "--anonymous", action="store_true", help="without the IDs of interviewers and deciders"
    )
    text = "merge two candidates who are one person; --undo FROM takes it back"
    parser = command("merge", "bot.commands.hires:merge", text)
    parser.add_argument("candidate", metavar="FROM", help="the ID of the candidate to merge")
    parser.add_argument(
        "into", metavar="INTO", nargs="?", help="the ID of the candidate to keep, with their name"
    )
    parser.add_argument("--undo", action="store_true", help="make FROM a separate candidate again")
    parser.set_defaults(bad_use=parser.error)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("must be a number up to 65535")
    return int(text)


def _public_url(text: str) -> str:
    """Where Panelist is reached, without the route of Slack's events, whether it was given or
    not."""
    try:
        url = urlsplit(text.strip())
        is_right = url.scheme == "https" and url.hostname and not url.username and url.port != 0
    except ValueError:
        is_right = False
    if not is_right or re.search(r"[\s<>\"]", text.strip()):
        raise argparse.ArgumentTypeError("must be an address that begins with https://")
    if url.query or url.fragment:
        raise argparse.ArgumentTypeError("must end before any ? or #")
    path = re.sub("/{2,}", "/", url.path).rstrip("/")
    return f"https://{url.netloc}{re.sub(f'({routes.EVENTS})+$', '', path)}"


def _minutes(text: str) -> int:
    minutes = int(text)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise argparse.ArgumentTypeError(f"must be from {LEAST_MINUTES} to {MOST_MINUTES}")
    return minutes


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("must be a time such as 2026-12-01T09:00+01:00") from None
