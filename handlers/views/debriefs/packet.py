"""The record of a decision as it was made, a page after another: nothing of it stands in Slack's
history, as a file would."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from bot.domain.questions.question import Rating
from bot.domain.scorecards.scorecard import Scorecard
from bot.services.debriefs.records import Record
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, context, cut, header, modal, plain
from handlers.views.debriefs.decision import short_of
from handlers.views.debriefs.kit import section
from handlers.views.debriefs.rule import rule_blocks
from handlers.views.rich import Parts, bold, joined, line, moment, people, person
from handlers.views.scorecards.pages import assessed, name_of, texts

LONGEST_NAME = 60
TITLE = "As it was decided"
GONE = "There's no such page. Go back and open the record again."


class RecordToken(Token):
    """A page of the record of the decision of this number; `page` is None in the debrief."""

    panel: Id
    number: int
    page: int | None = None


def record_button(panel: str, number: int) -> ButtonElement:
    return ButtonElement(
        text="Open record",
        action_id=ActionId.DEBRIEF_RECORD,
        value=RecordToken(panel=panel, number=number).dump(),
    )


def packet(record: Record, token: RecordToken) -> Json:
    """One page: what was decided and why, then a page a person, then what the ratings stood for."""
    number, cards = token.page or 0, record.scorecards
    count = len(cards) + 2
    if not 0 <= number < count:
        return modal(TITLE, [plain(GONE)], close="Back")
    if number == 0:
        shown = _decided(record)
    elif number <= len(cards):
        shown = _card(record, cards[number - 1])
    else:
        shown = _stood_for(record)
    name = cut(record.debrief.panel.candidate.name, LONGEST_NAME)
    page = context(f"{record.debrief.panel.opening.name} · {number + 1} of {count}")
    return modal(TITLE, [header(name), page, *shown, *_steps(token, number, count)], close="Back")


def _decided(record: Record) -> list[Block]:
    made, debrief = record.made, record.debrief
    zone = debrief.access.zone
    names = ", ".join(name_of(debrief.content, id) for id in made.competencies)
    rows: list[Parts] = [
        (bold(f"Decision: {short_of(made)}"), f" · {made.kind.label.lower()}"),
        ("Decided by ", person(made.person), ", ", moment(made.at, zone)),
    ]
    if made.confirmed_by is not None and made.confirmed_at is not None:
        second = person(made.confirmed_by)
        rows.append(("Confirmed by ", second, ", ", moment(made.confirmed_at, zone)))
    if made.undone_by is not None and made.undone_at is not None:
        rows.append(("Undone by ", person(made.undone_by), ", ", moment(made.undone_at, zone)))
    rows.append((bold("Rests on"), f" {names}"))
    against = [_quoted(("Against the decision rule",), made.against_rule)]
    return [
        line(*joined(rows)),
        _quoted(("Reason",), made.reason),
        *rule_blocks(made.rule),
        *(against if made.against_rule else []),
        DividerBlock(),
        line(bold("Ratings then"), "\n", *joined(_ratings(record))),
        *_leanings(record),
        *_recommended(record),
        *_read(record),
    ]


def _quoted(title: Parts, text: str | None) -> RichTextBlock:
    words = RichTextElementParts.Text(text=text or "–")
    return RichTextBlock(elements=[section(*title), RichTextQuoteElement(elements=[words])])


def _ratings(record: Record) -> list[Parts]:
    """A line for each competency: every rating that was given, with whoever gave it."""
    rows: list[Parts] = []
    for row in record.table.rows:
        parts: list[Parts] = [
            (f"{rating.label}: ", *people(one.person for one in given))
            for rating, given in row.by_rating.items()
        ]
        name = name_of(record.debrief.content, row.competency)
        told = [part for number, one in enumerate(parts) for part in (*["; "] * bool(number), *one)]
        rows.append((f"{name} · ", *(told or ["no one rated it"])))
    return rows


def _leanings(record: Record) -> list[Block]:
    written = record.debrief.leanings.written
    elements: list[RichTextSectionElement | RichTextQuoteElement] = [section(bold("Leanings"))]
    for one in written:
        words = one.leaning.label.lower() if one.leaning else ""
        text = RichTextElementParts.Text(text=one.sentence)
        elements += [
            section(person(one.person), f" · {words}"),
            RichTextQuoteElement(elements=[text]),
        ]
    return [RichTextBlock(elements=elements)] if written else []


def _recommended(record: Record) -> list[Block]:
    rows: list[Parts] = [
        (person(card.interviewer), f" · {one.label}")
        for card in record.scorecards
        if (one := card.version.body.recommendation) is not None
    ]
    return [line(bold("Recommendations then"), "\n", *joined(rows))] if rows else []


def _read(record: Record) -> list[Block]:
    """Who had read what by then."""
    zone = record.debrief.access.zone
    rows: list[Parts] = []
    for read in record.reads:
        anyway = " before their own scorecard was in" if read.anyway else ""
        when = moment(read.at, zone)
        rows.append((person(read.person), f" first read others' feedback{anyway}, ", when))
    for early in record.early:
        when, more = moment(early.at, zone), f", with {early.awaited} still to come"
        rows.append((person(early.person), " opened the debrief early, ", when, more))
    return [line(bold("Who had read what"), "\n", *joined(rows))] if rows else []


def _card(record: Record, card: Scorecard) -> list[Block]:
    """What one person had written by then."""
    debrief, version = record.debrief, card.version
    late = " · written after reading others' feedback" if card.seen_others_before else ""
    when = moment(version.submitted_at, debrief.access.zone)
    return [
        line(person(card.interviewer), f" · version {version.number}, ", when, late),
        *(assessed(debrief.content, item) for item in version.body.assessments),
        *texts(version.body),
    ]


def _stood_for(record: Record) -> list[Block]:
    """The texts by which people rated, as they were when the panel was set up."""
    named = sorted(record.debrief.content.competencies, key=lambda one: one.name.casefold())
    return [
        line(
            bold(one.name),
            "\n",
            *joined([(f"{rating.label}: {one.ratings[rating].short}",) for rating in Rating]),
        )
        for one in named
    ]


def _steps(token: RecordToken, number: int, count: int) -> Sequence[Block]:
    shown = [
        ButtonElement(
            text=label,
            action_id=f"{ActionId.DEBRIEF_RECORD}:{label}",
            value=token.model_copy(update={"page": at}).dump(),
        )
        for label, at in (("Previous", number - 1), ("Next", number + 1))
        if 0 <= at < count
    ]
    return [DividerBlock(), actions(shown)]
