"""Fixtures: one browser for all tests, one demo for a module's, and the pages of one test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.browser import Browsing, launched
from tests.support.demo import Demo, running_demo


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def browsing(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Browsing]:
    """Opens pages; where the test fails, prints what they show and where their pictures are."""
    failed_before = request.session.testsfailed
    pages = Browsing(browser)
    yield pages
    if request.session.testsfailed > failed_before:
        print(await pages.describe(tmp_path))
    await pages.close()
    assert pages.faults == [], "no script of the page failed"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo that a module's tests share: each looks only at what it has brought about."""
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
def new_demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo that nobody has used yet."""
    with running_demo(tmp_path) as running:
        yield running
