"""What was decided in a debrief, as it stands there, and what can be done about it."""

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
)

from bot.domain.debriefs.decision import Decision, Outcome, against
from bot.services.debriefs.debrief import Debrief
from handlers.ids import ActionId
from handlers.views.common import actions, cut, header, plain
from handlers.views.debriefs.buttons import draft_button
from handlers.views.debriefs.decision import (
    ADD_DECIDER,
    TAKES_TWO,
    ConfirmToken,
    DecisionToken,
    decide_button,
    short_of,
)
from handlers.views.debriefs.kit import confirm, section
from handlers.views.debriefs.offer import offer_record
from handlers.views.debriefs.packet import record_button
from handlers.views.debriefs.rule import rule_lines
from handlers.views.rich import TIME, Parts, bold, joined, line, moment, person
from handlers.views.scorecards.pages import name_of

NOT_TOLD = "The panel hasn't been told. Scorecards that were closed with it stay closed."
NOBODY_HEARD = "Nobody but the deciders knows of it. Anyone who decides can then decide anew."


def record(debrief: Debrief) -> list[Block]:
    """What waits for a second decider; what was decided, by whom, on what it rests and why; and
    what was decided before."""
    return [*_pending(debrief), *_current(debrief)]


def _pending(debrief: Debrief) -> list[Block]:
    made = debrief.decisions.pending
    if made is None:
        return []
    buttons = [
        record_button(debrief.panel.id, made.number),
        *([_confirm(debrief, made)] if debrief.may_confirm else []),
        *([_undo(debrief, made, NOBODY_HEARD)] if debrief.may_decide else []),
    ]
    waits = ADD_DECIDER if debrief.has_one_decider else TAKES_TWO
    return [
        header(f"To confirm: {short_of(made)}"),
        *_made(debrief, made),
        plain(waits),
        actions(buttons),
        DividerBlock(),
    ]


def _confirm(debrief: Debrief, made: Decision) -> ButtonElement:
    token = ConfirmToken(panel=debrief.panel.id, number=made.number, seen=debrief.seen)
    return ButtonElement(
        text="Confirm",
        action_id=ActionId.DEBRIEF_CONFIRM,
        value=token.dump(),
        style="primary",
        confirm=confirm(
            "Confirm this decision?",
            "It counts from then on. For 15 minutes it can be undone, then the panel hears it.",
            "Confirm",
        ),
    )


def _made(debrief: Debrief, made: Decision) -> list[Block]:
    """By whom and when, on what it rests, and why."""
    zone = debrief.access.zone
    names = ", ".join(name_of(debrief.content, id) for id in made.competencies)
    told: Parts = ("Decided by ", person(made.person), ", ", moment(made.at, zone))
    if made.confirmed_by is not None and made.confirmed_at is not None:
        second = person(made.confirmed_by)
        told = (*told, "\nConfirmed by ", second, ", ", moment(made.confirmed_at, zone))
    text = RichTextElementParts.Text
    reason = RichTextBlock(
        elements=[
            section(bold("Reason"), f" · {made.kind.label.lower()}"),
            RichTextQuoteElement(elements=[text(text=made.reason)]),
        ]
    )
    rests_on = line(bold("Rests on"), f" {names}")
    return [line(*told), rests_on, reason, *_against_rule(made)]


def _current(debrief: Debrief) -> list[Block]:
    made = debrief.decisions.current
    if made is None:
        return []
    zone = debrief.access.zone
    buttons = [*_buttons(debrief, made), record_button(debrief.panel.id, made.number)]
    return [
        header(f"Decision: {short_of(made)}"),
        *_made(debrief, made),
        *_earlier(debrief),
        *(
            [line("The panel hears at ", moment(made.tells_at, zone, TIME), ".")]
            if _is_fresh(debrief)
            else []
        ),
        *_hears(debrief),
        *offer_record(debrief),
        actions(buttons),
        DividerBlock(),
    ]


def _against_rule(made: Decision) -> list[Block]:
    """Which lines of the rule spoke against it then, and why it was decided all the same."""
    if made.against_rule is None:
        return []
    rows = rule_lines(against(made.outcome, made.rule))
    text = RichTextElementParts.Text(text=made.against_rule)
    title = section(bold("Against the decision rule"), "\n", *joined(rows))
    return [RichTextBlock(elements=[title, RichTextQuoteElement(elements=[text])])]


def _is_fresh(debrief: Debrief) -> bool:
    made = debrief.decisions.current
    return made is not None and made.may_be_undone(debrief.now)


def _earlier(debrief: Debrief) -> list[Block]:
    rows: list[Parts] = [
        (
            f"{short_of(one).capitalize()} · ",
            person(one.person),
            ", ",
            moment(one.at, debrief.access.zone),
            f"\n“{cut(one.reason, 300)}”",
        )
        for one in debrief.decisions.earlier
    ]
    return [line(bold("Before that"), "\n", *joined(rows))] if rows else []


def _buttons(debrief: Debrief, made: Decision) -> list[ButtonElement]:
    """*Undo* as long as that can be, then *Amend*; and what another round begins with."""
    round = made.outcome is Outcome.ANOTHER_ROUND
    set_up = ButtonElement(text="Set up", action_id=ActionId.PANEL_SET_UP, value="panel")
    if not debrief.may_decide:
        return [*_answer(debrief), *([set_up] if round else [])]
    is_undoable = _is_fresh(debrief) and not debrief.is_answered
    undo = _undo(debrief, made, NOT_TOLD)
    change = undo if is_undoable else decide_button(debrief, "Amend")
    # What waits for a second decider is confirmed or undone before anything else.
    changes = [] if debrief.decisions.pending else [change]
    return [*_answer(debrief), *([set_up] if round else []), *changes]


def _undo(debrief: Debrief, made: Decision, text: str) -> ButtonElement:
    return ButtonElement(
        text="Undo",
        action_id=ActionId.DEBRIEF_UNDO,
        value=DecisionToken(panel=debrief.panel.id, number=made.number).dump(),
        confirm=confirm("Undo this decision?", text, "Undo"),
    )


def _answer(debrief: Debrief) -> list[ButtonElement]:
    """*Draft message*, for whoever may tell the candidate, as long as nobody has."""
    panel = debrief.panel
    return [draft_button(panel.application, "primary", panel.id)] if debrief.may_answer else []


def _hears(debrief: Debrief) -> list[Block]:
    """That the candidate has heard; by when they do stands above."""
    awaited, zone = debrief.awaited, debrief.access.zone
    if awaited is None or awaited.panel.id != debrief.panel.id:
        return []
    told = awaited.answer.told
    if awaited.answer.is_given and told is not None:
        return [line(person(told.person), " told the candidate, ", moment(told.at, zone), ".")]
    return []
