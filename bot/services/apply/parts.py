"""What applying is made of, each part made once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.site.frame import Frame
from bot.library.content import LoadedContent
from bot.services.apply.applying import Applying
from bot.services.apply.candidate import CandidatePages
from bot.services.apply.keeping import FileKeeping
from bot.services.apply.keys import Keys
from bot.services.apply.rendering import ApplyRendering, JobPages
from bot.services.apply.scanning import Scanner
from bot.services.ports import Clock
from bot.storage.database import Database


class Framed(Protocol):
    """What knows what stands around pages."""

    def in_language(self, language: str) -> Frame: ...


@dataclass(frozen=True)
class ApplyServices:
    """The use cases of people who apply, and what is done with their files."""

    applying: Applying
    candidates: CandidatePages
    rendering: ApplyRendering
    keeping: FileKeeping


def apply_services(
    database: Database,
    content: LoadedContent,
    pages: JobPages,
    site: Framed,
    keys: Keys,
    scanner: str | None,
    clock: Clock,
    flush: Callable[[], None],
) -> ApplyServices:
    """`scanner` is the address of a virus scanner, if there is one."""
    rendering = ApplyRendering(content, site.in_language)
    return ApplyServices(
        applying=Applying(database, pages, rendering, keys, clock, flush),
        candidates=CandidatePages(database, pages, rendering, clock, flush),
        rendering=rendering,
        keeping=FileKeeping(database, Scanner(scanner) if scanner else None, clock),
    )
