"""Changes to a panel: adding, rescheduling, replacing, canceling."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.domain.panels.cautions import Caution, Cautions
from bot.domain.panels.content import covering
from bot.domain.panels.fields import InvalidPanel
from bot.domain.panels.panel import Interview, NewInterview
from bot.errors import UserError
from bot.services.overview import PanelOverview
from bot.services.panels.changes import PanelChanged, PanelChanges, PanelEdit
from bot.services.panels.times import PanelTimes, ProposedInterview
from handlers import ids
from handlers.edge import Answer, in_place, in_time
from handlers.ids import ViewId
from handlers.panels.fields import at_field, interview_of, so_far
from handlers.payloads import Id, OpenView, Press, Submission
from handlers.slack import Slack, WorkspaceSlack
from handlers.views.common import Json, plain
from handlers.views.panels import panel as views
from handlers.views.panels.cautions import cancel_form, to_say
from handlers.views.panels.interview import InterviewForm, interview_form, unowned_note
from handlers.views.panels.times import check_first, digest_of, odd_texts, time_notes
from handlers.views.rich import line

MEANWHILE = "Something changed while this was open, so nothing was canceled yet."

TITLES = {
    ViewId.PANEL_ADD: ("Add interviewer", "Add"),
    ViewId.PANEL_RESCHEDULE: ("Change interview", "Change"),
    ViewId.PANEL_REPLACE: ("Replace interviewer", "Replace"),
}
"""For each form what stands above it and on its button."""


class ChangeForm(views.EditToken):
    """What a form changes, the response url of the message to be brought up to date, and what the
    form says of what is canceled or replaced; `warned` is a digest of what it warns of."""

    url: str | None = None
    warned: str = ""
    told: tuple[tuple[Id, Caution], ...] = ()

    @property
    def edit(self) -> PanelEdit:
        return replace(super().edit, told=frozenset(self.told))


class PanelsChanges:
    """The listeners of the buttons under a panel."""

    def __init__(self, changes: PanelChanges, times: PanelTimes, slack: Slack) -> None:
        self._changes = changes
        self._times = times
        self._slack = slack

    async def menu(self, press: Press) -> Answer:
        """The menu beside an interview, whose block names it."""
        does: Mapping[views.MenuAction, Callable[[Press], Answer]] = {
            views.MenuAction.RESCHEDULE: lambda one: self._open(one, ViewId.PANEL_RESCHEDULE),
            views.MenuAction.REPLACE: lambda one: self._open(one, ViewId.PANEL_REPLACE),
            views.MenuAction.CANCEL: lambda one: self._ask_to_cancel(
                one, ViewId.PANEL_CANCEL_INTERVIEW
            ),
        }
        verb = views.MenuToken.load(press.value).verb
        return does[verb](replace(press, value=press.block))

    async def add(self, press: Press) -> Answer:
        return self._open(press, ViewId.PANEL_ADD)

    async def reschedule(self, press: Press) -> Answer:
        return self._open(press, ViewId.PANEL_RESCHEDULE)

    async def replace(self, press: Press) -> Answer:
        return self._open(press, ViewId.PANEL_REPLACE)

    def _open(self, press: Press, callback: ViewId) -> Answer:
        def view_of(sheet: PanelOverview, token: views.EditToken, url: str | None) -> Json:
            return _form(sheet, callback, token.interview, url)

        return opened(self._changes, self._slack, press, view_of)

    async def when(self, press: Press, view: OpenView) -> Answer:
        """Somebody else, another start or length: what is odd about the time is told at once."""
        token, callback = ChangeForm.load(view.metadata), ViewId(view.callback)

        async def show() -> None:
            sheet = await self._changes.editable(press.workspace, press.user, token.edit)
            new = _entered(view, sheet, token)
            if new is None or sheet.panel.revision != token.revision:
                return
            found = await self._proposed(sheet, callback, token, new)
            notes = time_notes(found, sheet.access.zone)
            form = _form(sheet, callback, token.interview, token.url, new, odd=(found, notes))
            await self._slack.of(press.workspace).redraw(view, view.hash, form)

        return Answer(after=show)

    async def _proposed(
        self, sheet: PanelOverview, callback: ViewId, token: ChangeForm, new: NewInterview
    ) -> ProposedInterview:
        replaces = callback is ViewId.PANEL_REPLACE
        old = None if callback is ViewId.PANEL_ADD else token.interview
        return await self._times.proposed(sheet.panel, new, old, replaces=replaces)

    async def _to_check(self, submission: Submission, token: ChangeForm) -> Json | None:
        """The form once more, with what it has not warned of yet; None where there is nothing."""
        view, callback = submission.view, ViewId(submission.view.callback)
        sheet = await self._changes.editable(submission.workspace, submission.user, token.edit)
        new = _entered(view, sheet, token)
        if new is None or sheet.panel.revision != token.revision:
            return None
        if callback is ViewId.PANEL_RESCHEDULE and _is_same_time(sheet, token, new):
            return None
        found = await self._proposed(sheet, callback, token, new)
        if digest_of(found.warnings) in ("", token.warned) or found.why_not is not None:
            return None
        notes = check_first(odd_texts(found), TITLES[callback][1], is_one=True)
        return _form(sheet, callback, token.interview, token.url, new, odd=(found, notes))

    async def submit_add(self, submission: Submission) -> Answer:
        new = interview_of(submission.view)
        return await self._submit(submission, "Interviewer added", new)

    async def submit_reschedule(self, submission: Submission) -> Answer:
        new = interview_of(submission.view, "the same")
        return await self._submit(submission, "Interview changed", new)

    async def submit_replace(self, submission: Submission) -> Answer:
        return await self._submit(submission, "Interviewer replaced", None)

    async def _submit(self, submission: Submission, title: str, new: NewInterview | None) -> Answer:
        token = ChangeForm.load(submission.view.metadata)
        to_check = await in_time(self._to_check(submission, token))
        if to_check is not None:
            return in_place(to_check)
        return await saved(
            self._slack.of(submission.workspace),
            self._change(submission, token.edit, new),
            title,
            token.url,
            again=lambda changed: self._again(submission, token, changed, new),
            at_field=at_field,
        )

    def _change(
        self, submission: Submission, edit: PanelEdit, new: NewInterview | None
    ) -> Awaitable[PanelOverview]:
        who = (submission.workspace, submission.user)
        if new is None:
            person = submission.view.person(ids.PANEL_PERSON) or ""
            return self._changes.replace(*who, edit, person)
        if submission.view.callback == ViewId.PANEL_ADD:
            return self._changes.add(*who, edit, new)
        return self._changes.reschedule(*who, edit, new)

    def _again(
        self,
        submission: Submission,
        token: ChangeForm,
        changed: PanelChanged,
        new: NewInterview | None,
    ) -> Json:
        """The form as it was filled in, below what somebody else has done in the meantime."""
        callback = ViewId(submission.view.callback)
        panel = changed.sheet.panel
        panel.check_change(token.interview)
        person = submission.view.person(ids.PANEL_PERSON)
        if new is None:
            item = panel.one(token.interview or "")
            new = replace(_asked(item), interviewer=person or item.interviewer)
        on = [item for item in panel.on if token.interview in (None, item.id)]
        now = [line(*views.of_interview(item, changed.sheet.content)) for item in on]
        submit = TITLES[callback][1]
        notes = views.in_the_meantime(changed.sheet, changed.changes, now, submit)
        return _form(changed.sheet, callback, token.interview, token.url, new, notes)

    async def cancel_interview(self, press: Press) -> Answer:
        """*Cancel interview*: asks, and says what happens to what was written."""
        return self._ask_to_cancel(press, ViewId.PANEL_CANCEL_INTERVIEW)

    async def cancel(self, press: Press) -> Answer:
        """*Cancel panel*: the same of all its interviews."""
        return self._ask_to_cancel(press, ViewId.PANEL_CANCEL)

    def _ask_to_cancel(self, press: Press, callback: ViewId) -> Answer:
        def view_of(sheet: PanelOverview, token: views.EditToken, url: str | None) -> Json:
            return _cancel_form(sheet, callback, token.interview, url)

        return opened(self._changes, self._slack, press, view_of)

    async def submit_cancel(self, submission: Submission) -> Answer:
        """*Cancel interview* or *Cancel panel*, once more."""
        callback = ViewId(submission.view.callback)
        token = ChangeForm.load(submission.view.metadata)
        who = (submission.workspace, submission.user)
        is_one = callback is ViewId.PANEL_CANCEL_INTERVIEW
        change = self._changes.cancel_interview if is_one else self._changes.cancel

        def again(changed: PanelChanged) -> Json:
            changed.sheet.panel.check_change(token.interview)
            if changed.changes:
                notes = views.changes(changed.sheet, changed.changes)
            else:
                notes = [plain(MEANWHILE)]
            return _cancel_form(changed.sheet, callback, token.interview, token.url, notes)

        return await saved(
            self._slack.of(submission.workspace),
            change(*who, token.edit),
            None,
            token.url,
            again=again,
            at_field=at_field,
        )


def opened(
    changes: PanelChanges,
    slack: Slack,
    press: Press,
    view_of: Callable[[PanelOverview, views.EditToken, str | None], Json],
) -> Answer:
    """Opens a form for a change, made from the panel as it is now, the button's token, and the
    response url of the message to be brought up to date."""
    token = views.EditToken.load(press.value)
    url = None if token.apart else press.response_url

    async def open_form() -> None:
        sheet = await changes.editable(press.workspace, press.user, token.edit)
        here = slack.of(press.workspace)
        show = here.push_view if press.modal is not None else here.open_view
        await show(press.trigger_id, view_of(sheet, token, url))

    return Answer(after=open_form)


async def saved(
    slack: WorkspaceSlack,
    change: Awaitable[PanelOverview],
    title: str | None,
    url: str | None,
    *,
    again: Callable[[PanelChanged], Json],
    at_field: Callable[[InvalidPanel], UserError],
) -> Answer:
    """Makes the change that a form asks for, and shows in its place what has been done, or the
    form once more where somebody else was first. Raises what `at_field` makes of a InvalidPanel.

    `url` is that of the message that the form was opened from. Without a `title` the form closes.
    """
    try:
        sheet = await in_time(change)
    except PanelChanged as changed:
        return in_place(again(changed))
    except InvalidPanel as invalid:
        raise at_field(invalid) from invalid

    async def refresh() -> None:
        if url is not None:
            message = views.overview(sheet) | {"replace_original": True}
            await slack.respond(url, message)

    if title is None:
        return Answer(after=refresh)
    shown = views.confirmation(sheet, title)
    return in_place(shown, refresh)


def _form(
    sheet: PanelOverview,
    callback: ViewId,
    interview: str | None,
    url: str | None,
    value: NewInterview | None = None,
    notes: Sequence[Block] = (),
    odd: tuple[ProposedInterview, Sequence[Block]] | None = None,
) -> Json:
    """A form for a change to the panel as it is now; adding is about no interview that is there.
    `odd` is what is odd about the time entered, and how that is said."""
    interview = None if callback is ViewId.PANEL_ADD else interview
    panel, content = sheet.panel, sheet.content
    title, submit = TITLES[callback]
    told: Cautions = frozenset()
    if interview is not None:
        item = panel.one(interview)
        notes = notes or (line(*views.of_interview(item, content)),)
        if callback is ViewId.PANEL_RESCHEDULE:
            value = value or _suggested(item, sheet.now)
        else:
            warnings, told = to_say(sheet, [item], replaces=True)
            notes = (*notes, *warnings)
    else:
        planned, before = covering(panel, sheet.assessed)
        notes = notes or unowned_note(content.competencies, [*planned, *before])
    token = _token(sheet, interview, url, told)
    if odd is not None:
        found, said = odd
        token = token.model_copy(update={"warned": digest_of(found.warnings)})
        notes = (*notes, *said)
    return interview_form(
        InterviewForm(
            callback=callback,
            token=token,
            title=title,
            submit=submit,
            zone=sheet.access.zone,
            competencies=content.competencies,
            asks_person=callback is not ViewId.PANEL_RESCHEDULE,
            asks_rest=callback is not ViewId.PANEL_REPLACE,
            value=value,
            start=max((item.ends_at for item in panel.on), default=None),
            notes=tuple(notes),
            tells_at_once=True,
        )
    )


def _cancel_form(
    sheet: PanelOverview,
    callback: ViewId,
    interview: str | None,
    url: str | None,
    notes: Sequence[Block] = (),
) -> Json:
    """A form that cancels one interview, or the whole panel as it is now."""
    is_one = callback is ViewId.PANEL_CANCEL_INTERVIEW
    items = [sheet.panel.one(interview or "")] if is_one else list(sheet.panel.on)
    warnings, told = to_say(sheet, items, replaces=False)
    token = _token(sheet, interview, url, told)
    return cancel_form(sheet, callback, token, items, [*notes, *warnings])


def _token(
    sheet: PanelOverview, interview: str | None, url: str | None, told: Cautions
) -> ChangeForm:
    return ChangeForm(
        panel=sheet.panel.id,
        revision=sheet.panel.revision,
        interview=interview,
        url=url,
        told=tuple(sorted(told)),
    )


def _entered(view: OpenView, sheet: PanelOverview, token: ChangeForm) -> NewInterview | None:
    """What the form would make of an interview, as far as it can be one; None where it cannot."""
    if view.callback == ViewId.PANEL_ADD:
        return so_far(view)
    item = sheet.panel.one(token.interview or "")
    if view.callback == ViewId.PANEL_RESCHEDULE:
        return so_far(view, item.interviewer)
    person = view.person(ids.PANEL_PERSON)
    return None if person is None else replace(_asked(item), interviewer=person)


def _is_same_time(sheet: PanelOverview, token: ChangeForm, new: NewInterview) -> bool:
    """Whether only something else about the interview is changed."""
    item = sheet.panel.one(token.interview or "")
    return (item.starts_at, item.minutes) == (new.starts_at, new.minutes)


def _suggested(item: Interview, now: datetime) -> NewInterview:
    """What the form to reschedule begins with: the time that its interviewer could make."""
    asked, other = _asked(item), item.other_time
    return asked if other is None or other <= now else replace(asked, starts_at=other)


def _asked(item: Interview) -> NewInterview:
    return NewInterview(item.interviewer, item.focus, item.starts_at, item.minutes, item.place)
