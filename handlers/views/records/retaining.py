"""For how long candidates are kept: the controls, and what admins see at home."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, Option, StaticSelectElement

from bot.domain.dates import full_day
from bot.domain.home import Home
from bot.domain.records.erasing import ErasureState
from bot.domain.records.retention import Retention
from handlers.ids import RETENTION_DAYS, RETENTION_NOT_HIRED, FormField
from handlers.views.common import context, header
from handlers.views.home.controls import labelled
from handlers.views.records.erasing import left_in_slack
from handlers.views.rich import line

FOR_GOOD, SAME = "always", "same"
DAYS = (30, 90, 180, 365, 730, 1095, 1460)


def controls(retention: Retention) -> list[Block]:
    """A part of *Workspace settings*."""
    policy = retention.policy
    others = [*_selectable(policy.not_hired_days), Option(text="The same", value=SAME)]
    kept = [*_selectable(policy.days), Option(text="Always", value=FOR_GOOD)]
    blocks: list[Block] = [
        header("Candidates' data"),
        context(
            "A candidate is erased so long after the decision, or after the last thing that "
            "happened where there was none. A legal hold keeps them."
        ),
        labelled(
            "*Keep candidates for*",
            RETENTION_DAYS,
            _select(RETENTION_DAYS, kept, _value(policy.days, FOR_GOOD)),
        ),
    ]
    if policy.is_on:
        chosen = _value(policy.not_hired_days, SAME)
        select = _select(RETENTION_NOT_HIRED, others, chosen)
        blocks.append(labelled("*If they weren't hired*", RETENTION_NOT_HIRED, select))
    return blocks


def at_home(home: Home) -> list[Block]:
    """What is to be erased before long, what is being erased, and what a person has to do."""
    if home.retention is None:
        return []
    return [*_announced(home, home.retention), *_going_on(home.erasures)]


def _announced(home: Home, retention: Retention) -> list[Block]:
    """For two weeks before anybody is erased for their age."""
    begins = retention.begins_at
    if begins is None or not retention.is_announced_only(home.now) or not retention.due:
        return []
    is_one = retention.due == 1
    who = "1 candidate is" if is_one else f"{retention.due} candidates are"
    return [
        line(
            f"From {full_day(begins.date())} on, I erase candidates {retention.policy.days} days "
            f"after the decision: {who} old enough by now. Workspace settings say for how long "
            "they're kept."
        )
    ]


def _going_on(states: Sequence[ErasureState]) -> list[Block]:
    going_on = sum(not one.erasure.is_done for one in states)
    held = sum(one.is_held for one in states)
    words = f"Candidates being erased: {going_on}" if going_on else ""
    stopped = f", {held} of them stopped by a legal hold" if held else ""
    left = [copy for one in states for copy in one.left]
    return [*([context(f"{words}{stopped}.")] if words else []), *left_in_slack(left)]


def _selectable(chosen: int | None) -> list[Option]:
    days = sorted({*DAYS, *([chosen] if chosen is not None else [])})
    return [Option(text=_length(one), value=str(one)) for one in days]


def _length(days: int) -> str:
    years = days // 365
    if days % 365 or not years:
        return f"{days} days"
    return f"{years} year{'' if years == 1 else 's'}"


def _value(days: int | None, otherwise: str) -> str:
    return otherwise if days is None else str(days)


def _select(field: FormField, options: Sequence[Option], chosen: str) -> StaticSelectElement:
    initial = next(one for one in options if one.value == chosen)
    return StaticSelectElement(action_id=field.action, options=options, initial_option=initial)
