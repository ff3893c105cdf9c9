"""The stores of debriefs, decisions, and what candidates hear."""

from functools import cached_property

from bot.storage.debriefs.answer_rungs import AnswerRungStore
from bot.storage.debriefs.answers import AnswerStore
from bot.storage.debriefs.decisions import DecisionStore
from bot.storage.debriefs.offers import OfferStore
from bot.storage.debriefs.rules import RuleStore
from bot.storage.debriefs.store import DebriefStore
from bot.storage.schema import Stores


class DebriefStores(Stores):
    @cached_property
    def debriefs(self) -> DebriefStore:
        return DebriefStore(self.connection)

    @cached_property
    def rules(self) -> RuleStore:
        return RuleStore(self.connection)

    @cached_property
    def decisions(self) -> DecisionStore:
        return DecisionStore(self.connection)

    @cached_property
    def answer_rungs(self) -> AnswerRungStore:
        return AnswerRungStore(self.connection)

    @cached_property
    def offers(self) -> OfferStore:
        return OfferStore(self.connection)

    @cached_property
    def answers(self) -> AnswerStore:
        return AnswerStore(self.connection)
