"""Scorecards: what one interviewer found, with evidence; who may read it, and when."""

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.questions import Rating
from bot.errors import UserError

LONGEST_EVIDENCE = 1500
LONGEST_NOTES = 2000
LONGEST_PROBE = 1000
LONGEST_REASON = 500

FREE_CHANGES = timedelta(hours=24)
"""For so long after it was first submitted a scorecard is changed without a reason."""


class Choice(StrEnum):
    """What can be chosen for a competency."""

    POOR = Rating.POOR.value
    BORDERLINE = Rating.BORDERLINE.value
    SOLID = Rating.SOLID.value
    OUTSTANDING = Rating.OUTSTANDING.value
    NOT_ASSESSED = "not_assessed"

    @property
    def rating(self) -> Rating | None:
        return None if self is Choice.NOT_ASSESSED else Rating(self.value)

    @property
    def label(self) -> str:
        return "Not assessed" if self.rating is None else self.rating.label


class Recommendation(StrEnum):
    """Chosen by the person, never computed, and with no neutral middle."""

    STRONG_NO = "strong_no"
    NO = "no"
    YES = "yes"
    STRONG_YES = "strong_yes"

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()


class Part(StrEnum):
    """The parts of a scorecard, as its form has them."""

    CHOICE = "choice"
    EVIDENCE = "evidence"
    RECOMMENDATION = "recommendation"
    NOTES = "notes"
    PROBE_NEXT = "probe_next"
    REASON = "reason"


@dataclass(frozen=True)
class Assessment:
    """What was found of one competency; `choice` is None while nothing has been chosen."""

    competency: str
    choice: Choice | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Body:
    """What stands in a scorecard's form, complete or not.

    Once two forms have been merged its texts may be longer than a scorecard's may be.
    """

    assessments: tuple[Assessment, ...] = ()
    recommendation: Recommendation | None = None
    notes: str = ""
    probe_next: str = ""
    reason: str = ""

    def of(self, competency: str) -> Assessment:
        found = (item for item in self.assessments if item.competency == competency)
        return next(found, Assessment(competency))

    @property
    def competencies(self) -> tuple[str, ...]:
        return tuple(item.competency for item in self.assessments)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that was typed about the candidate."""
        return (*(item.evidence for item in self.assessments), self.notes, self.probe_next)

    @property
    def is_empty(self) -> bool:
        chosen = (item.choice for item in self.assessments)
        return not (any(chosen) or self.recommendation or any(self.texts) or self.reason)

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands in it but, perhaps, a recommendation."""
        return not (self.assessments or self.notes or self.probe_next or self.reason)

    def says_the_same(self, other: "Body") -> bool:
        """Whether both say the same of the candidate, whatever the reasons for a change."""
        return replace(self, reason="") == replace(other, reason="")

    def over(self, competencies: Iterable[str]) -> "Body":
        """The same with these competencies first, and none of its own lost."""
        ids = dict.fromkeys((*competencies, *self.competencies))
        return replace(self, assessments=tuple(self.of(id) for id in ids))


@dataclass(frozen=True)
class Version:
    """A scorecard as it was submitted; never changed.

    `form` is the id of the form it was submitted from, `submitted_at` is in UTC.
    """

    number: int
    body: Body
    form: str
    submitted_at: datetime


@dataclass(frozen=True)
class Scorecard:
    """The one live scorecard of an interview and an interviewer, at its current version.

    `submitted_at` is that of its first version. `seen_others_before`: the author had read others'
    feedback on the candidate by then.
    """

    id: str
    workspace: str
    interview: str
    interviewer: str
    seen_others_before: bool
    submitted_at: datetime
    version: Version

    @property
    def to_change(self) -> Body:
        """What a change begins with: why it was changed before is no reason for the next."""
        return replace(self.version.body, reason="")

    def needs_reason(self, now: datetime) -> bool:
        return now - self.submitted_at > FREE_CHANGES


@dataclass(frozen=True)
class Form:
    """An open form, and what it was made from.

    `id` is its own, `revision` the draft's and `version` the scorecard's number, 0 where there was
    none.
    """

    interview: str
    id: str
    revision: int = 0
    version: int = 0


@dataclass(frozen=True)
class Draft:
    """What an interviewer has typed and not submitted.

    `body` stands in `form` since `typed_at`; `aside` is what was written in other forms, and does
    not stand in that one. Times are in UTC.
    """

    workspace: str
    interview: str
    interviewer: str
    body: Body
    revision: int
    form: str
    saved_at: datetime
    typed_at: datetime
    aside: Body | None = None


class How(StrEnum):
    """How an interview's scorecard was settled."""

    SCORECARD = "scorecard"
    DID_NOT_INTERVIEW = "did_not_interview"
    NO_SHOW = "no_show"
    HANDED_OVER = "handed_over"
    """To somebody who owes it from then on."""


@dataclass(frozen=True)
class Settlement:
    """What somebody said became of an interview; `number` counts them, and the last one holds."""

    workspace: str
    interview: str
    number: int
    how: How
    actor: str
    at: datetime
    receiver: str | None = None


