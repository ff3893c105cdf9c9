"""A scorecard in pieces that fit into messages."""

import html
import json

from bot.domain.scorecards.scorecard import ScorecardBody

PAGE = 9_000
"""Characters, as they are sent, up to which one message holds several texts."""


def pages(body: ScorecardBody) -> list[ScorecardBody]:
    """The body in pieces small enough for a message each; the recommendation is in the first."""
    pieces = [
        *(ScorecardBody(assessments=(item,)) for item in body.assessments),
        *([ScorecardBody(notes=body.notes)] if body.notes else []),
        *([ScorecardBody(probe_next=body.probe_next)] if body.probe_next else []),
        *([ScorecardBody(reason=body.reason)] if body.reason else []),
    ]
    found = [ScorecardBody(recommendation=body.recommendation)]
    for piece in pieces:
        together = _joined(found[-1], piece)
        if _size(together) > PAGE and not found[-1].is_bare:
            found.append(piece)
        else:
            found[-1] = together
    return found


def _joined(one: ScorecardBody, other: ScorecardBody) -> ScorecardBody:
    return ScorecardBody(
        assessments=(*one.assessments, *other.assessments),
        recommendation=one.recommendation or other.recommendation,
        notes=one.notes or other.notes,
        probe_next=one.probe_next or other.probe_next,
        reason=one.reason or other.reason,
    )


def _size(body: ScorecardBody) -> int:
    """As much as the texts can become by being escaped."""
    return sum(len(json.dumps(html.escape(text))) for text in (*body.texts, body.reason))
