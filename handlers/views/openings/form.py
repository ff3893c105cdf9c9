"""The form of an opening: eight fields at most at first, the rest behind *More*."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    CheckboxesElement,
    DatePickerElement,
    InputInteractiveElement,
    MarkdownTextObject,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
    UserMultiSelectElement,
    UserSelectElement,
)

from bot.domain.audit import AuditEntry
from bot.domain.openings.fields import PEOPLE, OpeningField
from bot.domain.openings.form import FOLDED, LINES, Entered
from bot.domain.openings.opening import MOST_DECIDERS
from bot.domain.openings.places import WorkMode
from bot.domain.openings.terms import LONGEST_APPLY_AT, EmploymentType
from bot.domain.questions.selection import Level
from bot.library.documents import escape_mrkdwn
from handlers.ids import ActionId, ViewId, opening_part
from handlers.payloads import Id, OpenView, Token
from handlers.text import as_written
from handlers.views.common import Json, modal, plain
from handlers.views.forms import channel_select, input_of, option
from handlers.views.rich import bold, line, lines, person

YES = "yes"
ANY = "any"
LONGEST_PLACES = 1000
LONGEST_PAY = 100

LABELS: Mapping[OpeningField, str] = {
    OpeningField.TITLE: "Title",
    OpeningField.WHERE: "Where",
    OpeningField.WORK_MODE: "Work mode",
    OpeningField.PAY: "Pay range",
    OpeningField.HIRING_MANAGER: "Hiring manager",
    OpeningField.CLOSES_ON: "Apply by",
    OpeningField.LEVEL: "Level",
    OpeningField.TEAM: "Team",
    OpeningField.EMPLOYMENT_TYPE: "Employment type",
    OpeningField.HOURS: "Hours",
    OpeningField.SEATS: "Seats",
    OpeningField.RECRUITER: "Recruiter",
    OpeningField.DECIDERS: "Who else decides",
    OpeningField.APPLIES_HERE: "Own page",
    OpeningField.APPLY_AT: "Where people apply",
    OpeningField.NO_PAY: "Why no pay is shown",
    OpeningField.CHANNEL: "Private channel",
    OpeningField.POSTS_APPLICATIONS: "New applications",
    OpeningField.POSTS_BOARD: "Board",
}
HINTS: Mapping[OpeningField, str] = {
    OpeningField.WHERE: "City and country, such as Lisbon, Portugal; more with a semicolon. "
    "For remote work, the country people can work from.",
    OpeningField.PAY: "Two numbers, a currency, and hour, day, week, month or year.",
    OpeningField.APPLY_AT: "A link that starts with https://, or an email address.",
    OpeningField.APPLIES_HERE: "Then leave “Where people apply” empty.",
    OpeningField.HOURS: "Where they matter, such as shifts or 20 hours a week.",
    OpeningField.NO_PAY: "Only where the pay range is empty. Candidates read it.",
    OpeningField.DECIDERS: "Besides the hiring manager. They read all feedback on its candidates.",
    OpeningField.CHANNEL: "For the hiring team. Add Panelist to the channel first.",
}
OPTIONAL = frozenset(
    {
        OpeningField.PAY,
        OpeningField.CLOSES_ON,
        OpeningField.LEVEL,
        OpeningField.TEAM,
        OpeningField.HOURS,
        OpeningField.DECIDERS,
        OpeningField.APPLIES_HERE,
        OpeningField.APPLY_AT,
        OpeningField.NO_PAY,
        OpeningField.CHANNEL,
        OpeningField.POSTS_APPLICATIONS,
        OpeningField.POSTS_BOARD,
    }
)
MOST: Mapping[OpeningField, int] = {
    **LINES,
    OpeningField.WHERE: LONGEST_PLACES,
    OpeningField.PAY: LONGEST_PAY,
    OpeningField.APPLY_AT: LONGEST_APPLY_AT,
    OpeningField.SEATS: 5,
}
CHECKS: Mapping[OpeningField, str] = {
    OpeningField.APPLIES_HERE: "Take applications on this job's own page",
    OpeningField.POSTS_APPLICATIONS: (
        "Show them in the private channel, not only in the recruiter's digest"
    ),
    OpeningField.POSTS_BOARD: "Show it in the private channel, in the morning if it changed",
}
"""What one box says that can be checked."""
CHOICES: Mapping[OpeningField, Sequence[tuple[str, str]]] = {
    OpeningField.WORK_MODE: [(mode.label, mode) for mode in WorkMode],
    OpeningField.EMPLOYMENT_TYPE: [(kind.label, kind) for kind in EmploymentType],
    OpeningField.LEVEL: [("Any", ANY), *((level.label, level) for level in Level)],
}


class FormToken(Token):
    """The opening that a form is for, on which version, and whether it shows all fields; version 0:
    it is not there yet, and was filled in from the opening `like`. `channel` is where it was asked
    for; `known` are the keys of the advice that isn't given again."""

    id: Id
    version: int
    role: str
    level: Level | None = None
    like: Id | None = None
    more: bool = False
    channel: str | None = None
    known: tuple[str, ...] = ()


