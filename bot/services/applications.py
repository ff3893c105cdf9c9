"""Applications: a candidate has one for each opening, however many rounds it takes."""

from dataclasses import replace
from datetime import datetime

from bot.domain.applications import Application, Source, Stage
from bot.domain.audit import new_id
from bot.storage.database import Transaction

TO_INTERVIEWS = (Stage.APPLIED, Stage.IN_REVIEW, Stage.DECIDING)
"""From which interviews lead on: from `deciding` too, as another round."""


async def application_for(
    tx: Transaction, workspace: str, candidate: str, opening: str, at: datetime
) -> Application:
    """The candidate's application for the opening, made where there is none yet; one that nobody
    was interviewed for has come so far with that.

    Whoever calls has made the candidate, or locked them: so there are never two.
    """
    found = await tx.applications.find(workspace, candidate, opening)
    if found is not None and found.stage in TO_INTERVIEWS:
        await tx.applications.put_stage(workspace, found.id, Stage.INTERVIEWING)
        return replace(found, stage=Stage.INTERVIEWING)
    if found is not None:
        return found
    made = Application(new_id(), candidate, opening, Stage.INTERVIEWING, Source.PANEL, at)
    await tx.applications.add(workspace, made)
    return made
