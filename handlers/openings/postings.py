"""An opening's page, its posting, and what members do with it."""

from collections.abc import Sequence

from bot.domain.audit import new_id
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.errors import DatabaseAway, FieldErrors, UserError
from bot.services.jobs import OpeningChanged
from bot.services.openings.advice import OpeningAdvice
from bot.services.openings.lists import JobList
from bot.services.openings.postings import OpeningPostings
from bot.services.openings.referrals import OpeningReferrals
from handlers.edge import Answer, in_place, in_time
from handlers.ids import OPENING_POST_IN, CommandName, opening_part
from handlers.openings.parts import OpeningsParts
from handlers.payloads import Command, Press, Submission, in_channel
from handlers.slack import Slack
from handlers.views.common import Json
from handlers.views.openings import page as views
from handlers.views.openings.form import meanwhile_notes
from handlers.views.openings.posting import OpeningToken, full, how_to_apply
from handlers.views.openings.review import ReviewToken, review


class OpeningsPostings:
    """The listeners."""

    def __init__(
        self,
        postings: OpeningPostings,
        advice: OpeningAdvice,
        referrals: OpeningReferrals,
        parts: OpeningsParts,
        slack: Slack,
        prefix: str,
    ) -> None:
        self._postings = postings
        self._advice = advice
        self._referrals = referrals
        self._parts = parts
        self._slack = slack
        self._command = f"/{prefix}{CommandName.JD}"

    async def named(self, command: Command) -> Json | None:
        """`/jd OPENING`: its page; None where no opening that the person may read is called so, or
        that can't be told now."""
        who = (command.workspace, command.user)
        try:
            found = await in_time(self._postings.named(*who, command.text))
        except DatabaseAway:
            return None  # a role of nearly that name is then suggested as ever
        if len(found) > 1:
            return views.several(found, command.text)
        return views.page(found[0], self._command) if found else None

    async def listed(self, workspace: str, user: str) -> JobList:
        return await in_time(self._postings.listed(workspace, user))

    async def see_jobs(self, press: Press) -> Answer:
        """*See open jobs*."""

        async def show() -> None:
            found = await self._postings.listed(press.workspace, press.user)
            await self._respond(press, views.job_list(found, self._command))

        return Answer(after=show)

    async def page(self, press: Press) -> Answer:
        """*Show*, where several openings have one name."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            sheet = await self._postings.shown(press.workspace, press.user, opening)
            await self._respond(press, [views.page(sheet, self._command)])

        return Answer(after=show)

    async def review(self, press: Press) -> Answer:
        """*Post*: what will be posted, where, and what to look at before."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            sheet = await self._postings.changeable(press.workspace, press.user, opening)
            channel = in_channel(press.channel)
            known = await self._advice.known(sheet)
            token = ReviewToken.of(sheet.job, new_id(), channel, known)
            view = review(sheet, token, await self._advice.on(sheet, known))
            await self._slack.of(press.workspace).open_view(press.trigger_id, view)

        return Answer(after=show)

    async def submit_review(self, submission: Submission) -> Answer:
        """*Post* or *Post anyway*: closes once it is certain that the posting will be sent."""
        token = ReviewToken.load(submission.view.metadata)
        channel = submission.view.conversation(OPENING_POST_IN)
        if channel is None:
            raise FieldErrors({OPENING_POST_IN.block: "Choose a channel."})
        if not in_channel(channel):
            raise FieldErrors({OPENING_POST_IN.block: "Choose a channel, not a person."})
        who, what = (submission.workspace, submission.user), (token.opening, token.version)
        try:
            sheet = await in_time(self._postings.post(*who, *what, token.post, channel))
        except OpeningChanged as changed:
            again = token.model_copy(update={"version": changed.sheet.job.version})
            notes = meanwhile_notes(changed.changes)
            advice = await self._advice.on(changed.sheet, token.known)
            return in_place(review(changed.sheet, again, advice, notes))
        except InvalidOpening as invalid:
            raise FieldErrors({OPENING_POST_IN.block: invalid.text}) from invalid
        told = (
            "It's posted. Edit, pause or close the job, and the post follows. "
            f"To come back to it, type {self._command} {sheet.job.slug}."
        )
        return in_place(views.done(sheet, "Posted", told))

    async def menu(self, press: Press) -> Answer:
        """The menu of an opening's page."""
        choice = views.OpeningChoice.load(press.value)
        if choice.verb is views.OpeningVerb.TEXT:
            return await self._parts.text_of(press, choice.opening)
        if choice.verb is views.OpeningVerb.PLAN:
            return await self._parts.plan_of(press, choice.opening)

        async def ask() -> None:
            sheet = await self._postings.changeable(press.workspace, press.user, choice.opening)
            token = views.StatusToken(
                verb=choice.verb, opening=choice.opening, url=press.response_url
            )
            view = views.status_dialog(sheet, choice.verb, token)
            slack = self._slack.of(press.workspace)
            put = slack.open_view if press.modal is None else slack.push_view
            await put(press.trigger_id, view)

        return Answer(after=ask)

    async def submit_status(self, submission: Submission) -> Answer:
        """*Pause*, *Open again*, *Mark as filled*, *Close job*."""
        token = views.StatusToken.load(submission.view.metadata)
        status = views.BECOMES.get(token.verb)
        if status is None:
            raise UserError("That isn't one of the choices. Open this again.")
        who = (submission.workspace, submission.user)
        sheet = await in_time(self._postings.move(*who, token.opening, status))

        async def refresh() -> None:
            shown = views.page(sheet, self._command) | {"replace_original": True}
            await self._slack.of(submission.workspace).respond(token.url or "", shown)

        done = views.done(sheet, views.DONE[status], "The posts follow in a moment.")
        return in_place(done, refresh if token.url else None)

    async def full(self, press: Press) -> Answer:
        """*Full description*."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            sheet = await self._postings.shown(press.workspace, press.user, opening)
            await self._slack.of(press.workspace).open_view(press.trigger_id, full(sheet))

        return Answer(after=show)

    async def apply(self, press: Press) -> Answer:
        """*Apply*: Slack opens a page by itself, and only tells of it; an address is shown."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            sheet = await self._postings.shown(press.workspace, press.user, opening)
            if sheet.job.terms.apply_link is None:
                view = how_to_apply(sheet)
                await self._slack.of(press.workspace).open_view(press.trigger_id, view)

        return Answer(after=show)

    async def refer(self, press: Press) -> Answer:
        """*Refer someone*."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            who = (press.workspace, press.user)
            sheet = await self._referrals.referable(*who, opening)
            token = views.ReferToken(opening=opening, candidate=new_id())
            view = views.refer_form(sheet, token)
            await self._slack.of(press.workspace).open_view(press.trigger_id, view)

        return Answer(after=show)

    async def submit_referral(self, submission: Submission) -> Answer:
        """*Refer*: closes once the referral is safe in the database."""
        view = submission.view
        token = views.ReferToken.load(view.metadata)
        fields = [opening_part(part) for part in (OpeningField.REFERRED, OpeningField.REFERRED_WHY)]
        who, why = (view.typed(field) or "" for field in fields)
        ids = (submission.workspace, submission.user, token.opening, token.candidate)
        try:
            sheet = await in_time(self._referrals.refer(*ids, who, why))
        except InvalidOpening as invalid:
            raise FieldErrors(
                {opening_part(field).block: text for field, text in invalid.faults.items()}
            ) from invalid
        told = "Thanks! The recruiter has your referral, with your name on it."
        return in_place(views.done(sheet, "Referred", told))

    async def _respond(self, press: Press, messages: Sequence[Json]) -> None:
        slack = self._slack.of(press.workspace)
        for message in messages:
            await slack.respond(press.response_url or "", message | {"replace_original": False})
