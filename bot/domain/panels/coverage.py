"""Who covers each competency of a panel, and how its times move together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


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


def shifted(starts: Sequence[datetime], first: datetime, zone: ZoneInfo) -> list[datetime]:
    """The same gaps from a new first start on, by the clock on the zone's walls.

    What began at nine on the day after begins at nine, though the clocks change in between.
    """
    if not starts:
        return []
    wall = [start.astimezone(zone).replace(tzinfo=None) for start in starts]
    move = first.astimezone(zone).replace(tzinfo=None) - min(wall)
    return [(time + move).replace(tzinfo=zone).astimezone(first.tzinfo) for time in wall]
