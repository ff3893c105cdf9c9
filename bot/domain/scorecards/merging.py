"""Two forms of one scorecard, written in at different places: neither loses a word."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.scorecards.fields import Option, chosen_otherwise, merged_fields
from bot.domain.scorecards.scorecard import (
    Assessment,
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

    `others` holds what the other one has chosen where this one has chosen differently, by field
    and competency (empty for what is chosen for the whole).
    """

    body: ScorecardBody
    others: Mapping[tuple[str, str], Option] = field(default_factory=dict)

    def is_just(self, mine: ScorecardBody) -> bool:
        """Whether the other form had nothing that mine has not."""
        return self.body == mine.over(self.body.competencies) and not self.others


def merged(mine: ScorecardBody, theirs: ScorecardBody) -> Merged:
    """Mine with what theirs has besides; where both have chosen, mine stands."""
    ids = dict.fromkeys((*mine.competencies, *theirs.competencies))
    pairs = [(mine.of(id), theirs.of(id)) for id in ids]
    assessments = tuple(
        Assessment(own.competency, **merged_fields(own, other)) for own, other in pairs
    )
    others = {
        (name, own.competency): option
        for own, other in pairs
        for name, option in chosen_otherwise(own, other).items()
    } | {(name, ""): option for name, option in chosen_otherwise(mine, theirs).items()}
    return Merged(ScorecardBody(assessments, **merged_fields(mine, theirs)), others)
