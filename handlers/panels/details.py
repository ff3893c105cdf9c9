"""*Edit details*: whom a panel is for, who organises it, which channel shows it."""

from bot.domain.panels.details import details, merged
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.errors import FieldErrors, UserError
from bot.services.overview import PanelOverview
from bot.services.panels.changes import PanelChanged, PanelChanges
from handlers.edge import Answer
from handlers.ids import panel_field
from handlers.panels.changes import ChangeForm, opened, saved
from handlers.payloads import OpenView, Press, Submission
from handlers.slack import Slack
from handlers.views.common import Json
from handlers.views.panels.details import SUBMIT, details_form, entered, filled_in
from handlers.views.panels.panel import EditToken, facts, in_the_meantime

FIELDS = {
    PanelField.NAME: "name",
    PanelField.EMAIL: "email",
    PanelField.LINK: "link",
    PanelField.HIRING_MANAGER: "manager",
    PanelField.RECRUITER: "recruiter",
    PanelField.CHANNEL: "channel",
}


class PanelsDetails:
    """The listeners of the modal for a panel's details."""

    def __init__(self, changes: PanelChanges, slack: Slack) -> None:
        self._changes = changes
        self._slack = slack

    async def edit(self, press: Press) -> Answer:
        """*Edit details*."""
        return opened(self._changes, self._slack, press, _form)

    async def submit(self, submission: Submission) -> Answer:
        """*Save*."""
        view, token = submission.view, ChangeForm.load(submission.view.metadata)
        wanted = entered(view, token.revision)
        who = (submission.workspace, submission.user)

        def at_field(invalid: InvalidPanel) -> UserError:
            part = FIELDS.get(invalid.part)
            if part is None:
                return invalid
            return FieldErrors({panel_field(part, token.revision).block: invalid.text})

        return await saved(
            self._slack.of(submission.workspace),
            self._changes.give_details(*who, token.edit, wanted),
            "Details saved",
            token.url,
            again=lambda changed: _again(view, token, changed),
            at_field=at_field,
        )


def _form(sheet: PanelOverview, _: EditToken, url: str | None) -> Json:
    panel = sheet.panel
    token = ChangeForm(panel=panel.id, revision=panel.revision, url=url)
    return details_form(details(panel), token, panel.revision)


def _again(view: OpenView, seen: ChangeForm, changed: PanelChanged) -> Json:
    """The form below what somebody else has done in the meantime: what was entered in it, and what
    there is now in the fields that were left alone."""
    panel = changed.sheet.panel
    panel.check_change()
    value = merged(filled_in(view, seen.revision), entered(view, seen.revision), details(panel))
    token = ChangeForm(panel=panel.id, revision=panel.revision, url=seen.url)
    now = facts(panel, contact=True)
    notes = in_the_meantime(changed.sheet, changed.changes, now, SUBMIT)
    return details_form(value, token, panel.revision, notes)
