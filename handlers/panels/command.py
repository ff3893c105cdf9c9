"""`/panel`: lists, finds and shows interview panels, and sets when people are reminded."""

from bot.errors import UserError
from bot.library.documents import Documents
from bot.services.panels.interview_reminders import PanelReminders
from bot.services.panels.setup import PanelsService
from handlers.edge import Answer, in_time
from handlers.ids import CommandName
from handlers.panels.setup import PanelsSetup
from handlers.payloads import Command, Press
from handlers.slack import Slack
from handlers.views.common import Json, mrkdwn, notice, private
from handlers.views.panels import listing as lists
from handlers.views.panels import panel as views

EVERYBODY = "workspace"


class Panels:
    """The listeners of `/panel` itself, and of what opens a panel."""

    def __init__(
        self,
        panels: PanelsService,
        reminders: PanelReminders,
        setup: PanelsSetup,
        documents: Documents,
        slack: Slack,
        prefix: str,
    ) -> None:
        self._panels = panels
        self._reminders = reminders
        self._setup = setup
        self._documents = documents
        self._slack = slack
        self._command = f"/{prefix}{CommandName.PANEL}"

    async def command(self, command: Command) -> Answer:
        """`/panel`, `/panel NAME` or `ROLE`, `/panel list`, `remind MINUTES`, `help`."""
        verb, _, rest = command.text.partition(" ")
        match verb.casefold():
            case "":
                return await self._setup.open(command)
            case "help":
                return self._help()
            case "list":
                return Answer(await in_time(self._list(command)))
            case "remind":
                return Answer(await in_time(self._remind(command, rest.split())))
            case _:
                return await self._named(command)

    def _help(self) -> Answer:
        text = self._documents.message("panel_help", command=self._command)
        return Answer(private("How to use interview panels", [mrkdwn(text)]))

    async def _list(self, command: Command) -> Json:
        listing = await self._panels.mine(command.workspace, command.user)
        return lists.listing(listing, self._command)

    async def _named(self, command: Command) -> Answer:
        """The candidate's panels; where there are none, and a role has that name, its form."""
        name, who = command.text, (command.workspace, command.user)
        listing = await in_time(self._panels.named(*who, name))
        match listing.panels:
            case []:
                form = await self._setup.open_for_role(command)
                return form or Answer(lists.unknown(name, self._command))
            case [panel]:
                sheet = await in_time(self._panels.sheet(*who, panel.id))
                return Answer(views.overview(sheet))
            case _:
                return Answer(lists.several(listing, name))

    async def _remind(self, command: Command, words: list[str]) -> Json:
        everybody = EVERYBODY in words
        numbers = [word for word in words if word != EVERYBODY]
        if not numbers and not everybody:
            minutes = await self._reminders.minutes(command.workspace, command.user)
            return notice(f"{_reminded(minutes)} To change it: {self._command} remind 30")
        if len(numbers) != 1 or not numbers[0].removeprefix("-").isdecimal():
            raise UserError(
                f"Add the minutes, such as {self._command} remind 30, or 0 for no reminder."
            )
        minutes = int(numbers[0][:9])
        await self._reminders.put(command.workspace, command.user, minutes, everybody=everybody)
        if everybody:
            return notice(f"For everyone who hasn't chosen otherwise: {_reminded(minutes)}")
        return notice(_reminded(minutes))

    async def open(self, press: Press) -> Answer:
        """*Open*: the panel, in the place of a list or a page that only this person sees; in a
        modal where it is pressed in one, or at home, where nothing can be answered."""
        token = views.PanelToken.load(press.value)

        async def show() -> None:
            sheet = await self._panels.sheet(press.workspace, press.user, token.panel)
            if press.view is not None:
                await self._show_modal(press, views.panel_modal(sheet, token.first))
                return
            message = views.overview(sheet, token.first) | {"replace_original": not token.apart}
            await self._slack.of(press.workspace).respond(press.response_url or "", message)

        return Answer(after=show)

    async def _show_modal(self, press: Press, view: Json) -> None:
        """On top of the modal that it is pressed in, or in the place of another page of it."""
        slack = self._slack.of(press.workspace)
        if press.modal is None:
            await slack.open_view(press.trigger_id, view)
        elif press.modal.metadata == views.PANEL_PAGE:
            await slack.update_view(press.modal.id, press.modal.hash, view)
        else:
            await slack.push_view(press.trigger_id, view)


def _reminded(minutes: int) -> str:
    if not minutes:
        return "You get no reminder before interviews."
    unit = "minute" if minutes == 1 else "minutes"
    return f"You get a reminder {minutes} {unit} before each interview."
