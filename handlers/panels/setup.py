"""The modal that sets a panel up: a draft grows in it by one interviewer at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import OptionGroup

from bot.domain.audit import new_id
from bot.domain.candidates import LONGEST_EMAIL, LONGEST_NAME, KnownCandidate
from bot.domain.competencies import Competency
from bot.domain.openings import Opening
from bot.domain.panels.coverage import shifted
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import MOST_INTERVIEWS, NewInterview, Panel
from bot.domain.questions.selection import Level
from bot.domain.rights import Access
from bot.domain.roles import Role
from bot.errors import FieldErrors, UserError
from bot.services.openings import OpeningsService
from bot.services.overview import PanelOverview
from bot.services.panels.setup import CandidateKnown, NewPanel, PanelsService
from handlers import ids
from handlers.edge import Answer, in_time
from handlers.ids import FormField, ViewId, panel_field
from handlers.panels.fields import at_field, interview_of
from handlers.payloads import Command, OpenView, Press, Submission
from handlers.slack import Slack
from handlers.views.candidates import SOMEONE_ELSE
from handlers.views.common import Json, plain, role_options
from handlers.views.panels.interview import InterviewForm, interview_form, unowned_note
from handlers.views.panels.panel import confirmation
from handlers.views.panels.setup import (
    PanelDraft,
    SetupForm,
    SlotAction,
    SlotChoice,
    SlotForm,
    SlotToken,
    focus_ids,
    form,
)


class PanelsSetup:
    """The listeners of the set-up form."""

    def __init__(self, panels: PanelsService, openings: OpeningsService, slack: Slack) -> None:
        self._panels = panels
        self._openings = openings
        self._slack = slack

    async def open(self, command: Command) -> Answer:
        view = await in_time(self._new(command))
        return Answer(
            after=lambda: self._slack.of(command.workspace).open_view(command.trigger_id, view)
        )

    async def _new(self, command: Command) -> Json:
        access = await self._panels.may_set_up(command.workspace, command.user)
        return await self._form(access, PanelDraft(id=new_id()))

    async def role(self, press: Press) -> Answer:
        """An opening or a role was chosen: interviewers keep the focus that it has too."""
        view = _view_of(press)
        draft = PanelDraft.load(view.metadata)

        async def show() -> None:
            access = await self._panels.may_set_up(press.workspace, press.user)
            await self._update(press, await self._for_choice(access, draft, press.value))

        return Answer(after=show)

    async def _entered(self, access: Access, view: OpenView) -> PanelDraft:
        """The draft with what has been chosen since the form was last drawn: whoever is quick
        presses on before Slack has the form that their last choice led to."""
        draft = PanelDraft.load(view.metadata)
        chosen = view.selected(panel_field("role", draft.origin))
        if chosen is not None and chosen != (draft.opening or draft.role):
            draft = await self._for_choice(access, draft, chosen)
        first = view.moment(ids.PANEL_FIRST)
        if first is not None and not draft.placed:
            draft = _placed(draft, first, access)
        return draft

    async def _for_choice(self, access: Access, draft: PanelDraft, chosen: str) -> PanelDraft:
        """The draft for the opening or role of this id."""
        opening = await self._own_opening(access, chosen)
        role = self._panels.role(chosen if opening is None else opening.role)
        return self._for_role(draft, role, opening)

    def _for_role(self, draft: PanelDraft, role: Role, opening: Opening | None) -> PanelDraft:
        old = self._competencies(draft)
        places = {id: place for place, id in enumerate(role.competencies)}
        slots = tuple(
            slot.model_copy(
                update={"focus": tuple(places[id] for id in focus_ids(old, slot) if id in places)}
            )
            for slot in draft.slots
        )
        changes = {"role": role.slug, "version": role.version, "slots": slots}
        id = opening.id if opening is not None else None
        return draft.model_copy(update=changes | {"opening": id})

    async def _own_opening(self, access: Access, id: str) -> Opening | None:
        """The opening of this id, among those that the person may choose."""
        found = await self._openings.hiring(access)
        return next((item for item in found if item.id == id), None)

    async def copy(self, press: Press) -> Answer:
        """*Same panel as …*: everything but the candidate and the first start."""
        draft = PanelDraft.load(_view_of(press).metadata)

        async def show() -> None:
            sheet = await self._panels.sheet(press.workspace, press.user, press.value)
            opening = await self._own_opening(sheet.access, sheet.panel.opening.id)
            await self._update(press, self._copied(draft, sheet.panel, opening))

        return Answer(after=show)

    def _copied(self, draft: PanelDraft, panel: Panel, opening: Opening | None) -> PanelDraft:
        role = self._panels.role(panel.opening.role)
        places = {id: place for place, id in enumerate(role.competencies)}
        slots = tuple(
            SlotToken(
                who=item.interviewer,
                focus=tuple(places[id] for id in item.focus if id in places),
                start=int(item.starts_at.timestamp()),
                minutes=item.minutes,
            )
            for item in panel.on
        )
        return PanelDraft(
            id=draft.id,
            role=role.slug,
            version=role.version,
            of=panel.id,
            placed=not slots,
            slots=slots,
            opening=opening.id if opening is not None else None,
        )

    async def first(self, press: Press) -> Answer:
        """The first start of a copy was chosen: the others follow with the same gaps."""
        view = _view_of(press)
        PanelDraft.load(view.metadata)
        start = view.moment(ids.PANEL_FIRST)
        if start is None:
            return Answer()

        async def show() -> None:
            access = await self._panels.may_set_up(press.workspace, press.user)
            draft = await self._entered(access, view)
            await self._update(press, _placed(draft, start, access))

        return Answer(after=show)

    async def new_slot(self, press: Press) -> Answer:
        """*Add interviewer*."""
        return self._push_slot(press, None)

    async def slot(self, press: Press) -> Answer:
        """*Change* and *Remove* beside an interviewer."""
        choice = SlotChoice.load(press.value)
        view = _view_of(press)
        if choice.at >= len(PanelDraft.load(view.metadata).slots):
            return Answer()
        if choice.verb is SlotAction.CHANGE:
            return self._push_slot(press, choice.at)

        async def remove() -> None:
            access = await self._panels.may_set_up(press.workspace, press.user)
            draft = await self._entered(access, view)
            await self._update(press, draft.without(choice.at))

        return Answer(after=remove)

    def _push_slot(self, press: Press, at: int | None) -> Answer:
        root = _view_of(press)
        PanelDraft.load(root.metadata)

        async def push() -> None:
            access = await self._panels.may_set_up(press.workspace, press.user)
            token = _slot_token(root, await self._entered(access, root), at)
            view = interview_form(self._slot_form(token, access))
            await self._slack.of(press.workspace).push_view(press.trigger_id, view)

        return Answer(after=push)

    def _slot_form(self, token: SlotForm, access: Access) -> InterviewForm:
        draft = token.draft
        competencies = self._competencies(draft)
        slot = draft.slots[token.at] if token.at is not None else None
        owned = [(one.who, focus_ids(competencies, one)) for one in draft.slots]
        last = max((one.start + one.minutes * 60 for one in draft.slots), default=None)
        return InterviewForm(
            callback=ViewId.PANEL_SLOT,
            token=token,
            title="Add interviewer" if slot is None else "Change interviewer",
            submit="Add" if slot is None else "Change",
            zone=access.zone,
            competencies=competencies,
            value=_asked(slot, competencies) if slot is not None else None,
            start=datetime.fromtimestamp(last, UTC) if last is not None else None,
            notes=unowned_note(competencies, owned),
        )

    async def submit_slot(self, submission: Submission) -> Answer:
        """*Add* or *Change*: the form below shows it, and then this one closes."""
        token = SlotForm.load(submission.view.metadata)
        draft, new = token.draft, interview_of(submission.view)
        others = [slot for number, slot in enumerate(draft.slots) if number != token.at]
        if any(slot.who == new.interviewer for slot in others):
            text = "This person is on the panel already: each interviewer has one interview."
            raise FieldErrors({ids.PANEL_PERSON.block: text})
        if len(others) >= MOST_INTERVIEWS:
            raise UserError(f"A panel has at most {MOST_INTERVIEWS} interviews.")
        if token.at is not None and token.at >= len(draft.slots):
            raise UserError("This interviewer is no longer in the form.")
        role = self._panels.role(draft.role or "")
        await in_time(self._with_slot(submission, token, role, new))
        return Answer()

    async def _with_slot(
        self, submission: Submission, token: SlotForm, role: Role, new: NewInterview
    ) -> None:
        """Checks the interview, and shows it in the form below."""
        try:
            await self._panels.check_interview(submission.workspace, role, new)
        except InvalidPanel as invalid:
            raise at_field(invalid) from invalid
        slot = SlotToken(
            who=new.interviewer,
            focus=tuple(role.competencies.index(id) for id in new.focus),
            start=int(new.starts_at.timestamp()),
            minutes=new.minutes,
        )
        access = await self._panels.may_set_up(submission.workspace, submission.user)
        draft = token.draft.with_slot(slot, token.at)
        form = await self._form(access, draft, token.name, token.email)
        await self._slack.of(submission.workspace).update_view(token.root, None, form)

    async def submit(self, submission: Submission) -> Answer:
        """*Set up*: closes once the panel is safe in the database."""
        view = submission.view
        shown = PanelDraft.load(view.metadata)
        role = panel_field("role", shown.origin)
        access = await in_time(self._panels.may_set_up(submission.workspace, submission.user))
        draft = await in_time(self._entered(access, view))
        if draft.role is None:
            raise FieldErrors({role.block: "Choose an opening or a role."})
        if not draft.placed:
            raise FieldErrors({ids.PANEL_FIRST.block: "Choose when it begins."})
        try:
            sheet = await in_time(self._set_up(submission, draft, shown.origin))
        except CandidateKnown as asked:
            view_again = await in_time(self._ask_again(submission, draft, asked))
            return Answer({"response_action": "update", "view": view_again})
        kits = plain("Each interviewer gets a kit with questions by DM.")
        done = confirmation(sheet, "Panel set up", [kits])
        return Answer({"response_action": "update", "view": done})

    async def _set_up(
        self, submission: Submission, draft: PanelDraft, origin: str | None
    ) -> PanelOverview:
        """Sets the draft up, with the fields as they stand under the ids of this origin."""
        new = self._new_panel(draft, submission.view, origin)
        try:
            return await self._panels.set_up(submission.workspace, submission.user, new)
        except InvalidPanel as invalid:
            raise _at_field(invalid, origin) from invalid

    async def _ask_again(
        self, submission: Submission, draft: PanelDraft, asked: CandidateKnown
    ) -> Json:
        """The form as it was filled in, which now asks whether it is for someone known."""
        access = await self._panels.may_set_up(submission.workspace, submission.user)
        return form(await self._shown(access, draft, asked.known), [plain(asked.text)])

    def _new_panel(self, draft: PanelDraft, view: OpenView, origin: str | None) -> NewPanel:
        level = view.selected(panel_field("level", origin))
        competencies = self._competencies(draft)
        chosen = view.selected(ids.PANEL_SAME)
        return NewPanel(
            id=draft.id,
            name=view.typed(ids.PANEL_NAME) or "",
            email=view.typed(ids.PANEL_EMAIL),
            link=view.typed(ids.PANEL_LINK),
            role=draft.role or "",
            version=draft.version or "",
            level=Level(level) if level in set(Level) else None,
            hiring_manager=view.person(panel_field("manager", origin)) or "",
            recruiter=view.person(panel_field("recruiter", origin)) or "",
            channel=view.conversation(ids.PANEL_CHANNEL),
            interviews=tuple(_asked(slot, competencies) for slot in draft.slots),
            opening=draft.opening,
            team=view.typed(panel_field("team", origin)),
            same_as=None if chosen == SOMEONE_ELSE else chosen,
            not_same=draft.offers if chosen == SOMEONE_ELSE else (),
        )

    async def _update(self, press: Press, draft: PanelDraft) -> None:
        access = await self._panels.may_set_up(press.workspace, press.user)
        root = _view_of(press)
        name, email = (_typed(root, field) for field in (ids.PANEL_NAME, ids.PANEL_EMAIL))
        form = await self._form(access, draft, name, email)
        await self._slack.of(press.workspace).update_view(root.id, root.hash, form)

    async def _form(
        self, access: Access, draft: PanelDraft, name: str = "", email: str = ""
    ) -> Json:
        """The form, which asks about whom the person knows of this name or address."""
        known = await self._panels.known(access, name, email)
        return form(await self._shown(access, draft, known))

    async def _shown(
        self, access: Access, draft: PanelDraft, known: Sequence[KnownCandidate]
    ) -> SetupForm:
        copied = None
        if draft.of is not None:
            sheet = await self._panels.sheet(access.workspace, access.user, draft.of)
            copied = sheet.panel
        openings = await self._openings.hiring(access)
        opening = next((item for item in openings if item.id == draft.opening), None)
        offers = tuple(one.candidate.id for one in known)
        return SetupForm(
            draft=draft.model_copy(
                update={"offers": offers, "opening": opening.id if opening is not None else None}
            ),
            user=access.user,
            zone=access.zone,
            now=self._panels.now(),
            roles=self._roles(),
            latest=await self._panels.latest(access) if copied is None else (),
            role=self._panels.role(draft.role) if draft.role is not None else None,
            competencies=self._competencies(draft),
            copied=copied,
            openings=openings,
            opening=opening,
            known=known,
        )

    def _competencies(self, draft: PanelDraft) -> Sequence[Competency]:
        role = self._panels.library.role(draft.role or "")
        return self._panels.library.competencies_of(role) if role is not None else ()

    def _roles(self) -> list[OptionGroup]:
        library = self._panels.library
        return role_options((item, library.in_category(item.slug)) for item in library.categories)


def _view_of(press: Press) -> OpenView:
    if press.view is None:
        raise UserError("This belongs to a form that is no longer open.")
    return press.view


def _slot_token(root: OpenView, draft: PanelDraft, at: int | None) -> SlotForm:
    """What the form for one interviewer has to know. Raises UserError where it is too early."""
    if draft.role is None:
        raise UserError("Choose a role first. It has the competencies to focus on.")
    if not draft.placed:
        raise UserError("Choose the time of the first interview first.")
    name, email = (_typed(root, field) for field in (ids.PANEL_NAME, ids.PANEL_EMAIL))
    return SlotForm(
        draft=draft,
        root=root.id,
        at=at,
        name=name[:LONGEST_NAME],
        email=email[:LONGEST_EMAIL],
    )


def _typed(view: OpenView, field: FormField) -> str:
    return view.typed(field) or ""


def _asked(slot: SlotToken, competencies: Sequence[Competency]) -> NewInterview:
    return NewInterview(slot.who, focus_ids(competencies, slot), slot.starts_at, slot.minutes)


def _placed(draft: PanelDraft, first: datetime, access: Access) -> PanelDraft:
    """The draft with its first interview at this time, and the others after it as before."""
    starts = shifted([slot.starts_at for slot in draft.slots], first, ZoneInfo(access.zone))
    slots = tuple(
        slot.model_copy(update={"start": int(start.timestamp())})
        for slot, start in zip(draft.slots, starts, strict=True)
    )
    return draft.model_copy(update={"placed": True, "slots": slots})


def _at_field(invalid: InvalidPanel, origin: str | None) -> UserError:
    """The fault at the field that it belongs to, where the form has it."""
    field = {
        PanelField.NAME: ids.PANEL_NAME,
        PanelField.EMAIL: ids.PANEL_EMAIL,
        PanelField.LINK: ids.PANEL_LINK,
        PanelField.ROLE: panel_field("role", origin),
        PanelField.TEAM: panel_field("team", origin),
        PanelField.HIRING_MANAGER: panel_field("manager", origin),
        PanelField.RECRUITER: panel_field("recruiter", origin),
        PanelField.CHANNEL: ids.PANEL_CHANNEL,
    }.get(invalid.part)
    return invalid if field is None else FieldErrors({field.block: invalid.text})
