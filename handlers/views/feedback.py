"""Feedback as those read it who may: all of a panel at a glance, and one scorecard in full."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    DividerBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.domain.feedback import SeenBefore
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import Scorecard, ScorecardBody, ScorecardVersion
from bot.library.documents import escape_mrkdwn
from bot.services.feedback import Earlier, Feedback, OwnFirst
from bot.services.overview import PanelList
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, context, cut, header, modal, plain, private, titled
from handlers.views.debriefs.buttons import debrief_button
from handlers.views.panels.listing import how_many
from handlers.views.rich import Parts, bold, line, moment, people, person
from handlers.views.scorecards.form import open_button
from handlers.views.scorecards.pages import (
    FeedbackToken,
    assessed,
    chosen_for_all,
    marked,
    name_of,
    texts,
)

SEEN = {
    SeenBefore.NOTHING: "",
    SeenBefore.WRITTEN_AFTER: "written after seeing others' feedback",
    SeenBefore.CHANGED_AFTER: "changed after seeing others' feedback",
}

LEAN_FIRST = (
    "What others recommend opens with the leanings. You decide here, so write yours in the debrief "
    "first."
)
ASKS_AGAIN = "Nobody else has submitted feedback, so nothing was recorded. You'll be asked again."


class ReadToken(Token):
    """A button that shows one scorecard."""

    scorecard: Id


class VersionToken(Token):
    """A button that shows an earlier version of a scorecard."""

    scorecard: Id
    number: int


def feedback(feedback: Feedback) -> Json:
    """All that has been submitted, at a glance."""
    panel = feedback.panel
    is_hidden = any(feedback.hides_recommendation(card) for card in feedback.scorecards)
    written = {card.interview for card in feedback.scorecards}
    awaited = [due.owner for due in feedback.due_scorecards if due.is_pending]
    without = [
        due.owner
        for due in feedback.due_scorecards
        if due.is_on and not due.is_pending and due.interview not in written
    ]
    blocks = [
        header(panel.candidate.name),
        context(f"{panel.opening.name} · Only you can see this."),
        *(_glance(feedback, card) for card in feedback.scorecards),
        *([] if feedback.scorecards else [plain("No scorecards have been submitted yet.")]),
        *([context(ASKS_AGAIN)] if feedback.asks_again else []),
        *([context(LEAN_FIRST), actions([debrief_button(panel.id)])] if is_hidden else []),
        *([DividerBlock()] if awaited or without else []),
        *([line(bold("Still to come: "), *people(awaited))] if awaited else []),
        *([line(bold("Closed without a scorecard: "), *people(without))] if without else []),
    ]
    return _page("Feedback", blocks)


def _glance(feedback: Feedback, card: Scorecard) -> Block:
    """Our own markup; names of competencies are escaped within it."""
    body = card.version.body
    ratings = [
        f"{escape_mrkdwn(name_of(feedback.content, item.competency))}: "
        f"{item.choice.label if item.choice is not None else '–'}"
        for item in body.assessments
    ]
    mark = SEEN[feedback.seen(card, card.version)]
    seen = f" · _{mark}_" if mark else ""
    recommended = "" if feedback.hides_recommendation(card) else f"*{_recommended(body)}* · "
    text = f"{recommended}<@{card.interviewer}>{seen}\n{' · '.join(ratings)}"
    return SectionBlock(
        text=MarkdownTextObject(text=cut(text, 3000)),
        accessory=ButtonElement(
            text="Read",
            action_id=ActionId.SCORECARD_READ,
            value=ReadToken(scorecard=card.id).dump(),
        ),
    )


def scorecard(feedback: Feedback, card: Scorecard, reader: str) -> Json:
    """One scorecard with every word of it."""
    body, due, version = card.version.body, feedback.due_scorecard(card), card.version
    blocks = [
        header(feedback.panel.candidate.name),
        line(
            *_recommendation(feedback, card, body),
            person(card.interviewer),
            f" · {feedback.panel.opening.name}\n",
            *_dated(due, card),
        ),
        *_mark(feedback, card, version),
        DividerBlock(),
        *(assessed(feedback.content, item) for item in body.assessments),
        *texts(body, with_reason=version.number > 1),
        *_buttons(card, is_author=card.interviewer == reader),
    ]
    return _page("Scorecard", blocks)


def _recommendation(feedback: Feedback, card: Scorecard, body: ScorecardBody) -> Parts:
    is_hidden = feedback.hides_recommendation(card)
    return () if is_hidden else (bold(chosen_for_all(body)), "\n")


def _mark(feedback: Feedback, card: Scorecard, version: ScorecardVersion) -> list[Block]:
    mark = SEEN[feedback.seen(card, version)]
    return [context(f"Marked as {mark}.")] if mark else []


def _recommended(body: ScorecardBody) -> str:
    return marked(body.recommendation) if body.recommendation else "–"


def _dated(due: DueScorecard, card: Scorecard) -> Parts:
    first = moment(card.submitted_at, due.zone)
    version = card.version
    if version.number == 1:
        return ("Submitted ", first)
    last = moment(version.submitted_at, due.zone)
    return ("Submitted ", first, f" · version {version.number}, ", last)


def _buttons(card: Scorecard, *, is_author: bool) -> list[Block]:
    edit = open_button("Edit", card.interview)
    versions = ButtonElement(
        text="Earlier versions",
        action_id=ActionId.SCORECARD_EARLIER,
        value=ReadToken(scorecard=card.id).dump(),
    )
    shown = [*([edit] if is_author else []), *([versions] if card.version.number > 1 else [])]
    return [actions(shown)] if shown else []


def earlier(earlier: Earlier) -> Json:
    """A version that is not the current one, with every word of it, and the way to the others.

    One at a time, since there may be any number of them, each as long as a view may be.
    """
    card, version, body = earlier.scorecard, earlier.version, earlier.version.body
    zone = earlier.feedback.due_scorecard(card).zone
    is_hidden = earlier.feedback.hides_recommendation(card)
    blocks = [
        header(earlier.feedback.panel.candidate.name),
        line(
            bold(f"Version {version.number} of {card.version.number}"),
            "\n",
            person(card.interviewer),
            f" · {earlier.feedback.panel.opening.name}\nSubmitted ",
            moment(version.submitted_at, zone),
            ", replaced ",
            moment(earlier.replaced_by.submitted_at, zone),
        ),
        *_mark(earlier.feedback, card, version),
        *_steps(card, version),
        DividerBlock(),
        *([] if is_hidden else [line(bold(chosen_for_all(body)))]),
        *(assessed(earlier.feedback.content, item) for item in body.assessments),
        *texts(body),
        DividerBlock(),
        *([_why(version)] if version.number > 1 else []),
        _why(earlier.replaced_by),
    ]
    return _page("Earlier version", blocks)


def _steps(card: Scorecard, version: ScorecardVersion) -> list[Block]:
    """*Newer* and *Older*, as far as there are any; the current version lies below this view."""
    steps = {"Newer": version.number + 1, "Older": version.number - 1}
    shown = [
        ButtonElement(
            text=label,
            action_id=f"{ActionId.SCORECARD_VERSION}:{label}",
            value=VersionToken(scorecard=card.id, number=number).dump(),
        )
        for label, number in steps.items()
        if 1 <= number < card.version.number
    ]
    return [actions(shown)] if shown else []


def _why(version: ScorecardVersion) -> Block:
    """Why this version took the place of the one before it."""
    title, reason = f"Why version {version.number} was written", version.body.reason
    return titled(title, reason or "No reason was given. It came within a day of the first.")


def _page(title: str, blocks: Sequence[Block]) -> Json:
    return modal(title, blocks, close="Close")


def own_first(own_first: OwnFirst) -> Json:
    """In the place of others' feedback, as long as one's own comes first."""
    return _page("Feedback", _own_first(own_first))


def own_first_message(own_first: OwnFirst) -> Json:
    """The same as an answer that only they see."""
    return private(own_first.text, _own_first(own_first))


def _own_first(own_first: OwnFirst) -> list[Block]:
    name = cut(own_first.candidate, 60)
    give = open_button("Write scorecard", own_first.interview, "primary")
    anyway = ButtonElement(
        text="Open early",
        action_id=ActionId.SCORECARD_ANYWAY,
        value=FeedbackToken(panel=own_first.panel).dump(),
        confirm=ConfirmObject(
            title=PlainTextObject(text=f"Open feedback on {name} early?", emoji=False),
            text=PlainTextObject(
                text="That's recorded, and your scorecard will say you wrote it after reading "
                "others' feedback."
            ),
            confirm=PlainTextObject(text="Open early"),
            deny=PlainTextObject(text="Cancel"),
        ),
    )
    return [plain(own_first.text), actions([give, anyway] if own_first.may_ask else [give])]


def several(listing: PanelList, name: str) -> Json:
    """Panels for candidates of one name, to choose from."""
    text = f"{how_many(listing.panels, name)} Whose feedback?"
    zone = listing.access.zone
    rows = [block for panel in listing.panels for block in _choice(panel, zone)]
    return private(text, [plain(text), *rows])


def _choice(panel: Panel, zone: str) -> list[Block]:
    when: Parts = (" · ", moment(panel.starts_at, zone)) if panel.starts_at else ()
    button = ButtonElement(
        text="Read feedback",
        action_id=f"{ActionId.SCORECARD_FEEDBACK}:{panel.id}",
        value=FeedbackToken(panel=panel.id).dump(),
    )
    return [line(bold(panel.candidate.name), f" · {panel.opening.name}", *when), actions([button])]