def form(values: Entered, token: FormToken, notes: Sequence[Block] = ()) -> Json:
    """The whole modal with these values; the notes stand above them."""
    first = [field for field in LABELS if field not in FOLDED]
    shown = [_input(field, values, token) for field in first]
    folded = [field for field in FOLDED if field in values]  # without jobs pages there's no own one
    rest = [_input(field, values, token) for field in folded] if token.more else [_less(values)]
    return modal(
        "Edit job" if token.version else "Open a job",
        [*notes, *shown, *rest],
        close="Cancel",
        submit="Review",
        callback=ViewId.OPENING_FORM,
        metadata=token.dump(),
    )


def _input(field: OpeningField, values: Entered, token: FormToken) -> Block:
    of = opening_part(field, token.version)
    element = _element(field, values.get(field), of.action)
    is_optional = field in OPTIONAL
    return input_of(of, LABELS[field], element, optional=is_optional, hint=HINTS.get(field))


def _element(field: OpeningField, value: Any, action: str) -> InputInteractiveElement:
    if field in CHOICES:
        options = {str(key): option(label, str(key)) for label, key in CHOICES[field]}
        chosen = str(value) if value else ANY if field is OpeningField.LEVEL else ""
        return StaticSelectElement(
            action_id=action,
            placeholder=PlainTextObject(text="Choose"),
            options=list(options.values()),
            initial_option=options.get(chosen),
        )
    if field in PEOPLE:
        return UserSelectElement(action_id=action, initial_user=value)
    if field is OpeningField.DECIDERS:
        return UserMultiSelectElement(
            action_id=action,
            placeholder=PlainTextObject(text="Choose people"),
            initial_users=list(value) if value else None,
            max_selected_items=MOST_DECIDERS,
        )
    if field is OpeningField.CLOSES_ON:
        return DatePickerElement(action_id=action, initial_date=value and value.isoformat())
    if field is OpeningField.CHANNEL:
        return channel_select(action, value, "private")
    if field in CHECKS:
        yes = option(CHECKS[field], YES)
        return CheckboxesElement(
            action_id=action, options=[yes], initial_options=[yes] if value else None
        )
    return PlainTextInputElement(
        action_id=action, initial_value=value or None, max_length=MOST[field]
    )


def _less(values: Entered) -> Block:
    """The rest in a line, as it is."""
    kind, level, seats = (
        values.get(field)
        for field in (OpeningField.EMPLOYMENT_TYPE, OpeningField.LEVEL, OpeningField.SEATS)
    )
    words = [
        EmploymentType(kind).label if kind else None,
        Level(level).label if level else "Any level",
        values.get(OpeningField.TEAM),
        "1 seat" if seats in (None, "", "1") else f"{seats} seats",
    ]
    recruiter = values.get(OpeningField.RECRUITER)
    parts = [
        *(escape_mrkdwn(str(word)) for word in words if word),
        *([f"recruiter <@{recruiter}>"] if recruiter else []),
        _where_to_apply(values),
    ]
    button = ButtonElement(text="More", action_id=ActionId.OPENING_MORE, value="more")
    text = MarkdownTextObject(text=" · ".join(parts), verbatim=True)
    return SectionBlock(block_id="opening.less", text=text, accessory=button)


