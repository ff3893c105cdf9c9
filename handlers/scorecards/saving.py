"""What stands in open forms is saved while people write, and each form says whether it is."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from bot.domain.scorecards.fields import choices_of, read_fields, texts_of
from bot.domain.scorecards.parts import ScorecardPart
from bot.domain.scorecards.scorecard import (
    Assessment,
    ScorecardBody,
    ScorecardForm,
    clean,
)
from bot.errors import UserError
from bot.services.scorecards.writing import ScorecardsService
from handlers.ids import scorecard_field
from handlers.payloads import OpenView, Press, Submission
from handlers.scorecards.latest import Latest, Work
from handlers.slack import Slack
from handlers.views.scorecards import form as views

Value = TypeVar("Value")

MOST_OPEN = 1000
"""Open forms of which it is remembered what they say, and what came last of them."""


@dataclass(frozen=True)
class ShownForm:
    """What a form shows by now besides what is typed, and the hash of the view that does."""

    hash: str
    line: str
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class LatestPress:
    """When the latest press in a form was made, and how to save what it held, if that is still to
    be done."""

    at: Decimal | None
    save: Work | None


class Saving:
    """Saves forms, each at once or a second after it was last saved."""

    def __init__(self, scorecards: ScorecardsService, slack: Slack) -> None:
        self._scorecards = scorecards
        self._slack = slack
        self._drafts = Latest()
        self._lines = Latest(every=0)
        self._shown: dict[str, ShownForm] = {}
        self._presses: dict[str, LatestPress] = {}

    async def stop(self) -> None:
        """Saves what has been typed and not been saved yet."""
        await self._drafts.stop()
        await self._lines.stop(within=1)

    def save_soon(self, request: Press | Submission, view: OpenView) -> str:
        """Saves what the form holds, unless something newer of it is here already: then that.

        Gives the key under which it does.
        """
        key = key_of(request)
        at = request.at if isinstance(request, Press) else None
        newest = self._presses.get(key)
        if newest is not None and at is not None and newest.at is not None and at < newest.at:
            if newest.save is not None:
                self._drafts.put(key, newest.save)
            return key
        latest = at if at is not None or newest is None else newest.at
        save = self._saving(key, request, view, at)
        _remember(self._presses, key, LatestPress(latest, save))
        self._drafts.put(key, save)
        return key

    async def done(self, key: str) -> None:
        """Waits until what was to be saved under this key is, or is not."""
        await self._drafts.done(key)

    def submitted(self, request: Press | Submission) -> None:
        """What waits to be saved of this form is older than what is being submitted from it."""
        self._drafts.forget(key_of(request))

    def gone(self, request: Press | Submission) -> None:
        """The form is not shown any more."""
        self._shown.pop(key_of(request), None)
        self._presses.pop(key_of(request), None)

    def _saving(
        self, key: str, request: Press | Submission, view: OpenView, at: Decimal | None
    ) -> Work:
        made, part = form_of(view), part_of(view)

        async def save() -> None:
            try:
                saved = await self._scorecards.save(request.workspace, request.user, made, part, at)
            except UserError as error:
                state = views.not_saved(error)
            else:
                state = views.is_saved(saved, self._scorecards.now())
                latest = self._presses.get(key)
                if latest is not None and latest.save is save:
                    self._presses[key] = replace(latest, save=None)
            self._lines.put(key, lambda: self._tell(request.workspace, key, view, state))

        return save

    async def _tell(self, workspace: str, key: str, view: OpenView, state: views.SaveState) -> None:
        """Says in the form whether it is saved, where it does not say so yet.

        The press that it follows may be older than what was shown since.
        """
        shown = self._shown.get(key) or ShownForm(
            view.hash, views.first_line(view), views.shape(view.blocks)
        )
        changed = views.with_state(view, state)
        shape = views.shape(changed["blocks"])
        if (shown.line, shown.blocks) == (state.line, shape):
            return
        hash = await self._slack.of(workspace).redraw(view, shown.hash, changed)
        self._shown.pop(key, None)
        if hash is not None:
            _remember(self._shown, key, ShownForm(hash, state.line, shape))


def _remember(of: dict[str, Value], key: str, value: Value) -> None:
    """Keeps it for as many as there is room for, the oldest making way."""
    of.pop(key, None)
    while len(of) >= MOST_OPEN:
        del of[next(iter(of))]
    of[key] = value


def form_of(view: OpenView) -> ScorecardForm:
    return views.ScorecardToken.load(view.metadata).made


def pieces_of(block: str) -> list[str]:
    """Part, competency, form and number of a block that holds some of a scorecard; of any other
    block nothing."""
    form, *pieces = block.split(".")
    return pieces if form == "scorecard" and len(pieces) == 4 else []


def part_of(view: OpenView) -> ScorecardPart:
    """What stands in the fields that the form shows."""
    found: dict[tuple[str, str], list[str]] = {}
    for block in view.blocks:
        pieces = pieces_of(str(block.get("block_id", "")))
        if not pieces:
            continue
        name, competency, form, number = pieces
        field = scorecard_field(name, form, competency, int(number))
        held = view.selected(field) or view.typed(field) or ""
        found.setdefault((name, competency), []).append(held)
    texts = {key: clean("\n\n".join(filter(None, held))) for key, held in found.items()}
    return ScorecardPart(
        {
            (name, competency): read_fields(holder, {name: text})[name]
            for (name, competency), text in texts.items()
            if name in fields_of(holder := Assessment if competency else ScorecardBody)
        }
    )


def fields_of(holder: type) -> tuple[str, ...]:
    return (*choices_of(holder), *texts_of(holder))


def key_of(request: Press | Submission) -> str:
    """Whose form it is, at which step: what stands in a form is a claim, its id too."""
    view = request.view
    made = form_of(view) if view is not None else None
    form = f"{made.id}:{made.turn}" if made else ""
    return f"{request.workspace}:{request.user}:{form}"
