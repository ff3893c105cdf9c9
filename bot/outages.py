"""What fails again and again: said once when it begins and once when it is over, and waited out."""

import logging
import time
from asyncio import CancelledError

from bot.errors import UserError

log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds until the next attempt, which double with each failure."""

CODES = ("sqlstate", "sqlite_errorname", "error", "status", "host")
"""Where errors keep the short code of what is wrong, or who was asked."""


class Outage:
    """Whether some work that is repeated for ever works, and since when it does not.

    The log gets one line when it begins to fail and one when it works again. Waits go by the
    monotonic clock, so that a step of the machine's clock neither ends nor prolongs them.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.cause = ""
        self.pause = 0.0
        self._failures = 0
        self._since: float | None = None
        self._again_at = 0.0

    @property
    def seconds(self) -> float:
        """How long it has been failing; 0 while it works."""
        return 0.0 if self._since is None else max(time.monotonic() - self._since, 0.001)

    @property
    def is_resting(self) -> bool:
        """Whether it is too early for another attempt."""
        return self._since is not None and time.monotonic() < self._again_at

    def failed(self, error: BaseException) -> None:
        self.cause = cause_of(error)
        self._failures += 1
        self.pause = min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self._again_at = time.monotonic() + self.pause
        if self._since is None:
            self._since = time.monotonic()
            extra = {"error": self.cause}
            log.error(f"{self.name}.failing", exc_info=unexpected(error), extra=extra)

    def worked(self) -> None:
        if self._since is not None:
            extra = {"seconds": f"{self.seconds:.0f}", "failures": self._failures}
            log.info(f"{self.name}.recovered", extra=extra)
            self._since, self.cause, self.pause, self._failures = None, "", 0.0, 0


def unexpected(error: BaseException) -> BaseException | None:
    """The error, where a log needs its traceback: none that says by itself what is wrong."""
    return None if isinstance(error, UserError | OSError) else error


def cause_of(error: BaseException) -> str:
    """What is behind an error, without its words, which may quote what people wrote: the type of
    what it was raised from, and the database's, the system's or Slack's own code for it."""
    chain = [error]
    while (cause := chain[-1].__cause__) is not None and not isinstance(cause, CancelledError):
        chain.append(cause)  # a limit of time cancels what it ends, and says so itself
    codes = [getattr(one, name, None) for one in reversed(chain) for name in CODES]
    known = dict.fromkeys(str(code) for code in codes if isinstance(code, str | int) and code)
    return " ".join([type(chain[-1]).__name__, *known])
