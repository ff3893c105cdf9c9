"""The modal above the set-up form, in which one of its interviews is changed."""

from collections.abc import Callable
from dataclasses import replace

from slack_sdk.models.blocks import OptionGroup

from bot.domain.panels.draft import PanelDraft
from bot.domain.panels.fields import InvalidPanel
from bot.domain.panels.panel import NewInterview
from bot.errors import FieldErrors, UserError
from bot.services.panels.drafts import DraftSheet, FormState, PanelDrafts
from bot.services.panels.setup import PanelsService
from handlers import ids
from handlers.edge import Answer, in_time
from handlers.ids import ViewId
from handlers.panels.changes import PanelsChanges
from handlers.panels.fields import at_field, interview_of, so_far
from handlers.payloads import OpenView, Press, Submission
from handlers.slack import Slack
from handlers.views.common import Json, context, role_options
from handlers.views.panels.interview import InterviewForm, interview_form, unowned_note
from handlers.views.panels.setup import (
    SlotToken,
    form,
    local,
    to_check,
)
from handlers.views.panels.times import TO_CHECK

GONE = "This interviewer is no longer in the form."


class PanelsSlot:
    """Its listeners."""

    def __init__(
        self, panels: PanelsService, drafts: PanelDrafts, changes: PanelsChanges, slack: Slack
    ) -> None:
        self._changes = changes
        self._panels = panels
        self._drafts = drafts
        self._slack = slack

    async def when(self, press: Press) -> Answer:
        """Somebody else, another start or length: what is odd about the time is told at once, here
        and in the forms that change a panel."""
        if press.view is None:
            return Answer()
        if press.view.callback != ViewId.PANEL_SLOT:
            return await self._changes.when(press, press.view)
        view, token = press.view, SlotToken.load(press.view.metadata)

        async def show() -> None:
            who = (press.workspace, press.user)
            sheet = await self._drafts.current(*who, token.draft)
            new = _entered(view, sheet, token.who)
            if new is None:
                return
            change = _with(sheet, token.who, new)
            changed = await self._drafts.current(*who, token.draft, change)
            shown = slot_view(changed, new.interviewer, token.root, was=token.who)
            await self._slack.of(press.workspace).redraw(view, view.hash, shown)

        return Answer(after=show)

    async def submit(self, submission: Submission) -> Answer:
        """*Change*: the form below shows it, and then this one closes."""
        token = SlotToken.load(submission.view.metadata)
        new = interview_of(submission.view)
        await in_time(self._submit(submission, token, new))
        return Answer()

    async def _submit(self, submission: Submission, token: SlotToken, new: NewInterview) -> None:
        """Checks the interview, keeps it, and shows it in the form below."""
        who = (submission.workspace, submission.user)
        sheet = await self._drafts.current(*who, token.draft)
        if all(one.person.id != token.who for one in sheet.planned):
            raise UserError(GONE)
        if any(one.person.id == new.interviewer != token.who for one in sheet.planned):
            raise FieldErrors({ids.PANEL_PERSON.block: "This person is already on the panel."})
        competencies = [item.id for item in sheet.competencies]
        try:
            await self._panels.check_interview(submission.workspace, competencies, new)
        except InvalidPanel as invalid:
            raise at_field(invalid) from invalid
        new = replace(new, focus=tuple(id for id in competencies if id in new.focus))
        changed = await self._drafts.enter(
            *who, token.draft, FormState(), _with(sheet, token.who, new)
        )
        slack = self._slack.of(submission.workspace)
        await slack.update_view(token.root, None, form(changed, self._roles()))

    def _roles(self) -> list[OptionGroup]:
        library = self._panels.library
        return role_options((item, library.in_category(item.slug)) for item in library.categories)


def slot_view(sheet: DraftSheet, who: str, root: str, was: str | None = None) -> Json:
    """The modal for this interviewer, who `was` somebody else in the form below it. Raises
    UserError where it is too early for it."""
    one = next((one for one in sheet.planned if one.person.id == who), None)
    if one is None:
        raise UserError(GONE)
    if sheet.role is None:
        raise UserError("Choose a role first. It has the competencies to focus on.")
    if one.starts_at is None:
        raise UserError("Choose when the first interview starts, then change this one.")
    zone = sheet.access.zone
    owned = [(one.person.id, one.focus) for one in sheet.planned]
    return interview_form(
        InterviewForm(
            callback=ViewId.PANEL_SLOT,
            token=SlotToken(draft=sheet.draft.id, root=root, who=was or who),
            title="Change interview",
            submit="Change",
            zone=zone,
            competencies=sheet.competencies,
            value=NewInterview(who, one.focus, one.starts_at, one.slot.minutes, one.slot.place),
            notes=(
                *([context(there)] if (there := local(one, zone)) is not None else []),
                *(context(f"{TO_CHECK} {text}") for text in to_check(sheet, one)),
                *unowned_note(sheet.competencies, owned),
            ),
            tells_at_once=True,
        )
    )


def _entered(view: OpenView, sheet: DraftSheet, who: str) -> NewInterview | None:
    """What stands in the modal, as far as it can be an interview; None where it cannot be yet."""
    new, others = so_far(view), {one.person.id for one in sheet.planned} - {who}
    return None if new is None or new.interviewer in others else new


def _with(sheet: DraftSheet, who: str, new: NewInterview) -> Callable[[PanelDraft], PanelDraft]:
    competencies = [item.id for item in sheet.competencies]

    def change(draft: PanelDraft) -> PanelDraft:
        if all(slot.interviewer != who for slot in draft.slots):
            raise UserError(GONE)
        return draft.with_slot(who, new, competencies)

    return change
