"""Panels in Slack: one panel, several to choose from, coverage, what others have changed."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.domain.audit import AuditEntry
from bot.domain.dates import short_time_in
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.coverage import Coverage
from bot.domain.panels.panel import MOST_NAMED, Interview, Panel
from bot.services.overview import PanelList, PanelOverview
from bot.services.panels.changes import PanelEdit
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.candidates import duplicates
from handlers.views.common import (
    MOST_CHARACTERS,
    Json,
    actions,
    as_json,
    context,
    cut,
    header,
    plain,
    private,
    size_of,
)
from handlers.views.rich import (
    TIME,
    Parts,
    bold,
    line,
    lines,
    link,
    moment,
    people,
    person,
)

MOST_ON_PAGE = 20
MOST_OWNERS = 4
"""Of a doubled competency, that are named."""

DOING = {
    "interview.added": "added the interview of",
    "interview.changed": "changed the interview of",
    "interview.replaced": "replaced",
    "interview.cancelled": "cancelled the interview of",
    "interview.declined": "can't make it",
    "interview.accepted": "can make it after all",
    "panel.cancelled": "cancelled the panel",
    "panel.details": "changed the details",
    "candidate.merged": "merged the candidate with another",
    "candidate.unmerged": "undid a merge of the candidate",
}
"""What somebody did, in the words of the record of it."""

ANSWERS = frozenset({"interview.declined", "interview.accepted"})
"""What interviewers say of their own interviews."""

FIELD_NAMES = {
    "starts_at": "time",
    "ends_at": "time",
    "place": "place",
    "focus": "focus",
    "name": "name",
    "email": "e-mail",
    "link": "link",
    "hiring_manager": "hiring manager",
    "recruiter": "recruiter",
    "channel": "channel",
}
"""What the record names as changed, in words; the rest follows from it."""


class PanelToken(Token):
    """A button about a panel; `first` is the number of the first interview shown.

    The panel is shown in the button's place, or `apart` where others read that message too.
    """

    panel: Id
    apart: bool = False
    first: Annotated[int, Field(ge=0, lt=1000)] = 0


class EditToken(Token):
    """A button that changes a panel, or one interview of it, as it was shown.

    The message that it is in shows the panel, unless it stands `apart`.
    """

    panel: Id
    apart: bool = False
    revision: Annotated[int, Field(ge=1)]
    interview: Id | None = None

    @property
    def edit(self) -> PanelEdit:
        return PanelEdit(self.panel, self.revision, self.interview or "")


def overview(overview: PanelOverview, first: int = 0, notes: Iterable[Block] = ()) -> Json:
    """A panel for one person alone, with buttons for whoever may change it.

    A long one is shown by the page; `first` is the number of the page's first interview.
    """
    panel, on = overview.panel, overview.panel.on
    top = as_json([*notes, *facts(panel, contact=overview.can_edit)])
    if not first:
        top += as_json(duplicates(overview))
    middle = [as_json(_interview(overview, item)) for item in on]
    bottom = [DividerBlock(), coverage(overview.content, panel, overview.assessed)]
    cancelled = len(panel.interviews) - len(on)
    if cancelled and on:
        bottom.append(context(f"{_count(cancelled, 'interview')} cancelled or replaced."))
    most = [*bottom, context(_on_page(10, 20, 20)), *_panel_buttons(overview, 1, 1)]
    room = MOST_CHARACTERS - size_of([*top, *as_json(most)])
    largest = max(map(size_of, middle), default=1)
    page = max(min(room // largest, MOST_ON_PAGE), 1)
    shown = middle[first : first + page]
    if len(shown) < len(on):
        bottom.append(context(_on_page(first + 1, first + len(shown), len(on))))
    bottom += _panel_buttons(overview, first, page)
    blocks = [*top, *itertools.chain(*shown), *as_json(bottom)]
    return private(f"Interview panel: {panel.opening.name}", []) | {"blocks": blocks}


def _on_page(first: int, last: int, of: int) -> str:
    return f"Interviews {first} to {last} of {of}."


def _interview(overview: PanelOverview, item: Interview) -> list[Block]:
    buttons = [_interview_buttons(overview.panel, item)] if overview.can_edit else []
    return [line(*of_interview(item, overview.content)), *buttons]


def facts(panel: Panel, *, contact: bool = False) -> list[Block]:
    """Whom the panel is for and who organises it; how to reach the candidate only if told to."""
    candidate = panel.candidate
    blocks: list[Block] = [
        header(candidate.name),
        line(
            bold(panel.opening.name),
            *((" · ", link(candidate.link, "Profile or CV")) if candidate.link else ()),
            f" · {candidate.email}" if contact and candidate.email else "",
            "\nHiring manager ",
            person(panel.hiring_manager),
            " · Recruiter ",
            person(panel.recruiter),
        ),
    ]
    if panel.cancelled_at is not None:
        blocks.append(plain("This panel has been cancelled."))
    elif not panel.on:
        blocks.append(plain("No interview of this panel takes place any more."))
    return blocks


def of_interview(item: Interview, content: FrozenContent) -> Parts:
    """Who, when, for what."""
    parts: list[RichTextElement | str] = [
        person(item.interviewer),
        " · ",
        moment(item.starts_at, item.zone),
        " to ",
        moment(item.ends_at, item.zone, TIME),
        f"\n{', '.join(content.names(item.focus))}",
    ]
    if item.declined_at is not None:
        parts += ["\n", bold("Cannot make it.")]
    return parts


def coverage(content: FrozenContent, panel: Panel, assessed: Collection[str] = ()) -> RichTextBlock:
    names = {item.id: item.name for item in content.competencies}
    return coverage_of(names, content.coverage(panel, assessed))


def coverage_of(names: Mapping[str, str], found: Coverage) -> RichTextBlock:
    """What nobody owns and what more than one does; the competencies' names by id."""
    rows: list[Parts] = []
    if found.unowned:
        rows.append((bold("Nobody owns: "), ", ".join(names[id] for id in found.unowned)))
    for id, owners in found.doubled.items():
        more = f" and {len(owners) - MOST_OWNERS} more" if len(owners) > MOST_OWNERS else ""
        owned_by = (*people(owners[:MOST_OWNERS]), f"{more})")
        rows.append((bold("More than one owns: "), f"{names[id]} (", *owned_by))
    return lines(rows) if rows else line("Each competency is owned by one interviewer.")


