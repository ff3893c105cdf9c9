"""`panelist settings`: what each workspace has chosen, with what holds where it has not."""

import argparse
import asyncio
import json
from calendar import day_name
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.commands import DONE
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.domain.settings import Chosen
from bot.services.settings import chosen_everywhere

WORKING_DAYS, NUDGE = "reminders.working_days", "reminders.nudge_after"
NAMES = {NUDGE: "reminders.nudge_minutes"}
"""By what name those are printed whose value is printed as something else."""


def settings(options: argparse.Namespace) -> int:
    """Prints them; nothing is changed by it."""
    found = asyncio.run(_found(load_settings()))
    if options.json:
        print(json.dumps([_as_json(*one) for one in found.items()], indent=2))
        return DONE
    lines = [line for one in found.items() for line in _as_text(*one)]
    print("\n".join(lines) or "No workspace is known yet: start Panelist once.")
    return DONE


async def _found(settings: Settings) -> Mapping[str, Sequence[Chosen]]:
    async with opened(settings) as database, database.read() as tx:
        return await chosen_everywhere(tx)


def _as_json(workspace: str, chosen: Sequence[Chosen]) -> dict[str, Any]:
    return {
        "workspace": workspace,
        "settings": [
            {"name": _name(one), "value": _value(one), "is_default": one.is_default}
            for one in chosen
        ],
    }


def _as_text(workspace: str, chosen: Sequence[Chosen]) -> list[str]:
    longest = max(len(_name(one)) for one in chosen)
    return [
        f"Workspace {workspace}",
        *(
            f"  {_name(one):{longest}}  {_in_words(_value(one))}"
            f"{' (default)' if one.is_default else ''}"
            for one in chosen
        ),
    ]


def _name(one: Chosen) -> str:
    return NAMES.get(one.name, one.name)


def _value(one: Chosen) -> Any:
    """As JSON has it: days by their names, lengths of time in minutes."""
    if one.name == WORKING_DAYS:
        return [day_name[day] for day in sorted(one.value)]
    if isinstance(one.value, timedelta):
        return one.value // timedelta(minutes=1)
    if isinstance(one.value, frozenset):
        return sorted(map(str, one.value))
    return list(one.value) if isinstance(one.value, tuple) else one.value


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None or value == []:
        return "none"
    return ", ".join(value) if isinstance(value, list) else str(value)
