"""Reminders as people see them: within Slack's limits, safe whatever the names."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.reminders import MOST_SHOWN
from bot.domain.scorecards.closing import DueScorecard
from bot.playground.rules.limits import faults
from bot.services.messages.reminders import Digest, Nudge, Stopped, Unreachable
from handlers.ids import ActionId
from handlers.views.common import MOST_CHARACTERS, size_of
from handlers.views.messages import VIEWS
from tests.support.panelist import elements, text_of
from tests.support.panels import MONDAY, NOW

EVIL = "<!channel> *bold* _it_ <https://evil.example|click> &amp; `x`"
NAMES = ("Robin Doe", EVIL, "W" * 150, "&" * 150)
DUTY = DueScorecard(
    workspace="T1",
    interview="1" * 16,
    panel="2" * 16,
    candidate="Robin Doe",
    role="Backend Developer" * 3,
    interviewer="UALEX",
    owner="UALEX",
    focus=("debugging",),
    zone="America/Argentina/Buenos_Aires",
    starts_at=MONDAY,
    ends_at=MONDAY + timedelta(minutes=45),
    cancelled_at=None,
    declined_at=None,
    closed_at=None,
    closings=0,
    set_up_by="U1",
    recruiter="U1",
    hiring_manager="UMANAGER",
)


def digest(name: str, count: int, more: int = 0, besides: int = 0) -> Digest:
    due_scorecards = [replace(DUTY, candidate=name, interview=f"{n:016}") for n in range(count)]
    return Digest(due_scorecards, more, besides, NOW, DUTY.zone)


def models(name: str) -> list[Any]:
    it = replace(DUTY, candidate=name)
    return [
        digest(name, 0),
        digest(name, 0, besides=2),
        digest(name, 1),
        digest(name, MOST_SHOWN, 7),
        Nudge(it, False),
        Nudge(it, True),
        Stopped(it, 10),
        Stopped(it, 3, is_over=True),
        Stopped(replace(it, closed_at=NOW), 10),
        Unreachable("UALEX"),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_reminder_fits_and_its_text_names_no_candidate(name: str) -> None:
    for model in models(name):
        text, blocks = VIEWS[type(model)](model)
        assert faults("message", {"text": text, "blocks": blocks}) == []
        assert size_of(blocks) <= MOST_CHARACTERS
        assert name[:20] not in text
        assert "mrkdwn" not in str(blocks)


def test_each_due_scorecard_is_closed_from_the_digest() -> None:
    _, blocks = VIEWS[Digest](digest("Robin Doe", 2, 3))
    actions = [item["action_id"].partition(":")[0] for item in elements({"blocks": blocks})]
    own = [ActionId.SCORECARD_OPEN, ActionId.REMINDERS_CLOSE, ActionId.REMINDERS_CLOSE]
    assert actions == [*own, *own, ActionId.REMINDERS_LATER, ActionId.REMINDERS_TOMORROW]
    said = text_of({"blocks": blocks})
    assert "You owe 5 scorecards" in said
    assert "And 3 more" in said


def test_a_stop_that_is_over_says_that_it_is() -> None:
    stopped, resumed = (Stopped(DUTY, 3, is_over=is_over) for is_over in (False, True))
    said = [text_of({"blocks": VIEWS[Stopped](one)[1]}) for one in (stopped, resumed)]
    assert "for 3 working days. I have stopped reminding" in said[0]
    assert "I had stopped reminding, and by now I do again" in said[1]


def test_once_nothing_is_owed_it_says_so() -> None:
    text, blocks = VIEWS[Digest](digest("Robin Doe", 0))
    assert text == "All done"
    assert "All done." in text_of({"blocks": blocks})
    assert elements({"blocks": blocks}) == []


def test_a_digest_says_what_is_owed_besides_and_when_it_is_the_last() -> None:
    last = replace(digest("Robin Doe", 1, besides=11), next_at=None)
    text, blocks = VIEWS[Digest](last)
    assert text == "You owe one scorecard, and 11 besides"
    assert "I do not remind you of this again." in text_of({"blocks": blocks})


def test_a_list_that_is_done_does_not_hide_what_is_owed_besides() -> None:
    text, blocks = VIEWS[Digest](digest("Robin Doe", 0, besides=1))
    assert text == "This list is done"
    assert "You owe one scorecard besides" in text_of({"blocks": blocks})
