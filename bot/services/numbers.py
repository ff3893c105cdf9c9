"""How long scorecards take and how interviews are spread, for whoever may know."""

from datetime import datetime, timedelta

from bot.domain.numbers import (
    DAYS,
    LONGEST,
    SPANS,
    Numbers,
    OwnNumbers,
    blocks,
    by_team,
    counted,
    edges,
    last_monday,
    people_by_slice,
    shown_span,
    span_of,
    step_of,
)
from bot.domain.rights import RIGHTS, Act, PersonKind
from bot.errors import UserError
from bot.services.ports import Clock
from bot.services.rights import Rights, require_member
from bot.storage.database import Database, Transaction


class NumbersService:
    """Names nobody; whoever has no part in hiring sees their own alone, and what is usual."""

    def __init__(self, database: Database, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def stats(self, workspace: str, user: str, days: int = DAYS) -> Numbers:
        """The figures of about so many days. Raises UserError."""
        check_days(days)
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.read() as tx:
            kinds = access.kinds()
            if await tx.numbers.has_part(workspace, user):
                kinds |= {PersonKind.RECRUITER}
            may_see_all = not RIGHTS[Act.SEE_NUMBERS].isdisjoint(kinds)
            return await numbers_of(tx, workspace, days, now, user, may_see_all=may_see_all)


def check_days(days: int) -> None:
    """Raises UserError where figures of so many days can't be had."""
    if not 1 <= days <= LONGEST:
        raise UserError(f"Give a number of days from 1 to {LONGEST}, such as 90.")


async def numbers_of(
    tx: Transaction,
    workspace: str,
    days: int,
    now: datetime,
    viewer: str | None = None,
    *,
    may_see_all: bool = True,
) -> Numbers:
    """The figures for somebody, or for nobody in particular."""
    until, asked = last_monday(now), span_of(days)
    loads = await tx.numbers.loads(workspace, until, edges(now))
    runs = blocks(people_by_slice(loads), viewer)
    shown = shown_span(asked, runs)
    span = asked if shown is None else shown
    since = until - timedelta(weeks=SPANS[span])
    own = None
    if viewer is not None:
        mine = counted(None, [load for load in loads if load.person == viewer], span, None)
        timing = await tx.numbers.timing(workspace, since, until, viewer)
        own = OwnNumbers(mine.interviews, timing)
    if shown is None:
        return Numbers(SPANS[span], until.date(), own=own, may_see_all=may_see_all)
    submitting = blocks(people_by_slice(loads, submitted=True), viewer)
    all_edges = edges(now)
    begins = all_edges[-1]
    deciding = await tx.numbers.decided(workspace, begins, until) if may_see_all else ()
    answering = await tx.numbers.answered(workspace, begins, until) if may_see_all else ()
    has_times = any(run[-1] == span for run in submitting)
    return Numbers(
        weeks=SPANS[span],
        until=until.date(),
        total=counted(None, loads, span, None) if may_see_all else None,
        timing=await tx.numbers.timing(workspace, since, until) if has_times else None,
        teams=by_team(loads, runs, span, viewer) if may_see_all else (),
        own=own,
        may_see_all=may_see_all,
        deciding=step_of(deciding, all_edges, span, viewer),
        answering=step_of(answering, all_edges, span, viewer),
    )
