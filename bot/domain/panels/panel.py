"""Interview panels: who sees whom, when, for what, and how that changes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from bot.domain.candidates import Candidate
from bot.domain.openings.opening import Opening
from bot.domain.organizers import Organized
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.questions.selection import LEAST_MINUTES, MOST_MINUTES

MOST_INTERVIEWS = 20
MOST_FOCUS = 5
MEETING_LINK = re.compile(
    r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?([/?#][^\s<>\"]*)?", re.IGNORECASE | re.ASCII
)
"""As much of an address as Slack takes for a button; a whole message is refused for another."""
LONGEST_REASON = 200
"""Characters of why somebody can't make it."""

LONGEST_PLACE = 300
MOST_NAMED = 10
"""Panels for candidates of one name that are offered to choose from."""


@dataclass(frozen=True)
class Interview:
    """One interviewer's session with the candidate.

    Times are in UTC; `zone` is the one they were entered in, `interviewer_zone` the reader's.
    `place` is where it is held, or the link of its meeting. `replaces` is the id of the interview
    that this one stands in for. `entered_at` is when it was given its time. `declined_because` and
    `other_time` are what its interviewer said, if anything, when they declined: why, and when they
    could instead.
    """

    id: str
    interviewer: str
    interviewer_zone: str
    focus: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    zone: str
    questions: tuple[str, ...] = ()
    place: str | None = None
    replaces: str | None = None
    declined_at: datetime | None = None
    cancelled_at: datetime | None = None
    closed_at: datetime | None = None
    revision: int = 1
    entered_at: datetime | None = None
    declined_because: str | None = None
    other_time: datetime | None = None

    @property
    def is_on(self) -> bool:
        return self.cancelled_at is None

    @property
    def meeting_link(self) -> str | None:
        """The address of its meeting, where its place has one."""
        found = MEETING_LINK.search(self.place or "")
        return found.group().rstrip(".,;:!?)'") if found is not None else None

    @property
    def is_after_the_fact(self) -> bool:
        """Whether it was over by the time it was entered."""
        return self.entered_at is not None and self.ends_at <= self.entered_at

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))


NOT_DECLINED: dict[str, Any] = {
    "declined_at": None,
    "declined_because": None,
    "other_time": None,
}
"""What is different about an interview that was declined once it is not any more."""


@dataclass(frozen=True)
class NewInterview:
    """An interview that somebody asks for."""

    interviewer: str
    focus: tuple[str, ...]
    starts_at: datetime
    minutes: int
    place: str | None = None


