"""An application: what was sent, its files, and what is kept apart as spam."""

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
)

from bot.domain.apply.files import size_text
from bot.domain.apply.submission import (
    FileFacts,
    RightToWork,
    ScanState,
    Submission,
    Suspicion,
    TextState,
)
from bot.domain.dates import full_day
from bot.domain.openings.places import country_name
from bot.services.apply.reading import ApartSheet, ApplicationSheet
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, and_more, context, cut, header, modal, plain
from handlers.views.rich import DAY, Parts, bold, joined, line, link, moment

MOST_SHOWN = 5
"""Forms that one modal shows."""

LONGEST_NAME = 100
LONGEST_ADDRESS = 200

RIGHT = {
    RightToWork.YES: "has the right to work there",
    RightToWork.SPONSORSHIP: "would need a visa or work permit",
}
WHY = {
    Suspicion.TRAP: "a hidden field was filled in, which people don't see",
    Suspicion.FAST: "it was sent within 3 seconds",
    Suspicion.MANY: "more than 5 came from the same network within an hour",
}
SCANS = {
    ScanState.NOT_SCANNED: "not scanned for viruses",
    ScanState.CLEAN: "no virus found",
    ScanState.INFECTED: "a virus was found, so it can't be downloaded",
}


class ApplicationToken(Token):
    """An application, to be read."""

    application: Id


class ApartToken(Token):
    """What is kept apart for an opening."""

    opening: Id


class FreeToken(Token):
    """A form that is no spam."""

    submission: Id


def application_button(application: str, style: str | None = None) -> ButtonElement:
    """*Application*, for whoever may read it; what they may is found out when it is pressed."""
    return ButtonElement(
        text="Application",
        action_id=ActionId.APPLICATION_OPEN,
        value=ApplicationToken(application=application).dump(),
        style=style,
    )


def apart_button(opening: str) -> ButtonElement:
    return ButtonElement(
        text="Suspected spam",
        action_id=ActionId.APPLICATION_APART,
        value=ApartToken(opening=opening).dump(),
    )


def application(sheet: ApplicationSheet) -> Json:
    """Everything that came for it, the last first."""
    shown = sheet.submissions[:MOST_SHOWN]
    blocks: list[Block] = [header(cut(sheet.candidate.name, LONGEST_NAME))]
    blocks.append(context(sheet.opening.full_name))
    for number, sent in enumerate(shown):
        blocks += [DividerBlock()] if number else []
        blocks += _sent(sheet, sent)
    return modal(
        "Application",
        [*blocks, *and_more(len(sheet.submissions) - len(shown))],
        close="Close",
    )


def _sent(sheet: ApplicationSheet, sent: Submission) -> list[Block]:
    zone, answers, file = sheet.zone, sent.current.answers, sent.current.file
    when: Parts = (bold("Sent "), moment(sent.sent_at, zone, DAY))
    rows: list[Parts] = [[*when, f" · hears by {full_day(sent.answer_by)}"]]
    if sent.current.number > 1:
        rows.append(["Corrected ", moment(sent.current.at, zone, DAY)])
    if sent.withdrawn_at is not None:
        rows.append([bold("Withdrawn "), moment(sent.withdrawn_at, zone, DAY)])
    if sent.erasure_asked_at is not None:
        rows.append([bold("Asks for erasure "), moment(sent.erasure_asked_at, zone, DAY)])
    rows += _told(sent, sees_adjustments=sheet.sees_adjustments)
    if answers.link:
        rows.append([bold("Link: "), link(answers.link, cut(answers.link, LONGEST_ADDRESS))])
    blocks: list[Block] = [line(*joined(rows))]
    if file is not None:
        blocks.append(_file(sheet, file))
        if text := sheet.texts.get(file.id):
            blocks.append(_text(text))
    if not sent.is_first:
        blocks.append(
            context(
                "Sent from the public form with the same email. Anyone who knows the address "
                "could have sent it."
            )
        )
    return blocks


def _told(sent: Submission, *, sees_adjustments: bool) -> list[Parts]:
    answers = sent.current.answers
    told = [
        ("Name", answers.name),
        ("Email", answers.email),
        ("Phone", answers.phone),
        ("Lives in", country_name(answers.country)),
        ("Work permit", RIGHT[answers.right_to_work]),
        ("Heard of it", answers.heard),
        ("Came from", sent.source),
        ("Accommodations", answers.adjustments if sees_adjustments else None),
        ("Keep for other jobs until", answers.pool_until and full_day(answers.pool_until)),
    ]
    return [[bold(f"{label}: "), text] for label, text in told if text]


def _file(sheet: ApplicationSheet, file: FileFacts) -> Block:
    """Its name, which leads to it for a few minutes, and what is known of it."""
    address = sheet.links.get(file.id)
    name = cut(file.name, LONGEST_NAME)
    facts = [size_text(file.size), SCANS[file.scan]]
    if file.text_state is TextState.NONE and file.scan is not ScanState.INFECTED:
        facts.append("no text could be read")
    about = f" · {' · '.join(facts)}"
    if address is None:
        return line(bold("Résumé: "), name, about)
    return line(bold("Résumé: "), link(address, name), about, "\nThe link works for 5 minutes.")


def _text(text: str) -> Block:
    part = RichTextElementParts.Text(text=text)
    return RichTextBlock(elements=[RichTextPreformattedElement(elements=[part])])


def apart(sheet: ApartSheet) -> Json:
    """What is kept apart, each with why; whoever reads it says what is no spam."""
    blocks: list[Block] = [context(sheet.opening.full_name)]
    if not sheet.submissions:
        blocks.append(plain("Nothing is kept apart for this job."))
    for sent in sheet.submissions:
        answers = sent.current.answers
        why = WHY[sent.suspicion] if sent.suspicion is not None else ""
        rows: list[Parts] = [
            [bold(cut(answers.name, LONGEST_NAME)), f" · {cut(answers.email, LONGEST_NAME)}"],
            ["Sent ", moment(sent.sent_at, sheet.zone, DAY), f" · {why}"],
        ]
        if answers.link:
            rows.append([cut(answers.link, LONGEST_ADDRESS)])
        free = ButtonElement(
            text="Not spam",
            action_id=ActionId.APPLICATION_FREE,
            value=FreeToken(submission=sent.id).dump(),
            accessibility_label=cut(f"Not spam: {answers.name}", 75),
        )
        blocks += [line(*joined(rows)), actions([free])]
    return modal("Suspected spam", blocks, close="Close")
