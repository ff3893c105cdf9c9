"""A scorecard in pieces that fit into messages."""

import html
import json

from bot.domain.scorecards.scorecard import Body

PAGE = 9_000
"""Characters, as they are sent, up to which one message holds several texts."""


def pages(body: Body) -> list[Body]:
    """The body in pieces small enough for a message each; the recommendation is in the first."""
    pieces = [
        *(Body(assessments=(item,)) for item in body.assessments),
        *([Body(notes=body.notes)] if body.notes else []),
        *([Body(probe_next=body.probe_next)] if body.probe_next else []),
        *([Body(reason=body.reason)] if body.reason else []),
    ]
    found = [Body(recommendation=body.recommendation)]
    for piece in pieces:
        together = _joined(found[-1], piece)
        if _size(together) > PAGE and not found[-1].is_bare:
            found.append(piece)
        else:
            found[-1] = together
    return found


def _joined(one: Body, other: Body) -> Body:
    return Body(
        assessments=(*one.assessments, *other.assessments),
        recommendation=one.recommendation or other.recommendation,
        notes=one.notes or other.notes,
        probe_next=one.probe_next or other.probe_next,
        reason=one.reason or other.reason,
    )


def _size(body: Body) -> int:
    """As much as the texts can become by being escaped."""
    return sum(len(json.dumps(html.escape(text))) for text in (*body.texts, body.reason))
