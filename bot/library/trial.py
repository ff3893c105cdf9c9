"""A company's templates are rendered once, in a process of its own with little time and memory:
what one of them does wrong is found before anybody asks for it."""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.domain.questions import interview
from bot.domain.questions.question import Bank, QuestionSet, Rating
from bot.domain.questions.selection import Level, Selection
from bot.domain.roles import Role
from bot.domain.scorecards.scorecard import Recommendation
from bot.library.catalogue import Library
from bot.library.content import LoadedContent, load_content
from bot.library.faults import ContentError, Fault
from bot.library.layout import TEMPLATES, layer_of
from bot.library.limits import limit

SECONDS = 2
"""Of the processor's time that one rendering may take; most take thousandths of one."""

MEMORY = 1 << 30
"""Bytes, with the program itself, of which some 150 MB are used."""

LONGEST = 300
"""Characters that are told of an error: it may quote whatever the template has made."""

OF_OPENINGS = ("opening", "share_")
"""How the documents begin that are made of an opening rather than of a role."""

Context = Mapping[str, Any]


def questions_context(
    library: Library, role: Role, chosen: QuestionSet, *, is_bank: bool
) -> Context:
    """What the document of a set of questions is rendered with.

    `expected` is by competency what each level takes, or only the level that was asked for.
    """
    asked = chosen.selection.level
    expected = {
        id: [
            (level, text)
            for level in ([asked] if asked else Level)
            if (text := role.expected(library.competencies[id], level))
        ]
        for id in chosen.competencies
    }
    return {
        "role": role.at(asked),
        "expected": expected,
        "set": chosen,
        "is_bank": is_bank,
        "competencies": library.competencies,
        "ratings": list(Rating),
        "recommendations": list(Recommendation),
        "interview": interview,
    }


def load_tried(company: Path | None, stand_in: Path | None = None) -> LoadedContent:
    """The content, for whoever renders documents and messages of it; `stand_in` is a company.toml
    for where the folder has none.

    Raises ContentError with every fault, those of a company's templates included.
    """
    content = load_content(company, stand_in=stand_in)
    if company is not None and (faults := faults_of_templates(company)):
        raise ContentError(faults)
    return content


def faults_of_templates(company: Path) -> Sequence[Fault]:
    """What goes wrong with a company's own templates: an error, or no end in time and memory."""
    if not layer_of(company).templates:
        return []
    done = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "bot.library.trial", company.resolve()],
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"},
        cwd=Path(__file__).parents[2],
        check=False,
    )
    *_, last = done.stdout.splitlines() or [""]
    if done.returncode == 0 and last.startswith("["):
        return [Fault(*fault) for fault in json.loads(last)]
    return [Fault(last or str(company), "", "takes too much time or memory to render")]


def main(folder: Path) -> None:
    """In the process of its own: writes each template's path before it, and last all faults."""
    limit("RLIMIT_AS", MEMORY)
    content = load_content(folder)
    faults = [
        [path, "", f"cannot be rendered: {type(error).__name__}: {str(error)[:LONGEST]}"]
        for path, render in _renderings(folder, content)
        if (error := _tried(path, render)) is not None
    ]
    print(json.dumps(sorted(map(list, set(map(tuple, faults))))))


def _tried(path: str, render: Callable[[], str]) -> Exception | None:
    print(path, flush=True)
    limit("RLIMIT_CPU", math.ceil(time.process_time()) + SECONDS)
    try:
        render()
    except Exception as error:  # a template can raise whatever the expressions in it do
        return error
    return None


def _renderings(folder: Path, content: LoadedContent) -> Iterator[tuple[str, Callable[[], str]]]:
    for template in layer_of(folder).templates:
        if Path(template).name.startswith("_"):
            continue
        for context in _contexts(template, content.library):
            yield (
                str(folder / template),
                lambda template=template, context=context: content.documents.render(  # type: ignore[misc]
                    template, **context
                ),
            )


def _contexts(template: str, library: Library) -> Iterator[Context]:
    kind, _, name = template.partition("/")
    if kind not in TEMPLATES:
        return
    if kind == "messages":
        yield {"command": "/panelist"}
        return
    if kind == "pages":
        from bot.library import site  # for this only

        yield from site.contexts(name, library)
        return
    for role in library.roles:
        for level in (None, *role.levels):
            if name.startswith("questions"):
                bank = Bank(role.slug, library.bank(role), role.competencies)
                chosen = bank.choose(Selection(level=level))
                yield questions_context(library, role, chosen, is_bank=False)
            elif name.startswith(OF_OPENINGS):
                yield from _of_openings(role.at(level))
            elif role.guide is not None or not name.startswith("guide"):
                at, competencies = role.at(level), library.competencies_of(role)
                yield {"role": at, "competencies": competencies}


def _of_openings(role: Role) -> Iterator[Context]:
    """An opening for the role of which nothing else is known, and ones of which ever more is."""
    from bot.domain.openings import job, opening, pay, places, posting, terms  # for this only

    head = opening.Opening("0" * 16, role.slug, role.title, role.level, "U0", team="Example")
    where = (places.Place("US", "TX", "Austin"), places.Place("US"))
    known = terms.Terms(
        places=where,
        work_mode=places.WorkMode.HYBRID,
        pay=pay.Pay(Decimal(100), Decimal(200), "USD", pay.PayPeriod.YEAR),
        hours="40",
        seats=2,
        closes_on=date(2000, 1, 1),
        apply_at="https://example.com/",
    )
    by_email = terms.Terms(apply_at="jobs@example.com", no_pay="Example")
    for of in (terms.Terms(employment_type=None), by_email, known):
        one = posting.posting_of(job.Job(head, "example", of, role.sections))
        yield {"posting": one}
        said = replace(one, company="Example", about="Example", notes=("Example",))
        yield {"posting": said}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
