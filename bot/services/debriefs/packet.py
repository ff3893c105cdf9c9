"""The packet of an application: all that led to a decision, for somebody who was not there.

It is made from what was kept at the time: the texts by which people rated, every scorecard as it
stands with what its author had read before, the leanings once they are open, and each decision.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.applications import Application
from bot.domain.dates import in_utc
from bot.domain.debriefs.offers import OfferResult
from bot.domain.debriefs.ratings import RatingsTable, ratings_table
from bot.domain.debriefs.rule import Checked, checked_rule
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.questions.question import Rating
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import Scorecard
from bot.errors import UserError
from bot.services.debriefs.debrief import FoundDebrief, debrief_of
from bot.services.frozen_contents import Contents
from bot.services.messages.debriefs_answers import AwaitedAnswer, awaited_answer
from bot.storage.database import Transaction

NO_APPLICATION = "There's no application with this ID. “panelist applications” lists them."
NO_PANELS = "Nobody was interviewed for this application, so there's nothing to show."


@dataclass(frozen=True)
class Rubric:
    """A competency with what each rating stood for when the panel was set up."""

    id: str
    name: str
    summary: str
    ratings: Sequence[tuple[Rating, str]]


@dataclass(frozen=True)
class Round:
    """One panel of the application, with all that was written and decided about it."""

    number: int
    panel: Panel
    content: FrozenContent
    found: FoundDebrief

    @property
    def interviews(self) -> Sequence[DueScorecard]:
        return [due for due in self.found.due_scorecards if due.is_on]

    @property
    def cards(self) -> Sequence[Scorecard]:
        return self.found.in_order()

    @property
    def table(self) -> RatingsTable:
        return ratings_table([one.id for one in self.rubrics], self.cards)

    @property
    def rule(self) -> Checked:
        """The lines of its decision rule, and what the scorecards say to each."""
        return checked_rule(self.found.rule, self.table)

    @property
    def rubrics(self) -> Sequence[Rubric]:
        """In the order of the alphabet, as in the debrief."""
        found = [
            Rubric(
                one.id,
                one.name,
                one.summary,
                [(rating, one.ratings[rating].long) for rating in Rating],
            )
            for one in self.content.competencies
        ]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def name(self, competency: str) -> str:
        """The competency's name, or its id where it is no part of the content any more."""
        names = {one.id: one.name for one in self.content.competencies}
        return names.get(competency, competency)

    def state(self, due: DueScorecard) -> str:
        """How far an interview's scorecard is."""
        if any(card.interview == due.interview for card in self.cards):
            return "submitted"
        if due.closed_at is not None:
            return "closed without a scorecard"
        return "can't make it" if due.is_declined else "still to come"

    def focus(self, due: DueScorecard) -> str:
        return ", ".join(self.name(id) for id in due.focus)

    def when_seen(self, card: Scorecard) -> str:
        """What its author had read of others' feedback."""
        if card.seen_others_before:
            return "written after reading others' feedback"
        after = any(
            read.person == card.interviewer and read.at < card.version.submitted_at
            for read in self.found.reads
        )
        return "changed after reading others' feedback" if after else ""


@dataclass(frozen=True)
class Packet:
    """All rounds of an application, the first first; `who` names people."""

    application: Application
    rounds: Sequence[Round]
    answer: AwaitedAnswer | None
    who: Callable[[str], str]
    results: Sequence[OfferResult] = ()

    @property
    def newest(self) -> Panel:
        return self.rounds[-1].panel

    @staticmethod
    def when(moment: datetime) -> str:
        return in_utc(moment)


async def packet_of(
    tx: Transaction,
    contents: Contents,
    application: str,
    now: datetime,
    *,
    anonymous: bool = False,
) -> Packet:
    """Raises UserError where there is nothing to show."""
    found = await tx.applications.anywhere(application)
    if found is None:
        raise UserError(NO_APPLICATION)
    workspace, one = found
    panels = await tx.panels.of_applications(workspace, [application])
    rounds = [
        Round(
            number,
            panel,
            await contents.of(tx, panel),
            await debrief_of(tx, contents, workspace, panel.id, now),
        )
        for number, panel in enumerate(sorted(panels, key=lambda panel: panel.created_at), 1)
    ]
    if not rounds:
        raise UserError(NO_PANELS)
    answer = await awaited_answer(tx, workspace, application, now)
    who = _without_names(rounds) if anonymous else str
    return Packet(one, rounds, answer, who, await tx.offers.of(workspace, application))


def _without_names(rounds: Iterable[Round]) -> Callable[[str], str]:
    """Whoever interviewed by number, and others by what they are to the hiring."""
    names: dict[str, str] = {}
    for round in rounds:
        for due in round.interviews:
            for who in (due.interviewer, due.owner):
                names.setdefault(who, f"Interviewer {len(names) + 1}")
    for round in rounds:
        names.setdefault(round.panel.hiring_manager, "Hiring manager")
        names.setdefault(round.panel.recruiter, "Recruiter")
    others: dict[str, str] = {}
    return lambda user: names.get(user) or others.setdefault(user, f"Person {len(others) + 1}")
