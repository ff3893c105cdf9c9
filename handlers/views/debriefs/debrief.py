"""A debrief as a modal: what is missing first, then gaps, splits, competencies, leanings, and last
what people recommend."""

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from bot.domain.dates import short_day
from bot.domain.debriefs.access import DebriefAccess
from bot.domain.debriefs.leanings import Leanings
from bot.domain.debriefs.ratings import CompetencyRatings, GivenRating, NotCovered
from bot.domain.questions.question import Rating
from bot.domain.scorecards.scorecard import Recommendation
from bot.services.debriefs.debrief import Debrief
from bot.services.overview import PanelList
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import (
    Json,
    actions,
    context,
    cut,
    header,
    modal,
    plain,
    private,
)
from handlers.views.debriefs.buttons import DebriefToken, debrief_button
from handlers.views.debriefs.decision import decide_button
from handlers.views.debriefs.kit import confirm, section
from handlers.views.debriefs.record import record
from handlers.views.debriefs.rule import rule_blocks
from handlers.views.panels.listing import how_many
from handlers.views.remind_now import RemindToken, remind_now_button
from handlers.views.rich import Parts, bold, joined, line, marked, moment, people, person
from handlers.views.scorecards.form import open_button
from handlers.views.scorecards.pages import THUMBS, competency_of, name_of

LONGEST_NAME = 60
LONGEST_QUOTE, MOST_QUOTED = 300, 30_000
"""Characters of a quote, and of all in one debrief: the rest is a press away."""

CHANGED = "A scorecard changed while you had this open. Here's the debrief as it is now."
OWN_FIRST = "Submit your own scorecard first. That way, what you write is your own view."
NOTHING_YET = "No scorecards have been submitted yet."
LEANINGS_HIDDEN = "Leanings open together once every decider has written one."
LEAN_FIRST = "Write your leaning before you see what others recommend. All leanings open together."


class SeenToken(Token):
    """A button in a debrief that shows these versions of its scorecards."""

    panel: Id
    seen: str


def debrief(debrief: Debrief, *, has_changed: bool = False) -> Json:
    """The whole modal; `has_changed`: since they opened it."""
    notes = [context(CHANGED)] if has_changed else []
    if debrief.reading is DebriefAccess.ALL:
        return _page([*notes, *_read(debrief)])
    return _page([*notes, *_missing(debrief)])


def _page(blocks: Sequence[Block]) -> Json:
    return modal("Debrief", blocks, close="Close")


def _missing(debrief: Debrief) -> list[Block]:
    """What is in and what is not; nothing of what any scorecard says."""
    come = debrief.arrivals
    name = cut(debrief.panel.candidate.name, LONGEST_NAME)
    waits: Parts = ("Waiting for ", *people(due.owner for due in come.awaited))
    own = open_button("Write scorecard", debrief.own, "primary") if debrief.own else None
    buttons = [
        *([own] if own else []),
        *([_remind(debrief)] if debrief.may_remind else []),
        *([_early(debrief)] if debrief.may_open_early else []),
    ]
    return [
        header(f"{name} · {len(come.submitted)} of {come.expected} in"),
        context(debrief.panel.opening.name),
        *([line(*waits)] if come.awaited else []),
        *([plain(OWN_FIRST)] if debrief.own else []),
        *([] if debrief.has_scorecards or debrief.own else [plain(NOTHING_YET)]),
        *([actions(buttons)] if buttons else []),
        *_left(debrief, debrief.not_covered),
    ]


def _left(debrief: Debrief, left: Sequence[NotCovered]) -> list[Block]:
    if not left:
        return []
    rows = [
        (name_of(debrief.content, one.competency), " · ", *(people(one.awaited) or ["no one"]))
        for one in left
    ]
    return [DividerBlock(), line(bold("Not covered yet"), "\n", *joined(rows))]


def _remind(debrief: Debrief) -> ButtonElement:
    token = RemindToken(panel=debrief.panel.id)
    style = None if debrief.own else "primary"
    return remind_now_button(token, debrief.panel.candidate.name, style)


def _early(debrief: Debrief) -> ButtonElement:
    own = (
        " Your own scorecard will say you wrote it after reading others' feedback."
        if debrief.own
        else ""
    )
    return ButtonElement(
        text="Open early",
        action_id=ActionId.DEBRIEF_EARLY,
        value=DebriefToken(panel=debrief.panel.id).dump(),
        confirm=confirm(
            "Open this debrief early?",
            "Everyone who reads it will see that you opened it before all scorecards were in."
            f"{own}",
            "Open early",
        ),
    )


