"""The modal in which a panel is set up: one screen, which shows what follows from it."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DateTimePickerElement,
    DividerBlock,
    MarkdownTextObject,
    OptionGroup,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
    UserMultiSelectElement,
)

from bot.domain.openings.opening import LONGEST_TEAM
from bot.domain.panels.coverage import coverage
from bot.domain.panels.draft import PanelDraft
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import MOST_INTERVIEWS, Panel
from bot.domain.questions.selection import Level
from bot.library.documents import escape_mrkdwn
from bot.services.panels.drafts import DraftSheet, PlannedInterview
from handlers.ids import ActionId, FormField, ViewId, panel_part
from handlers.payloads import Id, Token
from handlers.views.candidates import same_person_input
from handlers.views.common import Json, context, cut, modal
from handlers.views.forms import input_of, option
from handlers.views.panels.details import (
    MANAGER,
    RECRUITER,
    channel_input,
    email_input,
    holder_input,
    link_input,
    name_input,
)
from handlers.views.panels.panel import coverage_of
from handlers.views.panels.times import (
    TO_CHECK,
    digest_of,
    local_time,
    warning_text,
    why_not_text,
)
from handlers.views.rich import moment_mrkdwn


class SetupToken(Token):
    """The draft that a form shows, and what of it the person has been shown: in which turn each
    field is, the candidates whom it asks about, and a digest of what it warns of."""

    id: Id
    turns: dict[PanelField, int] = Field(default_factory=dict)
    offers: tuple[Id, ...] = ()
    warned: str = ""

    def field(self, part: PanelField) -> FormField:
        return panel_part(part, self.turns.get(part, 0))


class SlotToken(Token):
    """The modal for one interviewer: of which draft, shown in which view below."""

    draft: Id
    root: str
    who: str = Field(pattern=r"^[A-Z0-9]{1,20}$")


class SlotAction(StrEnum):
    CHANGE = "change"
    REMOVE = "remove"


class SlotChoice(Token):
    """A choice in the menu of an interviewer."""

    verb: SlotAction
    who: str


def form(sheet: DraftSheet, roles: Sequence[OptionGroup], notes: Sequence[Block] = ()) -> Json:
    """The whole modal; the notes stand above it."""
    draft = sheet.draft
    token = SetupToken(
        id=draft.id,
        turns=dict(draft.turns),
        offers=tuple(one.candidate.id for one in sheet.known),
        warned=digest_of(sheet.warnings),
    )
    manager = holder_input(
        token.field(PanelField.HIRING_MANAGER), MANAGER, draft.hiring_manager, dispatch=True
    )
    return modal(
        "Interview panel",
        [
            *notes,
            *_kept(sheet),
            *_copy(sheet),
            name_input(token.field(PanelField.NAME), draft.name or None, dispatch=True),
            *(
                [same_person_input(sheet.known, sheet.access.zone, sheet.now)]
                if sheet.known
                else []
            ),
            *_choice(sheet, token, roles),
            _people(draft, token),
            _first(sheet, token),
            *_interviews(sheet),
            DividerBlock(),
            manager,
            *(_more(sheet, token) if draft.more else [_less(sheet)]),
        ],
        close="Close",
        submit="Set up",
        callback=ViewId.PANEL_FORM,
        metadata=token.dump(),
    )


def _kept(sheet: DraftSheet) -> list[Block]:
    if sheet.kept_since is None:
        return []
    when = moment_mrkdwn(sheet.kept_since, sheet.access.zone)
    text = f"Here's what you entered on {when}. You can continue, or start over."
    button = ButtonElement(text="Start over", action_id=ActionId.PANEL_START_OVER, value="all")
    return [
        SectionBlock(block_id="panel.kept", text=MarkdownTextObject(text=text), accessory=button)
    ]


def _copy(sheet: DraftSheet) -> list[Block]:
    if sheet.copied is not None:
        name = cut(sheet.copied.candidate.name, 80)
        return [context(f"Same panel as for {name}. You can still change everything.")]
    if not sheet.latest or sheet.draft.choice or sheet.draft.slots:
        return []
    select = StaticSelectElement(
        action_id=ActionId.PANEL_COPY,
        placeholder=PlainTextObject(text="An earlier candidate"),
        options=[option(_named(panel), panel.id) for panel in sheet.latest],
    )
    text = PlainTextObject(text="Same panel as …", emoji=False)
    return [SectionBlock(block_id="panel.copy", text=text, accessory=select)]


def _named(panel: Panel) -> str:
    return cut(f"{cut(panel.candidate.name, 40)} · {panel.opening.name}", 75)


def _choice(sheet: DraftSheet, token: SetupToken, roles: Sequence[OptionGroup]) -> list[Block]:
    """The opening or role."""
    field, groups = token.field(PanelField.ROLE), list(roles)
    if sheet.openings:
        options = [option(cut(item.full_name, 75), item.id) for item in sheet.openings]
        label = PlainTextObject(text="Your openings")
        groups.insert(0, OptionGroup(label=label, options=options))
    offered = (choice for group in groups for choice in group.options or ())
    select = StaticSelectElement(
        action_id=field.action,
        placeholder=PlainTextObject(text="Choose an opening or a role"),
        option_groups=groups,
        initial_option=next((one for one in offered if one.value == sheet.draft.choice), None),
    )
    blocks: list[Block] = [input_of(field, "Opening or role", select, dispatch=True)]
    if sheet.opening is not None:
        opening = sheet.opening
        blocks.append(context(f"For your opening {opening.full_name} ({opening.status})."))
    return blocks


def _people(draft: PanelDraft, token: SetupToken) -> Block:
    field = token.field(PanelField.INTERVIEWS)
    select = UserMultiSelectElement(
        action_id=field.action,
        placeholder=PlainTextObject(text="Choose people"),
        initial_users=[slot.interviewer for slot in draft.slots] or None,
        max_selected_items=MOST_INTERVIEWS,
    )
    return input_of(field, "Interviewers", select, dispatch=True)


def _first(sheet: DraftSheet, token: SetupToken) -> Block:
    field, first = token.field(PanelField.START), sheet.draft.first
    element = DateTimePickerElement(
        action_id=field.action,
        initial_date_time=int(first.timestamp()) if first is not None else None,
    )
    follow = (
        "Other interviews keep the same spacing."
        if sheet.copied is not None
        else "The others follow one after another."
    )
    hint = f"{follow} In your time zone ({sheet.access.zone})."
    return input_of(field, "First interview", element, dispatch=True, hint=hint)


def _interviews(sheet: DraftSheet) -> list[Block]:
    """What follows: who interviews when, for what, and what nobody covers."""
    if not sheet.planned:
        return _to_fill(sheet)
    blocks: list[Block] = [
        _interview(sheet, number, one) for number, one in enumerate(sheet.planned)
    ]
    blocks += _to_fill(sheet)
    if sheet.role is not None:
        owned = [(one.person.id, one.focus) for one in sheet.planned]
        found = coverage([item.id for item in sheet.competencies], owned)
        blocks.append(coverage_of({item.id: item.name for item in sheet.competencies}, found))
    return blocks


def _to_fill(sheet: DraftSheet) -> list[Block]:
    """The interviews of the opening's plan for which somebody is still to be chosen."""
    left = sheet.draft.without_interviewer
    if not left:
        return []
    names = ", ".join(f"{item.name} ({item.minutes} min)" for item in left)
    return [context(f"From the plan, still without an interviewer: {names}")]


