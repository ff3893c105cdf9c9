"""The form in which a decider decides, what was decided, and how the panel hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    PlainTextInputElement,
    RadioButtonsElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)

from bot.domain.debriefs.decision import (
    LONGEST_REASON,
    SHORTEST_REASON,
    Decision,
    DecisionField,
    NewDecision,
    Outcome,
    ReasonKind,
    against,
)
from bot.domain.debriefs.leanings import LONGEST_SENTENCE
from bot.domain.feedback_hints import Noticed
from bot.services.debriefs.debrief import Debrief
from bot.services.messages.debriefs import OutcomeTold
from handlers.ids import ActionId, ViewId, decision_part
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, as_json, context, cut, header, modal
from handlers.views.debriefs.buttons import draft_button
from handlers.views.debriefs.kit import confirm, section
from handlers.views.debriefs.rule import rule_lines
from handlers.views.forms import input_of, option
from handlers.views.rich import DAY, TIME, Parts, bold, joined, line, moment, people, person
from handlers.views.scorecards.pages import hints as hint_blocks
from handlers.views.scorecards.pages import name_of

LONGEST_NAME = 60
KEEP, CLOSE = "keep", "close"
CANDIDATES_MAY_ASK = (
    f"At least {SHORTEST_REASON} characters, about the job. The candidate may ask to read it."
)

AGAINST_HINT = (
    "One sentence, about the job. Needed to advance though a line isn't met, and for an offer."
)

ENDS = {
    Outcome.ADVANCE: "moves on to the next step",
    Outcome.OFFER: "gets an offer",
    Outcome.DECLINE: "won't be hired for this job",
    Outcome.HOLD: "is on hold",
    Outcome.ANOTHER_ROUND: "gets another round of interviews",
}
WITHDREW = "withdrew"
SHORT = {
    Outcome.ADVANCE: "next step",
    Outcome.OFFER: "offer",
    Outcome.DECLINE: "declined",
    Outcome.HOLD: "on hold",
    Outcome.ANOTHER_ROUND: "another round",
}


class DecideToken(Token):
    """A decision about the candidate of a panel, by these versions of its scorecards and after the
    decision of this number; `under` is the debrief that the form lies on, and `hinted` says that
    hints on the reason have been read."""

    panel: Id
    seen: str
    number: int
    under: str
    hinted: bool = False


class DecisionToken(Token):
    """A button at the decision of this number."""

    panel: Id
    number: int


@dataclass(frozen=True)
class Filled:
    """What stands in the form when it is shown again with hints."""

    new: NewDecision
    hints: Sequence[Noticed]


def short_of(made: Decision) -> str:
    """What was decided, in a word or two."""
    return WITHDREW if _has_withdrawn(made) else SHORT[made.outcome]


def _ends(made: Decision) -> str:
    return WITHDREW if _has_withdrawn(made) else ENDS[made.outcome]


def _has_withdrawn(made: Decision) -> bool:
    return made.outcome is Outcome.DECLINE and made.kind is ReasonKind.WITHDREW


def decide_form(debrief: Debrief, token: DecideToken, filled: Filled | None = None) -> Json:
    """To decide, or to amend what was decided, which stays in the record."""
    new = filled.new if filled is not None else None
    amends = debrief.decisions.current is not None
    name = cut(debrief.panel.candidate.name, LONGEST_NAME)
    note = "The decision before stays in the record." if amends else ""
    blocks: list[Block] = [
        header(name),
        *([context(note)] if note else []),
        _select(
            DecisionField.OUTCOME,
            "Decision",
            [(one.label, one) for one in Outcome],
            new.outcome if new else None,
        ),
        _rests_on(debrief, new),
        _select(
            DecisionField.KIND,
            "Kind of reason",
            [(one.label, one) for one in ReasonKind],
            new.kind if new else None,
        ),
        _reason(new),
        *_against(debrief, new),
        *_remaining(debrief, new),
        *(hint_blocks(filled.hints) if filled is not None else []),
    ]
    return modal(
        "Amend" if amends else "Decide",
        blocks,
        close="Back",
        submit="Amend" if amends else "Decide",
        callback=ViewId.DEBRIEF_DECIDE,
        metadata=token.dump(),
    )


def _select(
    part: DecisionField, label: str, choices: Sequence[tuple[str, str]], chosen: str | None
) -> Block:
    options = {value: option(text, value) for text, value in choices}
    field = decision_part(part)
    select = StaticSelectElement(
        action_id=field.action,
        options=list(options.values()),
        initial_option=options[chosen] if chosen is not None else None,
    )
    return input_of(field, label, select)


def _rests_on(debrief: Debrief, new: NewDecision | None) -> Block:
    field = decision_part(DecisionField.COMPETENCIES)
    options = {id: option(cut(name_of(debrief.content, id), 75), id) for id in debrief.rated_on}
    chosen = [options[id] for id in (new.competencies if new else ()) if id in options]
    select = StaticMultiSelectElement(
        action_id=field.action,
        options=list(options.values())[:100],
        initial_options=chosen or None,
    )
    return input_of(field, "It rests on", select)


def _reason(new: NewDecision | None) -> Block:
    field = decision_part(DecisionField.REASON)
    typed = PlainTextInputElement(
        action_id=field.action,
        multiline=True,
        max_length=LONGEST_REASON,
        initial_value=new.reason if new else None,
    )
    return input_of(field, "Reason", typed, hint=CANDIDATES_MAY_ASK)


def _against(debrief: Debrief, new: NewDecision | None) -> list[Block]:
    """Where a line of the rule can speak against what is decided: which, and a field for why."""
    lines = against(Outcome.OFFER, debrief.checked_rule)
    if not lines:
        return []
    field = decision_part(DecisionField.AGAINST_RULE)
    typed = PlainTextInputElement(
        action_id=field.action,
        max_length=LONGEST_SENTENCE,
        initial_value=(new.against_rule if new else "") or None,
    )
    told = (bold("Decision rule"), "\n", *joined(rule_lines(lines)))
    return [
        line(*told),
        input_of(field, "Why decide against the rule", typed, optional=True, hint=AGAINST_HINT),
    ]


def _remaining(debrief: Debrief, new: NewDecision | None) -> list[Block]:
    """What becomes of scorecards that are still due; what is ahead is canceled in the panel."""
    blocks: list[Block] = []
    owners = list(dict.fromkeys(due.owner for due in debrief.due_from_others))
    if owners:
        field = decision_part(DecisionField.REMAINING)
        options = {
            KEEP: option("Keep them due", KEEP),
            CLOSE: option("Close them without a scorecard", CLOSE),
        }
        radios = RadioButtonsElement(
            action_id=field.action,
            options=list(options.values()),
            initial_option=options[CLOSE if new and new.closes_due else KEEP],
        )
        blocks += [
            line("Still due: ", *people(owners)),
            input_of(field, "Scorecards still due", radios),
        ]
    ahead = list(dict.fromkeys(due.owner for due in debrief.ahead))
    if ahead:
        told = (". Cancel in the panel what isn't needed anymore.",)
        blocks.append(line("Interviews still ahead: ", *people(ahead), *told))
    return blocks


def decide_button(debrief: Debrief, label: str = "Decide") -> ButtonElement:
    return ButtonElement(
        text=label,
        action_id=ActionId.DEBRIEF_DECIDE,
        value=DecisionToken(panel=debrief.panel.id, number=debrief.decisions.last).dump(),
        style="primary" if label == "Decide" else None,
    )


def record(debrief: Debrief) -> list[Block]:
    """What was decided, by whom, on what it rests and why; and what was decided before."""
    made = debrief.decisions.current
    if made is None:
        return []
    zone = debrief.access.zone
    names = ", ".join(name_of(debrief.content, id) for id in made.competencies)
    told: Parts = ("Decided by ", person(made.person), ", ", moment(made.at, zone))
    text = RichTextElementParts.Text
    reason = RichTextBlock(
        elements=[
            section(bold("Reason"), f" · {made.kind.label.lower()}"),
            RichTextQuoteElement(elements=[text(text=made.reason)]),
        ]
    )
    buttons = _buttons(debrief, made)
    return [
        header(f"Decision: {short_of(made)}"),
        line(*told),
        line(bold("Rests on"), f" {names}"),
        reason,
        *_against_rule(made),
        *_earlier(debrief),
        *(
            [line("The panel hears at ", moment(made.tells_at, zone, TIME), ".")]
            if _is_fresh(debrief)
            else []
        ),
        *_hears(debrief),
        *([actions(buttons)] if buttons else []),
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
    undo = ButtonElement(
        text="Undo",
        action_id=ActionId.DEBRIEF_UNDO,
        value=DecisionToken(panel=debrief.panel.id, number=made.number).dump(),
        confirm=confirm(
            "Undo this decision?",
            "The panel hasn't been told. Scorecards that were closed with it stay closed.",
            "Undo",
        ),
    )
    is_undoable = _is_fresh(debrief) and not debrief.is_answered
    change = undo if is_undoable else decide_button(debrief, "Amend")
    return [*_answer(debrief), *([set_up] if round else []), change]


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


def outcome(told: OutcomeTold) -> tuple[str, list[Json]]:
    """For somebody on the panel; the text names nobody."""
    made, panel = told.decision, told.panel
    name = cut(panel.candidate.name, LONGEST_NAME)
    if told.is_undone or told.is_amended:
        what = "was undone" if told.is_undone else "was changed since"
        text = "A decision on a candidate was undone" if told.is_undone else "A decision changed"
        blocks: list[Block] = [header(name), line(f"The decision “{short_of(made)}” {what}.")]
    else:
        text = f"A candidate {_ends(made)}. Thank you for interviewing."
        by: Parts = (person(made.person), " decided on ", moment(made.at, told.zone, DAY))
        blocks = [
            header(f"{name} · {short_of(made)}"),
            line(*by, ". Thank you for interviewing."),
        ]
    blocks.append(context(panel.opening.name))
    return text, as_json(blocks)
