"""The posting's text and the interview plan: modals above whatever they were opened from."""

from collections.abc import Awaitable, Callable

from bot.domain.audit import new_id
from bot.domain.openings.advice import mended
from bot.domain.openings.fields import InvalidOpening, InvalidSection
from bot.domain.openings.opening import PUBLIC
from bot.domain.openings.text import typed_section
from bot.errors import FieldErrors, UserError
from bot.services.jobs import JobSheet, OpeningChanged
from bot.services.openings.advice import OpeningAdvice
from bot.services.openings.forms import JobEdit, OpeningForms
from handlers.edge import Answer, in_place, in_time
from handlers.ids import CommandName, opening_part
from handlers.payloads import Press, Submission
from handlers.slack import Slack
from handlers.views.common import Json, error_view
from handlers.views.openings.advice import UseToken
from handlers.views.openings.form import meanwhile_notes
from handlers.views.openings.page import EditToken, page
from handlers.views.openings.parts import (
    PLAN_FIELDS,
    REMOVE,
    PlanChoice,
    plan_list,
    planned_entered,
    planned_form,
    section_field,
    text_entered,
    text_form,
)
from handlers.views.openings.review import ReviewToken, review
from handlers.views.openings.rule import rule_entered, rule_form, rule_note


class OpeningsParts:
    """The listeners."""

    def __init__(
        self, forms: OpeningForms, advice: OpeningAdvice, slack: Slack, prefix: str
    ) -> None:
        self._forms = forms
        self._advice = advice
        self._slack = slack
        self._command = f"/{prefix}{CommandName.JD}"

    async def text(self, press: Press) -> Answer:
        """*Edit* beside the posting text."""
        return await self.text_of(press, EditToken.load(press.value).opening)

    async def text_of(self, press: Press, opening: str) -> Answer:
        return self._open(press, opening, text_form)

    async def plan(self, press: Press) -> Answer:
        """*Edit* beside the interview plan."""
        return await self.plan_of(press, EditToken.load(press.value).opening)

    async def plan_of(self, press: Press, opening: str) -> Answer:
        return self._open(press, opening, plan_list)

    def _open(
        self,
        press: Press,
        opening: str,
        view_of: Callable[[JobSheet, EditToken], Json],
        read: Callable[[str, str, str], Awaitable[JobSheet]] | None = None,
    ) -> Answer:
        modal, read = press.modal, read or self._forms.editable

        async def show() -> None:
            sheet = await read(press.workspace, press.user, opening)
            below = ReviewToken.load(modal.metadata) if modal is not None else None
            token = EditToken(
                opening=opening,
                version=sheet.job.version,
                root=modal.id if modal is not None else None,
                url=press.response_url if modal is None else None,
                channel=below.channel if below is not None else None,
                known=below.known if below is not None else await self._advice.known(sheet),
            )
            slack = self._slack.of(press.workspace)
            put = slack.push_view if modal is not None else slack.open_view
            await put(press.trigger_id, view_of(sheet, token))

        return Answer(after=show)

    async def rule(self, press: Press) -> Answer:
        """*Edit* beside the decision rule."""
        opening = EditToken.load(press.value).opening
        return self._open(press, opening, rule_form, self._forms.rule)

    async def submit_rule(self, submission: Submission) -> Answer:
        """*Save* under the decision rule."""
        token = EditToken.load(submission.view.metadata)
        entered = rule_entered(submission.view)
        who = (submission.workspace, submission.user)
        try:
            sheet = await in_time(self._forms.give_rule(*who, _edit(token), entered))
        except InvalidOpening as invalid:
            shown = {
                opening_part(field, token.version).block: text
                for field, text in invalid.faults.items()
            }
            raise FieldErrors(shown) from invalid
        except OpeningChanged as changed:
            again = token.model_copy(update={"version": changed.sheet.job.version})
            notes = [*meanwhile_notes(changed.changes), rule_note(changed.sheet)]
            return in_place(rule_form(changed.sheet, again, entered, notes))
        return Answer(after=lambda: self._refresh(submission, token, sheet))

    async def submit_text(self, submission: Submission) -> Answer:
        """*Save* under the posting's text."""
        view, token = submission.view, EditToken.load(submission.view.metadata)
        typed = text_entered(view, token)
        who = (submission.workspace, submission.user)
        try:
            sheet = await in_time(self._forms.give_text(*who, _edit(token), typed))
        except InvalidSection as invalid:
            at = section_field(invalid.number, token.version)
            raise FieldErrors({at.block: invalid.text}) from invalid
        except OpeningChanged as changed:
            now = {"version": changed.sheet.job.version, "changed": tuple(typed)}
            notes = meanwhile_notes(changed.changes)
            again = text_form(changed.sheet, token.model_copy(update=now), typed, notes)
            return in_place(again)
        return Answer(after=lambda: self._refresh(submission, token, sheet))

    async def use(self, press: Press) -> Answer:
        """*Use this*: other words in the place of those that a finding is about."""
        modal, token = press.modal, UseToken.load(press.value)
        if modal is None:
            raise UserError("This form is no longer open.")
        below = ReviewToken.load(modal.metadata)

        async def mend() -> None:
            who = (press.workspace, press.user)
            sheet = await self._forms.editable(*who, token.opening)
            for finding in await self._advice.on(sheet):
                section = mended(sheet.job.text, finding)
                number = finding.spot.section
                if finding.key == token.key and section is not None and number is not None:
                    edit = JobEdit(token.opening, sheet.job.version, "")
                    text = {number: typed_section(section)}
                    sheet = await self._forms.give_text(*who, edit, text)
                    break
            seen = EditToken(
                opening=token.opening,
                version=sheet.job.version,
                root=modal.id,
                channel=below.channel,
                known=below.known,
            )
            await self._refresh(press, seen, sheet)

        return Answer(after=mend)

    async def add(self, press: Press) -> Answer:
        """*Add interview*."""
        return self._push(press, EditToken.load(press.value).opening, None)

    async def menu(self, press: Press) -> Answer:
        """*Change* and *Remove* beside a planned interview."""
        choice = PlanChoice.load(press.value)
        if choice.verb != REMOVE:
            return self._push(press, choice.opening, choice.number)
        modal = press.modal
        if modal is None or choice.number is None:
            raise UserError("This form is no longer open.")
        token = EditToken.load(modal.metadata)
        number = choice.number

        async def drop() -> None:
            who = (press.workspace, press.user)
            edit = JobEdit(choice.opening, choice.version, "")
            try:
                sheet = await self._forms.drop(*who, edit, number)
                notes = None
            except OpeningChanged as changed:
                sheet, notes = changed.sheet, meanwhile_notes(changed.changes)
            seen = token.model_copy(update={"version": sheet.job.version})
            slack = self._slack.of(press.workspace)
            await slack.update_view(modal.id, modal.hash, plan_list(sheet, seen, notes or ()))
            await self._refresh(press, token, sheet)

        return Answer(after=drop)

    def _push(self, press: Press, opening: str, number: int | None) -> Answer:
        modal = press.modal
        if modal is None:
            raise UserError("This form is no longer open.")
        token = EditToken.load(modal.metadata)

        async def push() -> None:
            sheet = await self._forms.editable(press.workspace, press.user, opening)
            changes = {"version": sheet.job.version, "plan": modal.id, "number": number}
            view = planned_form(sheet, token.model_copy(update=changes))
            await self._slack.of(press.workspace).push_view(press.trigger_id, view)

        return Answer(after=push)

    async def submit_planned(self, submission: Submission) -> Answer:
        """*Save* under an interview of the plan."""
        view, token = submission.view, EditToken.load(submission.view.metadata)
        item = planned_entered(view)
        who = (submission.workspace, submission.user)
        try:
            sheet = await in_time(self._forms.plan(*who, _edit(token), token.number, item))
        except InvalidOpening as invalid:
            shown = {
                opening_part(field).block: text
                for field, text in invalid.faults.items()
                if field in PLAN_FIELDS
            }
            raise FieldErrors(shown) from invalid
        except OpeningChanged as changed:
            now = changed.sheet
            told = error_view("Someone else just changed the plan. Here's how it is now.")
            # There is no room for one more view above the form.
            return in_place(told, lambda: self._refresh(submission, token, now))
        return Answer(after=lambda: self._refresh(submission, token, sheet))

    async def _refresh(
        self, request: Press | Submission, token: EditToken, sheet: JobSheet
    ) -> None:
        """Brings up to date what lies below, or the page that it was opened from."""
        slack, version = self._slack.of(request.workspace), sheet.job.version
        if token.plan is not None:
            seen = token.model_copy(update={"version": version, "plan": None, "number": None})
            await slack.update_view(token.plan, None, plan_list(sheet, seen))
        if token.root is None and token.url is None:
            return
        advice = await self._advice.on(sheet, token.known)
        if token.root is not None:
            below = ReviewToken.of(sheet.job, new_id(), token.channel, token.known)
            await slack.update_view(token.root, None, review(sheet, below, advice))
        if token.url is not None:
            # Of a draft, it is said before it is posted.
            new = advice if sheet.job.status in PUBLIC else ()
            shown = page(sheet, self._command, new)
            await slack.respond(token.url, shown | {"replace_original": True})


def _edit(token: EditToken) -> JobEdit:
    return JobEdit(token.opening, token.version, "")