def _read(debrief: Debrief) -> list[Block]:
    table = debrief.table
    others = [block for row in table.others for block in _competency(debrief, row)]
    title = _others(len(table.others), has_splits=bool(table.splits))
    made = debrief.decisions
    is_undecided = made.current is None and made.pending is None
    return [
        header(f"{cut(debrief.panel.candidate.name, LONGEST_NAME)} · {_state(debrief)}"),
        context(f"{debrief.panel.opening.name}{_answer_by(debrief)}"),
        *record(debrief),
        *_opened_early(debrief),
        *_gaps(debrief, table.gaps),
        *_splits(debrief, table.splits),
        *([DividerBlock(), header(title), *others] if others else []),
        *([actions([_evidence(debrief)])] if debrief.scorecards else [plain(NOTHING_YET)]),
        *rule_blocks(debrief.checked_rule),
        DividerBlock(),
        *_leanings(debrief),
        *(_recommendations(debrief) if debrief.leanings.are_open else []),
        *([actions([decide_button(debrief)])] if is_undecided and debrief.may_decide else []),
    ]


def _answer_by(debrief: Debrief) -> str:
    """By when the candidate hears, as long as nobody has told them."""
    awaited = debrief.awaited
    if awaited is None or awaited.answer.is_given or awaited.panel.id != debrief.panel.id:
        return ""
    return f" · answer by {short_day(awaited.answer.by)}"


def _state(debrief: Debrief) -> str:
    come = debrief.arrivals
    if not come.are_all_in:
        return f"{len(come.submitted)} of {come.expected} in"
    count = len(come.submitted)
    return f"all {count} in" if count > 1 else "scorecard in" if count else "no scorecards"


def _others(count: int, *, has_splits: bool) -> str:
    competencies = "competency" if count == 1 else "competencies"
    return f"The other {count} {competencies}" if has_splits else f"{count} {competencies}"


def _opened_early(debrief: Debrief) -> list[Block]:
    zone = debrief.access.zone
    rows: list[Parts] = [
        (
            "Opened early by ",
            person(one.person),
            ", ",
            moment(one.at, zone),
            f", with {one.awaited} still to come",
        )
        for one in debrief.early
    ]
    awaited = debrief.arrivals.awaited
    if awaited:
        rows.append(("Still to come: ", *people(due.owner for due in awaited)))
    return [line(*joined(rows))] if rows else []


def _gaps(debrief: Debrief, gaps: Sequence[CompetencyRatings]) -> list[Block]:
    names = ", ".join(name_of(debrief.content, row.competency) for row in gaps)
    return [line(*marked("ahead", bold("No one rated "), names))] if gaps else []