WITHOUT = frozenset({How.DID_NOT_INTERVIEW, How.NO_SHOW})
"""How an interview is settled without a scorecard, until it is taken back."""


def last_word(person: str, said: Sequence[Settlement]) -> Settlement | None:
    """What the person said last of an interview, of which this was said in order.

    None where that is nothing, or where its scorecard has been handed to them since.
    """
    for item in reversed(said):
        if item.receiver == person:
            return None
        if item.actor == person:
            return item
    return None


@dataclass(frozen=True)
class Duty:
    """An interview as far as its scorecard goes.

    `candidate` is the candidate's name, `role` the role's title. `interviewer` is the one who was
    to hold it, `owner` the one who gives the scorecard: another once it has been handed over.
    `declined_at` is when the interviewer said that they can't make it, and `settled` counts its
    settlements.
    """

    workspace: str
    interview: str
    panel: str
    candidate: str
    role: str
    interviewer: str
    owner: str
    focus: tuple[str, ...]
    zone: str
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    declined_at: datetime | None
    settled_at: datetime | None
    settled: int
    set_up_by: str
    recruiter: str
    hiring_manager: str

    @property
    def is_on(self) -> bool:
        return self.cancelled_at is None

    @property
    def is_pending(self) -> bool:
        """Whether a scorecard is still to come, the interview over or not."""
        return self.is_on and self.settled_at is None

    def is_owed(self, now: datetime) -> bool:
        return self.is_pending and self.ends_at <= now

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now

    @property
    def people(self) -> frozenset[str]:
        """Who was to hold it, and who gives its scorecard."""
        return frozenset((self.interviewer, self.owner))

    @property
    def organisers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.set_up_by, self.recruiter, self.hiring_manager)))

    @property
    def readers(self) -> tuple[str, ...]:
        """Those organisers who read feedback as it arrives."""
        return tuple(dict.fromkeys((self.recruiter, self.hiring_manager)))


def took_part(person: str, duty: Duty, said: Sequence[Settlement], now: datetime) -> bool:
    """Whether they held the interview, or have been asked to give its scorecard, as far as is
    known; `said` is what was said of it, in order."""
    was_there = person == duty.interviewer and duty.declined_at is None
    was_handed = person == duty.owner != duty.interviewer
    if not duty.is_on or not duty.has_begun(now) or not (was_there or was_handed):
        return False
    word = last_word(person, said)
    return word is None or word.how is not How.DID_NOT_INTERVIEW


@dataclass(frozen=True)
class Standing:
    """An interview with what one person has written about it.

    `has_read`: they have read others' feedback on the candidate.
    """

    duty: Duty
    scorecard: Scorecard | None
    draft: Draft | None
    has_read: bool


@dataclass(frozen=True)
class Fault:
    """What is amiss with a part of a scorecard; `competency` says whose where there are several."""

    part: Part
    text: str
    competency: str = ""


class Faulty(UserError):
    """A scorecard that cannot be submitted as it is."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.text for fault in faults))
        self.faults = tuple(faults)


def faults(body: Body, *, needs_reason: bool = False) -> list[Fault]:
    """What keeps the form from being a scorecard."""
    found = [fault for item in body.assessments for fault in _assessment_faults(item)]
    if body.recommendation is None:
        found.append(Fault(Part.RECOMMENDATION, "Please choose what you recommend."))
    found += _too_long(Part.NOTES, body.notes, LONGEST_NOTES)
    found += _too_long(Part.PROBE_NEXT, body.probe_next, LONGEST_PROBE)
    found += _too_long(Part.REASON, body.reason, LONGEST_REASON)
    if needs_reason and not in_words(body.reason):
        found.append(
            Fault(Part.REASON, "A day has passed: please say in a few words why you change it.")
        )
    return found


def _assessment_faults(item: Assessment) -> Iterable[Fault]:
    id, evidence = item.competency, item.evidence
    if item.choice is None:
        yield Fault(Part.CHOICE, "Please choose a rating, or “Not assessed”.", id)
    elif item.choice.rating is not None and not in_words(evidence):
        text = (
            "Please say in words what you saw or heard."
            if evidence.strip()
            else "A rating needs evidence: please say what you saw or heard."
        )
        yield Fault(Part.EVIDENCE, text, id)
    yield from _too_long(Part.EVIDENCE, evidence, LONGEST_EVIDENCE, id)


def _too_long(part: Part, text: str, most: int, competency: str = "") -> Iterable[Fault]:
    if len(text) > most:
        words = f"Please use at most {most:,} characters: these are {len(text):,}."
        yield Fault(part, words, competency)


EMOJI = re.compile(r":[\w+'-]+:|[0-9]\ufe0f?\u20e3")
"""Emoji that have letters or digits in them: as Slack sends them, and the keys of a phone."""


def in_words(text: str) -> bool:
    """Whether there is a letter or a digit in it, of any script, emoji aside."""
    return any(letter.isalnum() for letter in EMOJI.sub("", text))


def clean(text: str) -> str:
    """The text without what no database takes: NUL, and halves of a character."""
    return "".join(
        letter for letter in text if letter != "\0" and not "\ud800" <= letter <= "\udfff"
    )


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
