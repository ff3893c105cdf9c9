"""Reminders as people see them: within Slack's limits, safe whatever the names."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.dates import NO_BREAK
from bot.domain.reminders import MOST_SHOWN
from bot.domain.scorecards.closing import DueScorecard
from bot.playground.rules.limits import faults
from bot.services.messages.reminders import Nudge, Stopped, Unreachable
from bot.services.messages.reminders_due import Digest
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


def shown(model: Any) -> str:
    _, blocks = VIEWS[type(model)](model)
    return text_of({"blocks": blocks}).replace("\n", "")


def test_the_digest_begins_with_how_many_are_due_and_how_many_are_late() -> None:
    text, blocks = VIEWS[Digest](digest("Robin Doe", 2, 3, besides=2))
    assert blocks[0]["text"]["text"] == "You have 7 scorecards due"
    assert text.replace(NO_BREAK, " ") == "You have 7 scorecards due; the first since Mon, Nov 30"
    late = replace(digest("Robin Doe", 3), late={"0" * 16: MONDAY + timedelta(days=1)})
    assert VIEWS[Digest](late)[1][0]["text"]["text"] == "You have 3 scorecards due, 1 late"
    assert VIEWS[Digest](digest("Robin Doe", 1))[1][0]["text"]["text"] == "You have 1 scorecard due"
    one = replace(digest("Robin Doe", 1), late={"0" * 16: MONDAY + timedelta(days=1)})
    assert VIEWS[Digest](one)[1][0]["text"]["text"] == "You have 1 late scorecard"


def test_each_line_has_a_name_its_state_and_since_when() -> None:
    late = replace(digest("Robin Doe", 2), late={f"{0:016}": MONDAY + timedelta(days=1)})
    said = shown(late)
    assert "Robin Doe · late since Tue, Dec 1" in said
    assert "Robin Doe · due since Mon, Nov 30" in said


def test_the_longest_due_has_the_one_primary_button_and_a_menu_has_the_rest() -> None:
    _, blocks = VIEWS[Digest](digest("Robin Doe", MOST_SHOWN, 3))
    found = elements({"blocks": blocks})
    assert [one.get("style") for one in found].count("primary") == 1
    assert [item["action_id"].partition(":")[0] for item in found] == [
        ActionId.SCORECARD_OPEN,
        ActionId.REMINDERS_CLOSE,
        ActionId.SCORECARD_OPEN,
        ActionId.REMINDERS_LATER,
        ActionId.REMINDERS_TOMORROW,
    ]
    assert len(found[2]["options"]) == MOST_SHOWN - 1
    assert len(blocks) <= 8
    assert "3 more will follow" in shown(digest("Robin Doe", MOST_SHOWN, 3))


def test_closing_without_a_scorecard_is_asked_once_more_and_names_the_candidate() -> None:
    for model in (digest("Robin Doe", 1), Nudge(DUTY, False)):
        _, blocks = VIEWS[type(model)](model)
        [menu] = elements({"blocks": blocks}, "overflow")
        labels = [option["text"]["text"] for option in menu["options"]]
        assert labels == ["I didn't interview", "No-show"]
        confirm = {name: text["text"] for name, text in menu["confirm"].items() if name != "style"}
        assert "Robin Doe" in confirm["text"]
        assert (confirm["confirm"], confirm["deny"]) == ("Notify organizers", "Cancel")


def test_what_stays_never_says_today_or_tomorrow() -> None:
    for model in models("Robin Doe"):
        text, blocks = VIEWS[type(model)](model)
        said = f"{text} {text_of({'blocks': blocks})}".lower()
        assert not [word for word in ("today", "tomorrow", "yesterday") if word in said]
        assert "_pretty" not in str(blocks)


def test_a_stop_that_is_over_says_that_it_is() -> None:
    stopped, resumed = (Stopped(DUTY, 3, is_over=is_over) for is_over in (False, True))
    assert "Reminded for 3 working days" in shown(stopped)
    assert "I've stopped reminding them. You may want to follow up." in shown(stopped)
    assert "Reminders are back on." in shown(resumed)


def test_once_nothing_is_due_it_says_so() -> None:
    text, blocks = VIEWS[Digest](digest("Robin Doe", 0))
    assert text == "You're all caught up"
    assert "You're all caught up. Thanks!" in shown(digest("Robin Doe", 0))
    assert elements({"blocks": blocks}) == []


def test_a_digest_says_what_else_is_due_and_when_it_is_the_last() -> None:
    last = replace(digest("Robin Doe", 1, besides=11), next_at=None)
    text, _ = VIEWS[Digest](last)
    assert text.startswith("You have 12 scorecards due")
    assert "11 more on your Home tab." in shown(last)
    assert "This is your last reminder about these." in shown(last)


def test_a_list_that_is_done_does_not_hide_what_else_is_due() -> None:
    text, _ = VIEWS[Digest](digest("Robin Doe", 0, besides=1))
    assert text == "You're caught up on these"
    assert "Your Home tab has 1 more due." in shown(digest("Robin Doe", 0, besides=1))


def test_nor_that_an_interview_still_has_no_interviewer() -> None:
    nothing_due = replace(digest("Robin Doe", 0), replacements_besides=1)
    assert VIEWS[Digest](nothing_due)[0] == "You're caught up on these"
    assert "Your Home tab has 1 interview to replace." in shown(nothing_due)
    both = replace(digest("Robin Doe", 0, besides=2), replacements_besides=3)
    assert "Your Home tab has 2 more due and 3 interviews to replace." in shown(both)