def _interview(sheet: DraftSheet, number: int, one: PlannedInterview) -> Block:
    names = {item.id: item.name for item in sheet.competencies}
    focus = ", ".join(names[id] for id in one.focus if id in names)
    there = local(one, sheet.access.zone)
    told = [
        " · ".join(filter(None, (f"<@{one.person.id}>", _when(sheet, one)))),
        " · ".join(filter(None, (f"{one.slot.minutes} min", there))),
        *([focus] if focus else []),
        *([one.slot.place] if one.slot.place else []),
        *(f"{TO_CHECK} {text}" for text in to_check(sheet, one)),
    ]
    text = "\n".join([told[0], *map(escape_mrkdwn, told[1:])])
    choices = [("Change", SlotAction.CHANGE), ("Remove", SlotAction.REMOVE)]
    menu = OverflowMenuElement(
        action_id=f"{ActionId.PANEL_SLOT}:{number}",
        options=[
            option(label, SlotChoice(verb=verb, who=one.person.id).dump())
            for label, verb in choices
        ],
    )
    return SectionBlock(
        block_id=f"panel.seat.{number}", text=MarkdownTextObject(text=text), accessory=menu
    )


def _when(sheet: DraftSheet, one: PlannedInterview) -> str | None:
    """The time, or only the gap while a copy waits for its first start."""
    if one.starts_at is not None:
        return moment_mrkdwn(one.starts_at, sheet.access.zone)
    if one.gap is None:
        return None
    return f"{_length(one.gap)} after the first" if one.gap else "first"


