"""The modal that sets a panel up: every press keeps what stands in it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from slack_sdk.models.blocks import OptionGroup

from bot.domain.names import shown_back
from bot.domain.panels.draft import PanelDraft
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import NewInterview
from bot.domain.questions.selection import Level
from bot.errors import FieldErrors, UserError
from bot.services.overview import PanelOverview
from bot.services.panels.drafts import DraftSheet, FormState, PanelDrafts, SetUpBefore
from bot.services.panels.setup import CandidateKnown, NewPanel, PanelsService
from handlers import ids
from handlers.edge import Answer, Job, in_place, in_time
from handlers.ids import panel_part
from handlers.panels.slot import slot_view
from handlers.payloads import Command, OpenView, Press, Submission
from handlers.slack import Slack
from handlers.views.candidates import SOMEONE_ELSE
from handlers.views.common import Json, context, plain, role_options
from handlers.views.panels.panel import confirmation
from handlers.views.panels.setup import (
    SetupToken,
    SlotAction,
    SlotChoice,
    form,
    warnings_in,
)
from handlers.views.panels.times import check_first, digest_of

LEADS_ON = (PanelField.ROLE, PanelField.INTERVIEWS, PanelField.START)
"""The fields from which the form shows what follows."""

FOLDED = (
    PanelField.RECRUITER,
    PanelField.LEVEL,
    PanelField.TEAM,
    PanelField.EMAIL,
    PanelField.LINK,
    PanelField.CHANNEL,
)
"""The fields behind *More*."""

READ: Mapping[PanelField, Callable[[OpenView, ids.FormField], Any]] = {
    PanelField.NAME: lambda view, field: view.typed(field) or "",
    PanelField.EMAIL: OpenView.typed,
    PanelField.LINK: OpenView.typed,
    PanelField.ROLE: OpenView.selected,
    PanelField.LEVEL: lambda view, field: _level(view.selected(field)),
    PanelField.TEAM: OpenView.typed,
    PanelField.HIRING_MANAGER: OpenView.person,
    PanelField.RECRUITER: OpenView.person,
    PanelField.CHANNEL: OpenView.conversation,
    PanelField.INTERVIEWS: OpenView.people,
    PanelField.START: OpenView.moment,
}
"""How each field is read back."""


class PanelsSetup:
    """The listeners of the set-up form."""

    def __init__(self, panels: PanelsService, drafts: PanelDrafts, slack: Slack) -> None:
        self._panels = panels
        self._drafts = drafts
        self._slack = slack

    async def open(self, command: Command | Press) -> Answer:
        """`/panel`, or *Set up a panel*."""
        sheet = await in_time(self._drafts.opened(command.workspace, command.user))
        return self._opened(command, self._form(sheet))

    async def open_for_role(self, command: Command) -> Answer | None:
        """`/panel ROLE`, by any name that the role goes by; None where there is no such role."""
        asked = self._panels.library.find_at_level(command.text)
        if asked is None:
            return None
        role, level = asked
        sheet = await in_time(
            self._drafts.opened(command.workspace, command.user, role.slug, level)
        )
        note = context(f"You have no panel for a candidate called “{shown_back(command.text)}”.")
        return self._opened(command, form(sheet, self._roles(), [note]))

    def _opened(self, command: Command | Press, view: Json) -> Answer:
        slack = self._slack.of(command.workspace)
        is_in_modal = isinstance(command, Press) and command.modal is not None
        show = slack.push_view if is_in_modal else slack.open_view
        return Answer(after=lambda: show(command.trigger_id, view))

    async def entered(self, press: Press) -> Answer:
        """Something was chosen or typed: it is kept, and what follows from it shown."""
        view, token = _of(press)
        part = press.block.partition("#")[0].removeprefix("panel.")

        async def keep() -> None:
            state = _state(view, token, press)
            sheet = await self._drafts.enter(press.workspace, press.user, token.id, state)
            if part in LEADS_ON or self._slack.redraws.is_behind(view.id):
                await self._show(press, view, sheet)

        return _unless_set_up(keep)

    async def copy(self, press: Press) -> Answer:
        """*Same panel as …*: everything but the candidate and the first start."""
        view, token = _of(press)

        async def show() -> None:
            state = _state(view, token, press)
            sheet = await self._drafts.copy(
                press.workspace, press.user, token.id, state, press.value
            )
            await self._show(press, view, sheet)

        return _unless_set_up(show)

    async def more(self, press: Press) -> Answer:
        """*More*."""
        return self._change(press, PanelDraft.with_more)

    async def start_over(self, press: Press) -> Answer:
        """*Start over*: what was kept goes."""
        view, token = _of(press)

        async def show() -> None:
            state = _state(view, token, press)
            sheet = await self._drafts.start_over(press.workspace, press.user, state)
            await self._show(press, view, sheet)

        return Answer(after=show)

    async def slot(self, press: Press) -> Answer:
        """*Change* and *Remove* beside an interviewer."""
        choice = SlotChoice.load(press.value)
        if choice.verb is SlotAction.REMOVE:
            return self._change(press, lambda draft: draft.without(choice.who))
        view, token = _of(press)

        async def push() -> None:
            state = _state(view, token, press)
            sheet = await self._drafts.enter(press.workspace, press.user, token.id, state)
            slot = slot_view(sheet, choice.who, view.id)
            await self._slack.of(press.workspace).push_view(press.trigger_id, slot)

        return _unless_set_up(push)

    def _change(self, press: Press, change: Callable[[PanelDraft], PanelDraft]) -> Answer:
        view, token = _of(press)

        async def show() -> None:
            state = _state(view, token, press)
            sheet = await self._drafts.enter(press.workspace, press.user, token.id, state, change)
            await self._show(press, view, sheet)

        return _unless_set_up(show)

    async def _show(self, press: Press, view: OpenView, sheet: DraftSheet) -> None:
        """Shows the draft in the form. Where the form has been drawn anew since the press, what is
        kept by now is shown: it may have more in it than that."""
        slack = self._slack.of(press.workspace)
        if await slack.redraw(view, view.hash, self._form(sheet)) is None:
            now = await self._drafts.current(press.workspace, press.user, sheet.draft.id)
            await slack.redraw(view, None, self._form(now))

    async def submit(self, submission: Submission) -> Answer:
        """*Set up*: closes once the panel is safe in the database."""
        view, token = submission.view, SetupToken.load(submission.view.metadata)
        who = (submission.workspace, submission.user)
        try:
            sheet = await in_time(self._drafts.enter(*who, token.id, _state(view, token)))
        except SetUpBefore:
            return _done(await in_time(self._panels.sheet(*who, token.id)))
        _check(sheet, token)
        if digest_of(sheet.warnings) not in ("", token.warned):
            notes = check_first(warnings_in(sheet), "Set up")
            return in_place(form(sheet, self._roles(), notes))
        try:
            done = await in_time(self._panels.set_up(*who, _new_panel(sheet, view, token)))
        except CandidateKnown as asked:
            shown = sheet.asking(asked.known)
            return in_place(form(shown, self._roles(), [plain(asked.text)]))
        except InvalidPanel as invalid:
            if invalid.part in FOLDED and not view.has(panel_part(invalid.part)):
                change = await in_time(
                    self._drafts.enter(*who, token.id, FormState(), PanelDraft.with_more)
                )
                return in_place(form(change, self._roles(), [plain(invalid.text)]))
            raise _at_field(invalid, token) from invalid
        return _done(done)

    def _form(self, sheet: DraftSheet) -> Json:
        return form(sheet, self._roles())

    def _roles(self) -> list[OptionGroup]:
        library = self._panels.library
        return role_options((item, library.in_category(item.slug)) for item in library.categories)


def _unless_set_up(job: Job) -> Answer:
    """Work of a press that comes too late once the panel is set up: by then the form has gone, and
    with it whatever the press was about."""

    async def unless_set_up() -> None:
        with suppress(SetUpBefore):
            await job()

    return Answer(after=unless_set_up)


def _of(press: Press) -> tuple[OpenView, SetupToken]:
    """The form that was pressed in, and what we keep in it."""
    if press.view is None:
        raise UserError("This form is no longer open.")
    return press.view, SetupToken.load(press.view.metadata)


def _state(view: OpenView, token: SetupToken, press: Press | None = None) -> FormState:
    """What stands in the form at this press, or when it is submitted."""
    fields = {
        part: read(view, panel_part(part))
        for part, read in READ.items()
        if view.has(panel_part(part))
    }
    return FormState(fields, token.turns, float(press.at or 0) if press is not None else None)


def _level(value: str | None) -> Level | None:
    return Level(value) if value in set(Level) else None


def _check(sheet: DraftSheet, token: SetupToken) -> None:
    """Raises FieldErrors where what everything else follows from is missing."""
    missing = {
        PanelField.ROLE: ("Choose an opening or a role.", sheet.role is None),
        PanelField.INTERVIEWS: ("Choose at least one interviewer.", not sheet.planned),
        PanelField.START: ("Choose when the first interview starts.", not sheet.is_placed),
    }
    errors = {token.field(part).block: text for part, (text, is_so) in missing.items() if is_so}
    if errors:
        raise FieldErrors(errors)


def _new_panel(sheet: DraftSheet, view: OpenView, token: SetupToken) -> NewPanel:
    draft, chosen = sheet.draft, view.selected(ids.PANEL_SAME)
    return NewPanel(
        id=draft.id,
        name=draft.name,
        email=draft.email,
        link=draft.link,
        role=draft.role or "",
        version=draft.version or "",
        level=draft.level,
        hiring_manager=draft.hiring_manager or "",
        recruiter=draft.recruiter or sheet.access.user,
        channel=draft.channel,
        interviews=_interviews(sheet),
        opening=draft.opening,
        team=draft.team,
        same_as=None if chosen == SOMEONE_ELSE else chosen,
        not_same=token.offers if chosen == SOMEONE_ELSE else (),
    )


def _interviews(sheet: DraftSheet) -> tuple[NewInterview, ...]:
    return sheet.draft.interviews([item.id for item in sheet.competencies])


def _done(overview: PanelOverview) -> Answer:
    kits = plain("Each interviewer gets an interview kit with questions by DM.")
    return in_place(confirmation(overview, "Panel set up", [kits]))


def _at_field(invalid: InvalidPanel, token: SetupToken) -> UserError:
    """The fault at the field that it belongs to, where the form has it."""
    return (
        FieldErrors({token.field(invalid.part).block: invalid.text})
        if invalid.part in READ
        else invalid
    )
