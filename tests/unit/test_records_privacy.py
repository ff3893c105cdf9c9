"""docs/privacy.md says what the tables hold: a new table, or a new column of words, fails here."""

import re
from pathlib import Path

import pytest

from bot.storage.database import Database  # noqa: F401  it imports every store
from bot.storage.records.holding import Holds, Retention
from bot.storage.records.register import REGISTER

DOC = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()

ROWS = {
    name: (what, who, how_long)
    for name, what, who, how_long in re.findall(
        r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$", DOC, re.MULTILINE
    )
}

FOR_HOW_LONG = {
    Retention.CANDIDATE: "with the candidate",
    Retention.AGE: "an age of its own",
    Retention.STAFF: "kept, even once they leave",
    Retention.PASSES: "replaced as things go on",
    Retention.STAYS: "kept",
}

PLAIN = {
    *("name", "key", "email", "email_key", "link", "place", "ratings", "notes"),
}
"""Columns of words that the page names as people do, in a sentence."""


def test_every_table_has_its_row_and_no_other() -> None:
    assert {*ROWS} == {*REGISTER}
    assert DOC.count("\n| `") == len(REGISTER), "each has one"


@pytest.mark.parametrize("name", REGISTER)
def test_the_page_says_for_how_long(name: str) -> None:
    assert ROWS[name][2] == FOR_HOW_LONG[REGISTER[name].retention]


@pytest.mark.parametrize("name", REGISTER)
def test_every_column_of_words_is_named(name: str) -> None:
    what = ROWS[name][0]
    for column in REGISTER[name].of(Holds.WORDS):
        assert f"`{column}`" in what or (column in PLAIN and column in what), column
    for column in REGISTER[name].of(Holds.CANDIDATE):
        assert column.removesuffix("_key") in what or f"`{column}`" in what or column == "key"
