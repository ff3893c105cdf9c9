"""What became of an offer: the form, what was recorded, and the seats that are filled."""

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    RadioButtonsElement,
)

from bot.domain.dates import day_in, full_day
from bot.domain.debriefs.offers import OfferEnd, OfferField, OfferResult, Seats
from bot.services.debriefs.debrief import Debrief
from bot.services.debriefs.offers import OfferSheet
from handlers.ids import ActionId, ViewId, decision_part
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, context, cut, header, modal, plain
from handlers.views.debriefs.kit import confirm
from handlers.views.forms import input_of, option
from handlers.views.openings.page import VERBS, OpeningChoice, OpeningVerb
from handlers.views.rich import Parts, bold, joined, line, moment, person

LONGEST_NAME = 60
STAYS = "What was recorded before stays in the record."


class OfferToken(Token):
    """An offer made after a panel, of which so many results were recorded; `under` is the debrief
    that the form lies on, if it does; `is_debrief` says that the button is in one."""

    panel: Id
    number: int = 0
    under: str | None = None
    is_debrief: bool = False


def offer_button(
    panel: str, label: str = "Record answer", *, is_debrief: bool = False
) -> ButtonElement:
    """*Record answer*: whether the candidate takes the offer."""
    return ButtonElement(
        text=label,
        action_id=ActionId.DEBRIEF_OFFER,
        value=OfferToken(panel=panel, is_debrief=is_debrief).dump(),
    )


def offer_form(sheet: OfferSheet, token: OfferToken) -> Json:
    """What the candidate answered, and when."""
    debrief, result = sheet.debrief, sheet.offer.result
    ended, day = decision_part(OfferField.ENDED), decision_part(OfferField.DAY)
    options = {
        OfferEnd.HIRED: option("They accepted: hired", OfferEnd.HIRED),
        OfferEnd.TURNED_DOWN: option("They turned it down: withdrawn", OfferEnd.TURNED_DOWN),
    }
    shown = result.day if result else day_in(debrief.access.zone, debrief.now)
    return modal(
        "Amend answer" if result else "Record answer",
        [
            header(cut(debrief.panel.candidate.name, LONGEST_NAME)),
            context(STAYS if result else f"Offer for {debrief.panel.opening.name}"),
            input_of(
                ended,
                "What did they answer?",
                RadioButtonsElement(
                    action_id=ended.action,
                    options=list(options.values()),
                    initial_option=options[result.ended] if result else None,
                ),
            ),
            input_of(
                day,
                "On",
                DatePickerElement(action_id=day.action, initial_date=shown.isoformat()),
            ),
        ],
        close="Back",
        submit="Save",
        callback=ViewId.DEBRIEF_OFFER,
        metadata=token.dump(),
    )


def offer_ended(sheet: OfferSheet) -> Json:
    """What stands in the form's place once it is recorded."""
    result = sheet.offer.result
    title = f"{cut(sheet.debrief.panel.candidate.name, LONGEST_NAME)} · {_short(result)}"
    fill = _fill(sheet.debrief.seats) if result and result.ended is OfferEnd.HIRED else []
    blocks: list[Block] = [
        header(title),
        *_recorded(sheet.debrief),
        *([actions(fill)] if fill else []),
    ]
    return modal("Answer recorded", blocks, close="Done")


def _short(result: OfferResult | None) -> str:
    return "offer" if result is None else result.ended.label.lower()


def offer_record(debrief: Debrief) -> list[Block]:
    """What was recorded, what before, the seats, and what the reader can do about it."""
    if debrief.offer is None:
        return []
    result = debrief.offer.result
    is_hired = result is not None and result.ended is OfferEnd.HIRED
    fill = _fill(debrief.seats) if is_hired else []
    buttons = [*_buttons(debrief, result), *fill]
    return [*_recorded(debrief), *([actions(buttons)] if buttons else [])]


def _recorded(debrief: Debrief) -> list[Block]:
    offer = debrief.offer
    if offer is None:
        return []
    result, zone = offer.result, debrief.access.zone
    rows: list[Parts] = []
    if result is not None:
        by = (person(result.person), ", ", moment(result.at, zone))
        ended = f"{result.ended.label} on {full_day(result.day)}"
        rows.append((bold(ended), " · recorded by ", *by))
    rows += [
        (f"Before that: {one.ended.label.lower()} on {full_day(one.day)} · ", person(one.person))
        for one in offer.earlier
    ]
    is_hired = result is not None and result.ended is OfferEnd.HIRED
    return [
        *([line(*joined(rows))] if rows else []),
        *(_seats(debrief.seats) if is_hired else []),
    ]


def _buttons(debrief: Debrief, result: OfferResult | None) -> list[ButtonElement]:
    """*Record answer*; then *Undo* as long as that can be, and *Amend answer* after."""
    if not debrief.may_decide or debrief.decisions.pending is not None or debrief.offer is None:
        return []
    if result is None:
        return [offer_button(debrief.panel.id, is_debrief=True)]
    if not result.may_be_undone(debrief.now):
        return [offer_button(debrief.panel.id, "Amend answer", is_debrief=True)]
    undo = ButtonElement(
        text="Undo answer",
        action_id=ActionId.DEBRIEF_OFFER_UNDO,
        value=OfferToken(panel=debrief.panel.id, number=result.number).dump(),
        confirm=confirm(
            "Undo this answer?", "The stage goes back to what it was before.", "Undo answer"
        ),
    )
    return [undo]


def _seats(seats: Seats | None) -> list[Block]:
    """How many seats are filled, where there is more to it than that one was."""
    if seats is None or not seats.hired:
        return []
    if seats.are_filled:
        told = "The job's last seat is filled. Mark the job as filled once you're done hiring."
        return [plain(told)]
    return [plain(f"{seats.hired} of {seats.seats} seats are filled.")]


def _fill(seats: Seats | None) -> list[ButtonElement]:
    """*Mark as filled*, for whoever may, once the last seat is: nothing does it by itself."""
    if seats is None or not seats.are_filled or not seats.may_mark_filled:
        return []
    choice = OpeningChoice(verb=OpeningVerb.FILL, opening=seats.opening)
    return [
        ButtonElement(
            text=VERBS[OpeningVerb.FILL][0],
            action_id=ActionId.OPENING_MENU,
            value=choice.dump(),
        )
    ]
