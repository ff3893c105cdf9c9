"""The modal for one interview: who, for what, when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    DateTimePickerElement,
    PlainTextInputElement,
    PlainTextObject,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)

from bot.domain.competencies import Competency
from bot.domain.panels.coverage import coverage
from bot.domain.panels.draft import USUAL_MINUTES
from bot.domain.panels.panel import LONGEST_PLACE, MOST_FOCUS, NewInterview
from handlers import ids
from handlers.ids import ViewId
from handlers.payloads import Token
from handlers.views.common import Json, context, modal
from handlers.views.forms import input_of, option

MINUTES = (15, 30, 45, 60, 75, 90, 120, 150, 180, 240)


@dataclass(frozen=True)
class InterviewForm:
    """A form for one interview: which one, what stands in it, and what is said above it.

    Without a `person` field the interviewer stays who they are. With `tells_at_once` the app hears
    of every choice that the interview's time follows from.
    """

    callback: ViewId
    token: Token
    title: str
    submit: str
    zone: str
    competencies: Sequence[Competency] = ()
    asks_person: bool = True
    asks_rest: bool = True
    value: NewInterview | None = None
    start: datetime | None = None
    notes: tuple[Block, ...] = ()
    tells_at_once: bool = False


def interview_form(interview_form: InterviewForm) -> Json:
    blocks: list[Block] = list(interview_form.notes)
    tells = interview_form.tells_at_once
    if interview_form.asks_person:
        user = interview_form.value.interviewer if interview_form.value is not None else None
        element = UserSelectElement(action_id=ids.PANEL_PERSON.action, initial_user=user)
        blocks.append(input_of(ids.PANEL_PERSON, "Interviewer", element, dispatch=tells))
    if interview_form.asks_rest:
        blocks += _rest(interview_form)
    return modal(
        interview_form.title,
        blocks,
        close="Cancel" if interview_form.callback is ViewId.PANEL_SLOT else "Close",
        submit=interview_form.submit,
        callback=interview_form.callback,
        metadata=interview_form.token.dump(),
    )


def _rest(interview_form: InterviewForm) -> list[Block]:
    value = interview_form.value
    competencies = {item.id: option(item.name, item.id) for item in interview_form.competencies}
    focus = [competencies[id] for id in (value.focus if value else ()) if id in competencies]
    chosen = value.minutes if value is not None else USUAL_MINUTES
    minutes = {n: option(f"{n} minutes", str(n)) for n in sorted({*MINUTES, chosen})}
    start = value.starts_at if value is not None else interview_form.start
    return [
        input_of(
            ids.PANEL_FOCUS,
            "Focus",
            StaticMultiSelectElement(
                action_id=ids.PANEL_FOCUS.action,
                placeholder=PlainTextObject(text=f"Up to {MOST_FOCUS} competencies"),
                options=list(competencies.values()),
                initial_options=focus or None,
                max_selected_items=MOST_FOCUS,
            ),
        ),
        input_of(
            ids.PANEL_START,
            "Start",
            DateTimePickerElement(
                action_id=ids.PANEL_START.action,
                initial_date_time=int(start.timestamp()) if start is not None else None,
            ),
            dispatch=interview_form.tells_at_once,
            hint=f"In your time zone ({interview_form.zone}).",
        ),
        input_of(
            ids.PANEL_MINUTES,
            "Length",
            StaticSelectElement(
                action_id=ids.PANEL_MINUTES.action,
                options=list(minutes.values()),
                initial_option=minutes[chosen],
            ),
            dispatch=interview_form.tells_at_once,
        ),
        input_of(
            ids.PANEL_PLACE,
            "Location or meeting link",
            PlainTextInputElement(
                action_id=ids.PANEL_PLACE.action,
                initial_value=value.place if value is not None else None,
                max_length=LONGEST_PLACE,
            ),
            optional=True,
        ),
    ]


def unowned_note(
    competencies: Sequence[Competency], owned: Iterable[tuple[str, Iterable[str]]]
) -> tuple[Block, ...]:
    """Which competencies are still to be covered."""
    found = coverage([item.id for item in competencies], list(owned))
    names = [item.name for item in competencies if item.id in found.unowned]
    return (context(f"Not covered yet: {', '.join(names)}."),) if names else ()
