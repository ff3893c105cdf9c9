"""One panel in Slack: who interviews when and how far it is, coverage, what others changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    MarkdownTextObject,
    OverflowMenuElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    SectionBlock,
)

from bot.domain.audit import AuditEntry
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.coverage import Coverage
from bot.domain.panels.panel import Interview, Panel
from bot.domain.panels.state import InterviewState
from bot.library.documents import escape_mrkdwn
from bot.services.overview import PanelOverview
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
    header,
    modal,
    plain,
    private,
    size_of,
)
from handlers.views.forms import option
from handlers.views.rich import (
    TIME,
    Parts,
    bold,
    clock_mrkdwn,
    line,
    lines,
    link,
    moment,
    people,
    person,
    short_moment_mrkdwn,
)
from handlers.views.states import state_label

PANEL_PAGE = "panel"
"""What a modal that shows a panel keeps, so that its next page takes its place."""

MOST_ON_PAGE = 20
MOST_OWNERS = 4
"""Of a doubled competency, that are named."""

DOING = {
    "interview.added": "added the interview of",
    "interview.changed": "changed the interview of",
    "interview.replaced": "replaced",
    "interview.cancelled": "canceled the interview of",
    "interview.declined": "can't make it",
    "interview.accepted": "can make it after all",
    "panel.cancelled": "canceled the panel",
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
    "place": "location",
    "focus": "focus",
    "name": "name",
    "email": "email",
    "link": "link",
    "hiring_manager": "hiring manager",
    "recruiter": "recruiter",
    "channel": "channel",
}
"""What the record names as changed, in words; the rest follows from it."""


class MenuAction(StrEnum):
    """What the menu beside an interview does."""

    RESCHEDULE = "reschedule"
    REPLACE = "replace"
    CANCEL = "cancel"


class MenuToken(Token):
    """A choice in the menu beside an interview; the block that it is in says of which."""

    verb: MenuAction


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
    """A panel for one person alone, with a menu beside each interview for whoever may change it.

    A long one is shown by the page; `first` is the number of the page's first interview.
    """
    blocks = _sheet(overview, first, duplicates(overview) if not first else [], notes)
    text = f"Interview panel: {overview.panel.opening.name}"
    return private(text, []) | {"blocks": blocks}


def _sheet(
    overview: PanelOverview,
    first: int,
    merging: Iterable[Block],
    notes: Iterable[Block] = (),
) -> list[Json]:
    panel, on = overview.panel, overview.panel.on
    top = as_json([*notes, *facts(panel, contact=overview.can_edit)])
    top += as_json(merging)
    middle = [_interview(overview, item).to_dict() for item in on]
    bottom = [DividerBlock(), coverage(overview.content, panel, overview.assessed)]
    canceled = len(panel.interviews) - len(on)
    if canceled and on:
        bottom.append(context(f"{_count(canceled, 'interview')} canceled or replaced."))
    most = [*bottom, context(_on_page(10, 20, 20)), *_panel_buttons(overview, 1, 1)]
    room = MOST_CHARACTERS - size_of([*top, *as_json(most)])
    largest = size_of([max(middle, key=lambda block: size_of([block]))]) if middle else 1
    page = max(min(room // largest, MOST_ON_PAGE), 1)
    shown = middle[first : first + page]
    if len(shown) < len(on):
        bottom.append(context(_on_page(first + 1, first + len(shown), len(on))))
    bottom += _panel_buttons(overview, first, page)
    return [*top, *shown, *as_json(bottom)]


def panel_modal(overview: PanelOverview, first: int = 0) -> Json:
    """The same where there is no message to answer in: at home, and on top of another modal."""
    blocks = _sheet(overview, first, [])
    return modal("Interview panel", blocks, close="Back", metadata=PANEL_PAGE)


def _on_page(first: int, last: int, of: int) -> str:
    return f"Interviews {first} to {last} of {of}."


def _interview(overview: PanelOverview, item: Interview) -> SectionBlock:
    """Who, how far it is, when by the reader's clock unless that says it, for what. Our own markup;
    competencies' names are escaped in it."""
    progress = overview.progress(item)
    state, zone = state_label(progress.state), overview.access.zone
    is_due = progress.state is InterviewState.DUE
    if is_due:
        state += f" {short_moment_mrkdwn(progress.due_since, zone)}"
    if progress.owner != item.interviewer:
        state += f", reassigned to <@{progress.owner}>"
    starts, ends = short_moment_mrkdwn(item.starts_at, zone), clock_mrkdwn(item.ends_at, zone)
    when = "" if is_due else f"\n{starts} to {ends}"
    focus = escape_mrkdwn(", ".join(overview.content.names(item.focus)))
    text = f"<@{item.interviewer}> · {state}{when}\n{focus}"
    where = [PlainTextObject(text=item.place, emoji=False)] if item.place else None
    if not overview.can_edit:
        return SectionBlock(text=MarkdownTextObject(text=text), fields=where)
    token = EditToken(panel=overview.panel.id, revision=overview.panel.revision, interview=item.id)
    return SectionBlock(
        block_id=token.dump(),
        text=MarkdownTextObject(text=text),
        fields=where,
        accessory=_interview_menu(),
    )


