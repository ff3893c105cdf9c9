"""Reads roles, competencies and questions from folders of TOML files."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from bot.domain.company import Company
from bot.domain.competencies import Competency
from bot.domain.content import TESTED
from bot.domain.dates import ENGLISH
from bot.domain.do_not_ask import Rules
from bot.domain.feedback_hints import FeedbackHints
from bot.domain.names import search_key
from bot.domain.openings.advice_book import AdviceBook, PayLaws, PostingAdvice
from bot.domain.posting import IN_ENGLISH
from bot.domain.questions.question import Question, code
from bot.domain.roles import Category, Role
from bot.domain.wording import Learned, Weighing, Wording
from bot.library.catalogue import Files, Library
from bot.library.company import company_of
from bot.library.faults import ContentError, Fault
from bot.library.layout import (
    COMPANY_FILE,
    DO_NOT_ASK_FILE,
    FEEDBACK_HINTS_FILE,
    FEEDBACK_WORDING,
    PAY_LAWS_FILE,
    POSTING_ADVICE_FILE,
    QUESTIONS_WORDING,
    TEMPLATES,
    layer_of,
)
from bot.library.locales import Locale, locale_of, unknown_language
from bot.library.tables import Model, Table, digest, read_table, validated

BUILT_IN = Path(__file__).resolve().parents[2] / "templates"
"""The content that comes with Panelist: beside the packages, in a checkout as in a wheel."""

LearnedRule = TypeVar("LearnedRule", bound=Learned)


def load(
    company: Path | None = None, *, thorough: bool = False, stand_in: Path | None = None
) -> Library:
    """The built-in content with a company's folder laid over it, file by file.

    `stand_in` is a company.toml for where the folder has none.
    `thorough`: what comes with Panelist is compiled too, which its tests have seen to be sound.

    Raises ContentError with every fault of every file.
    """
    if company is not None and not company.is_dir():
        raise ContentError([Fault(str(company), "", "is not a folder (PANELIST_CONTENT names it)")])
    layers = [BUILT_IN] if company is None else [BUILT_IN, company]
    return load_layers(layers, None if thorough else BUILT_IN, stand_in)


def load_layers(
    layers: Sequence[Path], tested: Path | None = None, stand_in: Path | None = None
) -> Library:
    """Content from folders with the layout of `templates/`, later ones laid over earlier ones.

    Regular expressions of the layer that is `tested` are compiled only when they are used.
    """
    faults: list[Fault] = []
    competency_files: dict[str, Path] = {}
    role_files: dict[str, Path] = {}
    category_files: list[Path] = []
    locale_files: dict[str, Path] = {} if BUILT_IN in layers else layer_of(BUILT_IN).locales
    for layer in layers:  # beside the first, which comes with Panelist, lie folders of other rooms
        found = layer_of(layer, _templates_of(layers[0]))
        faults += (
            fault for fault in found.faults if layer != layers[0] or not Path(fault.file).is_dir()
        )
        competency_files |= found.competencies
        role_files |= found.roles
        locale_files |= found.locales
        category_files += found.categories
    categories = _categories(
        category_files, {path.parent.name for path in role_files.values()}, faults
    )
    competencies = {
        slug: competency
        for slug, path in competency_files.items()
        if (competency := _competency(slug, path, faults)) is not None
    }
    locales = {
        slug: locale
        for slug, path in locale_files.items()
        if (locale := locale_of(slug, path, faults)) is not None
    }
    company_file = next(
        (path for layer in reversed(layers) if (path := layer / COMPANY_FILE).is_file()), stand_in
    )
    company = company_of(company_file, locales, faults)
    around = _Around(
        categories,
        {slug: digest(competency_files[slug]) for slug in competencies},
        locales,
        company,
        digest(company_file) if company_file is not None and company is not None else "",
    )
    roles = {
        slug: role
        for slug, path in role_files.items()
        if (role := _role(slug, path, around, faults)) is not None
    }
    faults += _doubled_names(roles.values(), role_files)
    faults += _doubled_questions(roles, role_files, competencies, competency_files)
    faults += _unknown_competencies(roles.values(), role_files, set(competency_files))
    faults += _foreign_competencies(roles.values(), role_files)
    rules = _of_last(layers, DO_NOT_ASK_FILE, Rules, faults, tested)
    hints = _of_last(layers, FEEDBACK_HINTS_FILE, FeedbackHints, faults, tested)
    rules_of, hints_of = rules.rules if rules else (), hints.hints if hints else ()
    going_by_weights = _by_weights(
        layers, DO_NOT_ASK_FILE, "rules", rules_of, QUESTIONS_WORDING, faults, tested
    )
    hints_going_by_weights = _by_weights(
        layers, FEEDBACK_HINTS_FILE, "hints", hints_of, FEEDBACK_WORDING, faults, tested
    )
    pay_laws = _of_last([BUILT_IN, *layers], PAY_LAWS_FILE, PayLaws, faults, tested)
    wording = _of_last([BUILT_IN, *layers], POSTING_ADVICE_FILE, PostingAdvice, faults, tested)
    if not role_files:
        faults.append(Fault(str(layers[-1] / "roles"), "", "holds no role"))
    if faults or company is None or pay_laws is None or wording is None:
        raise ContentError(faults)
    files = Files(role_files, competency_files)
    return Library(
        roles.values(),
        competencies.values(),
        going_by_weights,
        files,
        hints_going_by_weights,
        company,
        locales,
        AdviceBook(pay_laws, wording, going_by_weights),
    )


@cache
def _templates_of(folder: Path) -> tuple[str, ...]:
    """The templates that a company can have its own of: those that are there."""
    paths = (path for kind in TEMPLATES for path in (folder / kind).rglob("*.j2"))
    return tuple(sorted(path.relative_to(folder).as_posix() for path in paths))


def _categories(
    files: Iterable[Path], slugs: Iterable[str], faults: list[Fault]
) -> dict[str, Category]:
    names = {slug: slug.replace("-", " ").capitalize() for slug in slugs}
    for path in files:
        table = read_table(path, faults)
        if table is None:
            continue
        category = validated(Category, path, table, {"slug": path.parent.name}, faults)
        if category is not None:
            names[category.slug] = category.name
    return {slug: Category.model_construct(slug=slug, name=name) for slug, name in names.items()}


def _of_last(
    layers: Iterable[Path],
    name: str,
    model: type[Model],
    faults: list[Fault],
    tested: Path | None,
) -> Model | None:
    """The file of the last layer that has one of this name."""
    files = [path for layer in layers if (path := layer / name).is_file()]
    table = read_table(files[-1], faults) if files else None
    if table is None:
        return None
    context = TESTED if files[-1].parent == tested else None
    return validated(model, files[-1], table, {}, faults, context)


def _by_weights(
    layers: Sequence[Path],
    file: str,
    key: str,
    rules: Sequence[LearnedRule],
    weights: str,
    faults: list[Fault],
    tested: Path | None,
) -> tuple[LearnedRule, ...]:
    """The rules, those that go by weights with the last layer's weights (the built-in's at least).

    A topic that the weights do not know is a fault of the rule. Where both files are `tested`, the
    weights are read once something has to be heard: that takes time and memory that many a start
    can do without.
    """
    if not any(rule.learned for rule in rules):
        return tuple(rules)
    rules_file = [path for layer in layers if (path := layer / file).is_file()][-1]
    of_layers = [layer for layer in (BUILT_IN, *layers) if (layer / weights).is_file()]
    if tested is not None and {rules_file.parent, *of_layers[-1:]} == {tested}:
        return _bound(rules, cache(partial(_weights, tested / weights)))
    wording = _of_last(of_layers, weights, Wording, faults, None)
    if wording is None:
        return tuple(rules)
    faults += [
        Fault(
            str(rules_file),
            f"{key}[{number}].learned",
            f"must be one of {', '.join(sorted(wording.topics))}",
        )
        for number, rule in enumerate(rules, start=1)
        if rule.learned and rule.learned not in wording.topics
    ]
    return _bound(rules, lambda: wording)


def _bound(rules: Iterable[LearnedRule], weighing: Weighing) -> tuple[LearnedRule, ...]:
    return tuple(rule.going_by(weighing) if rule.learned else rule for rule in rules)


def _weights(path: Path) -> Wording:
    return Wording.model_validate(json.loads(path.read_text(encoding="utf-8")))


def _competency(slug: str, path: Path, faults: list[Fault]) -> Competency | None:
    table = read_table(path, faults)
    if table is None:
        return None
    questions = table.get("questions")
    if isinstance(questions, list):
        for number, question in enumerate(questions, start=1):
            if isinstance(question, dict) and question.setdefault("competency", slug) != slug:
                key = f"questions[{number}].competency"
                faults.append(Fault(str(path), key, f"must be {slug}, or left out"))
    return validated(Competency, path, table, {"id": slug}, faults)


@dataclass(frozen=True)
class _Around:
    """What a role's file is read with: categories, the competencies' hashes, languages, and the
    company with its file's hash."""

    categories: Mapping[str, Category]
    rated: Mapping[str, str]
    locales: Mapping[str, Locale]
    company: Company | None
    company_digest: str

    def locale(self, slug: object) -> Locale | None:
        """The language of a role whose file names this one, or none."""
        named = slug if isinstance(slug, str) else None
        return self.locales.get(named or (self.company.locale if self.company else ENGLISH))

    def parts(self, locale: Locale) -> Table:
        """What every role in the company's own language is given, unless its file says it."""
        if self.company is None or locale.slug != self.company.locale:
            return {}
        company = self.company
        process = tuple(stage.text for stage in company.process)
        parts = {"about": company.about, "benefits": company.benefits, "process": process}
        return {key: value for key, value in parts.items() if value}


