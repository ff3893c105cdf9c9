"""The form in which a decider decides, what was decided, and how the panel hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    PlainTextInputElement,
    RadioButtonsElement,
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
from bot.services.messages.debriefs import OutcomeTold, ToConfirm
from handlers.ids import ActionId, ViewId, decision_part
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, as_json, context, cut, header, modal, plain
from handlers.views.debriefs.buttons import debrief_button
from handlers.views.debriefs.rule import rule_lines
from handlers.views.forms import input_of, option
from handlers.views.rich import DAY, Parts, bold, joined, line, moment, people, person
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

TAKES_TWO = "It counts once another decider confirms it. Nobody else hears before that."
ADD_DECIDER = (
    "A decision takes two deciders here, and this job has one. Add another in the job's form: "
    "Edit, More, “Who else decides”. Then they can confirm it."
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


class ConfirmToken(Token):
    """*Confirm* at the decision of this number, by these versions of the scorecards."""

    panel: Id
    number: int
    seen: str


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
        *second_notes(debrief),
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


def second_notes(debrief: Debrief) -> list[Block]:
    """That a decision takes two, and what to do where only one may decide."""
    if not debrief.needs_second:
        return []
    return [plain(ADD_DECIDER if debrief.has_one_decider else TAKES_TWO)]


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


def to_confirm(told: ToConfirm) -> tuple[str, list[Json]]:
    """For a decider; it names nobody outside and says nothing of what was decided."""
    made = told.decision
    zone = told.zone
    if made.undone_at is not None and made.undone_by is not None:
        state: Parts = ("Undone by ", person(made.undone_by), ", ", moment(made.undone_at, zone))
        text = "A decision was undone"
    elif made.confirmed_at is not None and made.confirmed_by is not None:
        by = person(made.confirmed_by)
        state = ("Confirmed by ", by, ", ", moment(made.confirmed_at, zone))
        text = "A decision was confirmed"
    else:
        state = (person(made.person), " decided. It counts once another decider confirms it.")
        text = "A decision waits for a second decider"
    blocks: list[Block] = [
        header(cut(told.panel.candidate.name, LONGEST_NAME)),
        line(*state),
        context(told.panel.opening.name),
    ]
    if made.is_pending:
        blocks.append(actions([debrief_button(told.panel.id, "primary")]))
    return text, as_json(blocks)


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