def _interview_menu() -> OverflowMenuElement:
    labels = {
        MenuAction.RESCHEDULE: "Reschedule",
        MenuAction.REPLACE: "Replace",
        MenuAction.CANCEL: "Cancel interview",
    }
    options = [option(label, MenuToken(verb=verb).dump()) for verb, label in labels.items()]
    return OverflowMenuElement(action_id=ActionId.PANEL_MENU, options=options)


def facts(panel: Panel, *, contact: bool = False) -> list[Block]:
    """Whom the panel is for and who organizes it; how to reach the candidate only if told to."""
    candidate = panel.candidate
    blocks: list[Block] = [
        header(candidate.name),
        line(
            bold(panel.opening.name),
            *((" · ", link(candidate.link, "Profile or resume")) if candidate.link else ()),
            f" · {candidate.email}" if contact and candidate.email else "",
            "\nHiring manager ",
            person(panel.hiring_manager),
            " · Recruiter ",
            person(panel.recruiter),
        ),
    ]
    if panel.cancelled_at is not None:
        blocks.append(plain("This panel was canceled."))
    elif not panel.on:
        blocks.append(plain("All interviews of this panel were canceled."))
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
    if item.place is not None:
        parts.append(f"\n{item.place}")
    if item.declined_at is not None:
        parts += ["\n", bold("Can't make it.")]
    return parts


def coverage(content: FrozenContent, panel: Panel, assessed: Collection[str] = ()) -> RichTextBlock:
    names = {item.id: item.name for item in content.competencies}
    return coverage_of(names, content.coverage(panel, assessed))


def coverage_of(names: Mapping[str, str], found: Coverage) -> RichTextBlock:
    """What nobody covers and what more than one does; the competencies' names by id."""
    rows: list[Parts] = []
    if found.unowned:
        rows.append((bold("Not covered: "), ", ".join(names[id] for id in found.unowned)))
    for id, owners in found.doubled.items():
        more = f" and {len(owners) - MOST_OWNERS} more" if len(owners) > MOST_OWNERS else ""
        covered_by = (*people(owners[:MOST_OWNERS]), f"{more})")
        rows.append((bold("Covered more than once: "), f"{names[id]} (", *covered_by))
    return lines(rows) if rows else line("Each competency is covered once.")


def _panel_buttons(overview: PanelOverview, first: int, page: int) -> list[Block]:
    panel, steps = overview.panel, []
    for label, start in (
        ("Earlier interviews", max(first - page, 0) if first else -1),
        ("Later interviews", first + page),
    ):
        if 0 <= start < len(panel.on):
            value = PanelToken(panel=panel.id, first=start).dump()
            action = f"{ActionId.PANEL_OPEN}:{start}"
            steps.append(ButtonElement(text=label, action_id=action, value=value))
    rows: list[Block] = [actions(steps)] if steps else []
    if overview.can_edit:
        value = EditToken(panel=panel.id, revision=panel.revision).dump()
        cancel = ActionId.PANEL_CANCEL
        buttons = [
            ButtonElement(text="Add interviewer", action_id=ActionId.PANEL_ADD, value=value),
            ButtonElement(text="Edit details", action_id=ActionId.PANEL_DETAILS, value=value),
            ButtonElement(text="Cancel panel", action_id=cancel, value=value, style="danger"),
        ]
        rows.append(actions(buttons))
    return rows


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
        what = "the interview with " if len(past) == 1 else "the interviews with "
        blocks.append(line(bold("Already took place: "), what, *names, "."))
    return modal(title, blocks, close="Done")


def changes(overview: PanelOverview, entries: Iterable[AuditEntry]) -> list[Block]:
    """What others have done to a panel since the person saw it."""
    rows = [_change(overview.panel, entry, overview.access.zone) for entry in entries]
    said = "Someone else just changed this panel. Nothing was saved."
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
        line(bold("What you entered"), f"\nClick {submit} to go ahead anyway."),
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
