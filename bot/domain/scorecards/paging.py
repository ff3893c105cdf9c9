"""A scorecard in pieces that fit into messages."""

import html
import json

from bot.domain.scorecards.fields import all_texts, choices_of, texts_of
from bot.domain.scorecards.scorecard import ScorecardBody

PAGE = 9_000
"""Characters, as they are sent, up to which one message holds several texts."""


def pages(body: ScorecardBody) -> list[ScorecardBody]:
    """The body in pieces small enough for a message each; what is chosen for the whole is in the
    first."""
    pieces = [
        *(ScorecardBody(assessments=(item,)) for item in body.assessments),
        *(ScorecardBody(**{name: getattr(body, name)}) for name in texts_of(ScorecardBody)),
    ]
    chosen = {name: getattr(body, name) for name in choices_of(ScorecardBody)}
    found = [ScorecardBody(**chosen)]
    for piece in pieces:
        together = _joined(found[-1], piece)
        if _size(together) > PAGE and not found[-1].is_bare:
            found.append(piece)
        else:
            found[-1] = together
    return found


def _joined(one: ScorecardBody, other: ScorecardBody) -> ScorecardBody:
    """Both in one, of which no field stands in both."""
    names = (*texts_of(ScorecardBody), *choices_of(ScorecardBody))
    rest = {name: getattr(one, name) or getattr(other, name) for name in names}
    return ScorecardBody((*one.assessments, *other.assessments), **rest)


def _size(body: ScorecardBody) -> int:
    """As much as the texts can become by being escaped."""
    texts = all_texts((*body.assessments, body))
    return sum(len(json.dumps(html.escape(text))) for text in texts)
