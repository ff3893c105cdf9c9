"""`/jd open ROLE` and *Open this job*: the form of an opening."""

from collections.abc import Mapping

from bot.domain.audit import new_id
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.form import Entered, merged, typed
from bot.domain.openings.job import Job
from bot.domain.roles import Role
from bot.errors import FieldErrors, UserError
from bot.services.jobs import JobSheet, OpeningChanged
from bot.services.openings.advice import OpeningAdvice
from bot.services.openings.forms import JobEdit, OpeningForms
from handlers.edge import Answer, in_place, in_time
from handlers.ids import opening_part
from handlers.payloads import Command, OpenView, Press, Submission, in_channel
from handlers.slack import Slack
from handlers.views.common import Json
from handlers.views.jd import RoleToken
from handlers.views.openings.form import (
    FormToken,
    entered,
    fault_notes,
    form,
    meanwhile_notes,
    stood,
)
from handlers.views.openings.posting import OpeningToken
from handlers.views.openings.review import ReviewToken, review


class OpeningsForms:
    """The listeners of the form."""

    def __init__(self, forms: OpeningForms, advice: OpeningAdvice, slack: Slack) -> None:
        self._forms = forms
        self._advice = advice
        self._slack = slack

    async def open(self, command: Command, role: Role) -> Answer:
        """`/jd open ROLE`."""
        sheet = await in_time(
            self._forms.begun(command.workspace, command.user, role.slug, role.level)
        )
        view = self._new_form(sheet, command.channel)

        async def show() -> None:
            await self._slack.of(command.workspace).open_view(command.trigger_id, view)
            await self._advice.prepare()

        return Answer(after=show)

    async def start(self, press: Press) -> Answer:
        """*Open this job* under a description."""
        token = RoleToken.load(press.value)

        async def show() -> None:
            sheet = await self._forms.begun(press.workspace, press.user, token.role, token.level)
            view = self._new_form(sheet, press.channel)
            await self._slack.of(press.workspace).open_view(press.trigger_id, view)
            await self._advice.prepare()

        return Answer(after=show)

    async def edit(self, press: Press) -> Answer:
        """*Edit* under an opening, or before it is posted."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            sheet = await self._forms.editable(press.workspace, press.user, opening)
            if press.modal is not None:
                below = ReviewToken.load(press.modal.metadata)
                channel, known = below.channel, below.known
            else:
                channel, known = press.channel, await self._advice.known(sheet)
            token = _token(sheet, channel).model_copy(update={"known": known})
            view = form(self._typed(sheet.job), token)
            await self._slack.of(press.workspace).show_instead(press, view)
            await self._advice.prepare()

        return Answer(after=show)

    async def more(self, press: Press) -> Answer:
        """*More*: all fields, with what stands in those that are shown."""
        if press.view is None:
            raise UserError("This form is no longer open.")
        view, token = press.view, FormToken.load(press.view.metadata)

        async def show() -> None:
            sheet = await self._sheet(press, token)
            values = {**self._typed(sheet.job), **entered(view)}
            whole = form(values, token.model_copy(update={"more": True}))
            await self._slack.of(press.workspace).update_view(view.id, view.hash, whole)

        return Answer(after=show)

    async def _sheet(self, request: Press | Submission, token: FormToken) -> JobSheet:
        if token.version:
            return await self._forms.editable(request.workspace, request.user, token.id)
        return await self._forms.begun_as(request.workspace, request.user, _edit(token))

    async def submit(self, submission: Submission) -> Answer:
        """*Review*: closes once the opening is safe in the database, and shows what would be
        posted."""
        view, token = submission.view, FormToken.load(submission.view.metadata)
        values = entered(view)
        who = (submission.workspace, submission.user)
        try:
            sheet = await in_time(self._forms.save(*who, _edit(token), values))
        except InvalidOpening as invalid:
            return await self._refused(submission, token, invalid.faults)
        except OpeningChanged as changed:
            return in_place(self._over(view, token, changed))
        shown = ReviewToken.of(sheet.job, new_id(), token.channel, token.known)
        return in_place(review(sheet, shown, await self._advice.on(sheet, token.known)))

    async def _refused(
        self, submission: Submission, token: FormToken, faults: Mapping[OpeningField, str]
    ) -> Answer:
        """Each fault at its field; where the form does not show one, it does from then on."""
        view = submission.view
        if all(view.has(opening_part(field)) for field in faults):
            blocks = {field: opening_part(field, token.version).block for field in faults}
            raise FieldErrors({blocks[field]: text for field, text in faults.items()})
        sheet = await in_time(self._sheet(submission, token))
        values = {**self._typed(sheet.job), **entered(view)}
        whole = token.model_copy(update={"more": True})
        return in_place(form(values, whole, fault_notes(faults)))

    def _over(self, view: OpenView, token: FormToken, changed: OpeningChanged) -> Json:
        """The form below what somebody else has done in the meantime: what was entered in it, and
        what there is now in the fields that were left alone."""
        now = self._typed(changed.sheet.job)
        values = merged(stood(view, token.version), entered(view), now)
        kept = {"more": token.more, "known": token.known}
        seen = _token(changed.sheet, token.channel).model_copy(update=kept)
        return form(values, seen, meanwhile_notes(changed.changes))

    def _new_form(self, sheet: JobSheet, channel: str | None) -> Json:
        return form(self._typed(sheet.job), _token(sheet, channel, version=0))

    def _typed(self, job: Job) -> Entered:
        return typed(job, has_pages=self._forms.has_pages)


def _token(sheet: JobSheet, channel: str | None, version: int | None = None) -> FormToken:
    opening = sheet.job.opening
    return FormToken(
        id=opening.id,
        version=sheet.job.version if version is None else version,
        role=opening.role,
        level=opening.level,
        like=sheet.like,
        channel=in_channel(channel),
    )


def _edit(token: FormToken) -> JobEdit:
    return JobEdit(token.id, token.version, token.role, token.level, token.like)
