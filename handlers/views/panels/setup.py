"""The modal in which a panel is set up, and the one above it for each interviewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

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
)
from slack_sdk.models.views import View

from bot.domain.candidates import KnownCandidate
from bot.domain.competencies import Competency
from bot.domain.openings import LONGEST_TEAM, Opening
from bot.domain.panels.coverage import coverage
from bot.domain.panels.panel import LONGEST_PLACE, MOST_INTERVIEWS, Panel
from bot.domain.questions.selection import Level
from bot.domain.roles import Role
from bot.library.documents import escape_mrkdwn
from handlers import ids
from handlers.ids import ActionId, ViewId
from handlers.payloads import Id, Token
from handlers.views.candidates import same_person_input
from handlers.views.common import Json, actions, context, cut
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
from handlers.views.rich import moment_mrkdwn

UserId = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,20}$")]
Stamp = Annotated[int, Field(ge=10**9, lt=10**10)]
Minutes = Annotated[int, Field(ge=1, le=1440)]
Place = Annotated[int, Field(ge=0, lt=20)]


class SlotToken(Token):
    """An interviewer of a draft; `focus` are places in the role's list of competencies."""

    who: UserId
    focus: tuple[Place, ...]
    start: Stamp
    minutes: Minutes
    place: Annotated[str, Field(max_length=LONGEST_PLACE)] | None = None

    @property
    def starts_at(self) -> datetime:
        return datetime.fromtimestamp(self.start, UTC)


class PanelDraft(Token):
    """A panel that is being put together: what its form does not hold by itself.

    `id` is the panel's to be. `of` is the panel it is a copy of; until `placed`, its times are
    still that one's. `offers` are the candidates of whom the form asks whether it is for them.
    """

    id: Id
    role: str | None = None
    version: str | None = None
    of: Id | None = None
    placed: bool = True
    slots: Annotated[tuple[SlotToken, ...], Field(max_length=MOST_INTERVIEWS)] = ()
    opening: Id | None = None
    offers: tuple[Id, ...] = ()

    @property
    def origin(self) -> str | None:
        """What fills in the people of the form: the panel that is copied, or the opening."""
        return self.of or self.opening

    def with_slot(self, slot: SlotToken, at: int | None) -> "PanelDraft":
        """The draft with one more slot, or with another in the place of one."""
        slots = list(self.slots)
        if at is None:
            slots.append(slot)
        else:
            slots[at] = slot
        return self.model_copy(update={"slots": tuple(slots)})

    def without(self, at: int) -> "PanelDraft":
        slots = self.slots[:at] + self.slots[at + 1 :]
        return self.model_copy(update={"slots": slots})


class SlotForm(Token):
    """The modal for one interviewer: which draft it is for, in which view; `at` is the number of
    the slot that is changed, `name` and `email` are what had been typed in the form below."""

    draft: PanelDraft
    root: str
    at: Annotated[int, Field(ge=0, lt=MOST_INTERVIEWS)] | None = None
    name: str = ""
    email: str = ""


class SlotAction(StrEnum):
    CHANGE = "change"
    REMOVE = "remove"


class SlotChoice(Token):
    """A choice in the menu of a slot."""

    verb: SlotAction
    at: Annotated[int, Field(ge=0, lt=MOST_INTERVIEWS)]


@dataclass(frozen=True)
class SetupForm:
    """The set-up form as one person sees it.

    `role`, `opening` and `competencies` are those chosen; `copied` is the panel that fills in the
    fields. `openings` can be chosen, `known` are candidates who may be the one in the form.
    """

    draft: PanelDraft
    user: str
    zone: str
    now: datetime
    roles: Sequence[OptionGroup]
    latest: Sequence[Panel] = ()
    role: Role | None = None
    competencies: Sequence[Competency] = ()
    copied: Panel | None = None
    openings: Sequence[Opening] = ()
    opening: Opening | None = None
    known: Sequence[KnownCandidate] = ()


def form(form: SetupForm, notes: Sequence[Block] = ()) -> Json:
    """The whole modal; the notes stand above it."""
    return View(
        type="modal",
        callback_id=ViewId.PANEL_FORM,
        private_metadata=form.draft.dump(),
        title=PlainTextObject(text="Interview panel"),
        submit=PlainTextObject(text="Set up"),
        close=PlainTextObject(text="Cancel"),
        blocks=[
            *notes,
            *_copy(form),
            name_input(ids.PANEL_NAME),
            *([same_person_input(form.known, form.zone, form.now)] if form.known else []),
            *_first(form),
            *_opening(form),
            DividerBlock(),
            *_slots(form),
            DividerBlock(),
            email_input(ids.PANEL_EMAIL),
            link_input(ids.PANEL_LINK),
            channel_input(ids.PANEL_CHANNEL),
        ],
    ).to_dict()


def _copy(form: SetupForm) -> list[Block]:
    if form.copied is not None:
        name = cut(form.copied.candidate.name, 80)
        return [context(f"Same panel as for {name}. Everything can still be changed.")]
    if not form.latest:
        return []
    options = [option(_named(panel), panel.id) for panel in form.latest]
    select = StaticSelectElement(
        action_id=ActionId.PANEL_COPY,
        placeholder=PlainTextObject(text="An earlier candidate"),
        options=options,
    )
    text = PlainTextObject(text="Same panel as …", emoji=False)
    return [SectionBlock(block_id="panel.copy", text=text, accessory=select)]


