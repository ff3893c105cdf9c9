"""Never more is said of a board than is known."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.openings.terms import Terms
from bot.domain.site.boards import Feed
from bot.domain.site.status import (
    READERS,
    UNNAMED,
    Board,
    BoardState,
    BoardStatus,
    Fetch,
    board_statuses,
    reader_of,
)
from bot.library.catalogue import Library
from tests.support.postings import ID, POSTED, TERMS, job_of

CHANGED = POSTED + timedelta(days=3)
MOMENTS = st.integers(-5, 10).map(lambda days: POSTED + timedelta(days=days))
FETCHES = st.lists(
    st.builds(
        Fetch,
        st.sampled_from([*Feed, ID]),
        st.sampled_from([*READERS, UNNAMED]),
        MOMENTS,
    ),
    unique_by=lambda one: (one.what, one.reader),
)


def statuses(
    library: Library, fetches: list[Fetch], terms: Terms = TERMS, **head: str
) -> dict[Board, BoardStatus]:
    role = library.role("backend-developer")
    assert role is not None
    job = job_of(role, terms, **head)
    found = board_statuses(job, POSTED, CHANGED, fetches, "https://jobs.example.com", "Northwind")
    return {one.board: one for one in found}


@given(fetches=FETCHES)
def test_a_board_has_fetched_only_what_its_own_client_asked_for_since(
    library: Library, fetches: list[Fetch]
) -> None:
    for board, one in statuses(library, fetches).items():
        what = board.feed or ID
        own = [f for f in fetches if (f.what, f.reader) == (what, board.reader)]
        times: list[datetime] = [f.fetched_at for f in own if f.fetched_at >= POSTED]
        assert (one.state is BoardState.FETCHED) == bool(times)
        assert one.fetched_at == (times[0] if times else None)
        assert one.is_newest == bool(times and times[0] >= CHANGED)
        if one.state is not BoardState.FETCHED:
            assert (one.state is BoardState.PASTE) == (board is Board.LINKEDIN)


@pytest.mark.parametrize(
    ("agent", "reader"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        ("IndeedBot 1.1", "Indeed"),
        ("JoobleBot/1.0", "JoobleBot"),
        ("LinkedInBot/1.0", "LinkedInBot"),
        ("curl/8.5.0", UNNAMED),
        ("", UNNAMED),
    ],
)
def test_clients_are_known_by_what_they_call_themselves(agent: str, reader: str) -> None:
    assert reader_of(agent) == reader


def test_what_a_board_refuses_is_said_beforehand(library: Library) -> None:
    fine = statuses(library, [])
    assert all(one.refusals == () for one in fine.values())
    unpaid = statuses(library, [], replace(TERMS, pay=None, no_pay="By agreement"))
    assert {board for board, one in unpaid.items() if one.refusals} == {Board.INDEED, Board.ADZUNA}
    test = statuses(library, [], title="Test job, please ignore")
    assert "“Test job”" in test[Board.INDEED].refusals[0]
    nowhere = statuses(library, [], replace(TERMS, places=()))
    assert all("no country" in " ".join(one.refusals) for one in nowhere.values())
    engineer = statuses(library, [], title="Software Test Engineer")
    assert engineer[Board.INDEED].refusals == ()
