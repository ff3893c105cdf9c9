"""`/scorecard`: what one owes and has written; the modal in which a scorecard is written."""

import asyncio
from contextlib import suppress

from bot.domain.scorecards.closing import ClosingKind
from bot.domain.scorecards.faults import InvalidScorecard
from bot.domain.scorecards.fields import choices_of
from bot.domain.scorecards.parts import LAST_STEP
from bot.domain.scorecards.scorecard import Assessment, ScorecardBody, ScorecardField
from bot.errors import FieldErrors, UserError
from bot.library.documents import Documents
from bot.services.scorecards.forms import Diverged
from bot.services.scorecards.writing import ScorecardsService
from handlers.edge import Answer, ack_deadline, in_place, in_time
from handlers.feedback import FeedbackListeners
from handlers.ids import CommandName, scorecard_field
from handlers.payloads import Command, OpenView, Press, Submission
from handlers.scorecards.saving import Saving, form_of, part_of, pieces_of
from handlers.slack import Slack
from handlers.views.common import mrkdwn, private
from handlers.views.scorecards import form as views
from handlers.views.scorecards import pages
from handlers.views.scorecards.messages import mine


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
        self._saving = Saving(scorecards, slack)

    async def stop(self) -> None:
        """Saves what has been typed and not been saved yet."""
        await self._saving.stop()

    async def command(self, command: Command) -> Answer:
        """`/scorecard`, `/scorecard list`, `/scorecard NAME`, `/scorecard help`."""
        match command.text.casefold():
            case "" | "list":
                found = await in_time(self._scorecards.mine(command.workspace, command.user))
                return Answer(mine(found, self._command))
            case "help":
                text = self._documents.message("scorecard_help", command=self._command)
                return Answer(private("How to write and read scorecards", [mrkdwn(text)]))
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
        """*Write scorecard*, *Edit*: in the place of the scorecard that is read, if in a modal.

        On top of it the form might be the third of a stack, and a refusal could not be shown.
        """
        interview = views.OpenToken.load(press.value).interview

        async def show() -> None:
            sheet = await self._scorecards.open(press.workspace, press.user, interview)
            await self._slack.of(press.workspace).show_instead(press, views.form(sheet))

        return Answer(after=show)

    async def typed(self, press: Press) -> Answer:
        """Something was chosen or typed: all of the step is saved, a choice before it is acked."""
        if press.view is None:
            return Answer()
        key = self._saving.save_soon(press, press.view)
        name, *_ = pieces_of(press.block) or [""]
        if name in choices_of(Assessment) or name in choices_of(ScorecardBody):
            with suppress(TimeoutError):  # then the form says that it could not be saved
                async with asyncio.timeout_at(ack_deadline()):
                    await self._saving.done(key)
        return Answer()

    async def step(self, press: Press) -> Answer:
        """*Back*, *Change a rating*: the step is saved, and the other one shown in its place."""
        if press.view is None:
            return Answer()
        view, made, part = press.view, form_of(press.view), part_of(press.view)

        async def show() -> None:
            sheet = await self._scorecards.go(
                press.workspace, press.user, made, part, press.value, press.at
            )
            await self._slack.of(press.workspace).update_view(view.id, None, views.form(sheet))

        return Answer(after=show)

    async def submit(self, submission: Submission) -> Answer:
        """*Next* and *Submit*: the modal changes once it is in the database, and not before."""
        view = submission.view
        token, part = views.ScorecardToken.load(view.metadata), part_of(view)
        request = (submission.workspace, submission.user, token.made, part)
        self._saving.submitted(submission)
        try:
            if token.step:
                changed = views.form(await self._scorecards.next(*request, token.step))
            else:
                done = await self._scorecards.submit(*request)
                changed = pages.submitted(done, self._scorecards.now())
        except Diverged as diverged:
            changed = views.form(diverged.sheet, views.NEWS[diverged.why])
        except InvalidScorecard as invalid:
            self._saving.save_soon(submission, view)
            raise _at_fields(invalid, token, view) from invalid
        except UserError:
            self._saving.save_soon(submission, view)
            raise
        self._saving.gone(submission)
        return in_place(changed)

    async def did_not_interview(self, press: Press) -> Answer:
        return self._close(press, ClosingKind.DID_NOT_INTERVIEW)

    async def no_show(self, press: Press) -> Answer:
        return self._close(press, ClosingKind.NO_SHOW)

    async def reassign(self, press: Press) -> Answer:
        """Somebody was chosen under *Reassign to…*."""
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


def _at_fields(
    invalid: InvalidScorecard, token: views.ScorecardToken, view: OpenView
) -> FieldErrors:
    """The faults keyed by the form's blocks; what has no block is told at what is chosen."""
    blocks = {str(block.get("block_id")) for block in view.blocks}
    name = ScorecardField.CHOICE if token.step else ScorecardField.RECOMMENDATION
    somewhere = scorecard_field(name, token.form, token.step or LAST_STEP).block
    errors: dict[str, str] = {}
    for fault in invalid.faults:
        block = scorecard_field(fault.part, token.form, fault.competency).block
        errors.setdefault(block if block in blocks else somewhere, fault.text)
    return FieldErrors(errors)
