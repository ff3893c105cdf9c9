"""What people hear about scorecards by DM, and the list of one's own."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.scorecards.closing import Duty, How
from bot.domain.scorecards.scorecard import Scorecard
from bot.services.messages.scorecards import Arrived, Handed, Receipt, Settled
from bot.services.scorecards.writing import Mine
from handlers.ids import ActionId
from handlers.views.common import (
    Json,
    actions,
    as_json,
    context,
    cut,
    header,
    plain,
    private,
)
from handlers.views.feedback import ReadToken
from handlers.views.rich import SHORT, Parts, bold, line, moment, person
from handlers.views.scorecards.form import open_button
from handlers.views.scorecards.pages import assessed, feedback_button, hints, texts

UNDELIVERED = "\nSlack did not let the receipt through. “Read” has every word that is saved."

MOST_OWED, MOST_COMING, MOST_WRITTEN, MOST_KEPT = 5, 2, 3, 2


def receipt(it: Receipt) -> tuple[str, list[Json]]:
    """Everything that the author submitted; the message's text says nothing of it."""
    text = "Your scorecard is saved"
    if it.part > it.parts:
        said = context("This part is not needed any more: the scorecard above has become shorter.")
        return text, as_json([said])
    body = it.page
    blocks = [
        *(_receipt_head(it) if it.part == 1 else [context(_part(it))]),
        *(assessed(it.content, item) for item in body.assessments),
        *texts(body.notes, body.probe_next, body.reason),
        *(_receipt_foot(it) if it.part == 1 else []),
    ]
    return text, as_json(blocks)


def _part(it: Receipt) -> str:
    return f"Your scorecard, part {it.part} of {it.parts}"


def _receipt_head(it: Receipt) -> list[Block]:
    version, duty = it.scorecard.version, it.duty
    facts: list[str] = [duty.role]
    if version.number > 1:
        facts.append(f"version {version.number}")
    if it.parts > 1:
        facts.append(f"part 1 of {it.parts}")
    recommendation = version.body.recommendation
    return [
        header(f"Your scorecard on {duty.candidate}"),
        line(
            " · ".join(facts),
            "\nSubmitted ",
            moment(version.submitted_at, duty.zone, SHORT),
            "\n",
            bold(f"Recommendation: {recommendation.label if recommendation else '–'}"),
        ),
    ]


def _receipt_foot(it: Receipt) -> list[Block]:
    more = [context("It goes on in part 2, further down.")] if it.parts > 1 else []
    return [
        *more,
        *hints(it.hints),
        context("Candidates may ask to read what is written about them."),
        actions([open_button("Edit", it.scorecard.interview), feedback_button(it.duty.panel)]),
    ]


def arrived(it: Arrived) -> tuple[str, list[Json]]:
    """That feedback is in: not what it says, nor which way it leans."""
    duty, card = it.duty, it.scorecard
    said = " has changed the scorecard on " if card.version.number > 1 else "'s scorecard on "
    end = "." if card.version.number > 1 else " is in."
    blocks = [
        line(person(card.interviewer), said, bold(duty.candidate), end, f"\n{duty.role}"),
        actions([feedback_button(duty.panel)]),
    ]
    return "A scorecard is in", as_json(blocks)


def settled(it: Settled) -> tuple[str, list[Json]]:
    """How an interview was settled without a scorecard."""
    item, duty = it.settlement, it.duty
    who = person(item.actor)
    said: Parts
    match item.how:
        case How.NO_SHOW:
            said = (bold(duty.candidate), " did not show up for the interview with ", who, ".")
        case How.HANDED_OVER:
            receiver = person(item.receiver or "")
            said = (
                who,
                " has handed the scorecard on ",
                bold(duty.candidate),
                " to ",
                receiver,
                ".",
            )
        case _:
            said = (who, " says that they did not interview ", bold(duty.candidate), ".")
    when: Parts = (f"\n{duty.role} · ", moment(duty.starts_at, duty.zone, SHORT))
    since = [context("They have taken this back.")] if it.is_taken_back else []
    return "News of an interview", as_json([line(*said, *when), *since])


