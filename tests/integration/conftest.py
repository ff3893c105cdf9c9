"""Fixtures: Northwind Labs, and the one who recruits there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.northwind import RILEY, Northwind, Person, northwind


@pytest.fixture
async def house(tmp_path: Path, sqlite_database: str) -> AsyncIterator[Northwind]:
    async with northwind(tmp_path / "slack", sqlite_database) as here:
        yield here


@pytest.fixture
def riley(house: Northwind) -> Person:
    return house.person(RILEY)
