"""What organizers read of others' late scorecards: whose, since when, and what can be done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.dates import NO_BREAK
from bot.domain.ladder import ORDER, Rung
from bot.playground.rules.limits import faults
from bot.services.messages.reminders_due import Digest
from bot.services.messages.reminders_ladder import MOST_OTHERS, LateScorecard
from handlers.views.common import MOST_CHARACTERS, Json, size_of
from handlers.views.reminders import digest
from handlers.views.scorecards.organizing import close_form, reassign_form
from tests.support.panelist import elements, text_of
from tests.unit.test_reminder_views import DUTY, NAMES

TUESDAY = datetime(2026, 12, 1, 15, tzinfo=UTC)


def late(rung: Rung, number: int = 1, name: str = "Robin Doe") -> LateScorecard:
    due = replace(DUTY, interview=f"{number:016x}", candidate=name, zone="UTC")
    return LateScorecard(due, rung, TUESDAY, TUESDAY + timedelta(days=13), 10)


def shown(*others: LateScorecard, more: int = 0, own: int = 0) -> Json:
    mine = [replace(DUTY, interview=f"{number:016}") for number in range(own)]
    view = Digest(mine, 0, 0, TUESDAY, "UTC", others=others, more_others=more)
    text, blocks = digest(view)
    message = {"text": text, "blocks": blocks}
    assert faults("message", message) == []
    assert size_of(blocks) <= MOST_CHARACTERS
    return message


def plain(message: Json) -> str:
    return text_of(message).replace(NO_BREAK, " ")


def labels(message: Json) -> list[str]:
    return [one["text"]["text"] for one in elements(message, "button")]


def test_the_manager_reads_who_and_since_when_and_need_do_nothing() -> None:
    message = shown(late(Rung.LATE))
    assert message["text"].replace(NO_BREAK, " ") == (
        "1 scorecard is late; the first since Tue, Dec 1"
    )
    assert "late since Tue, Dec 1" in plain(message)
    assert not any(one.get("style") for one in elements(message, "button"))


def test_the_recruiter_can_act_on_each() -> None:
    message = shown(late(Rung.OVERDUE), late(Rung.OVERDUE, 2))
    assert labels(message).count("Remind now") == 2
    assert "2 scorecards are late" in plain(message)
    assert "reminded until Mon, Dec 14" in plain(message)


def test_the_end_says_that_reminders_have_stopped() -> None:
    assert "I reminded them for 10 working days and have stopped." in plain(shown(late(Rung.END)))


def test_an_organizer_who_is_late_too_reads_their_own_first_in_one_message() -> None:
    message = shown(late(Rung.OVERDUE), own=1)
    text = plain(message)
    assert text.index("You have 1 scorecard due") < text.index("Late scorecards")
    assert "Write scorecard" in labels(message)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rung", ORDER)
def test_as_many_as_there_may_be_fit_whatever_the_names(name: str, rung: Rung) -> None:
    others = [late(rung, number, name) for number in range(MOST_OTHERS)]
    message = shown(*others, more=50, own=10)
    assert name not in message["text"]


@pytest.mark.parametrize("name", NAMES)
def test_the_forms_fit_whatever_the_name_and_say_what_follows(name: str) -> None:
    due = replace(DUTY, candidate=name)
    for form, words in ((reassign_form, "instead of"), (close_form, "They can still write one.")):
        view = form(due)
        assert faults("modal", view) == []
        assert words in text_of(view)
