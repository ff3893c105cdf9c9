"""A panel that is being put together, and what follows from what has been chosen so far.

Whatever has a good default is not asked for: interviews follow one another, and what nobody was
given to focus on is spread over whoever was given nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.domain.openings.plan import PlannedInterview
from bot.domain.panels.coverage import moved, spread_focus
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import MOST_INTERVIEWS, NewInterview, Panel
from bot.domain.questions.selection import Level

USUAL_MINUTES = 45

Entered = Mapping[PanelField, Any]
"""What stands in a form's fields; those that it does not show are missing."""

PEOPLE_OF_A_JOB = (PanelField.HIRING_MANAGER, PanelField.RECRUITER)
COPIED = (
    PanelField.ROLE,
    PanelField.LEVEL,
    PanelField.TEAM,
    *PEOPLE_OF_A_JOB,
    PanelField.INTERVIEWS,
    PanelField.START,
)
"""What a copy fills in."""


@dataclass(frozen=True)
class Slot:
    """One interviewer of the draft; what is None follows from the others. `planned` is the number
    of the interview in the opening's plan that they hold."""

    interviewer: str
    focus: tuple[str, ...] | None = None
    starts_at: datetime | None = None
    minutes: int = USUAL_MINUTES
    place: str | None = None
    planned: int | None = None

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class PanelDraft:
    """What has been entered; `id` is the panel's to be.

    `of` is the panel that it is a copy of: until there is a `first` start, its times are still that
    one's. `version` is the role's, `plan` the opening's. `more` is whether the form shows what is
    seldom needed. `turns` counts for each field how often it was filled in for the person: what
    stood there before does not count any more.
    """

    id: str
    name: str = ""
    email: str | None = None
    link: str | None = None
    opening: str | None = None
    role: str | None = None
    version: str | None = None
    level: Level | None = None
    team: str | None = None
    hiring_manager: str | None = None
    recruiter: str | None = None
    channel: str | None = None
    first: datetime | None = None
    slots: tuple[Slot, ...] = ()
    plan: tuple[PlannedInterview, ...] = ()
    of: str | None = None
    more: bool = False
    turns: Mapping[PanelField, int] = field(default_factory=dict)

    @property
    def choice(self) -> str | None:
        """The opening or role chosen."""
        return self.opening or self.role

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it was entered by a person."""
        return not (self.name or self.choice or self.slots or self.of or self.first)

    def turn(self, part: PanelField) -> int:
        return self.turns.get(part, 0)

    def filled_in(self, *parts: PanelField) -> Self:
        """The draft in which these fields show what they now hold, whatever stood there."""
        turns = {**self.turns, **{part: self.turn(part) + 1 for part in parts}}
        return replace(self, turns=turns)

    def with_more(self) -> Self:
        return replace(self, more=True)

    def with_fields(self, entered: Entered, zone: ZoneInfo) -> Self:
        """What a form holds, but for its opening or role."""
        texts: dict[str, Any] = {
            part.value: entered[part]
            for part in (
                PanelField.NAME,
                PanelField.EMAIL,
                PanelField.LINK,
                PanelField.LEVEL,
                PanelField.TEAM,
                PanelField.HIRING_MANAGER,
                PanelField.RECRUITER,
                PanelField.CHANNEL,
            )
            if part in entered
        }
        draft = replace(self, **texts)
        if PanelField.INTERVIEWS in entered:
            draft = draft.with_people(entered[PanelField.INTERVIEWS])
        if entered.get(PanelField.START) is not None:
            draft = draft.with_first(entered[PanelField.START], zone)
        return draft

    def with_people(self, people: Collection[str]) -> Self:
        """With these interviewers: whoever is new comes last, for the next interview of the plan
        that nobody holds yet, if there is one."""
        kept = [slot for slot in self.slots if slot.interviewer in people]
        known = {slot.interviewer for slot in kept}
        new = [user for user in dict.fromkeys(people) if user not in known]
        free = self._without_interviewer(kept)
        held = [self._planned(user, free[at]) for at, user in enumerate(new[: len(free)])]
        others = [Slot(user) for user in new[len(free) :]]
        return replace(self, slots=tuple([*kept, *held, *others][:MOST_INTERVIEWS]))

    def with_plan(self, plan: Sequence[PlannedInterview]) -> Self:
        """With an opening's plan: each interview for whoever usually holds it. Whoever was chosen
        before holds what is left, in order."""
        chosen = [slot.interviewer for slot in self.slots]
        bare = replace(self, plan=tuple(plan), slots=())
        usual = dict.fromkeys(item.usually for item in plan if item.usually)
        held = [bare._planned(user, number) for user, number in _first_held(plan, usual)]
        return replace(bare, slots=tuple(held)).with_people([*usual, *chosen])

    @property
    def without_interviewer(self) -> tuple[PlannedInterview, ...]:
        """The interviews of the plan that nobody holds yet."""
        return tuple(self.plan[number] for number in self._without_interviewer(self.slots))

    def _without_interviewer(self, slots: Collection[Slot]) -> list[int]:
        taken = {slot.planned for slot in slots}
        return [number for number in range(len(self.plan)) if number not in taken]

    def _planned(self, user: str, number: int) -> Slot:
        item = self.plan[number]
        return Slot(user, item.focus, minutes=item.minutes, planned=number)

    def with_first(self, first: datetime, zone: ZoneInfo) -> Self:
        """With the first start there: starts chosen by hand, or copied, keep their distance to it,
        by the clock on the zone's walls."""
        anchor = self.anchor
        if anchor is None or anchor == first:
            return replace(self, first=first)
        slots = tuple(
            slot
            if slot.starts_at is None
            else replace(slot, starts_at=moved(slot.starts_at, anchor, first, zone))
            for slot in self.slots
        )
        return replace(self, first=first, slots=slots)

    @property
    def anchor(self) -> datetime | None:
        """The first start, as far as there is one."""
        if self.first is not None:
            return self.first
        return min((one.starts_at for one in self.slots if one.starts_at is not None), default=None)

    def starts(self) -> tuple[datetime | None, ...]:
        """When each interview begins: where that was not chosen, as the one before ends."""
        following, found = self.anchor, []
        for slot in self.slots:
            start = slot.starts_at or following
            found.append(start)
            following = start + slot.length if start is not None else None
        return tuple(found)

    def focuses(self, competencies: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """What each interview is about, in the role's order."""
        return spread_focus(competencies, [slot.focus for slot in self.slots])

    def for_role(self, role: str, version: str, competencies: Sequence[str]) -> Self:
        """For a role: interviewers keep what was chosen for them and it has too."""
        slots = tuple(replace(slot, focus=_kept(slot.focus, competencies)) for slot in self.slots)
        return replace(self, role=role, version=version, slots=slots)

    def with_slot(self, who: str, new: NewInterview, competencies: Sequence[str]) -> Self:
        """With another interview in the place of this interviewer's.

        What it has by default anyway goes on following from the others. Where its start is another,
        the others stay where they are.
        """
        at = [slot.interviewer for slot in self.slots].index(who)
        starts, focus = self.starts(), self.focuses(competencies)[at]
        is_moved = starts[at] != new.starts_at
        slots = [
            replace(slot, starts_at=start) if is_moved else slot
            for slot, start in zip(self.slots, starts, strict=True)
        ]
        slots[at] = Slot(
            new.interviewer,
            self.slots[at].focus if focus == new.focus else new.focus,
            new.starts_at if is_moved else self.slots[at].starts_at,
            new.minutes,
            new.place,
            self.slots[at].planned,
        )
        changed = replace(self, slots=tuple(slots))
        return changed if who == new.interviewer else changed.filled_in(PanelField.INTERVIEWS)

    def without(self, who: str) -> Self:
        slots = tuple(slot for slot in self.slots if slot.interviewer != who)
        return replace(self, slots=slots).filled_in(PanelField.INTERVIEWS)

    def copy_of(self, panel: Panel, opening: str | None) -> Self:
        """The draft with everything of this panel but the candidate and the first start."""
        slots = tuple(
            Slot(item.interviewer, item.focus, item.starts_at, item.minutes, item.place)
            for item in panel.on
        )
        copied = replace(
            self,
            of=panel.id,
            opening=opening,
            role=panel.opening.role,
            level=panel.opening.level,
            team=panel.opening.team,
            hiring_manager=panel.hiring_manager,
            recruiter=panel.recruiter,
            first=None,
            slots=slots,
            plan=(),
        )
        return copied.filled_in(*COPIED)

    def interviews(self, competencies: Sequence[str]) -> tuple[NewInterview, ...]:
        """The interviews that it comes to, once there is a first start."""
        planned = zip(self.slots, self.starts(), self.focuses(competencies), strict=True)
        return tuple(
            NewInterview(slot.interviewer, focus, start, slot.minutes, slot.place)
            for slot, start, focus in planned
            if start is not None
        )


def _first_held(
    plan: Sequence[PlannedInterview], people: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """Each of these with the first interview that is usually theirs: nobody holds two."""
    for user in people:
        yield user, next(number for number, item in enumerate(plan) if item.usually == user)


def _kept(focus: tuple[str, ...] | None, competencies: Sequence[str]) -> tuple[str, ...] | None:
    """What of a choice the role has; where that is nothing, it follows from the others again."""
    return tuple(id for id in focus or () if id in competencies) or None
