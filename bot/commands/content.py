"""`panelist check`, `roles`, `jd` and `questions`: what the content folders hold."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.commands import DONE, FAULTS
from bot.config import load_settings
from bot.domain.competencies import Competency
from bot.domain.gaps import no_guide, no_questions
from bot.domain.holidays import HOLIDAYS_FILE
from bot.domain.names import search_key, shown_back
from bot.domain.questions.question import Bank, QuestionSet
from bot.domain.questions.selection import Level, Selection
from bot.domain.roles import Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.library.content import LoadedContent, load_content
from bot.library.do_not_ask import advice
from bot.library.faults import ContentError, Fault
from bot.library.formats import OF_OPENINGS, Format
from bot.library.holidays import UnreadableCalendar, read_file
from bot.library.shape import shape_advice
from bot.library.trial import faults_of_templates, load_tried, questions_context


def check(_: argparse.Namespace) -> int:
    company = load_settings().panelist_content
    library = load_content(company, thorough=True).library
    if company is not None and (faults := [*faults_of_templates(company), *_holidays(company)]):
        raise ContentError(faults)
    questions = {item.id for role in library.roles for item in library.bank(role)}
    found = advice(library)
    for item in found:
        print(item)
    for remark in shape_advice(library):
        print(remark)
    if grave := sum(item.is_grave for item in found):
        print(f"{grave} {'text touches' if grave == 1 else 'texts touch'} what must not be asked.")
        return FAULTS
    print(
        f"No faults: {len(library.roles)} roles, {len(library.competencies)} competencies, "
        f"{len(questions)} questions."
    )
    if lacking := _lacking(library):
        print(f"Not there yet: {lacking}.")
    return DONE


def _holidays(company: Path) -> Sequence[Fault]:
    """What is wrong with the company's calendar of holidays, if there is one."""
    file = company / HOLIDAYS_FILE
    if not file.is_file():
        return []
    try:
        asyncio.run(read_file(file, SystemClock().now().date()))
    except UnreadableCalendar as unreadable:
        return [Fault(str(file), "", f"can't be read: {unreadable.text}")]
    return []


def _lacking(library: Library) -> str:
    """How many roles are postings alone, or nearly."""
    counts = (
        ("a hiring guide", sum(role.guide is None for role in library.roles)),
        ("competencies", sum(not role.competencies for role in library.roles)),
        ("questions", sum(not library.bank(role) for role in library.roles)),
    )
    return ", ".join(
        f"{what} for {count} {'role' if count == 1 else 'roles'}" for what, count in counts if count
    )


def roles(options: argparse.Namespace) -> int:
    library = load_content(load_settings().panelist_content).library
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
            names = f" ({', '.join(role.aliases)})" if role.aliases else ""
            print(f"  {role.slug:<{width}}  {role.title}{names}")
    return DONE


def jd(options: argparse.Namespace) -> int:
    settings = load_settings()
    content = load_tried(settings.panelist_content)
    is_role = content.library.find_at_level(options.role) is not None
    if not is_role or options.format in OF_OPENINGS:
        from bot.commands.jobs import print_job  # of which a role needs nothing

        if print_job(settings, content, options, is_role=is_role):
            return DONE
    role = _written(*_role(content, options.role), options.role)
    competencies = content.library.competencies_of(role)
    if options.part == "guide" and role.guide is None and options.format != "json":
        raise UserError(f"{no_guide(role)} {_how_to_add(content.library, role, '[guide]')}")
    if options.format == "json":
        _print_json(role.model_dump(mode="json"))
    elif options.format == "slack":
        _print_json({"blocks": _blocks(options.part, role, competencies)})
    else:
        text = content.documents.document(
            options.part, Format(options.format), role=role, competencies=competencies
        )
        print(text, end="")
    return DONE


def _blocks(part: str, role: Role, competencies: Sequence[Competency]) -> list[dict[str, Any]]:
    from handlers.views import jd as views  # Slack's models are for this format only

    if part == "posting":
        return views.description(role)
    if role.guide is None:
        raise UserError(no_guide(role))
    messages = views.guide(role, role.guide, competencies)
    return [block for message in messages for block in message["blocks"]]


def questions(options: argparse.Namespace) -> int:
    content = load_tried(load_settings().panelist_content)
    role, level = _role(content, options.role)
    level = Level(options.level) if options.level else level
    bank = Bank(role.slug, content.library.bank(role), role.competencies)
    if not bank.questions:
        how = _how_to_add(content.library, role, "competencies or [[questions]]")
        raise UserError(f"{no_questions(role)} {how}")
    selection = Selection(
        minutes=options.minutes or Selection().minutes,
        competency=_competency(content, role, options.competency),
        level=level,
    )
    chosen = QuestionSet(role.slug, selection, bank.suitable(selection))
    if not options.all:
        chosen = bank.choose(selection)
    if not chosen.questions:
        raise UserError(f"No question fits into {selection.minutes} minutes.")
    if options.format == "json":
        named = {} if options.all else {"name": chosen.name, "minutes": chosen.minutes}
        listed = [question.model_dump(mode="json") for question in chosen.questions]
        _print_json({"role": role.slug, **named, "questions": listed})
        return DONE
    text = content.documents.document(
        "questions",
        Format(options.format),
        **questions_context(content.library, role, chosen, is_bank=options.all),
    )
    print(text, end="")
    return DONE


def _how_to_add(library: Library, role: Role, what: str) -> str:
    return f"Add {what} to {library.files.roles[role.slug]}; docs/content.md says how."


def _competency(content: LoadedContent, role: Role, name: str | None) -> str | None:
    if name is None:
        return None
    offered = content.library.competencies_of(role)
    for competency in offered:
        if search_key(name) in (search_key(competency.id), search_key(competency.name)):
            return competency.id
    names = ", ".join(competency.id for competency in offered) or "none yet"
    raise UserError(f"{role.title} has no competency {shown_back(name)!r}. There are: {names}.")


def _role(content: LoadedContent, name: str) -> tuple[Role, Level | None]:
    found = content.library.find_at_level(name)
    if found is None:
        raise UserError(unknown_role(content.library, name))
    return found


def _written(role: Role, level: Level | None, name: str) -> Role:
    """The role at a level that it is written for."""
    at = role.at(level)
    if at.level is not level:
        titles = ", ".join([role.title, *(one.title for one in role.levels.values())])
        raise UserError(f"{shown_back(name)!r} isn't written yet. These are: {titles}.")
    return at


def unknown_role(library: Library, name: str) -> str:
    """What to say of a name that no role goes by."""
    near = library.suggest(name)
    if near.roles:
        meant = ", ".join(_typed(role, near.level) for role in near.roles)
        return f"No role is called {shown_back(name)!r}. Did you mean: {meant}?"
    return (
        f"There's no role called {shown_back(name)!r}. panelist roles lists every role; "
        "docs/content.md says how to add one."
    )


def _typed(role: Role, level: Level | None) -> str:
    """What to type for a role, at the level if it is written for that."""
    return f"{level} {role.slug}" if role.at(level).level else role.slug


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