def _named(panel: Panel) -> str:
    return cut(f"{cut(panel.candidate.name, 40)} · {panel.opening.name}", 75)


def _first(form: SetupForm) -> list[Block]:
    """When a copy begins; all else that it asks for is there already."""
    if form.copied is None:
        return []
    element = DateTimePickerElement(action_id=ids.PANEL_FIRST.action)
    hint = f"The others follow with the same gaps. In your own time zone ({form.zone})."
    field = ids.PANEL_FIRST
    return [input_of(field, "First interview", element, dispatch=True, hint=hint)]


def _opening(form: SetupForm) -> list[Block]:
    """The opening or role; what an opening says already is not asked again."""
    origin, copied, opening = form.draft.origin, form.copied, form.opening
    manager, recruiter = ids.panel_field("manager", origin), ids.panel_field("recruiter", origin)
    people = copied or opening
    return [
        _choice(form),
        *(_new_opening(form) if opening is None else [context(_about(opening))]),
        holder_input(manager, MANAGER, people.hiring_manager if people is not None else None),
        holder_input(
            recruiter, RECRUITER, (people.recruiter if people is not None else None) or form.user
        ),
    ]


def _choice(form: SetupForm) -> Block:
    field = ids.panel_field("role", form.draft.origin)
    groups = list(form.roles)
    if form.openings:
        options = [option(cut(item.full_name, 75), item.id) for item in form.openings]
        label = PlainTextObject(text="Your openings")
        groups.insert(0, OptionGroup(label=label, options=options))
    chosen = form.draft.opening or form.draft.role
    offered = (choice for group in groups for choice in group.options or ())
    select = StaticSelectElement(
        action_id=field.action,
        placeholder=PlainTextObject(text="Choose an opening or a role"),
        option_groups=groups,
        initial_option=next((choice for choice in offered if choice.value == chosen), None),
    )
    return input_of(field, "Opening or role", select, dispatch=True)


def _about(opening: Opening) -> str:
    return f"For your opening {opening.full_name} ({opening.status})."


def _new_opening(form: SetupForm) -> list[Block]:
    """What a new opening is asked for, apart from its role."""
    level, team = (ids.panel_field(part, form.draft.origin) for part in ("level", "team"))
    levels = {value.value: option(value.label, value.value) for value in Level}
    chosen = form.copied.opening.level if form.copied is not None else None
    select = StaticSelectElement(
        action_id=level.action,
        placeholder=PlainTextObject(text="Any"),
        options=list(levels.values()),
        initial_option=levels[chosen] if chosen else None,
    )
    name = PlainTextInputElement(
        action_id=team.action,
        max_length=LONGEST_TEAM,
        initial_value=form.copied.opening.team if form.copied is not None else None,
    )
    hint = "Tells two openings for the same role apart."
    return [
        input_of(level, "Level", select, optional=True),
        input_of(team, "Team", name, optional=True, hint=hint),
    ]


def _slots(form: SetupForm) -> list[Block]:
    add = ButtonElement(text="Add interviewer", action_id=ActionId.PANEL_NEW_SEAT, value="add")
    buttons = [actions([add])] if len(form.draft.slots) < MOST_INTERVIEWS else []
    if form.role is None:
        return [
            context("Choose an opening or a role, then add the interviewers one by one."),
            *buttons,
        ]
    if not form.draft.slots:
        return [context("No interviewers yet."), *buttons]
    owned = [(slot.who, focus_ids(form.competencies, slot)) for slot in form.draft.slots]
    found = coverage([item.id for item in form.competencies], owned)
    names = {item.id: item.name for item in form.competencies}
    rows = [_slot(form, number, slot) for number, slot in enumerate(form.draft.slots)]
    return [*rows, *buttons, coverage_of(names, found)]


def focus_ids(competencies: Sequence[Competency], slot: SlotToken) -> tuple[str, ...]:
    """The ids that a slot's competencies stand for."""
    return tuple(competencies[at].id for at in slot.focus if at < len(competencies))


def _slot(form: SetupForm, number: int, slot: SlotToken) -> Block:
    names = ", ".join(
        form.competencies[at].name for at in slot.focus if at < len(form.competencies)
    )
    focus = escape_mrkdwn(names) or "*needs a focus*"
    text = f"<@{slot.who}> · {_when(form, slot)} · {slot.minutes} min\n{focus}"
    choices = [("Change", SlotAction.CHANGE), ("Remove", SlotAction.REMOVE)]
    menu = OverflowMenuElement(
        action_id=f"{ActionId.PANEL_SLOT}:{number}",
        options=[option(label, SlotChoice(verb=verb, at=number).dump()) for label, verb in choices],
    )
    return SectionBlock(
        block_id=f"panel.seat.{number}", text=MarkdownTextObject(text=text), accessory=menu
    )


def _when(form: SetupForm, slot: SlotToken) -> str:
    """The time, or only the gap while a copy waits for its first start."""
    if form.draft.placed:
        return moment_mrkdwn(slot.starts_at, form.zone)
    gap = slot.starts_at - min(other.starts_at for other in form.draft.slots)
    return "first" if not gap else f"{_length(gap)} after the first"


def _length(gap: timedelta) -> str:
    hours, minutes = divmod(int(gap / timedelta(minutes=1)), 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
