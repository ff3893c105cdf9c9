"""Drafts: what stands in a form as part of the whole, and what is kept of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.scorecards.merging import elsewhere, missing
from bot.domain.scorecards.ordering import FormOrder
from bot.domain.scorecards.parts import ScorecardPart
from bot.domain.scorecards.scorecard import (
    OwnScorecard,
    ScorecardBody,
    ScorecardDraft,
    ScorecardForm,
)


@dataclass(frozen=True)
class Written:
    """What one person has in a form: `mine`, all of the scorecard as they have it there, and
    `theirs`, what was written in other forms and `mine` has not all of."""

    own: OwnScorecard
    user: str
    form: ScorecardForm
    mine: ScorecardBody
    theirs: ScorecardBody | None

    @property
    def order(self) -> FormOrder:
        draft = self.own.draft
        return draft.orders.get(self.form.id, FormOrder()) if draft is not None else FormOrder()

    @property
    def is_new(self) -> bool:
        """Whether it says anything that is not kept yet."""
        draft, card = self.own.draft, self.own.scorecard
        return draft is not None or card is None or self.mine != card.to_change

    @property
    def is_submitted(self) -> bool:
        """Whether the step that it stood in was submitted since."""
        return self.form.turn < self.order.submitted

    def is_older(self, at: Decimal | None) -> bool:
        """Whether what stood in this form later is kept already."""
        return self.order.is_older(self.form.turn, at)

    def pressed(self, now: datetime, at: Decimal | None) -> ScorecardDraft:
        """The draft with what stood in the form at a press."""
        return self._draft(now, self.form.id, self.order.with_press(self.form.turn, at))

    def stepped(self, now: datetime) -> ScorecardDraft:
        """The draft with what stood in a step that was submitted."""
        return self._draft(now, self.form.id, self.order.with_submission(self.form.turn))

    def moved(self, now: datetime, form: str) -> ScorecardDraft:
        """The draft in another form."""
        return self._draft(now, form, FormOrder())

    def _draft(self, now: datetime, form: str, order: FormOrder) -> ScorecardDraft:
        before, due = self.own.draft, self.own.due_scorecard
        return ScorecardDraft(
            workspace=due.workspace,
            interview=due.interview,
            interviewer=self.user,
            body=self.mine,
            revision=before.revision + 1 if before else 1,
            form=form,
            saved_at=now,
            aside=self.theirs,
            orders={**(before.orders if before else {}), form: order},
        )


def written(own: OwnScorecard, user: str, form: ScorecardForm, part: ScorecardPart) -> Written:
    """What stands in a form that shows this part, over what is kept of the rest."""
    draft, card = own.draft, own.scorecard
    base = draft.body if draft else card.to_change if card else ScorecardBody()
    mine = part.into(base)
    theirs = elsewhere(form, part, draft, card)
    return Written(own, user, form, mine, missing(mine, theirs))


def is_unseen(own: OwnScorecard, form: ScorecardForm) -> bool:
    """Whether something was written in another form since this one was shown."""
    draft, card = own.draft, own.scorecard
    if draft is not None:
        return draft.form != form.id and draft.revision != form.revision
    is_newer = card is not None and card.version.number != form.version
    return card is not None and is_newer and card.version.form != form.id
