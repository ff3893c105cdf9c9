"""What organizers read after *Remind now*: a sentence for each person, and no candidate's name."""

from datetime import UTC, datetime

import pytest

from bot.domain.remind_now import Reminded, RemindOutcome
from handlers.views.common import Json
from handlers.views.remind_now import MOST_NAMED, RemindToken, remind_now_button, reminded

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
SAM = "USAM"


def words(message: Json) -> str:
    """The lines as they are read, with people as @ and times as TIME."""
    shown = {"user": lambda _: "@Sam", "date": lambda _: "TIME", "text": lambda one: one["text"]}
    return "".join(
        shown[part["type"]](part)
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for section in block["elements"]
        for part in section["elements"]
    )


@pytest.mark.parametrize(
    ("outcome", "at", "sentence"),
    [
        (RemindOutcome.NOW, AT, "Reminded @Sam about 2 scorecards."),
        (
            RemindOutcome.MORNING,
            AT,
            "It's outside @Sam's day. Their reminder comes TIME.",
        ),
        (RemindOutcome.DAY_OFF, AT, "@Sam is off today. Their reminder comes TIME."),
        (RemindOutcome.PAUSED, AT, "@Sam has paused reminders. The next one comes TIME."),
        (RemindOutcome.ALREADY, None, "@Sam was already reminded today."),
        (RemindOutcome.ALREADY, AT, "A reminder to @Sam is already set for TIME."),
        (
            RemindOutcome.UNREACHABLE,
            None,
            "@Sam is a guest, so I can't remind them. "
            "Reassign the scorecard, or close it without one.",
        ),
        (RemindOutcome.NEVER, None, "@Sam has no working days, so no reminder comes."),
    ],
)
def test_each_outcome_is_a_sentence(
    outcome: RemindOutcome, at: datetime | None, sentence: str
) -> None:
    because = "is a guest" if outcome is RemindOutcome.UNREACHABLE else ""
    answer = reminded([Reminded(SAM, 2, outcome, at, "UTC", because)])
    assert words(answer) == sentence


def test_where_nothing_is_due_it_says_so() -> None:
    assert words(reminded([])) == "No one needs a reminder: nothing is due from anyone else."


def test_60_people_are_named_in_part_and_counted() -> None:
    answer = reminded([Reminded(f"U{n}", 1, RemindOutcome.NOW) for n in range(60)])
    assert words(answer).count("@Sam") == MOST_NAMED
    assert "And 40 more people." in str(answer["blocks"][-1])
    assert answer["text"] == "60 people reminded"


def test_the_button_names_whom_it_is_about_to_screen_readers() -> None:
    button = remind_now_button(RemindToken(), style="primary").to_dict()
    assert button["accessibility_label"] == "Remind everyone who's late"
    about = remind_now_button(RemindToken(panel="a" * 16), "Robin Doe" * 20).to_dict()
    assert len(about["accessibility_label"]) <= 75