@dataclass(frozen=True)
class Panel(Organized):
    """The interviews of one round of an application.

    `content` is the id of the frozen content. Each change makes the next `revision`, and an
    interview has that of its last change. Whatever changes a panel raises InvalidPanel where it
    cannot.
    """

    id: str
    workspace: str
    application: str
    candidate: Candidate
    opening: Opening
    content: str
    set_up_by: str
    recruiter: str
    hiring_manager: str
    channel: str | None
    created_at: datetime
    interviews: tuple[Interview, ...]
    cancelled_at: datetime | None = None
    revision: int = 1

    @property
    def on(self) -> tuple[Interview, ...]:
        """The interviews that are not canceled, earliest first."""
        kept = (item for item in self.interviews if item.is_on)
        return tuple(sorted(kept, key=lambda item: (item.starts_at, item.id)))

    @property
    def starts_at(self) -> datetime | None:
        return self.on[0].starts_at if self.on else None

    def shown_in(self, zone: str) -> Self:
        """The same for a reader in this zone; nothing of it is stored so."""
        shown = tuple(replace(item, zone=zone) for item in self.interviews)
        return replace(self, interviews=shown)

    def find(self, interview: str) -> Interview | None:
        return next((item for item in self.interviews if item.id == interview), None)

    def one(self, interview: str) -> Interview:
        """The interview, if it still takes place. Raises InvalidPanel."""
        item = self.find(interview)
        if item is None or not item.is_on:
            raise InvalidPanel(PanelField.INTERVIEWER, "This interview was canceled or replaced.")
        return item

    def successor(self, interview: str) -> Interview | None:
        """The interview that took the place of this one."""
        return next((item for item in self.interviews if item.replaces == interview), None)

    def others(self, interview: str) -> tuple[Interview, ...]:
        return tuple(item for item in self.on if item.id != interview)

    def with_interview(self, new: Interview) -> Self:
        """The next revision, with one more interview."""
        self.check_change()
        return self._next(*self.interviews, new)

    def replaced(self, old: str, new: Interview, now: datetime) -> Self:
        """The next revision, in which `new` has taken the place of `old`."""
        self.check_change(old)
        leaving = self.find(old)
        if leaving is not None and leaving.interviewer == new.interviewer:
            raise InvalidPanel(PanelField.INTERVIEWER, "This person has the interview already.")
        kept = [self._cancelled(item, now) if item.id == old else item for item in self.interviews]
        return self._next(*kept, replace(new, replaces=old))

    def changed(self, interview: str, **changes: object) -> Self:
        """The next revision, in which one interview is different."""
        self.check_change(interview)
        return self._next(
            *(
                replace(item, revision=self.revision + 1, **changes)  # type: ignore[arg-type]
                if item.id == interview
                else item
                for item in self.interviews
            )
        )

    def declined(
        self,
        interview: str,
        now: datetime,
        because: str = "",
        other_time: datetime | None = None,
    ) -> Self:
        """The next revision, in which its interviewer can't make an interview."""
        item = self.one(interview)
        if item.starts_at <= now:
            raise InvalidPanel(PanelField.INTERVIEWER, "This interview already started.")
        if item.declined_at is not None:
            return self
        if other_time is not None and other_time <= now:
            raise InvalidPanel(PanelField.START, "This time has passed. Choose a later one.")
        reason = " ".join(because.split())
        if len(reason) > LONGEST_REASON:
            text = f"Use at most {LONGEST_REASON} characters."
            raise InvalidPanel(PanelField.REASON, text)
        return self.changed(
            interview, declined_at=now, declined_because=reason or None, other_time=other_time
        )

    def accepted(self, interview: str) -> Self:
        """The next revision, in which its interviewer can make an interview after all."""
        if self.one(interview).declined_at is None:
            return self
        return self.changed(interview, **NOT_DECLINED)

    def cancelled(self, now: datetime) -> Self:
        """The last revision: nothing of it takes place."""
        self.check_change()
        kept = [self._cancelled(item, now) if item.is_on else item for item in self.interviews]
        return replace(self._next(*kept), cancelled_at=now)

    def with_details(
        self, person: Candidate, hiring_manager: str, recruiter: str, channel: str | None
    ) -> Self:
        """The next revision, with the same interviews; this one where nothing else differs."""
        self.check_change()
        asked = replace(
            self,
            candidate=person,
            hiring_manager=hiring_manager,
            recruiter=recruiter,
            channel=channel,
        )
        return asked if asked == self else replace(asked, revision=self.revision + 1)

    def of_candidate(self, person: Candidate, application: str) -> Self:
        """The next revision, for this candidate, or for what is now known of them.

        A canceled panel has one too: it shows the candidate like any other.
        """
        return replace(self, candidate=person, application=application, revision=self.revision + 1)

    def _cancelled(self, item: Interview, now: datetime) -> Interview:
        return replace(item, cancelled_at=now, revision=self.revision + 1)

    def _next(self, *interviews: Interview) -> Self:
        revision = self.revision + 1
        check([item for item in interviews if item.is_on])
        known = {item.id for item in self.interviews}
        numbered = (
            item if item.id in known else replace(item, revision=revision) for item in interviews
        )
        return replace(self, interviews=tuple(numbered), revision=revision)

    def check_change(self, interview: str | None = None) -> None:
        """Raises InvalidPanel where nothing of the panel, or of this interview, can be changed."""
        if self.cancelled_at is not None:
            raise InvalidPanel(PanelField.INTERVIEWS, "This panel was canceled.")
        if interview is not None:
            self.one(interview)


@dataclass(frozen=True)
class Replacement:
    """An interview whose interviewer can't make it, for those who are to find somebody else."""

    panel: Panel
    interview: Interview


def place_of(typed: str | None) -> str | None:
    """The place or meeting link that somebody typed, in one line; None where there is none.

    Raises InvalidPanel.
    """
    place = " ".join((typed or "").split())
    if len(place) > LONGEST_PLACE:
        raise InvalidPanel(PanelField.PLACE, f"Use at most {LONGEST_PLACE} characters.")
    if any(not letter.isprintable() for letter in place):
        raise InvalidPanel(PanelField.PLACE, "Remove the characters that can't be seen.")
    return place or None


def check(interviews: Sequence[Interview]) -> None:
    """Raises InvalidPanel where these cannot be one panel."""
    if len(interviews) > MOST_INTERVIEWS:
        raise InvalidPanel(
            PanelField.INTERVIEWS,
            f"A panel has at most {MOST_INTERVIEWS} interviews, and this would be "
            f"{len(interviews)}.",
        )
    people = Counter(item.interviewer for item in interviews)
    if any(times > 1 for times in people.values()):
        raise InvalidPanel(
            PanelField.INTERVIEWER,
            "This person is on the panel already: each interviewer has one interview.",
        )
    for item in interviews:
        check_interview(item)


def check_interview(item: Interview) -> None:
    """Raises InvalidPanel where this cannot be an interview."""
    if item.ends_at <= item.starts_at:
        raise InvalidPanel(PanelField.MINUTES, "An interview has to end after its start.")
    if not LEAST_MINUTES <= item.minutes <= MOST_MINUTES:
        raise InvalidPanel(
            PanelField.MINUTES,
            f"An interview takes {LEAST_MINUTES} to {MOST_MINUTES} minutes, not {item.minutes}.",
        )
    if not 1 <= len(item.focus) <= MOST_FOCUS:
        raise InvalidPanel(
            PanelField.FOCUS, f"Choose 1 to {MOST_FOCUS} competencies for each interviewer."
        )
