"""The register of what every table holds: nothing of the database is missing from it."""

import pytest
from sqlalchemy import Table, Text

from bot.storage.database import Database  # noqa: F401  it imports every store
from bot.storage.records.holding import Erasure, Retention
from bot.storage.records.register import REGISTER
from bot.storage.schema import metadata

TABLES = metadata.sorted_tables


def test_every_table_is_registered_and_no_other() -> None:
    assert {table.name for table in TABLES} == set(REGISTER)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_says_what_it_holds(table: Table) -> None:
    assert {column.name for column in table.c} == set(REGISTER[table.name].holds)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_belongs_to_a_candidates_row_goes_with_it(table: Table) -> None:
    one = REGISTER[table.name]
    parents = {
        (key.column_keys[-1], key.referred_table)
        for key in table.foreign_key_constraints
        if REGISTER[key.referred_table.name].erasure is Erasure.ROWS
    }
    assert parents <= set(one.through)
    if one.words or parents:
        assert one.erasure is Erasure.ROWS
    if one.erasure is Erasure.ROWS:
        assert one.through or one.named
        assert one.retention in (Retention.CANDIDATE, Retention.AGE)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_long_texts_about_a_candidate_count_as_words(table: Table) -> None:
    one = REGISTER[table.name]
    if one.erasure is Erasure.ROWS:
        long = {column.name for column in table.c if isinstance(column.type, Text)}
        assert long <= set(one.words)
