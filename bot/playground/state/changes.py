"""Tells whoever listens what has changed."""

import asyncio
from weakref import WeakSet


class Subscription:
    """An async iterator of change names; several changes of one name come as one.

    It ends when it is told to.
    """

    def __init__(self) -> None:
        self._pending: dict[str, None] = {}
        self._news = asyncio.Event()
        self._ended = False

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> str:
        await self._news.wait()
        if self._ended:
            raise StopAsyncIteration
        name = next(iter(self._pending))
        del self._pending[name]
        if not self._pending:
            self._news.clear()
        return name

    def give(self, name: str) -> None:
        """Adds a change to come."""
        self._pending[name] = None
        self._news.set()

    def end(self) -> None:
        self._ended = True
        self._news.set()


class Changes:
    """Where changes are published; a subscription lasts as long as somebody holds it."""

    def __init__(self) -> None:
        self._subscriptions: WeakSet[Subscription] = WeakSet()
        self._ended = False

    def subscribe(self) -> Subscription:
        subscription = Subscription()
        self._subscriptions.add(subscription)
        if self._ended:
            subscription.end()
        return subscription

    def publish(self, name: str) -> None:
        for subscription in self._subscriptions:
            subscription.give(name)

    def end(self) -> None:
        """Ends every subscription, and each that is still to come."""
        self._ended = True
        for subscription in self._subscriptions:
            subscription.end()