def _role(slug: str, path: Path, around: _Around, faults: list[Fault]) -> Role | None:
    table = read_table(path, faults)
    if table is None:
        return None
    named = table.get("competencies")
    ids = named if isinstance(named, list) else ()
    used = [around.rated[id] for id in ids if isinstance(id, str) and id in around.rated]
    locale = around.locale(table.get("locale"))
    if locale is None and isinstance(table.get("locale"), str):
        expected = unknown_language(table["locale"], around.locales)
        faults.append(Fault(str(path), "locale", expected))
    words = locale.words if locale is not None else IN_ENGLISH
    parts = around.parts(locale) if locale is not None else {}
    if locale is not None and not words.is_english:
        used.append(locale.version)
    if parts.keys() - table.keys():
        used.append(around.company_digest)
    given = {
        "slug": slug,
        "category": around.categories[path.parent.name],
        "version": _version(path, used),
        "level": None,
        "words": words,
    }
    return validated(Role, path, parts | table, given, faults)


def _version(path: Path, others: Iterable[str]) -> str:
    """A hash of the role's file and of those that its content comes from, of which hashes are
    given."""
    return hashlib.sha256("".join((digest(path), *others)).encode()).hexdigest()[:12]


def _doubled_names(roles: Iterable[Role], files: Mapping[str, Path]) -> Iterator[Fault]:
    """Names by which two roles would be found, and aliases that say nothing new."""
    owners: dict[str, Role] = {}
    for role in sorted(roles, key=lambda role: role.slug):
        file = str(files[role.slug])
        seen = {role.title.casefold(), role.slug}
        for number, alias in enumerate(role.aliases, start=1):
            if alias.casefold() in seen:
                yield Fault(file, f"aliases[{number}]", f"{alias!r} names the role already")
            seen.add(alias.casefold())
        for key, name in (
            ("", role.slug),
            ("title", role.title),
            *((f"levels.{level}.title", at.title) for level, at in role.levels.items()),
            *((f"aliases[{number}]", alias) for number, alias in enumerate(role.aliases, start=1)),
        ):
            owner = owners.setdefault(search_key(name), role)
            if owner is not role:
                yield Fault(file, key, f"{name!r} already names {files[owner.slug]}")
    for role in roles:
        for number, name in enumerate(role.kinds, start=1):
            if (named := owners.get(search_key(name))) is not None:
                text = f"{name!r} already names {files[named.slug]}"
                yield Fault(str(files[role.slug]), f"kinds[{number}]", text)


