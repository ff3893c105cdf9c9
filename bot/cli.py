"""The commands of `panelist`."""

import argparse
import asyncio
import json
import pkgutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot import __version__, lint, logs, operators
from bot.app import Application, Content, load_content
from bot.config import LogLevel, Settings, load_settings
from bot.demo import run as run_demo
from bot.domain.names import search_key
from bot.domain.questions import interview
from bot.domain.questions.question import (
    LEAST_MINUTES,
    MOST_MINUTES,
    Bank,
    Level,
    QuestionSet,
    Rating,
    Wanted,
)
from bot.domain.roles import Role
from bot.domain.scorecards.scorecard import Recommendation
from bot.errors import UserError
from bot.library.do_not_ask import advice
from bot.library.documents import Format
from bot.serving import BotServer, keep_what_is_loaded, listen, stop_on_signals
from bot.storage.database import Database
from bot.storage.migrate import upgrade
from handlers.ids import CommandName
from handlers.manifest import manifest
from handlers.views import jd as jd_views

DONE, FAULTS = 0, 1

Action = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Exit codes: 0 done, 1 found faults or failed, 2 bad use."""
    options = _parser().parse_args(arguments)
    action: Action = options.action
    try:
        return action(options)
    except UserError as error:
        print(error.text, file=sys.stderr)
        return FAULTS
    except BrokenPipeError:
        sys.stderr.close()
        return FAULTS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="panelist",
        description="Panelist, a Slack assistant for hiring teams. "
        "Settings come from the environment or from the file .env; see .env.example.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, action: Action, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(action=action)
        return added

    command("serve", serve, "run the bot: over Socket Mode where SLACK_APP_TOKEN is set, else HTTP")

    demo_parser = command("demo", demo, "try everything in a browser, without Slack")
    demo_parser.add_argument(
        "--port", type=_port, default=3100, metavar="N", help="where the page is (default: 3100)"
    )
    demo_parser.add_argument(
        "--fresh", action="store_true", help="begin with an empty workspace and database"
    )

    command("check", check, "check all roles, competencies and questions; name every fault")

    lint.add_arguments(
        command("lint", lint.lint, "say what has no place in a posting, a question or feedback")
    )

    roles_parser = command("roles", roles, "list the roles in the library")
    roles_parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    jd_parser = command("jd", jd, "print a role's job description or hiring guide")
    jd_parser.add_argument("role", metavar="ROLE", help="slug, title or alias")
    jd_parser.add_argument(
        "--part",
        choices=["posting", "guide"],
        default="posting",
        help="what candidates may read (posting, the default) or what the team needs (guide)",
    )
    jd_parser.add_argument(
        "--format",
        choices=["slack", *Format, "json"],
        default="text",
        help="slack: the message's blocks; json: the whole role (default: text)",
    )

    questions_parser = command("questions", questions, "print a set of interview questions")
    questions_parser.add_argument("role", metavar="ROLE", help="slug, title or alias")
    extent = questions_parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--minutes",
        type=_minutes,
        help=f"how long the interview is, {LEAST_MINUTES} to {MOST_MINUTES} (default: 45)",
    )
    extent.add_argument("--all", action="store_true", help="the whole bank rather than a set")
    questions_parser.add_argument("--competency", help="questions about one competency only")
    questions_parser.add_argument("--level", choices=list(Level), help="the candidate's level")
    questions_parser.add_argument(
        "--format",
        choices=[Format.MARKDOWN, Format.HTML, "json"],
        default=Format.MARKDOWN,
        help="html is a kit for printing (default: markdown)",
    )

    manifest_parser = command(
        "manifest", print_manifest, "print the manifest from which Slack makes the app"
    )
    manifest_parser.add_argument(
        "--url",
        metavar="https://…",
        type=_https,
        help="where Slack reaches the bot over HTTP; without it the app uses Socket Mode",
    )

    remind_parser = command("remind", remind, "send the reminders that are due now, or at a time")
    remind_parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="such as 2026-12-01T09:00+01:00; in UTC without an offset (default: now). "
        "Without --dry-run what is due by then is really sent, now, and uses up that day's digest",
    )
    remind_parser.add_argument(
        "--dry-run", action="store_true", help="print who would get what and why, and send nothing"
    )

    _add_listings(command)

    doctor_parser = command("doctor", doctor, "say who cannot be reminded, and what is late")
    doctor_parser.add_argument(
        "--repair", action="store_true", help="compute anew when people's next reminders are due"
    )

    db_commands = command("db", serve, "work on the database").add_subparsers(
        metavar="COMMAND", required=True
    )
    upgrade_parser = db_commands.add_parser("upgrade", help="bring the database up to date")
    upgrade_parser.set_defaults(action=db_upgrade)
    return parser


def _add_listings(command: Callable[[str, Action, str], argparse.ArgumentParser]) -> None:
    """What is hired for, who is in for it, and who turned out to be one person."""
    for name, text in (
        ("openings", "list the openings"),
        ("applications", "list the applications"),
        ("candidates", "list the candidates, with possible duplicates"),
    ):
        parser = command(name, _of_listings(name), text)
        parser.add_argument("--json", action="store_true", help="as JSON, for programs")
        if name == "candidates":
            parser.add_argument(
                "--find", metavar="TEXT", help="only those with this in their name or email address"
            )
    text = "say that two candidates are one person; --undo FROM takes it back"
    parser = command("merge", _of_listings("merge"), text)
    parser.add_argument("candidate", metavar="FROM", help="the id of the candidate to be merged")
    parser.add_argument(
        "into", metavar="INTO", nargs="?", help="the id of the candidate who stays, name and all"
    )
    parser.add_argument(
        "--undo", action="store_true", help="make FROM a candidate of their own again"
    )
    parser.set_defaults(bad_use=parser.error)


def _of_listings(name: str) -> Action:
    """A command that is imported once it is run."""
    return lambda options: int(pkgutil.resolve_name(f"bot.listings:{name}")(options))


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("must be a number up to 65535")
    return int(text)


def _https(text: str) -> str:
    if not text.startswith("https://"):
        raise argparse.ArgumentTypeError("must begin with https://")
    return text


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


def serve(_: argparse.Namespace) -> int:
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_format)
    asyncio.run(_serve(settings, load_content(settings)))
    return DONE


async def _serve(settings: Settings, content: Content) -> None:
    application = Application(settings, content)
    listener = listen(settings.host, settings.port)
    try:
        await application.start()
        keep_what_is_loaded()
        server = BotServer(application.asgi())
        stop_on_signals(server)
        await server.serve(sockets=[listener])
    finally:
        await application.stop()
        listener.close()


def demo(options: argparse.Namespace) -> int:
    settings = load_settings()
    logs.set_up(LogLevel.WARNING, settings.log_format)
    asyncio.run(run_demo(options.port, fresh=options.fresh))
    return DONE


def check(_: argparse.Namespace) -> int:
    content = load_content(load_settings())
    library = content.library
    questions = {item.id for role in library.roles for item in library.bank(role)}
    found = advice(library)
    for item in found:
        print(item)
    if grave := sum(item.is_grave for item in found):
        print(f"{grave} {'text touches' if grave == 1 else 'texts touch'} what must not be asked.")
        return FAULTS
    print(
        f"No faults: {len(library.roles)} roles, {len(library.competencies)} competencies, "
        f"{len(questions)} questions."
    )
    return DONE


def roles(options: argparse.Namespace) -> int:
    library = load_content(load_settings()).library
    if options.json:
        _print_json(
            [
                {
                    "slug": role.slug,
                    "title": role.title,
                    "category": role.category.name,
                    "aliases": list(role.aliases),
                }
                for role in library.roles
            ]
        )
        return DONE
    width = max(len(role.slug) for role in library.roles)
    for category in library.categories:
        print(category.name)
        for role in library.in_category(category.slug):
            print(f"  {role.slug:<{width}}  {role.title} ({', '.join(role.aliases)})")
    return DONE


def jd(options: argparse.Namespace) -> int:
    content = load_content(load_settings())
    role = _role(content, options.role)
    competencies = content.library.competencies_of(role)
    if options.format == "json":
        _print_json(role.model_dump(mode="json"))
    elif options.format == "slack" and options.part == "posting":
        _print_json({"blocks": jd_views.description(role)})
    elif options.format == "slack":
        messages = jd_views.guide(role, competencies)
        _print_json({"blocks": [block for message in messages for block in message["blocks"]]})
    else:
        text = content.documents.document(
            options.part, Format(options.format), role=role, competencies=competencies
        )
        print(text, end="")
    return DONE


def questions(options: argparse.Namespace) -> int:
    content = load_content(load_settings())
    role = _role(content, options.role)
    bank = Bank(role.slug, content.library.bank(role), role.competencies)
    wanted = Wanted(
        minutes=options.minutes or Wanted().minutes,
        competency=_competency(content, role, options.competency),
        level=Level(options.level) if options.level else None,
    )
    chosen = QuestionSet(role.slug, wanted, bank.suitable(wanted))
    if not options.all:
        chosen = bank.choose(wanted)
    if not chosen.questions:
        raise UserError(f"No question fits into {wanted.minutes} minutes.")
    if options.format == "json":
        named = {} if options.all else {"name": chosen.name, "minutes": chosen.minutes}
        listed = [question.model_dump(mode="json") for question in chosen.questions]
        _print_json({"role": role.slug, **named, "questions": listed})
        return DONE
    text = content.documents.document(
        "questions",
        Format(options.format),
        role=role,
        set=chosen,
        is_bank=options.all,
        competencies=content.library.competencies,
        ratings=list(Rating),
        recommendations=list(Recommendation),
        interview=interview,
    )
    print(text, end="")
    return DONE


def _competency(content: Content, role: Role, name: str | None) -> str | None:
    if name is None:
        return None
    offered = content.library.competencies_of(role)
    for competency in offered:
        if search_key(name) in (search_key(competency.id), search_key(competency.name)):
            return competency.id
    names = ", ".join(competency.id for competency in offered)
    raise UserError(f"{role.title} has no competency {name[:80]!r}. There are: {names}.")


def _role(content: Content, name: str) -> Role:
    role = content.library.find(name)
    if role is None:
        closest = content.library.suggest(name).roles
        names = ", ".join(near.slug for near in closest)
        raise UserError(f"No role is called {name[:80]!r}. The closest are: {names}.")
    return role


def print_manifest(options: argparse.Namespace) -> int:
    settings = load_settings()
    _print_json(manifest(CommandName, settings.panelist_command_prefix, options.url))
    return DONE


def remind(options: argparse.Namespace) -> int:
    settings = load_settings()
    if options.dry_run:
        print("\n".join(asyncio.run(operators.look_ahead(settings, options.at))))
        return DONE
    logs.set_up(settings.log_level, settings.log_format)
    content = load_content(settings)
    outcomes = asyncio.run(operators.remind(settings, content, options.at))
    print("\n".join(str(one) for one in outcomes) or "Nothing was due.")
    return DONE if all(one.is_settled for one in outcomes) else FAULTS


def doctor(options: argparse.Namespace) -> int:
    examined = asyncio.run(operators.examine(load_settings(), repair=options.repair))
    if count := examined.repaired:
        print(
            f"Repaired: the next reminder of {'one person' if count == 1 else f'{count} people'}."
        )
    print("\n".join(examined.faults) or "No faults.")
    return FAULTS if examined.faults else DONE


def db_upgrade(_: argparse.Namespace) -> int:
    asyncio.run(_db_upgrade(load_settings()))
    print("The database is up to date.")
    return DONE


async def _db_upgrade(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        await upgrade(database)
    finally:
        await database.close()


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
