"""`/scorecard`: what one owes and has written; the modal in which a scorecard is written."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.scorecards.closing import ClosingKind
from bot.domain.scorecards.faults import InvalidScorecard
from bot.domain.scorecards.fields import choices_of, read_fields
from bot.domain.scorecards.scorecard import (
    Assessment,
    ScorecardBody,
    ScorecardField,
    ScorecardForm,
    clean,
)
from bot.errors import FieldErrors, UserError
from bot.library.documents import Documents
from bot.services.scorecards.forms import Diverged
from bot.services.scorecards.writing import ScorecardsService
from handlers.edge import Answer, ack_deadline, in_time
from handlers.feedback import FeedbackListeners
from handlers.ids import CommandName, scorecard_field
from handlers.payloads import Command, OpenView, Press, Submission
from handlers.scorecards.latest import Latest
from handlers.slack import Slack
from handlers.views.common import Json, mrkdwn, private
from handlers.views.scorecards import form as views
from handlers.views.scorecards import pages
from handlers.views.scorecards.messages import mine

MOST_SHOWN = 1000
"""Open forms of which it is remembered what they say."""


@dataclass(frozen=True)
class ShownForm:
    """What a form's first line says by now, and the hash of the view that says it."""

    hash: str
    line: str


class Scorecards:
    """The listeners of `/scorecard` and of the modal."""

    def __init__(
        self,
        scorecards: ScorecardsService,
        feedback: FeedbackListeners,
        documents: Documents,
        slack: Slack,
        prefix: str,
    ) -> None:
        self._scorecards = scorecards
        self._feedback = feedback
        self._documents = documents
        self._slack = slack
        self._command = f"/{prefix}{CommandName.SCORECARD}"
        self._drafts = Latest()
        self._lines = Latest(every=0)
        self._shown: dict[str, ShownForm] = {}

    async def stop(self) -> None:
        """Saves what has been typed and not been saved yet."""
        await self._drafts.stop()
        await self._lines.stop(within=1)

    async def command(self, command: Command) -> Answer:
        """`/scorecard`, `/scorecard list`, `/scorecard NAME`, `/scorecard help`."""
        match command.text.casefold():
            case "" | "list":
                found = await in_time(self._scorecards.mine(command.workspace, command.user))
                return Answer(mine(found, self._command))
            case "help":
                text = self._documents.message("scorecard_help", command=self._command)
                return Answer(private("How to give and read feedback", [mrkdwn(text)]))
            case _:
                return await in_time(self._feedback.named(command))

    async def own(self, press: Press) -> Answer:
        """*See scorecards* in a message: the same list."""

        async def show() -> None:
            found = await self._scorecards.mine(press.workspace, press.user)
            message = mine(found, self._command) | {"replace_original": False}
            slack = self._slack.of(press.workspace)
            await slack.respond(press.response_url or "", message)

        return Answer(after=show)

    async def open(self, press: Press) -> Answer:
        """*Give feedback*, *Edit*: in the place of the scorecard that is read, if in a modal.

        On top of it the form might be the third of a stack, and a refusal could not be shown.
        """
        interview = views.OpenToken.load(press.value).interview

        async def show() -> None:
            sheet = await self._scorecards.open(press.workspace, press.user, interview)
            await self._slack.of(press.workspace).show_instead(press, views.form(sheet))

        return Answer(after=show)

    async def typed(self, press: Press) -> Answer:
        """Something was chosen or typed: the whole form is saved, a choice before it is acked."""
        if press.view is None:
            return Answer()
        key = self._save_soon(press, press.view)
        part, *_ = pieces_of(press.block) or [""]
        if part in choices_of(Assessment) or part in choices_of(ScorecardBody):
            with suppress(TimeoutError):  # then the form says that it could not be saved
                async with asyncio.timeout_at(ack_deadline()):
                    await self._drafts.done(key)
        return Answer()

    async def submit(self, submission: Submission) -> Answer:
        """*Submit*: the modal changes once the scorecard is in the database, and not before."""
        view = submission.view
        made, body = views.ScorecardToken.load(view.metadata).made, body_of(view)
        key = _key(submission, made)
        self._drafts.forget(key)
        try:
            done = await self._scorecards.submit(submission.workspace, submission.user, made, body)
        except Diverged as diverged:
            return _update(views.form(diverged.sheet, _news(diverged)))
        except InvalidScorecard as invalid:
            self._save_soon(submission, view)
            raise _at_fields(invalid, made, view) from invalid
        except UserError:
            self._save_soon(submission, view)
            raise
        self._shown.pop(key, None)
        return _update(pages.submitted(done, self._scorecards.now()))

    async def did_not_interview(self, press: Press) -> Answer:
        return self._close(press, ClosingKind.DID_NOT_INTERVIEW)

    async def no_show(self, press: Press) -> Answer:
        return self._close(press, ClosingKind.NO_SHOW)

    async def reassign(self, press: Press) -> Answer:
        """Somebody was chosen under *Hand over to …*."""
        return self._close(press, ClosingKind.REASSIGNED, press.value) if press.value else Answer()

    def _close(self, press: Press, how: ClosingKind, receiver: str | None = None) -> Answer:
        if press.view is None:
            return Answer()
        view = press.view
        interview = views.ScorecardToken.load(view.metadata).interview

        async def close() -> None:
            due, closing = await self._scorecards.close(
                press.workspace, press.user, interview, how, receiver
            )
            changed = pages.closed(closing, due)
            await self._slack.of(press.workspace).update_view(view.id, None, changed)

        return Answer(after=close)

    def _save_soon(self, request: Press | Submission, view: OpenView) -> str:
        """Saves what the form holds: at once, or a second after it was last saved. Gives the key
        under which it does."""
        made, body = views.ScorecardToken.load(view.metadata).made, body_of(view)
        typed_at, key = self._scorecards.now(), _key(request, made)

        async def save() -> None:
            try:
                saved = await self._scorecards.save(
                    request.workspace, request.user, made, body, typed_at
                )
            except UserError as error:
                state = views.not_saved(error)
            else:
                state = views.is_saved(saved, self._scorecards.now())
            self._lines.put(key, lambda: self._tell(request.workspace, key, view, state))

        self._drafts.put(key, save)
        return key

    async def _tell(self, workspace: str, key: str, view: OpenView, state: views.SaveState) -> None:
        """Says in the form whether it is saved, where it does not say so yet.

        The press that it follows may be older than what was shown since.
        """
        shown = self._shown.get(key) or ShownForm(view.hash, views.first_line(view))
        if shown.line == state.line:
            return
        changed = views.with_state(view, state)
        hash = await self._slack.of(workspace).update_view(view.id, shown.hash, changed)
        self._shown.pop(key, None)
        while len(self._shown) >= MOST_SHOWN:
            del self._shown[next(iter(self._shown))]
        if hash is not None:
            self._shown[key] = ShownForm(hash, state.line)