def _interview_buttons(panel: Panel, item: Interview) -> Block:
    value = EditToken(panel=panel.id, revision=panel.revision, interview=item.id).dump()
    return actions(
        [
            ButtonElement(text="Reschedule", action_id=ActionId.PANEL_RESCHEDULE, value=value),
            ButtonElement(text="Replace", action_id=ActionId.PANEL_REPLACE, value=value),
            ButtonElement(
                text="Cancel interview",
                action_id=ActionId.PANEL_CANCEL_INTERVIEW,
                value=value,
            ),
        ]
    )


def _panel_buttons(overview: PanelOverview, first: int, page: int) -> list[Block]:
    panel, buttons = overview.panel, []
    for label, start in (
        ("Earlier interviews", max(first - page, 0) if first else -1),
        ("Later interviews", first + page),
    ):
        if 0 <= start < len(panel.on):
            value = PanelToken(panel=panel.id, first=start).dump()
            action = f"{ActionId.PANEL_OPEN}:{start}"
            buttons.append(ButtonElement(text=label, action_id=action, value=value))
    if overview.can_edit:
        value = EditToken(panel=panel.id, revision=panel.revision).dump()
        cancel = ActionId.PANEL_CANCEL
        buttons += [
            ButtonElement(text="Add interviewer", action_id=ActionId.PANEL_ADD, value=value),
            ButtonElement(text="Edit details", action_id=ActionId.PANEL_DETAILS, value=value),
            ButtonElement(text="Cancel panel", action_id=cancel, value=value, style="danger"),
        ]
    return [actions(buttons)] if buttons else []


def listing(listing: PanelList, command: str) -> Json:
    """The person's panels, those to come first."""
    if not listing.panels:
        return private(
            "You have no interview panels.",
            [plain(f"You have no interview panels yet. {command} sets one up.")],
        )
    rows = [_row(panel, listing) for panel in listing.panels]
    how = context(
        f"{command} and a candidate's name shows a panel, whether it is in this list or not."
    )
    return private("Your interview panels", [header("Your interview panels"), *rows, how])


