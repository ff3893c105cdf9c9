"""What whoever cancels or replaces an interview is told before they do."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.panels.panel import Interview, Panel


class Caution(StrEnum):
    """Something that is not as usual about an interview that is canceled or replaced."""

    SCORECARD = "scorecard"
    """Its scorecard is submitted."""
    DRAFT = "draft"
    """Something is written in its scorecard, and not submitted."""
    PAST = "past"
    """It has started: whoever takes its place gets a time that is over."""


Written = Mapping[str, Caution]
"""For each interview, by id, of which something is written: SCORECARD or DRAFT."""

Cautions = frozenset[tuple[str, Caution]]
"""Each with the id of its interview."""


def cautions(
    interviews: Iterable[Interview], written: Written, now: datetime, *, replaces: bool
) -> Cautions:
    """What to say before these interviews are canceled, or replaced by others at the same time."""
    items = list(interviews)
    found = {(item.id, written[item.id]) for item in items if item.id in written}
    past = {(item.id, Caution.PAST) for item in items if replaces and item.starts_at <= now}
    return frozenset(found | past)


def cautions_of(before: Panel, after: Panel, written: Written, now: datetime) -> Cautions:
    """The same for the interviews that a change cancels or replaces."""
    kept = {item.id for item in after.on}
    gone = [item for item in before.on if item.id not in kept]
    replaced = [item for item in gone if after.successor(item.id) is not None]
    others = [item for item in gone if item not in replaced]
    return cautions(replaced, written, now, replaces=True) | cautions(
        others, written, now, replaces=False
    )
