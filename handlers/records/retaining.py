"""*Keep candidates for*, in the workspace settings of admins."""

from bot.services.records.retaining import Retaining
from handlers.edge import Answer
from handlers.home import AppHome
from handlers.payloads import Press, number
from handlers.views.home import settings as forms
from handlers.views.records.retaining import DAYS, FOR_GOOD, SAME


class RetainingListeners:
    """The listeners; each choice holds at once."""

    def __init__(self, retaining: Retaining, home: AppHome) -> None:
        self._retaining = retaining
        self._home = home

    async def days(self, press: Press) -> Answer:
        """For how long after the decision."""
        days = None if press.value == FOR_GOOD else number(press.value, DAYS)
        return self._chosen(press, {"days": days})

    async def not_hired(self, press: Press) -> Answer:
        """The same for whoever was not hired."""
        days = None if press.value == SAME else number(press.value, DAYS)
        return self._chosen(press, {"not_hired_days": days})

    def _chosen(self, press: Press, chosen: dict[str, int | None]) -> Answer:
        async def keep() -> None:
            try:
                await self._retaining.choose(press.workspace, press.user, chosen)
            finally:
                # What was refused must not go on standing there as if it held.
                await self._home.show_both(press, forms.everyone)

        return Answer(after=keep)
