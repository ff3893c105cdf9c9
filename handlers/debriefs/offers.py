"""*Record answer* and *Undo answer*: what became of an offer."""

from bot.domain.debriefs.offers import InvalidOfferDay, OfferEnd, OfferField
from bot.errors import FieldErrors
from bot.services.debriefs.offers import Offers
from handlers.edge import Answer, in_place, in_time
from handlers.ids import decision_part
from handlers.payloads import NotOffered, Press, Submission
from handlers.slack import Slack
from handlers.views.debriefs import debrief as views
from handlers.views.debriefs.offer import OfferToken, offer_ended, offer_form


class OfferListeners:
    """The listeners of offers."""

    def __init__(self, offers: Offers, slack: Slack) -> None:
        self._offers = offers
        self._slack = slack

    async def record(self, press: Press) -> Answer:
        """*Record answer*, *Amend answer*: the form, on top of the modal it is pressed in."""
        token = OfferToken.load(press.value)

        async def show() -> None:
            sheet = await self._offers.to_end(press.workspace, press.user, token.panel)
            modal = press.modal
            under = modal.id if modal is not None and token.is_debrief else None
            last = sheet.debrief.last_result
            form = offer_form(sheet, OfferToken(panel=token.panel, number=last, under=under))
            slack = self._slack.of(press.workspace)
            put = slack.push_view if modal is not None else slack.open_view
            await put(press.trigger_id, form)

        return Answer(after=show)

    async def submit(self, submission: Submission) -> Answer:
        """*Save*; the debrief below it follows."""
        view, token = submission.view, OfferToken.load(submission.view.metadata)
        ended, day = decision_part(OfferField.ENDED), decision_part(OfferField.DAY)
        chosen, on = view.selected(ended), view.day(day)
        if chosen not in set(OfferEnd):
            raise NotOffered
        if on is None:
            raise FieldErrors({day.block: "Choose the day they answered."})
        who = (submission.workspace, submission.user)
        panel, number = token.panel, token.number
        try:
            sheet = await in_time(self._offers.end(*who, panel, number, OfferEnd(chosen), on))
        except InvalidOfferDay as invalid:
            raise FieldErrors({day.block: invalid.text}) from invalid
        done, under = offer_ended(sheet), token.under
        if under is None:
            return in_place(done)

        async def follow() -> None:
            slack = self._slack.of(submission.workspace)
            await slack.update_view(under, None, views.debrief(sheet.debrief))

        return in_place(done, follow)

    async def undo(self, press: Press) -> Answer:
        """*Undo answer*, confirmed."""
        token = OfferToken.load(press.value)

        async def show() -> None:
            who = (press.workspace, press.user)
            sheet = await self._offers.undo(*who, token.panel, token.number)
            view = views.debrief(sheet.debrief)
            await self._slack.of(press.workspace).show_instead(press, view)

        return Answer(after=show)
