"""Advice before an opening goes out, for the person who posts it alone."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    MarkdownTextObject,
)

from bot.domain.dates import full_day
from bot.domain.openings.advice_finding import NOT_LEGAL_ADVICE, Finding, Reference
from bot.domain.openings.fields import OpeningField
from bot.library.documents import escape_mrkdwn
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import actions, context, cut, header
from handlers.views.openings.form import LABELS
from handlers.views.rich import Part, bold, line

MOST_FINDINGS = 15
"""As many as leave room for the rest of a modal, and as anybody looks at in one go."""

MOST_IN_MESSAGE = 5
"""As many as fit into a message with a job's page."""

MOST_REFERENCES = 3
LONGEST_WORDS = 200


class UseToken(Token):
    """Which finding's words are put in the place of those that it is about."""

    opening: Id
    key: str


def advice_blocks(
    findings: Sequence[Finding],
    edit_text: str | None,
    use_in: str | None = None,
    most: int = MOST_FINDINGS,
) -> list[Block]:
    """What there is to look at; nothing where there is nothing to say. `edit_text` is the value of
    the button that leads to the posting's text, for whoever may edit that, `use_in` the opening in
    which words can be replaced from here. At most that many are shown."""
    if not findings:
        return []
    count = len(findings)
    blocks: list[Block] = [
        DividerBlock(),
        header("1 thing to look at" if count == 1 else f"{count} things to look at"),
    ]
    for finding in findings[:most]:
        blocks += [line(*_parts(finding)), _from(finding)]
        if use_in is not None and finding.use is not None and finding.spot.line is not None:
            blocks.append(actions([_use(finding, use_in)]))
    if count > most:
        blocks.append(context(f"{count - most} more show up as you deal with these."))
    is_of_text = any(one.spot.field is OpeningField.TEXT for one in findings)
    if is_of_text and edit_text is not None:
        button = ButtonElement(text="Edit text", action_id=ActionId.OPENING_TEXT, value=edit_text)
        blocks.append(actions([button]))
    blocks += [context(f"Only you can see this. {NOT_LEGAL_ADVICE}"), DividerBlock()]
    return blocks


def _parts(finding: Finding) -> list[Part]:
    title = cut(finding.quoted, LONGEST_WORDS) or finding.title
    return [bold(title), f"\n{finding.why}\n", bold("Try: "), finding.instead]


def _use(finding: Finding, opening: str) -> ButtonElement:
    return ButtonElement(
        text="Use this",
        action_id=ActionId.OPENING_USE,
        value=UseToken(opening=opening, key=finding.key).dump(),
        accessibility_label=cut(f"Use “{finding.use}” instead of {finding.quoted}", 75),
    )


def _from(finding: Finding) -> ContextBlock:
    """Such as "Law, Ontario · Employment Standards Act · checked Mon, Nov 30, 2026 · Pay range"."""
    kind = f"Law, {finding.law}" if finding.law else "Advice"
    links = [_link(one) for one in finding.references[:MOST_REFERENCES]]
    checked = f"checked {full_day(finding.checked)}"
    parts = (escape_mrkdwn(kind), *links, checked, escape_mrkdwn(_where(finding)))
    return ContextBlock(elements=[MarkdownTextObject(text=" · ".join(parts))])


def _link(reference: Reference) -> str:
    text = escape_mrkdwn(reference.text)
    return f"<{escape_mrkdwn(reference.url)}|{text}>" if reference.url else text


def _where(finding: Finding) -> str:
    spot = finding.spot
    return spot.in_text if spot.field is OpeningField.TEXT else LABELS[spot.field]
