"""The state of an interview has one word, which the panel, the list of panels, the board and the
progress say alike."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.dates import NO_BREAK
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.state import InterviewState
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.library.catalogue import Library
from bot.services.messages.progress import Progress
from bot.services.overview import PanelList, PanelOverview
from handlers.views.messages import VIEWS
from handlers.views.panels import listing
from handlers.views.panels import panel as panel_view
from handlers.views.rich import MARKS
from handlers.views.states import CHARACTERS, LATE, WORDS, due_or_late
from tests.support.panelist import text_of
from tests.support.panels import MONDAY, NOW, frozen, interview, panel
from tests.unit.test_panel_views import MEMBER, hexed
from tests.unit.test_progress_views import progress, state_of

HANDLERS = Path(__file__).parents[2] / "handlers"


@pytest.fixture
def content(library: Library) -> FrozenContent:
    return frozen(library)


def test_every_state_has_its_word_and_a_mark_that_is_drawn() -> None:
    assert WORDS.keys() == set(InterviewState)
    assert len({words.word for words in WORDS.values()}) == len(WORDS)
    assert {words.mark for words in WORDS.values()} == CHARACTERS.keys()
    assert CHARACTERS.keys() < MARKS.keys()


def test_no_other_file_has_a_table_of_them() -> None:
    """Such as `InterviewState.DUE: "due"`."""
    tables = {
        path.relative_to(HANDLERS).as_posix()
        for path in HANDLERS.rglob("*.py")
        if re.search(r"InterviewState\.[A-Z_]+: ", path.read_text())
    }
    assert tables == {"views/states.py"}


@pytest.mark.parametrize(
    ("state", "changes", "how", "after"),
    [
        (InterviewState.PLANNED, {}, None, timedelta(days=-1)),
        (InterviewState.DUE, {}, None, timedelta(hours=3)),
        (InterviewState.SUBMITTED, {}, ClosingKind.SCORECARD, timedelta(hours=3)),
        (InterviewState.DECLINED, {"declined_at": NOW}, None, timedelta(hours=-2)),
        (InterviewState.NO_SHOW, {"closed_at": NOW}, ClosingKind.NO_SHOW, timedelta(hours=3)),
        (InterviewState.CLOSED, {"closed_at": NOW}, ClosingKind.CLOSED, timedelta(hours=3)),
    ],
)
def test_each_surface_says_it(
    content: FrozenContent,
    state: InterviewState,
    changes: dict[str, object],
    how: ClosingKind | None,
    after: timedelta,
) -> None:
    item = replace(interview("UALEX", "debugging"), id=hexed(1), **changes)
    closings = [Closing("T1", hexed(1), 1, how, "UALEX", NOW)] if how else []
    whole = replace(panel(item), id=hexed(9))
    now, found = MONDAY + after, {hexed(1): closings}
    overview = PanelOverview(whole, content, MEMBER, now, closings=found)
    assert overview.progress(item).state is state
    said = {
        "panel": panel_view.overview(overview),
        "message": {"blocks": VIEWS[Progress](shown_as(state))[1]},
    }
    if state is not InterviewState.PLANNED:
        mine = replace(PanelList([whole], MEMBER, now), closings=found)
        said["list"] = listing.listing(mine, "/panel")
    for where, message in said.items():
        assert WORDS[state].word in text_of(message).replace(NO_BREAK, " ").lower(), where


def shown_as(state: InterviewState) -> Progress:
    """The progress of a panel of one interview in this state."""
    model = progress("Robin Doe", 1, {})
    (due,) = model.due_scorecards
    return replace(model, states={due.interview: state_of(due, state)})


def test_what_is_late_is_due_with_another_word() -> None:
    late = due_or_late(MONDAY, MONDAY + timedelta(days=1), "UTC")
    assert (late.mark, late.word.replace(NO_BREAK, " ")) == (
        LATE.mark,
        "late since Tue, Dec 1",
    )
    due = due_or_late(MONDAY, None, "UTC")
    assert (due.mark, due.word.replace(NO_BREAK, " ")) == ("due", "due since Mon, Nov 30")
