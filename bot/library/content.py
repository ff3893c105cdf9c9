"""Everything that the content folders give: the library, and the templates that render it."""

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
    return LoadedContent(load(company, thorough=thorough, stand_in=stand_in), documents)