def _splits(debrief: Debrief, splits: Sequence[CompetencyRatings]) -> list[Block]:
    quotes = sum(len(row.given) for row in splits)
    most = min(LONGEST_QUOTE, MOST_QUOTED // max(quotes, 1))
    return [block for row in splits for block in _split(debrief, row, most)]


def _split(debrief: Debrief, row: CompetencyRatings, most: int) -> list[Block]:
    """Who is far apart, and what each of them saw."""
    name = name_of(debrief.content, row.competency)
    title = section(*marked("due", bold("Split on "), name))
    given = [
        part
        for rating, people_of in row.by_rating.items()
        for one in people_of
        for part in _seen(rating, one, most)
    ]
    return [RichTextBlock(elements=[title, *given]), *_behavior(debrief, row)]


def _seen(
    rating: Rating, one: GivenRating, most: int
) -> list[RichTextSectionElement | RichTextQuoteElement]:
    quote = cut(one.evidence, most)
    text = RichTextElementParts.Text(text=quote)
    return [
        section(f"{rating.label} · ", person(one.person)),
        *([RichTextQuoteElement(elements=[text])] if quote else []),
    ]


def _competency(debrief: Debrief, row: CompetencyRatings) -> list[Block]:
    """Each rating that was given once, with whoever gave it."""
    rows = [
        (f"{rating.label} · ", *people(one.person for one in given))
        for rating, given in row.by_rating.items()
    ]
    name = bold(name_of(debrief.content, row.competency))
    return [line(name, "\n", *joined(rows)), *_behavior(debrief, row)]


def _behavior(debrief: Debrief, row: CompetencyRatings) -> list[Block]:
    """What each rating that was given stands for, as it was when the panel was set up."""
    competency = competency_of(debrief.content, row.competency)
    if competency is None:
        return []
    used = row.by_rating
    texts = [f"{rating.label}: {competency.ratings[rating].short}" for rating in used]
    return [context("\n".join(texts))]


def _evidence(debrief: Debrief) -> ButtonElement:
    return ButtonElement(
        text="Evidence",
        action_id=ActionId.DEBRIEF_EVIDENCE,
        value=SeenToken(panel=debrief.panel.id, seen=debrief.seen).dump(),
    )


def _leanings(debrief: Debrief) -> list[Block]:
    """Before they are open only who has written one; then every word, and who opened them."""
    leanings = debrief.leanings
    if leanings.are_open:
        return [header("Leanings"), _open(leanings), *_opened_by(debrief)]
    own = leanings.of(debrief.reader)
    told = LEAN_FIRST if debrief.may_lean and own is None else LEANINGS_HIDDEN
    yours: Parts = ("\nYours: ", own.leaning.label) if own and own.leaning else ()
    rows = [
        *(("Written: ", *people([one.person])) for one in leanings.written),
        *(("Still to come: ", *people([who])) for who in leanings.missing),
    ]
    buttons = [
        *([_lean(debrief, "Edit my leaning" if own else "Write my leaning")] * debrief.may_lean),
        *([_open_leanings(debrief)] * debrief.may_open_leanings),
    ]
    return [
        header("Your leaning" if debrief.may_lean else "Leanings"),
        plain(told),
        line(*joined(rows), *yours),
        *([actions(buttons)] if buttons else []),
    ]


def _open(leanings: Leanings) -> Block:
    elements: list[RichTextSectionElement | RichTextQuoteElement] = []
    for one in leanings.written:
        words = one.leaning.label.lower() if one.leaning else ""
        elements.append(section(person(one.person), f" · {words}"))
        text = RichTextElementParts.Text(text=one.sentence)
        elements.append(RichTextQuoteElement(elements=[text]))
    elements += [section(person(who), " · not written") for who in leanings.missing]
    return RichTextBlock(elements=elements)


def _opened_by(debrief: Debrief) -> list[Block]:
    leanings = debrief.leanings
    if leanings.opened_by is None or leanings.opened_at is None:
        return []
    when = moment(leanings.opened_at, debrief.access.zone)
    return [line("Opened by ", person(leanings.opened_by), ", ", when)]


def _lean(debrief: Debrief, label: str) -> ButtonElement:
    return ButtonElement(
        text=label,
        action_id=ActionId.DEBRIEF_LEAN,
        value=SeenToken(panel=debrief.panel.id, seen=debrief.seen).dump(),
        style="primary" if debrief.leanings.of(debrief.reader) is None else None,
    )


def _open_leanings(debrief: Debrief) -> ButtonElement:
    return ButtonElement(
        text="Open leanings",
        action_id=ActionId.DEBRIEF_LEANINGS,
        value=SeenToken(panel=debrief.panel.id, seen=debrief.seen).dump(),
        confirm=confirm(
            "Open the leanings now?",
            "Some deciders haven't written theirs, and none can be written or changed afterwards. "
            "Everyone who reads this will see that you opened them.",
            "Open leanings",
        ),
    )


def _recommendations(debrief: Debrief) -> list[Block]:
    """By word, each with whoever recommends it."""
    found = {
        choice: [
            card.interviewer
            for card in debrief.scorecards
            if card.version.body.recommendation is choice
        ]
        for choice in reversed(Recommendation)
    }
    rows = [
        (f"{THUMBS[choice]} {choice.label} · ", *people(who))
        for choice, who in found.items()
        if who
    ]
    return [header("Recommendations"), line(*joined(rows))] if rows else []


def several(listing: PanelList, name: str) -> Json:
    """Panels for candidates of one name, to choose from."""
    return chosen_from(listing, f"{how_many(listing.panels, name)} Whose debrief?")


def chosen_from(listing: PanelList, text: str) -> Json:
    """Panels to choose from, for the reader alone."""
    rows = list(_choices(listing))
    return private(text, [plain(text), *rows])


def _choices(listing: PanelList) -> Iterable[Block]:
    for panel in listing.panels:
        when: Parts = (
            (" · ", moment(panel.starts_at, listing.access.zone)) if panel.starts_at else ()
        )
        button = debrief_button(panel.id)
        button.action_id = f"{ActionId.DEBRIEF_OPEN}:{panel.id}"
        yield line(bold(panel.candidate.name), f" · {panel.opening.name}", *when)
        yield actions([button])
