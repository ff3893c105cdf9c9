"""What people hear about scorecards by DM, and the list of one's own."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.scorecards.closing import ClosingKind, DueScorecard
from bot.domain.scorecards.scorecard import Scorecard
from bot.services.messages.scorecards import Closed, Reassigned, Receipt
from bot.services.scorecards.forms import OwnScorecards
from handlers.ids import ActionId
from handlers.views.common import (
    Json,
    actions,
    and_more,
    as_json,
    context,
    cut,
    header,
    plain,
    private,
)
from handlers.views.feedback import ReadToken
from handlers.views.rich import Part, Parts, bold, line, moment, person
from handlers.views.scorecards.form import open_button
from handlers.views.scorecards.pages import assessed, chosen_for_all, feedback_button, hints, texts

UNDELIVERED = "\nSlack couldn't deliver the receipt. Select Read to see everything that's saved."

MOST_OWED, MOST_COMING, MOST_WRITTEN, MOST_KEPT = 5, 2, 3, 2


def receipt(receipt: Receipt) -> tuple[str, list[Json]]:
    """Everything that the author submitted; the message's text says nothing of it."""
    text = "Your scorecard is saved"
    if receipt.part > receipt.parts:
        sentence = context("This part is no longer needed. Your scorecard above is shorter now.")
        return text, as_json([sentence])
    body = receipt.page
    blocks = [
        *(_receipt_head(receipt) if receipt.part == 1 else [context(_part(receipt))]),
        *(assessed(receipt.content, item) for item in body.assessments),
        *texts(body, with_reason=True),
        *(_receipt_foot(receipt) if receipt.part == 1 else []),
    ]
    return text, as_json(blocks)


def _part(receipt: Receipt) -> str:
    return f"Your scorecard, part {receipt.part} of {receipt.parts}"


def _receipt_head(receipt: Receipt) -> list[Block]:
    version, due = receipt.scorecard.version, receipt.due_scorecard
    facts: list[str] = [due.role]
    if version.number > 1:
        facts.append(f"version {version.number}")
    if receipt.parts > 1:
        facts.append(f"part 1 of {receipt.parts}")
    return [
        header(f"Your scorecard on {due.candidate}"),
        line(
            " · ".join(facts),
            "\nSubmitted ",
            moment(version.submitted_at, due.zone),
            "\n",
            bold(chosen_for_all(version.body)),
        ),
    ]


def _receipt_foot(receipt: Receipt) -> list[Block]:
    more = [context("Continued in part 2, below.")] if receipt.parts > 1 else []
    return [
        *more,
        *hints(receipt.hints),
        context("Candidates may ask to read what's written about them."),
        actions(
            [
                open_button("Edit", receipt.scorecard.interview),
                feedback_button(receipt.due_scorecard.panel),
            ]
        ),
    ]


def closed(closed: Closed) -> tuple[str, list[Json]]:
    """How a scorecard was closed without one, or reassigned."""
    item, due = closed.closing, closed.due_scorecard
    who = person(item.actor)
    sentence: Parts
    match item.how:
        case ClosingKind.NO_SHOW:
            sentence = (
                bold(due.candidate),
                " didn't show up for the interview with ",
                who,
                ".",
            )
        case ClosingKind.REASSIGNED:
            receiver = person(item.receiver or "")
            sentence = (
                who,
                " reassigned the scorecard on ",
                bold(due.candidate),
                " to ",
                receiver,
                ".",
            )
        case _:
            sentence = (who, " says they didn't interview ", bold(due.candidate), ".")
    when: Parts = (
        f"\n{due.role} · ",
        moment(due.starts_at, due.zone),
    )
    since = [context("They took this back.")] if closed.is_taken_back else []
    return "An update about an interview", as_json([line(*sentence, *when), *since])


def reassigned(reassigned: Reassigned) -> tuple[str, list[Json]]:
    """For whoever gives the scorecard now; or, where that has passed on, that they do not."""
    due = reassigned.due_scorecard
    sentence = line(
        person(reassigned.closing.actor),
        " asked you to write the scorecard on ",
        bold(due.candidate),
        ".",
        f"\n{due.role} · ",
        moment(due.starts_at, due.zone),
    )
    if reassigned.is_closed:
        by: Part = person(reassigned.closed_by) if reassigned.closed_by else "You"
        closed = line(by, " closed it without a scorecard.")
        again = actions([open_button("Write scorecard anyway", due.interview)])
        return "A scorecard was reassigned to you", as_json([sentence, closed, again])
    if not reassigned.is_theirs:
        done = context("There's nothing left to do.")
        return "A scorecard was reassigned to you", as_json([sentence, done])
    button = actions([open_button("Write scorecard", due.interview, "primary")])
    return "A scorecard was reassigned to you", as_json([sentence, button])


def mine(mine: OwnScorecards, command: str) -> Json:
    """What the person owes and has written, for them alone."""
    due = [
        _due_scorecard(due_scorecard, mine, "Write scorecard", "primary")
        for due_scorecard in mine.due[:MOST_OWED]
    ]
    coming = [
        _due_scorecard(due_scorecard, mine, "Write scorecard")
        for due_scorecard in mine.coming[:MOST_COMING]
    ]
    written = [
        _written(due_scorecard, card, mine) for due_scorecard, card in mine.written[:MOST_WRITTEN]
    ]
    kept = [_kept(due_scorecard, mine) for due_scorecard in mine.kept[:MOST_KEPT]]
    blocks = [
        *(_group("Due", due, len(mine.due)) or [plain("You're all caught up. Thanks!")]),
        *_group("Coming up", coming, len(mine.coming)),
        *_group("Submitted", written, len(mine.written)),
        *_group("Drafts that are no longer due", kept, len(mine.kept)),
        context(
            f"Type {command} and a candidate's name to see your scorecard and the feedback you can "
            "read."
        ),
    ]
    return private("Your scorecards", blocks)


def _group(title: str, rows: Sequence[list[Block]], count: int) -> list[Block]:
    if not rows:
        return []
    listed = (block for row in rows for block in row)
    return [header(title), *listed, *and_more(count - len(rows))]


def _due_scorecard(
    due: DueScorecard, mine: OwnScorecards, label: str, style: str | None = None
) -> list[Block]:
    begun = due.interview in mine.drafted
    return [
        line(*_whom(due), *(["\nDraft saved, not submitted"] if begun else [])),
        actions([open_button("Continue" if begun and style else label, due.interview, style)]),
    ]


def _kept(due: DueScorecard, mine: OwnScorecards) -> list[Block]:
    """What one closed oneself one may still write; what is someone else's, or off, only read."""
    may_give = due.is_on and due.owner == mine.person
    return _due_scorecard(due, mine, "Write scorecard anyway" if may_give else "Read my draft")


def _written(due: DueScorecard, card: Scorecard, mine: OwnScorecards) -> list[Block]:
    version = card.version
    which = f", version {version.number}" if version.number > 1 else ""
    saved: Parts = ("\nSubmitted ", moment(version.submitted_at, due.zone), which)
    changed = "\nYou have changes you haven't submitted." if due.interview in mine.drafted else ""
    undelivered = UNDELIVERED if card.id in mine.undelivered else ""
    return [
        line(*_whom(due), *saved, changed, undelivered),
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


def _whom(due: DueScorecard) -> Parts:
    when = moment(due.starts_at, due.zone)
    return (bold(cut(due.candidate, 60)), f" · {due.role} · ", when)
