"""`/debrief NAME`: a panel's scorecards read together, and the leanings in it."""

from collections.abc import Awaitable, Callable

from bot.domain.debriefs.leanings import InvalidLeaning, Leaning
from bot.errors import FieldErrors, UserError
from bot.library.documents import Documents
from bot.services.debriefs.debrief import Debrief
from bot.services.debriefs.reading import Debriefs
from handlers.edge import Answer, in_time
from handlers.ids import DEBRIEF_LEANING, DEBRIEF_SENTENCE, CommandName
from handlers.payloads import Command, NotOffered, OpenView, Press, Submission
from handlers.slack import Slack
from handlers.views.common import mrkdwn, notice, private
from handlers.views.debriefs import debrief as views
from handlers.views.debriefs.buttons import DebriefToken
from handlers.views.debriefs.debrief import SeenToken
from handlers.views.debriefs.evidence import PageToken, evidence
from handlers.views.debriefs.leaning import LeaningToken, leaning_form

LATEST = "Whose debrief? These are the latest panels you organize or decide about."
NOT_OPEN = "This debrief is no longer open."
NONE_YET = "You don't organize or decide about any panel yet."


class DebriefListeners:
    """The listeners of debriefs."""

    def __init__(self, debriefs: Debriefs, documents: Documents, slack: Slack, prefix: str) -> None:
        self._debriefs = debriefs
        self._documents = documents
        self._slack = slack
        self._command = f"/{prefix}{CommandName.DEBRIEF}"

    async def command(self, command: Command) -> Answer:
        """`/debrief`, `/debrief NAME`, `/debrief help`."""
        match command.text.casefold():
            case "" | "list":
                return await in_time(self._latest(command))
            case "help":
                text = self._documents.message("debrief_help", command=self._command)
                return Answer(private("How debriefs work", [mrkdwn(text)]))
            case _:
                return await in_time(self._named(command))

    async def _latest(self, command: Command) -> Answer:
        listing = await self._debriefs.latest(command.workspace, command.user)
        if not listing.panels:
            return Answer(notice(NONE_YET))
        return Answer(views.chosen_from(listing, LATEST))

    async def _named(self, command: Command) -> Answer:
        workspace, user, name = command.workspace, command.user, command.text
        listing = await self._debriefs.named(workspace, user, name)
        panels = listing.panels
        if not panels:
            return Answer(notice(f"You're not on a panel for “{name[:80]}”."))
        if len(panels) > 1:
            return Answer(views.several(listing, name))
        view = views.debrief(await self._debriefs.of_panel(workspace, user, panels[0].id))
        return Answer(after=lambda: self._slack.of(workspace).open_view(command.trigger_id, view))

    async def open(self, press: Press) -> Answer:
        """*Open debrief*."""
        return self._show(press, early=False)

    async def early(self, press: Press) -> Answer:
        """*Open early*, confirmed."""
        return self._show(press, early=True)

    def _show(self, press: Press, *, early: bool) -> Answer:
        panel = DebriefToken.load(press.value).panel

        async def show() -> None:
            found = await self._debriefs.of_panel(press.workspace, press.user, panel, early=early)
            await self._slack.of(press.workspace).show_instead(press, views.debrief(found))

        return Answer(after=show)

    async def evidence(self, press: Press) -> Answer:
        """*Evidence*: the first person's page, on top of the debrief."""
        token = SeenToken.load(press.value)

        async def show(view: OpenView, found: Debrief) -> None:
            page = PageToken(panel=token.panel, number=0, seen=found.seen, under=view.id)
            slack = self._slack.of(press.workspace)
            await slack.push_view(press.trigger_id, evidence(found, page))

        return self._in_debrief(press, token, show)

    async def page(self, press: Press) -> Answer:
        """*Previous*, *Next*: another person's page in its place."""
        token = PageToken.load(press.value)

        async def show() -> None:
            found = await self._debriefs.of_panel(press.workspace, press.user, token.panel)
            slack = self._slack.of(press.workspace)
            if found.seen != token.seen:
                await slack.update_view(token.under, None, views.debrief(found, has_changed=True))
            page = token.model_copy(update={"seen": found.seen})
            await slack.show_instead(press, evidence(found, page))

        return Answer(after=show)

    async def lean(self, press: Press) -> Answer:
        """*Write my leaning*."""
        token = SeenToken.load(press.value)

        async def show() -> None:
            found = await self._debriefs.to_lean(press.workspace, press.user, token.panel)
            if press.modal is None:
                raise UserError(NOT_OPEN)
            if found.seen != token.seen:
                await self._refresh(press, press.modal, found)
                return
            form = LeaningToken(panel=token.panel, seen=found.seen, under=press.modal.id)
            slack = self._slack.of(press.workspace)
            await slack.push_view(press.trigger_id, leaning_form(found, form))

        return Answer(after=show)

    async def leanings(self, press: Press) -> Answer:
        """*Open leanings*, confirmed."""
        token = SeenToken.load(press.value)

        async def show() -> None:
            who = (press.workspace, press.user)
            found = await self._debriefs.open_leanings(*who, token.panel)
            has_changed = found.seen != token.seen
            view = views.debrief(found, has_changed=has_changed)
            await self._slack.of(press.workspace).show_instead(press, view)

        return Answer(after=show)

    async def submit_leaning(self, submission: Submission) -> Answer:
        """The form closes once the leaning is kept, and the debrief below it follows."""
        view, token = submission.view, LeaningToken.load(submission.view.metadata)
        chosen = view.selected(DEBRIEF_LEANING)
        if chosen not in set(Leaning):
            raise NotOffered
        typed = view.typed(DEBRIEF_SENTENCE) or ""
        try:
            found = await in_time(
                self._debriefs.lean(
                    submission.workspace,
                    submission.user,
                    token.panel,
                    Leaning(chosen),
                    typed,
                    token.seen,
                )
            )
        except InvalidLeaning as invalid:
            raise FieldErrors({DEBRIEF_SENTENCE.block: invalid.text}) from invalid
        shown = views.debrief(found)
        slack = self._slack.of(submission.workspace)
        return Answer(after=lambda: slack.update_view(token.under, None, shown))

    def _in_debrief(
        self,
        press: Press,
        token: SeenToken,
        show: Callable[[OpenView, Debrief], Awaitable[None]],
    ) -> Answer:
        """Does it with the debrief that was read; shows it anew where a scorecard has changed since
        then, or where less of it may be seen."""

        async def shown() -> None:
            found = await self._debriefs.of_panel(press.workspace, press.user, token.panel)
            if press.modal is None:
                raise UserError(NOT_OPEN)
            if found.seen != token.seen:
                await self._refresh(press, press.modal, found)
            else:
                await show(press.modal, found)

        return Answer(after=shown)

    async def _refresh(self, press: Press, view: OpenView, found: Debrief) -> None:
        shown = views.debrief(found, has_changed=True)
        await self._slack.of(press.workspace).update_view(view.id, None, shown)
