"""Approval of openings: sending one, and what those who may approve answer."""

from bot.domain.openings.fields import InvalidOpening
from bot.errors import FieldErrors, UserError
from bot.services.jobs import OpeningChanged
from bot.services.openings.advice import OpeningAdvice
from bot.services.openings.approvals import OpeningApprovals
from handlers.edge import Answer, in_place, in_time
from handlers.ids import OPENING_REASON, CommandName
from handlers.payloads import Press, Submission
from handlers.slack import Slack
from handlers.views.common import Json
from handlers.views.openings.approvals import (
    ApprovalToken,
    approval_modal,
    changed_notes,
    decided,
    send_back_form,
    sent,
)
from handlers.views.openings.form import meanwhile_notes
from handlers.views.openings.page import page
from handlers.views.openings.posting import OpeningToken
from handlers.views.openings.review import ReviewToken, review


class OpeningsApprovals:
    """The listeners."""

    def __init__(
        self, approvals: OpeningApprovals, advice: OpeningAdvice, slack: Slack, prefix: str
    ) -> None:
        self._approvals = approvals
        self._advice = advice
        self._slack = slack
        self._command = f"/{prefix}{CommandName.JD}"

    async def submit(self, submission: Submission) -> Answer:
        """*Send for approval*: closes once it is certain that somebody will be asked."""
        token = ReviewToken.load(submission.view.metadata)
        who = (submission.workspace, submission.user)
        try:
            asked = await in_time(self._approvals.send(*who, token.opening, token.version))
        except OpeningChanged as changed:
            again = token.model_copy(update={"version": changed.sheet.job.version})
            advice = await self._advice.on(changed.sheet, token.known)
            notes = meanwhile_notes(changed.changes)
            return in_place(review(changed.sheet, again, advice, notes))
        except InvalidOpening as invalid:
            raise UserError(invalid.text) from invalid
        return in_place(sent(asked))

    async def withdraw(self, press: Press) -> Answer:
        """*Withdraw* on an opening's page."""
        opening = OpeningToken.load(press.value).opening

        async def take_back() -> None:
            sheet = await self._approvals.withdraw(press.workspace, press.user, opening)
            shown = page(sheet, self._command) | {"replace_original": True}
            await self._slack.of(press.workspace).respond(press.response_url or "", shown)

        return Answer(after=take_back)

    async def review(self, press: Press) -> Answer:
        """*Review*, for whoever may approve."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            sheet = await self._approvals.shown(press.workspace, press.user, opening)
            view = approval_modal(sheet, await self._advice.on(sheet))
            await self._slack.of(press.workspace).open_view(press.trigger_id, view)

        return Answer(after=show)

    async def approve(self, submission: Submission) -> Answer:
        """*Approve*."""
        token = ApprovalToken.load(submission.view.metadata)
        who = (submission.workspace, submission.user)
        try:
            sheet = await in_time(self._approvals.approve(*who, token.opening, token.version))
        except OpeningChanged as changed:
            return in_place(await self._again(changed))
        return in_place(decided(sheet, is_approved=True))

    async def send_back(self, press: Press) -> Answer:
        """*Send back*: asks why, in the place of the posting."""
        if press.modal is None:
            raise UserError("This form is no longer open.")
        token = ApprovalToken.load(press.modal.metadata)

        async def ask() -> None:
            sheet = await self._approvals.shown(press.workspace, press.user, token.opening)
            await self._slack.of(press.workspace).show_instead(press, send_back_form(sheet, token))

        return Answer(after=ask)

    async def submit_back(self, submission: Submission) -> Answer:
        """*Send back* under the reason."""
        view, token = submission.view, ApprovalToken.load(submission.view.metadata)
        reason = (view.typed(OPENING_REASON) or "").strip()
        if not reason:
            raise FieldErrors({OPENING_REASON.block: "Say what should change."})
        who, what = (submission.workspace, submission.user), (token.opening, token.version)
        try:
            sheet = await in_time(self._approvals.send_back(*who, *what, reason))
        except OpeningChanged as changed:
            return in_place(await self._again(changed))
        return in_place(decided(sheet, is_approved=False))

    async def _again(self, changed: OpeningChanged) -> Json:
        """The opening as it is now, for who has seen another version."""
        advice = await self._advice.on(changed.sheet)
        return approval_modal(changed.sheet, advice, changed_notes(changed.changes))