def handed(it: Handed) -> tuple[str, list[Json]]:
    """For whoever gives the scorecard now; or, where that has passed on, that they do not."""
    duty = it.duty
    said = line(
        person(it.settlement.actor),
        " asks you to give the scorecard on ",
        bold(duty.candidate),
        ".",
        f"\n{duty.role} · ",
        moment(duty.starts_at, duty.zone, SHORT),
    )
    if it.is_settled:
        settled = context("You have settled it without a scorecard.")
        again = actions([open_button("Give feedback after all", duty.interview)])
        return "A scorecard was handed to you", as_json([said, settled, again])
    if not it.is_theirs:
        done = context("There is nothing to do about it any more.")
        return "A scorecard was handed to you", as_json([said, done])
    button = actions([open_button("Give feedback", duty.interview, "primary")])
    return "A scorecard has been handed to you", as_json([said, button])


def mine(it: Mine, command: str) -> Json:
    """What the person owes and has written, for them alone."""
    owed = [_duty(duty, it, "Give feedback", "primary") for duty in it.owed[:MOST_OWED]]
    coming = [_duty(duty, it, "Give feedback") for duty in it.coming[:MOST_COMING]]
    written = [_written(duty, card, it) for duty, card in it.written[:MOST_WRITTEN]]
    kept = [_kept(duty, it) for duty in it.kept[:MOST_KEPT]]
    blocks = [
        *(_group("You owe", owed, len(it.owed)) or [plain("You owe no scorecard.")]),
        *_group("To come", coming, len(it.coming)),
        *_group("You have written", written, len(it.written)),
        *_group("Begun, and not owed any more", kept, len(it.kept)),
        context(
            f"{command} and a candidate's name leads to your scorecard, and to the feedback that "
            "you may read."
        ),
    ]
    return private("Your scorecards", blocks)


def _group(title: str, rows: Sequence[list[Block]], count: int) -> list[Block]:
    if not rows:
        return []
    more = [context(f"And {count - len(rows)} more.")] if count > len(rows) else []
    return [header(title), *(block for row in rows for block in row), *more]


def _duty(duty: Duty, it: Mine, label: str, style: str | None = None) -> list[Block]:
    begun = duty.interview in it.drafted
    return [
        line(*_whom(duty), *(["\nBegun, not submitted"] if begun else [])),
        actions(
            [open_button("Go on writing" if begun and style else label, duty.interview, style)]
        ),
    ]


def _kept(duty: Duty, it: Mine) -> list[Block]:
    """What one settled oneself one may still give; what is somebody else's, or off, only read."""
    may_give = duty.is_on and duty.owner == it.person
    return _duty(duty, it, "Give feedback after all" if may_give else "Read what I wrote")


def _written(duty: Duty, card: Scorecard, it: Mine) -> list[Block]:
    version = card.version
    which = f", version {version.number}" if version.number > 1 else ""
    saved: Parts = ("\nSubmitted ", moment(version.submitted_at, duty.zone, SHORT), which)
    changed = "\nA change is begun, and not submitted" if duty.interview in it.drafted else ""
    undelivered = UNDELIVERED if card.id in it.undelivered else ""
    return [
        line(*_whom(duty), *saved, changed, undelivered),
        actions(
            [
                open_button("Edit", card.interview),
                ButtonElement(
                    text="Read",
                    action_id=ActionId.SCORECARD_READ,
                    value=ReadToken(scorecard=card.id).dump(),
                ),
            ]
        ),
    ]


def _whom(duty: Duty) -> Parts:
    when = moment(duty.starts_at, duty.zone, SHORT)
    return (bold(cut(duty.candidate, 60)), f" · {duty.role} · ", when)
