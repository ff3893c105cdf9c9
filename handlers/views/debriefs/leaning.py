"""The form in which a decider writes their leaning."""

from slack_sdk.models.blocks import PlainTextInputElement, RadioButtonsElement

from bot.domain.debriefs.leanings import LONGEST_SENTENCE, Leaning
from bot.services.debriefs.debrief import Debrief
from handlers.ids import DEBRIEF_LEANING, DEBRIEF_SENTENCE, ViewId
from handlers.payloads import Id, Token
from handlers.views.common import Json, context, cut, modal
from handlers.views.forms import input_of, option

KEPT = "Hidden until every leaning is open. Then it stays, with your name."


class LeaningToken(Token):
    """A leaning on the candidate of a panel, by these versions of its scorecards; `under` is the
    debrief that the form lies on."""

    panel: Id
    seen: str
    under: str


def leaning_form(debrief: Debrief, token: LeaningToken) -> Json:
    """With what they have written before, if anything."""
    own = debrief.leanings.of(debrief.reader)
    options = {leaning: option(leaning.label, leaning) for leaning in Leaning}
    panel = debrief.panel
    label = cut(f"{cut(panel.candidate.name, 60)} for {panel.opening.name}", 200)
    radios = RadioButtonsElement(
        action_id=DEBRIEF_LEANING.action,
        options=list(options.values()),
        initial_option=options.get(own.leaning) if own and own.leaning else None,
    )
    sentence = PlainTextInputElement(
        action_id=DEBRIEF_SENTENCE.action,
        initial_value=own.sentence if own else None,
        max_length=LONGEST_SENTENCE,
    )
    return modal(
        "Your leaning",
        [
            input_of(DEBRIEF_LEANING, label, radios),
            input_of(DEBRIEF_SENTENCE, "Why, in one sentence", sentence),
            context(KEPT),
        ],
        close="Back",
        submit="Save",
        callback=ViewId.DEBRIEF_LEANING,
        metadata=token.dump(),
    )
