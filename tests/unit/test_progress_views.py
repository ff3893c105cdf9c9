"""Progress as organizers see it: within Slack's limits, safe whatever the name, state in words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.candidates import Candidate
from bot.domain.scorecards.closing import ClosingKind
from bot.playground.rules.limits import faults
from bot.services.messages.progress import Progress
from handlers.views.messages import VIEWS
from tests.support.panelist import text_of
from tests.support.panels import MONDAY, NOW, interview, panel
from tests.unit.test_reminder_views import DUTY, NAMES


def progress(name: str, count: int, closed: dict[str, ClosingKind], **changes: Any) -> Progress:
    due = [
        replace(DUTY, interview=f"{n:016}", owner=f"UOWNER{n}", starts_at=MONDAY, ends_at=MONDAY)
        for n in range(count)
    ]
    closed = {id: how for id, how in closed.items() if int(id) < count}
    due = [replace(one, closed_at=NOW if one.interview in closed else None) for one in due]
    whole = replace(
        panel(interview("UALEX")),
        id="a" * 16,
        candidate=Candidate("c" * 16, name, None, None),
        **changes,
    )
    return Progress(whole, due, closed, {}, MONDAY - timedelta(hours=1), "Europe/Berlin", True)


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
    model = progress("Robin Doe", 5, closed)
    declined = replace(
        model.due_scorecards[4], declined_at=NOW, interviewer="UOWNER4", owner="UOWNER4"
    )
    model = replace(model, due_scorecards=[*model.due_scorecards[:4], declined])
    said = text_of({"blocks": VIEWS[Progress](model)[1]})
    for words in (" · in", "no-show", "didn't interview", "planned Mon, Nov 30", "can't make it"):
        assert words in said
    due = replace(model, now=MONDAY + timedelta(hours=1))
    assert "due since Mon, Nov 30" in text_of({"blocks": VIEWS[Progress](due)[1]})
