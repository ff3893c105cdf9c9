"""`/hiring stats`: how long scorecards take and how interviews are spread."""

from bot.domain.numbers import DAYS
from bot.services.numbers import NumbersService, check_days
from handlers.edge import Answer, in_time
from handlers.payloads import Command
from handlers.views import numbers as views


class HiringStats:
    """What `/hiring` answers to `stats`."""

    def __init__(self, numbers: NumbersService) -> None:
        self._numbers = numbers

    async def stats(self, command: Command) -> Answer:
        """`/hiring stats [DAYS]`."""
        days = _days(command.text.partition(" ")[2])
        found = await in_time(self._numbers.stats(command.workspace, command.user, days))
        return Answer(views.numbers(found))


def _days(typed: str) -> int:
    """How many days are meant, with or without the word. Raises UserError."""
    number = typed.casefold().removesuffix("days").removesuffix("day").strip()
    if not number:
        return DAYS
    is_number = number.isascii() and number.isdigit() and len(number) < 6
    check_days(days := int(number) if is_number else 0)
    return days