def _doubled_questions(
    roles: Mapping[str, Role],
    role_files: Mapping[str, Path],
    competencies: Mapping[str, Competency],
    competency_files: Mapping[str, Path],
) -> Iterator[Fault]:
    owners: dict[str, Path] = {}
    codes: dict[str, str] = {}
    banks: list[tuple[Path, tuple[Question, ...]]] = [
        *((competency_files[id], competency.questions) for id, competency in competencies.items()),
        *((role_files[slug], role.all_questions) for slug, role in roles.items()),
    ]
    for path, questions in banks:
        for number, question in enumerate(questions, start=1):
            if question.id in owners:
                key = f"questions[{number}].id"
                yield Fault(str(path), key, f"{question.id!r} stands in {owners[question.id]} too")
            owners[question.id] = path
            other = codes.setdefault(code(question.id), question.id)
            if other != question.id:
                key = f"questions[{number}].id"
                yield Fault(str(path), key, f"is shortened like {other!r}: choose another")


def _unknown_competencies(
    roles: Iterable[Role], files: Mapping[str, Path], known: set[str]
) -> Iterator[Fault]:
    for role in roles:
        for number, id in enumerate(role.competencies, start=1):
            key = f"competencies[{number}]"
            if id not in known:
                yield Fault(str(files[role.slug]), key, f"no file competencies/{id}.toml")
            elif id in role.competencies[: number - 1]:
                yield Fault(str(files[role.slug]), key, f"{id!r} stands twice")


def _foreign_competencies(roles: Iterable[Role], files: Mapping[str, Path]) -> Iterator[Fault]:
    for role in roles:
        named = [
            (f"questions[{number}].competency", question.competency)
            for number, question in enumerate(role.questions, start=1)
        ]
        for level, at in role.levels.items():
            named += [(f"levels.{level}.expectations.{id}", id) for id in at.expectations]
            named += [
                (f"levels.{level}.questions[{number}].competency", question.competency)
                for number, question in enumerate(at.questions, start=1)
            ]
        for key, id in named:
            if id not in role.competencies:
                yield Fault(
                    str(files[role.slug]), key, f"{id!r} is not one of the role's competencies"
                )
