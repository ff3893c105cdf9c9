"""Everything that the content folders give: the library, and the templates that render it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.library.catalogue import Library
from bot.library.documents import Documents
from bot.library.loader import BUILT_IN, load


@dataclass(frozen=True)
class LoadedContent:
    """The library with the documents made of it."""

    library: Library
    documents: Documents


def load_content(
    company: Path | None = None, *, thorough: bool = False, stand_in: Path | None = None
) -> LoadedContent:
    """The built-in content with a company's folder laid over it.

    `stand_in` is a company.toml for where the folder has none.
    `thorough`: what comes with Panelist is looked through as well, rather than left to its tests.

    Raises ContentError with every fault.
    """
    folders = [BUILT_IN] if company is None else [company, BUILT_IN]
    documents = Documents(folders)
    documents.check(folder for folder in folders if thorough or folder != BUILT_IN)
    with _making_no_garbage():
        library = load(company, thorough=thorough, stand_in=stand_in)
    return LoadedContent(library, documents)


@contextmanager
def _making_no_garbage() -> Iterator[None]:
    """What is loaded stays, so looking for garbage meanwhile is a fifth of the time for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
