"""What an operator watches besides what is counted where it happens: read when it is asked for."""

import math
from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Gauge, Info

from bot import __version__
from bot.domain.records.erasing import ErasureState
from bot.outages import Outage
from bot.storage.database import Database
from bot.storage.undelivered import Depth


class Metrics:
    """The gauges of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._messages = Gauge(
            "panelist_outbox_messages",
            "Messages in the outbox that are due now, late, failed or held since a restore",
            ["state"],
            registry=registry,
        )
        self._oldest = Gauge(
            "panelist_outbox_oldest_due_seconds",
            "How long the oldest message that is due has been due, 0 where none is",
            registry=registry,
        )
        self._erasures = Gauge(
            "panelist_erasures",
            "Candidates whose erasure goes on, and messages and files that a person has to delete",
            ["what"],
            registry=registry,
        )
        Info("panelist_build", "The version that runs", registry=registry).info(
            {"version": __version__}
        )
        self.depth(None)
        self.erasures(None)

    def depth(self, depth: Depth | None) -> None:
        """How much is in the outbox; None where the database does not say."""
        for state in ("due", "late", "failed", "held"):
            value = math.nan if depth is None else getattr(depth, state)
            self._messages.labels(state).set(value)
        self._oldest.set(math.nan if depth is None else depth.oldest_seconds)

    def erasures(self, states: Sequence[ErasureState] | None) -> None:
        """What is being erased; None where the database does not say."""
        going_on = left = math.nan
        if states is not None:
            going_on = sum(not one.erasure.is_done for one in states)
            left = sum(len(one.left) for one in states)
        self._erasures.labels("going_on").set(going_on)
        self._erasures.labels("by_hand").set(left)

    def ticks(self, seconds_silent: Callable[[], float]) -> None:
        self._gauge(
            "panelist_last_tick_seconds", "How long ago the last tick began", seconds_silent
        )

    def socket(self, is_connected: Callable[[], bool]) -> None:
        what = "Whether Socket Mode is connected, 1 or 0; over HTTP there is none"
        self._gauge("panelist_socket_connected", what, is_connected)

    def postings(self, unrecorded: Callable[[], int], failing: Callable[[], float]) -> None:
        what = "Postings whose records wait for the database"
        self._gauge("panelist_postings_unrecorded", what, unrecorded)
        what = "How long records of postings have waited since the database refused some"
        self._gauge("panelist_postings_failing_seconds", what, failing)

    def parts(self, *outages: Outage) -> None:
        what = "How long some part has been failing, 0 while it works"
        failing = Gauge("panelist_failing_seconds", what, ["part"], registry=self._registry)
        for outage in outages:
            failing.labels(outage.name).set_function(_seconds_of(outage))

    def database(self, database: Database) -> None:
        registry = self._registry
        used = Gauge(
            "panelist_database_connections", "Connections in use", ["pool"], registry=registry
        )
        most = Gauge(
            "panelist_database_connections_limit",
            "Connections that there can be at most",
            ["pool"],
            registry=registry,
        )
        for pool in database.pools:
            used.labels(pool.name).set_function(pool.used)
            most.labels(pool.name).set(pool.limit)
        waiting = Gauge(
            "panelist_database_waiting",
            "Reads and writes that wait for a connection",
            ["work"],
            registry=registry,
        )
        for work in database.waiting:
            waiting.labels(work).set_function(_waiting_for(database, work))

    def _gauge(self, name: str, what: str, value: Callable[[], float]) -> None:
        Gauge(name, what, registry=self._registry).set_function(value)


def _seconds_of(outage: Outage) -> Callable[[], float]:
    return lambda: outage.seconds


def _waiting_for(database: Database, work: str) -> Callable[[], float]:
    return lambda: database.waiting[work]
