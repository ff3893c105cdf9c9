"""Progress as organizers see it: within Slack's limits, safe whatever the name, state in words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.candidates import Candidate
from bot.domain.dates import NO_BREAK
from bot.domain.panels.state import ENDED_AS, InterviewState
from bot.domain.panels.state import Progress as InterviewProgress
from bot.domain.scorecards.closing import ClosingKind, DueScorecard
from bot.playground.rules.limits import faults
from bot.services.messages.progress import Progress
from handlers.views.messages import VIEWS
from tests.support.panelist import text_of
from tests.support.panels import MONDAY, NOW, interview, panel
from tests.unit.test_reminder_views import DUTY, NAMES


def progress(name: str, count: int, closed: dict[str, ClosingKind], **changes: Any) -> Progress:
    """A panel of so many interviews, of which some are closed; others are to come."""
    due = [
        replace(DUTY, interview=f"{n:016}", owner=f"UOWNER{n}", starts_at=MONDAY, ends_at=MONDAY)
        for n in range(count)
    ]
    closed = {id: how for id, how in closed.items() if int(id) < count}
    whole = replace(
        panel(interview("UALEX")),
        id="a" * 16,
        candidate=Candidate("c" * 16, name, None, None),
        **changes,
    )
    states = {one.interview: InterviewState.PLANNED for one in due}
    states |= {id: ENDED_AS[how] for id, how in closed.items()}
    did_not = ClosingKind.DID_NOT_INTERVIEW
    return Progress(
        whole,
        due,
        {one.interview: state_of(one, states[one.interview]) for one in due},
        {},
        MONDAY - timedelta(hours=1),
        "Europe/Berlin",
        True,
        not_held=frozenset(id for id, how in closed.items() if how is did_not),
    )


def state_of(due: DueScorecard, state: InterviewState) -> InterviewProgress:
    return InterviewProgress(state, due.owner, due.due_since)


ALL = {f"{n:016}": ClosingKind.SCORECARD for n in range(20)}


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_and_its_text_names_no_candidate(name: str) -> None:
    for model in (
        progress(name, 20, {}),
        progress(name, 20, ALL),
        progress(name, 20, dict.fromkeys(ALL, ClosingKind.NO_SHOW)),
        progress(name, 0, {}),
        progress(name, 2, ALL, cancelled_at=NOW),
    ):
        text, blocks = VIEWS[Progress](model)
        assert faults("message", {"text": text, "blocks": blocks}) == []
        assert len(blocks) <= 4
        assert name[:20] not in text
        assert "mrkdwn" not in str(blocks)


def test_the_title_counts_what_is_in_of_what_is_to_come() -> None:
    def title(model: Progress) -> str:
        return str(VIEWS[Progress](model)[1][0]["text"]["text"])

    first = "0" * 16
    assert title(progress("Robin Doe", 3, {first: ClosingKind.SCORECARD})) == (
        "Robin Doe · 1 of 3 in"
    )
    assert title(progress("Robin Doe", 3, {first: ClosingKind.NO_SHOW})) == "Robin Doe · 0 of 2 in"
    assert title(progress("Robin Doe", 3, ALL)) == "Robin Doe · all 3 in"
    assert title(progress("Robin Doe", 1, ALL)) == "Robin Doe · scorecard in"
    none = dict.fromkeys(ALL, ClosingKind.NO_SHOW)
    assert title(progress("Robin Doe", 3, none)) == "Robin Doe · none submitted, none due"
    assert VIEWS[Progress](progress("Robin Doe", 3, none))[0] == (
        "No scorecard on a candidate was submitted, and none is due"
    )
    canceled = progress("Robin Doe", 3, ALL, cancelled_at=NOW)
    assert title(canceled) == "Robin Doe · panel canceled"


def test_each_state_has_its_word() -> None:
    closed = {
        f"{0:016}": ClosingKind.SCORECARD,
        f"{1:016}": ClosingKind.NO_SHOW,
        f"{2:016}": ClosingKind.DID_NOT_INTERVIEW,
    }
    model = progress("Robin Doe", 6, closed)
    due, declined = model.due_scorecards[4:]
    states = {
        **model.states,
        due.interview: state_of(due, InterviewState.DUE),
        declined.interview: state_of(declined, InterviewState.DECLINED),
    }
    said = text_of({"blocks": VIEWS[Progress](replace(model, states=states))[1]})
    for words in (
        " · submitted",
        " · no-show",
        " · closed without a scorecard: they didn't interview",
        " · planned Mon, Nov 30",
        " · due since Mon, Nov 30",
        " · can't make it on Mon, Nov 30",
    ):
        assert words in said.replace(NO_BREAK, " ")


def test_what_is_today_is_planned_for_its_day_since_the_message_outlives_it() -> None:
    model = progress("Robin Doe", 1, {})
    (due,) = model.due_scorecards
    today = replace(model, states={due.interview: state_of(due, InterviewState.TODAY)})
    said = text_of({"blocks": VIEWS[Progress](today)[1]})
    assert "planned Mon, Nov 30" in said.replace(NO_BREAK, " ")
    assert "today" not in said
