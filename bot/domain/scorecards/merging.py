"""Two forms of one scorecard, written in at different places: neither loses a word."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    Recommendation,
    Scorecard,
    ScorecardBody,
    ScorecardDraft,
    ScorecardForm,
)


def elsewhere(
    form: ScorecardForm, draft: ScorecardDraft | None, card: Scorecard | None
) -> ScorecardBody | None:
    """What has been written in other forms and does not stand in this one; None where nothing."""
    if draft is not None and draft.form == form.id:
        return draft.aside
    is_newer = card is not None and card.version.number != form.version
    if draft is not None:
        return whole(draft).body if draft.revision != form.revision or is_newer else None
    if card is None or not is_newer or card.version.form == form.id:
        return None
    return card.to_change


def whole(draft: ScorecardDraft) -> "Merged":
    """All that has been typed and not submitted."""
    return Merged(draft.body) if draft.aside is None else merged(draft.body, draft.aside)


@dataclass(frozen=True)
class Merged:
    """Two forms in one: no word of either is lost.

    `other` holds what the other one has chosen where this one has chosen differently.
    """

    body: ScorecardBody
    other_choices: Mapping[str, Choice] = field(default_factory=dict)
    other_recommendation: Recommendation | None = None

    def is_just(self, mine: ScorecardBody) -> bool:
        """Whether the other form had nothing that mine has not."""
        chosen_differently = self.other_choices or self.other_recommendation
        return self.body == mine.over(self.body.competencies) and not chosen_differently


def merged(mine: ScorecardBody, theirs: ScorecardBody) -> Merged:
    """Mine with what theirs has besides; where both have chosen, mine stands."""
    ids = dict.fromkeys((*mine.competencies, *theirs.competencies))
    pairs = [(mine.of(id), theirs.of(id)) for id in ids]
    body = ScorecardBody(
        assessments=tuple(
            Assessment(
                own.competency,
                own.choice or other.choice,
                merged_text(own.evidence, other.evidence),
            )
            for own, other in pairs
        ),
        recommendation=mine.recommendation or theirs.recommendation,
        notes=merged_text(mine.notes, theirs.notes),
        probe_next=merged_text(mine.probe_next, theirs.probe_next),
        reason=merged_text(mine.reason, theirs.reason),
    )
    return Merged(
        body,
        {
            own.competency: other.choice
            for own, other in pairs
            if own.choice and other.choice and own.choice is not other.choice
        },
        theirs.recommendation
        if mine.recommendation and theirs.recommendation not in (None, mine.recommendation)
        else None,
    )


def merged_text(mine: str, theirs: str) -> str:
    """Mine, and below it those paragraphs of theirs that are not in it."""
    if theirs.strip() in mine:
        return mine
    if mine.strip() in theirs:
        return theirs
    more = [part for part in theirs.split("\n\n") if part.strip() and part not in mine]
    return "\n\n".join([mine, *more])
