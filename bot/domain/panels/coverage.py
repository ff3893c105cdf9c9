"""Who covers each competency of a panel, and how its times move together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.panels.panel import MOST_FOCUS


@dataclass(frozen=True)
class Coverage:
    """Who owns each competency of a role; the competencies are in the role's order."""

    owners: Mapping[str, tuple[str, ...]]

    @property
    def unowned(self) -> tuple[str, ...]:
        return tuple(id for id, people in self.owners.items() if not people)

    @property
    def doubled(self) -> Mapping[str, tuple[str, ...]]:
        return {id: people for id, people in self.owners.items() if len(people) > 1}


def coverage(
    competencies: Iterable[str],
    focuses: Sequence[tuple[str, Iterable[str]]],
    assessed: Sequence[tuple[str, Iterable[str]]] = (),
) -> Coverage:
    """Who owns what, from each interviewer with their focus.

    What nobody is to rate any more may have been `assessed` before.
    """
    planned, before = (
        [(person, frozenset(focus)) for person, focus in found] for found in (focuses, assessed)
    )
    return Coverage({id: _owners(planned, id) or _owners(before, id) for id in competencies})


def _owners(focuses: Sequence[tuple[str, frozenset[str]]], competency: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for person, focus in focuses if competency in focus))


def spread_focus(
    competencies: Sequence[str], chosen: Sequence[tuple[str, ...] | None]
) -> tuple[tuple[str, ...], ...]:
    """What each interview is about: what was chosen, and where nothing was, an equal share of what
    nobody else has, neighbors in the role's order together.

    Whoever would get nothing gets what matters most, though somebody else has it too.
    """
    taken = {id for focus in chosen for id in focus or ()}
    free = [id for id in competencies if id not in taken]
    count = sum(focus is None for focus in chosen)
    shares: list[tuple[str, ...]] = []
    for number in range(count):
        begin, end = (len(free) * at // count for at in (number, number + 1))
        again = competencies[number % len(competencies)] if competencies else None
        share = tuple(free[begin:end][:MOST_FOCUS])
        shares.append(share or ((again,) if again is not None else ()))
    following = iter(shares)
    return tuple(next(following) if focus is None else focus for focus in chosen)


def moved(time: datetime, anchor: datetime, to: datetime, zone: ZoneInfo) -> datetime:
    """The time after the anchor has moved there, by the clock on the zone's walls.

    What began at nine on the day after begins at nine, though the clocks change in between.
    """
    wall, old, new = (one.astimezone(zone).replace(tzinfo=None) for one in (time, anchor, to))
    return (wall + (new - old)).replace(tzinfo=zone).astimezone(to.tzinfo)
