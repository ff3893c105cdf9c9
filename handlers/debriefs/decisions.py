"""*Decide*, *Amend* and *Undo* in a debrief."""

from bot.domain.debriefs.decision import (
    DecisionField,
    InvalidDecision,
    NewDecision,
    Outcome,
    ReasonKind,
)
from bot.errors import FieldErrors, UserError
from bot.services.debriefs.debrief import Debrief
from bot.services.debriefs.deciding import Deciding, Seen
from handlers.debriefs.reading import NOT_OPEN
from handlers.edge import Answer, in_place, in_time
from handlers.ids import decision_part
from handlers.payloads import NotOffered, OpenView, Press, Submission
from handlers.slack import Slack
from handlers.views.debriefs import debrief as views
from handlers.views.debriefs.decision import (
    CLOSE,
    ConfirmToken,
    DecideToken,
    DecisionToken,
    Filled,
    decide_form,
)


class DecisionListeners:
    """The listeners of decisions."""

    def __init__(self, deciding: Deciding, slack: Slack) -> None:
        self._deciding = deciding
        self._slack = slack

    async def decide(self, press: Press) -> Answer:
        """*Decide* or *Amend*: the form, on top of the debrief."""
        token = DecisionToken.load(press.value)

        async def show() -> None:
            found = await self._deciding.to_decide(press.workspace, press.user, token.panel)
            if press.modal is None:
                raise UserError(NOT_OPEN)
            slack = self._slack.of(press.workspace)
            if found.decisions.last != token.number:
                await slack.update_view(press.modal.id, None, views.debrief(found))
                return
            form = DecideToken(
                panel=token.panel,
                seen=found.seen,
                number=token.number,
                under=press.modal.id,
            )
            await slack.push_view(press.trigger_id, decide_form(found, form))

        return Answer(after=show)

    async def submit(self, submission: Submission) -> Answer:
        """The form closes once the decision is kept, and the debrief below follows; it stays with
        hints where the reason has words that say nothing about the job."""
        view, token = submission.view, DecideToken.load(submission.view.metadata)
        new = _new(view)
        seen = Seen(token.seen, token.number, token.hinted)
        who = (submission.workspace, submission.user, token.panel)
        try:
            decided = await in_time(self._deciding.decide(*who, new, seen))
        except InvalidDecision as invalid:
            field = decision_part(invalid.field)
            raise FieldErrors({field.block: invalid.text}) from invalid
        if decided.hints:
            again = token.model_copy(update={"hinted": True})
            filled = Filled(new, decided.hints)
            return in_place(decide_form(decided.debrief, again, filled))
        return Answer(after=lambda: self._refresh(submission, token.under, decided.debrief))

    async def _refresh(self, submission: Submission, under: str, found: Debrief) -> None:
        slack = self._slack.of(submission.workspace)
        await slack.update_view(under, None, views.debrief(found))

    async def confirm(self, press: Press) -> Answer:
        """*Confirm*, confirmed once more."""
        token = ConfirmToken.load(press.value)

        async def show() -> None:
            what = (token.panel, token.number, token.seen)
            found = await self._deciding.confirm(press.workspace, press.user, *what)
            view = views.debrief(found, has_changed=found.seen != token.seen)
            await self._slack.of(press.workspace).show_instead(press, view)

        return Answer(after=show)

    async def undo(self, press: Press) -> Answer:
        """*Undo*, confirmed."""
        token = DecisionToken.load(press.value)

        async def show() -> None:
            who = (press.workspace, press.user)
            found = await self._deciding.undo(*who, token.panel, token.number)
            await self._slack.of(press.workspace).show_instead(press, views.debrief(found))

        return Answer(after=show)


def _new(view: OpenView) -> NewDecision:
    """What stands in the form. Raises NotOffered for what it does not offer."""
    outcome = view.selected(decision_part(DecisionField.OUTCOME))
    kind = view.selected(decision_part(DecisionField.KIND))
    if outcome not in set(Outcome) or kind not in set(ReasonKind):
        raise NotOffered
    return NewDecision(
        outcome=Outcome(outcome),
        kind=ReasonKind(kind),
        reason=view.typed(decision_part(DecisionField.REASON)) or "",
        competencies=view.several(decision_part(DecisionField.COMPETENCIES)),
        against_rule=view.typed(decision_part(DecisionField.AGAINST_RULE)) or "",
        closes_due=view.selected(decision_part(DecisionField.REMAINING)) == CLOSE,
    )
