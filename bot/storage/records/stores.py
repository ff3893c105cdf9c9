"""The stores of what goes out, comes back and goes for good."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.records.erasures import ErasureStore
from bot.storage.records.people import PeopleStore
from bot.storage.records.retention import RetentionStore
from bot.storage.records.seals import SealStore


class RecordStores:
    """All within one transaction; each is made when it is first used."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @cached_property
    def erasures(self) -> ErasureStore:
        return ErasureStore(self.connection)

    @cached_property
    def people(self) -> PeopleStore:
        return PeopleStore(self.connection)

    @cached_property
    def retention(self) -> RetentionStore:
        return RetentionStore(self.connection)

    @cached_property
    def seals(self) -> SealStore:
        return SealStore(self.connection)
