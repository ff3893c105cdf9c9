"""`panelist stats`: how long scorecards take and how interviews are spread."""

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from datetime import timedelta

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.domain.dates import sortable_day
from bot.domain.numbers import Numbers, csv_of
from bot.errors import UserError
from bot.services.numbers import check_days, numbers_of

NOTHING_YET = "The database is nobody's yet: there are no interviews."
TOO_FEW = "Fewer than five people interviewed in that time, so there are no numbers to show."


def stats(options: Namespace) -> int:
    check_days(options.days)
    found = asyncio.run(_numbers(load_settings(), options.days))
    print(csv_of(found).rstrip("\n") if options.csv else "\n".join(_lines(found)))
    return DONE


async def _numbers(settings: Settings, days: int) -> Numbers:
    async with opened(settings) as database, database.read() as tx:
        workspace = await tx.workspace.owner()
        if workspace is None:
            raise UserError(NOTHING_YET)
        return await numbers_of(tx, workspace, days, SystemClock().now())


def _lines(of: Numbers) -> Sequence[str]:
    lines = [f"{of.weeks} weeks, {sortable_day(of.since)} to {sortable_day(of.last)}"]
    if of.total is None:
        return [*lines, TOO_FEW]
    if of.timing is not None and of.timing.times is not None:
        times = of.timing.times
        lines += [
            f"From interview to scorecard: median {_hours(times.median)}, "
            f"90th percentile {_hours(times.ninth)}",
            f"Within 24 hours: {of.timing.share * 100:.0f}% of {of.timing.due} scorecards",
        ]
    for what, step in (
        ("From the last scorecard to a decision", of.deciding),
        ("From a decision to the candidate's answer", of.answering),
    ):
        if step is not None:
            lines += [
                f"{what}: median {_hours(step.times.median)}, "
                f"90th percentile {_hours(step.times.ninth)}, {step.count} in all"
            ]
    lines += [_load("All teams", of.total.people, of.total.interviews, of)]
    return lines + [
        _load("Other teams" if one.team is None else one.team, one.people, one.interviews, of)
        for one in of.teams
    ]


def _load(name: str, people: int, interviews: int, of: Numbers) -> str:
    weekly = f"{of.weekly(interviews):.1f} a week"
    return f"{name}: {interviews} interviews by {people} people, {weekly}"


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.1f} hours"
