"""Texts about an opening that its people paste wherever they like: nothing is posted by it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.rights import Act
from bot.library.formats import ShareFormat
from bot.services.jobs import JobSheet
from bot.services.openings.editing import JobEditing
from bot.services.openings.formats import OpeningFormats, check_taking


@dataclass(frozen=True)
class Shared:
    """The texts, each for one place; `names_company`: whether they say who hires."""

    sheet: JobSheet
    texts: Mapping[ShareFormat, str]
    names_company: bool


class OpeningSharing:
    """The use case."""

    def __init__(self, editing: JobEditing, formats: OpeningFormats) -> None:
        self._editing = editing
        self._formats = formats

    async def texts(self, workspace: str, user: str, id: str) -> Shared:
        """Raises UserError unless the person may change the opening, and people can apply."""
        sheet = await self._editing.shown(workspace, user, id, Act.CHANGE_OPENING)
        job = sheet.published or sheet.job
        check_taking(job, sheet.today)
        texts = {where: self._formats.share(job, where, sheet.words) for where in ShareFormat}
        return Shared(sheet, texts, self._formats.names_company)