def _where_to_apply(values: Entered) -> str:
    apply_at = values.get(OpeningField.APPLY_AT)
    if values.get(OpeningField.APPLIES_HERE):
        return "apply on the job's own page"
    return f"apply at {escape_mrkdwn(apply_at[:200])}" if apply_at else "no place to apply yet"


def entered(view: OpenView) -> dict[OpeningField, Any]:
    """What stands in the form's fields, as far as it shows them."""
    found: dict[OpeningField, Any] = {}
    for field in LABELS:
        of = opening_part(field)
        if not view.has(of):
            continue
        if field in CHOICES:
            chosen = view.selected(of)
            found[field] = None if chosen in (None, ANY) else _chosen(field, str(chosen))
        elif field in PEOPLE:
            found[field] = view.person(of)
        elif field is OpeningField.DECIDERS:
            found[field] = view.people(of)
        elif field is OpeningField.CLOSES_ON:
            found[field] = view.day(of)
        elif field is OpeningField.CHANNEL:
            found[field] = view.conversation(of)
        elif field in CHECKS:
            found[field] = YES in view.several(of)
        else:
            found[field] = view.typed(of)
    return found


def _chosen(field: OpeningField, value: str) -> Any:
    kinds = {
        OpeningField.WORK_MODE: WorkMode,
        OpeningField.EMPLOYMENT_TYPE: EmploymentType,
        OpeningField.LEVEL: Level,
    }
    kind = kinds[field]
    return kind(value) if value in set(kind) else None


def stood(view: OpenView, version: int) -> dict[OpeningField, Any]:
    """What stood in the form's fields when it was shown.

    Slack may give a text back escaped: where it then is what stands there now, it is taken for
    that.
    """
    now = entered(view)
    elements = {block.get("block_id"): block.get("element") or {} for block in view.blocks}
    found: dict[OpeningField, Any] = {}
    for field in now:
        element = elements.get(opening_part(field, version).block, {})
        if field in CHOICES:
            value = (element.get("initial_option") or {}).get("value")
            found[field] = None if value in (None, ANY) else _chosen(field, value)
        elif field in PEOPLE:
            found[field] = element.get("initial_user")
        elif field is OpeningField.DECIDERS:
            found[field] = tuple(element.get("initial_users") or ())
        elif field is OpeningField.CLOSES_ON:
            day = element.get("initial_date")
            found[field] = now[field] if now[field] and str(now[field]) == day else day
        elif field is OpeningField.CHANNEL:
            found[field] = next(iter(element.get("initial_conversations") or ()), None)
        elif field in CHECKS:
            found[field] = bool(element.get("initial_options"))
        else:
            text = element.get("initial_value")
            is_same = text is not None and as_written(text) == now[field]
            found[field] = now[field] if is_same else text
    return found


def fault_notes(faults: Mapping[OpeningField, str]) -> list[Block]:
    """What is amiss, above a form that did not show the fields that it is about."""
    rows = [(bold(LABELS.get(field, "")), f": {text}") for field, text in faults.items()]
    return [lines(rows)]


def meanwhile_notes(changes: Iterable[AuditEntry]) -> list[Block]:
    """What others have done while a form was open, above it."""
    rows = [
        (person(entry.actor), f" changed {_named(entry)}.")
        for entry in changes
        if entry.fields or entry.action
    ]
    told = "Nothing was saved yet. Below is what you entered, with their changes elsewhere."
    title = line(bold("Someone else just changed this opening."))
    return [title, *([lines(rows)] if rows else []), plain(told)]


NAMES = {
    **{str(field): label.lower() for field, label in LABELS.items()},
    "places": "where",
    "no_pay": "why no pay is shown",
    "text": "the posting text",
    "plan": "the interview plan",
    "rule": "the decision rule",
}


def _named(entry: AuditEntry) -> str:
    names = [NAMES.get(name, name) for name in entry.fields]
    return ", ".join(names) if names else "whether it's open"
