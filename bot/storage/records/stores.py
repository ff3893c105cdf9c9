"""The stores of what goes out, comes back and goes for good."""

from functools import cached_property

from bot.storage.records.erasures import ErasureStore
from bot.storage.records.people import PeopleStore
from bot.storage.records.retention import RetentionStore
from bot.storage.records.seals import SealStore
from bot.storage.schema import Stores


class RecordStores(Stores):
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
