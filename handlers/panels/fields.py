"""The form of one interview, read back."""

from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import NewInterview
from bot.errors import FieldErrors, UserError
from handlers import ids
from handlers.payloads import OpenView

MINUTES_OF_A_DAY = 24 * 60

FIELDS = {
    PanelField.INTERVIEWER: ids.PANEL_PERSON,
    PanelField.FOCUS: ids.PANEL_FOCUS,
    PanelField.START: ids.PANEL_START,
    PanelField.MINUTES: ids.PANEL_MINUTES,
    PanelField.PLACE: ids.PANEL_PLACE,
}


def interview_of(view: OpenView, interviewer: str | None = None) -> NewInterview:
    """What stands in the form; the interviewer where it does not ask for one.

    Raises FieldErrors where something is missing.
    """
    person = interviewer or view.person(ids.PANEL_PERSON)
    start, minutes = view.moment(ids.PANEL_START), view.selected(ids.PANEL_MINUTES)
    if person is None:
        raise FieldErrors({ids.PANEL_PERSON.block: "Choose a person."})
    if start is None:
        raise FieldErrors({ids.PANEL_START.block: "Choose a start."})
    if minutes is None or not minutes.isdecimal():
        raise FieldErrors({ids.PANEL_MINUTES.block: "Choose a length."})
    focus, place = view.several(ids.PANEL_FOCUS), view.typed(ids.PANEL_PLACE)
    return NewInterview(person, focus, start, int(minutes[:5]), place)


def so_far(view: OpenView, interviewer: str | None = None) -> NewInterview | None:
    """What stands in the form, as far as it can be an interview; None where it cannot be yet."""
    person = interviewer or view.person(ids.PANEL_PERSON)
    start, minutes = view.moment(ids.PANEL_START), view.selected(ids.PANEL_MINUTES) or ""
    if person is None or start is None or not minutes.isdecimal():
        return None
    length = min(int(minutes[:5]), MINUTES_OF_A_DAY)
    focus, place = view.several(ids.PANEL_FOCUS), view.typed(ids.PANEL_PLACE)
    return NewInterview(person, focus, start, length, place)


def at_field(invalid: InvalidPanel) -> UserError:
    """The fault at the field that it belongs to, where the form has it."""
    field = FIELDS.get(invalid.part)
    return invalid if field is None else FieldErrors({field.block: invalid.text})
