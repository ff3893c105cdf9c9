"""What is written outside the database is what is in it, and a spreadsheet runs none of it."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bot.storage.records.values import FORMULAS, cell, harmless, line, original

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TEMPTING = st.builds(str.__add__, st.sampled_from([*FORMULAS, "'", " =", "''"]), TEXTS)


@given(TEXTS | TEMPTING)
def test_no_cell_begins_like_a_formula_and_each_can_be_read_back(text: str) -> None:
    written = harmless(text)
    assert not written.lstrip(" ").startswith(FORMULAS)
    assert original(written) == text


def test_what_needs_no_mark_has_none() -> None:
    assert [cell(one) for one in ("Robin Doe", -3, 0.5, True, None, {"a": [1]})] == [
        *("Robin Doe", "-3", "0.5", "true", "", '{"a":[1]}'),
    ]


def test_half_a_pair_of_utf_16_does_not_end_an_export() -> None:
    assert line({"text": "\ud83d"}) == '{"text":"\\ud83d"}\n'


def test_a_cell_with_quotes_and_lines_stays_one_cell() -> None:
    out = io.StringIO()
    csv.writer(out).writerow([cell('=HYPERLINK("x")\nsecond')])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [
        '\'=HYPERLINK("x")\nsecond'
    ]
