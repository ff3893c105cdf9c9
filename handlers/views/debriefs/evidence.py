"""What one interviewer wrote, a page a person, as a debrief shows it: without a recommendation."""

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from bot.services.debriefs.debrief import Debrief
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, context, cut, header, modal, plain
from handlers.views.rich import bold, line, moment, person
from handlers.views.scorecards.pages import assessed, texts

GONE = "There's no scorecard here any more. Go back and open Evidence again."


class PageToken(Token):
    """A page of a panel's evidence, by its number from 0; `under` is the view it lies on."""

    panel: Id
    number: int
    seen: str
    under: str


def evidence(debrief: Debrief, token: PageToken) -> Json:
    """One person's page."""
    cards = debrief.scorecards
    if not 0 <= token.number < len(cards):
        return modal("Evidence", [plain(GONE)], close="Back")
    card = cards[token.number]
    body = card.version.body
    name = cut(debrief.panel.candidate.name, 60)
    blocks: list[Block] = [
        header(name),
        line(
            bold("Interviewed by "),
            person(card.interviewer),
            "\n",
            moment(debrief.due_scorecard(card).starts_at, debrief.access.zone),
        ),
        context(f"{token.number + 1} of {len(cards)}"),
        *(assessed(debrief.content, item) for item in body.assessments),
        *texts(body),
        *_steps(token, len(cards)),
    ]
    return modal("Evidence", blocks, close="Back")


def _steps(token: PageToken, count: int) -> list[Block]:
    """*Previous* and *Next*, as far as there are any."""
    shown = [
        ButtonElement(
            text=label,
            action_id=f"{ActionId.DEBRIEF_PAGE}:{label}",
            value=token.model_copy(update={"number": number}).dump(),
        )
        for label, number in (("Previous", token.number - 1), ("Next", token.number + 1))
        if 0 <= number < count
    ]
    return [DividerBlock(), actions(shown)] if shown else []
