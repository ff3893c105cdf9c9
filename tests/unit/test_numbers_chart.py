"""The chart of interviews a week, as it stands on a phone."""

from datetime import date
from unicodedata import east_asian_width

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import Numbers, TeamNumbers
from handlers.views.numbers import chart

PHONE = 34
"""Columns of a code block on a narrow phone."""


def numbers(*teams: tuple[str | None, int]) -> Numbers:
    shown = [TeamNumbers(name, 5, interviews) for name, interviews in teams]
    return Numbers(4, date(2026, 11, 30), teams=shown)


def test_the_busiest_team_has_the_longest_bar_and_each_its_number() -> None:
    shown = chart(numbers(("Platform engineering", 50), ("Data", 21), (None, 1)))
    assert shown.split("\n") == [
        "Platform engi… ██████████ 12.5",
        "Data           ████        5.2",
        "Other teams    ▌           0.2",
    ]


@given(st.lists(st.tuples(st.text(min_size=1), st.integers(1, 100_000)), min_size=1, max_size=20))
def test_whatever_teams_are_called_bars_begin_below_one_another(
    teams: list[tuple[str, int]],
) -> None:
    rows = chart(numbers(*teams)).split("\n")
    assert len(rows) == len(teams)
    assert all(after(row, 15)[0] in "█▌" for row in rows)
    assert len({columns(row) for row in rows}) == 1
    assert columns(rows[0]) <= PHONE


def columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def after(row: str, count: int) -> str:
    """The row without what stands in its first columns."""
    while count > 0:
        count -= columns(row[0])
        row = row[1:]
    return row
