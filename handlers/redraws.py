"""Open forms are shown anew while people fill them in, but never over what a refusal says."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

MOST_OPEN = 1000
"""Open forms of which it is remembered how often they were refused."""

Result = TypeVar("Result")


@dataclass
class OpenForm:
    """How often it was refused, and whether something was not shown in it because of that."""

    refusals: int = 0
    is_behind: bool = False
    updating: asyncio.Lock = field(default_factory=asyncio.Lock)


class Redraws:
    """Updates of open forms, by the id of their view, one at a time for each.

    A refused submission is answered with errors at its fields, which the next update of the form
    takes away. So an update that was asked for before a refusal is not made after it.
    """

    def __init__(self) -> None:
        self._forms: dict[str, OpenForm] = {}

    def refusals(self, view: str) -> int:
        """How often the form was refused so far: what a request is given as it arrives."""
        form = self._forms.get(view)
        return form.refusals if form is not None else 0

    async def draw(
        self, view: str, refusals: int, update: Callable[[], Awaitable[Result]]
    ) -> Result | None:
        """Makes the update; None where the form was refused since it was asked for."""
        form = self._form(view)
        async with form.updating:
            form.is_behind = form.refusals != refusals
            return None if form.is_behind else await update()

    def is_behind(self, view: str) -> bool:
        """Whether an update was left out, so that the next press is to be followed by one."""
        form = self._forms.get(view)
        return form is not None and form.is_behind

    async def refused(self, view: str, until: float) -> None:
        """To be called before a refusal is answered: keeps back what was asked for earlier, and
        waits for an update that is on its way, until that time of the event loop's clock."""
        form = self._form(view)
        form.refusals += 1
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until), form.updating:
                pass

    def _form(self, view: str) -> OpenForm:
        """The form, kept for as long as there are not too many newer ones."""
        form = self._forms.pop(view, None) or OpenForm()
        while len(self._forms) >= MOST_OPEN:
            del self._forms[next(iter(self._forms))]
        self._forms[view] = form
        return form