def pieces_of(block: str) -> list[str]:
    """Part, competency, form and number of a block that holds some of a scorecard; of any other
    block nothing."""
    form, *pieces = block.split(".")
    return pieces if form == "scorecard" and len(pieces) == 4 else []


def body_of(view: OpenView) -> ScorecardBody:
    """What stands in the form, in its order."""
    found: dict[tuple[str, str], list[str]] = {}
    for block in view.blocks:
        pieces = pieces_of(str(block.get("block_id", "")))
        if not pieces:
            continue
        part, competency, form, number = pieces
        field = scorecard_field(part, form, competency, int(number))
        held = view.selected(field) or view.typed(field) or ""
        found.setdefault((part, competency), []).append(held)
    texts = {key: clean("\n\n".join(filter(None, held))) for key, held in found.items()}
    by_competency: dict[str, dict[str, str]] = {}
    for (part, competency), value in texts.items():
        by_competency.setdefault(competency, {})[part] = value
    whole = by_competency.pop("", {})
    assessments = (
        Assessment(competency, **read_fields(Assessment, held))
        for competency, held in by_competency.items()
        if ScorecardField.CHOICE in held
    )
    return ScorecardBody(tuple(assessments), **read_fields(ScorecardBody, whole))


def _key(request: Press | Submission, made: ScorecardForm) -> str:
    """Whose form it is: what stands in a form is a claim, its id too."""
    return f"{request.workspace}:{request.user}:{made.id}"


def _at_fields(invalid: InvalidScorecard, made: ScorecardForm, view: OpenView) -> FieldErrors:
    """The faults keyed by the form's blocks; what has no block stands at the recommendation."""
    blocks = {block.get("block_id") for block in view.blocks}
    somewhere = scorecard_field(ScorecardField.RECOMMENDATION, made.id).block
    errors: dict[str, str] = {}
    for fault in invalid.faults:
        block = scorecard_field(fault.part, made.id, fault.competency).block
        errors.setdefault(block if block in blocks else somewhere, fault.text)
    return FieldErrors(errors)


def _news(diverged: Diverged) -> str:
    return views.MERGED if diverged.is_merged else views.MORE_ASKED


def _update(view: Json) -> Answer:
    return Answer({"response_action": "update", "view": view})