def several(listing: PanelList, name: str) -> Json:
    """Panels for candidates of one name, to choose from."""
    text = f"{how_many(listing.panels, name)} Which one?"
    return private(text, [plain(text), *(_row(panel, listing) for panel in listing.panels)])


def how_many(panels: Sequence[Panel], name: str) -> str:
    """Of how many panels for candidates of this name one is to be chosen."""
    whose = f"for “{cut(name, 80)}”"
    if len(panels) < MOST_NAMED:
        return f"There are {len(panels)} panels {whose}."
    return f"There are {len(panels)} panels or more {whose}: a fuller name finds fewer."


def unknown(name: str, command: str) -> Json:
    """The same whether there is such a candidate or not."""
    text = f"No panel of yours is for “{cut(name, 80)}”. {command} list shows your panels."
    return private(text, [plain(text)])


def _row(panel: Panel, listing: PanelList) -> Block:
    user, item = listing.access.user, _next_of(panel, listing.now)
    part = "you organise it" if user in panel.organizers else "you interview"
    when = "cancelled" if item is None else short_time_in(listing.access.zone, item.starts_at)
    text = f"{cut(panel.candidate.name, 80)}\n{panel.opening.name} · {when} · {part}"
    button = ButtonElement(
        text="Open", action_id=ActionId.PANEL_OPEN, value=PanelToken(panel=panel.id).dump()
    )
    return SectionBlock(text=PlainTextObject(text=text, emoji=False), accessory=button)


def _next_of(panel: Panel, now: datetime) -> Interview | None:
    """The next interview, or the last one once all are over."""
    following = [item for item in panel.on if item.ends_at > now]
    return next(iter(following or reversed(panel.on)), None)


def confirmation(overview: PanelOverview, title: str, notes: Sequence[Block] = ()) -> Json:
    """What has been done, in the place of the form."""
    past = [item for item in overview.panel.on if item.starts_at < overview.now]
    blocks: list[Block] = [*facts(overview.panel, contact=overview.can_edit), *notes]
    if overview.panel.on:
        blocks.append(lines([of_interview(item, overview.content) for item in overview.panel.on]))
        found = coverage(overview.content, overview.panel, overview.assessed)
        blocks += [DividerBlock(), found]
    if past:
        names = people(dict.fromkeys(item.interviewer for item in past))
        blocks.append(line(bold("In the past: "), "the interview with ", *names, "."))
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        close=PlainTextObject(text="Done"),
        blocks=blocks,
    ).to_dict()


def changes(overview: PanelOverview, entries: Iterable[AuditEntry]) -> list[Block]:
    """What others have done to a panel in the meantime."""
    rows = [_change(overview.panel, entry, overview.access.zone) for entry in entries]
    said = "This panel has been changed in the meantime, so nothing has been done yet."
    return [plain(said), *([lines(rows)] if rows else [])]


def _change(panel: Panel, entry: AuditEntry, zone: str) -> Parts:
    parts: list[RichTextElement | str] = [
        person(entry.actor),
        f" {DOING.get(entry.action, 'changed the panel')}",
    ]
    item = panel.find(entry.part or "")
    if item is not None and entry.action not in ANSWERS:
        parts += [" ", person(item.interviewer)]
    fields = dict.fromkeys(FIELD_NAMES[name] for name in entry.fields if name in FIELD_NAMES)
    named = ", ".join(fields)
    if named and entry.action == "interview.changed":
        parts.append(f" ({named})")
    if named and entry.action == "panel.details":
        parts.append(f": {named}")
    parts += [" · ", moment(entry.at, zone)]
    return parts


def in_the_meantime(
    overview: PanelOverview, entries: Iterable[AuditEntry], now: Iterable[Block], submit: str
) -> list[Block]:
    """What others have done, and what there is `now`, above a form as it was filled in, whose
    button is called `submit`."""
    return [
        *changes(overview, entries),
        line(bold("The panel now")),
        *now,
        line(bold("What you entered"), f"\n{submit} does it all the same."),
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
