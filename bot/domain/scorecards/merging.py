"""Two forms of one scorecard, written in at different places: neither loses a word."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.scorecards.fields import Option, chosen_otherwise, merged_fields
from bot.domain.scorecards.parts import LAST_STEP, ScorecardPart
from bot.domain.scorecards.scorecard import (
    Assessment,
    Scorecard,
    ScorecardBody,
    ScorecardDraft,
    ScorecardForm,
)


def elsewhere(
    form: ScorecardForm, part: ScorecardPart, draft: ScorecardDraft | None, card: Scorecard | None
) -> ScorecardBody | None:
    """What has been written in other forms and is not shown in this one; None where nothing."""
    is_newer = card is not None and card.version.number != form.version
    if draft is None:
        is_theirs = card is not None and is_newer and card.version.form != form.id
        return card.to_change if card is not None and is_theirs else None
    if draft.revision == form.revision and not is_newer:
        return None if draft.aside is None else part.out_of(draft.aside)
    return draft.aside if draft.form == form.id else whole(draft).body


def missing(mine: ScorecardBody, theirs: ScorecardBody | None) -> ScorecardBody | None:
    """What was written elsewhere, where mine has not all of it."""
    return None if theirs is None or merged(mine, theirs).is_just(mine) else theirs


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

    def steps(self, mine: ScorecardBody) -> frozenset[str]:
        """Those in which the other form had something that mine has not."""
        found = {step for _, step in self.others}
        found |= {it.competency for it in self.body.assessments if it != mine.of(it.competency)}
        if replace(self.body, assessments=()) != replace(mine, assessments=()):
            found.add(LAST_STEP)
        return frozenset(found)


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