def local(one: PlannedInterview, zone: str) -> str | None:
    """What the interviewer's clock shows then, where that is known and something else."""
    return local_time(one.person, one.starts_at, zone) if one.starts_at is not None else None


def to_check(sheet: DraftSheet, one: PlannedInterview) -> list[str]:
    """What is odd about the interview, a sentence each."""
    return [
        *([why_not_text(one.person, one.why_not)] if one.why_not is not None else []),
        *_warnings(sheet, one),
    ]


def warnings_in(sheet: DraftSheet) -> list[str]:
    """What is odd about the times of all of them."""
    return [text for one in sheet.planned for text in _warnings(sheet, one)]


def _warnings(sheet: DraftSheet, one: PlannedInterview) -> list[str]:
    people = {it.person.id: it.person for it in sheet.planned}
    return [warning_text(one.person, warning, people) for warning in one.warnings]


def _more(sheet: DraftSheet, token: SetupToken) -> list[Block]:
    """What is seldom needed: what an opening says already is not asked again."""
    draft = sheet.draft
    recruiter = draft.recruiter or sheet.access.user
    return [
        holder_input(token.field(PanelField.RECRUITER), RECRUITER, recruiter, dispatch=True),
        *(_new_opening(draft, token) if sheet.opening is None else []),
        email_input(token.field(PanelField.EMAIL), draft.email, dispatch=True),
        link_input(token.field(PanelField.LINK), draft.link, dispatch=True),
        channel_input(token.field(PanelField.CHANNEL), draft.channel, dispatch=True),
    ]


def _new_opening(draft: PanelDraft, token: SetupToken) -> list[Block]:
    """What a new opening is asked for, apart from its role."""
    level, team = token.field(PanelField.LEVEL), token.field(PanelField.TEAM)
    levels = {value: option(value.label, value.value) for value in Level}
    select = StaticSelectElement(
        action_id=level.action,
        placeholder=PlainTextObject(text="Any"),
        options=list(levels.values()),
        initial_option=levels[draft.level] if draft.level else None,
    )
    name = PlainTextInputElement(
        action_id=team.action, max_length=LONGEST_TEAM, initial_value=draft.team
    )
    hint = "Tells two openings for the same role apart."
    return [
        input_of(level, "Level", select, optional=True, dispatch=True),
        input_of(team, "Team", name, optional=True, dispatch=True, hint=hint),
    ]


def _less(sheet: DraftSheet) -> Block:
    """The same in a line, as it is."""
    draft = sheet.draft
    level = draft.level.label if draft.level is not None else "Any level"
    parts = [
        f"Recruiter <@{draft.recruiter or sheet.access.user}>",
        *([] if sheet.opening is not None else [level, draft.team]),
        draft.email,
        "profile or resume linked" if draft.link else None,
        f"shown in <#{draft.channel}>" if draft.channel else "not shown in a channel",
    ]
    shown = [
        parts[0] or "",
        *(escape_mrkdwn(part) for part in parts[1:-1] if part),
        parts[-1] or "",
    ]
    button = ButtonElement(text="More", action_id=ActionId.PANEL_MORE, value="more")
    text = MarkdownTextObject(text=" · ".join(shown))
    return SectionBlock(block_id="panel.more", text=text, accessory=button)


def _length(gap: timedelta) -> str:
    hours, minutes = divmod(int(gap / timedelta(minutes=1)), 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
