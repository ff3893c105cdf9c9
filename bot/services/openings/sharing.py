"""Texts about an opening that its people paste wherever they like: nothing is posted by it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.openings.job import Job
from bot.domain.rights import Act
from bot.domain.site.status import BoardStatus
from bot.library.formats import ShareFormat
from bot.services.jobs import JobSheet
from bot.services.openings.editing import JobEditing
from bot.services.openings.formats import OpeningFormats, check_taking

BoardsOf = Callable[[str, Job], Awaitable[Sequence[BoardStatus]]]
"""What is known of the boards that read an opening of a workspace."""


@dataclass(frozen=True)
class Shared:
    """The texts, each for one place; `names_company`: whether they say who hires.

    `boards` is None where no board can read anything, since there are no jobs pages.
    """

    sheet: JobSheet
    texts: Mapping[ShareFormat, str]
    names_company: bool
    boards: Sequence[BoardStatus] | None = None


class OpeningSharing:
    """The use case."""

    def __init__(
        self, editing: JobEditing, formats: OpeningFormats, boards: BoardsOf | None = None
    ) -> None:
        self._editing = editing
        self._formats = formats
        self._boards = boards

    async def texts(self, workspace: str, user: str, id: str) -> Shared:
        """Raises UserError unless the person may change the opening, and people can apply."""
        sheet = await self._editing.shown(workspace, user, id, Act.CHANGE_OPENING)
        job = sheet.published or sheet.job
        check_taking(job, sheet.today)
        texts = {where: self._formats.share(job, where, sheet.words) for where in ShareFormat}
        boards = await self._boards(workspace, job) if self._boards is not None else None
        return Shared(sheet, texts, self._formats.names_company, boards)
