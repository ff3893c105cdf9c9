"""The modal for a panel's details, and the inputs that it has in common with the set-up form."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    EmailInputElement,
    PlainTextInputElement,
    UrlInputElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig

from bot.domain.candidates import LONGEST_NAME
from bot.domain.panels.details import Details
from handlers.ids import FormField, ViewId, panel_field
from handlers.payloads import OpenView, Token
from handlers.text import as_written
from handlers.views.common import Json, modal
from handlers.views.forms import channel_select, input_of

TITLE, SUBMIT = "Edit details", "Save"
MANAGER, RECRUITER = "Hiring manager", "Recruiter"


def details_form(value: Details, token: Token, revision: int, notes: Sequence[Block] = ()) -> Json:
    """The modal with these details filled in; `token` travels in it, `notes` stand above."""
    of = revision
    return modal(
        TITLE,
        [
            *notes,
            name_input(panel_field("name", of), value.name),
            holder_input(panel_field("manager", of), MANAGER, value.hiring_manager),
            holder_input(panel_field("recruiter", of), RECRUITER, value.recruiter),
            email_input(panel_field("email", of), value.email),
            link_input(panel_field("link", of), value.link),
            channel_input(panel_field("channel", of), value.channel),
        ],
        close="Close",
        submit=SUBMIT,
        callback=ViewId.PANEL_DETAILS,
        metadata=token.dump(),
    )


def entered(view: OpenView, revision: int) -> Details:
    """What stands in the modal."""
    of = revision
    return Details(
        name=view.typed(panel_field("name", of)) or "",
        email=view.typed(panel_field("email", of)),
        link=view.typed(panel_field("link", of)),
        hiring_manager=view.person(panel_field("manager", of)) or "",
        recruiter=view.person(panel_field("recruiter", of)) or "",
        channel=view.conversation(panel_field("channel", of)),
    )


def filled_in(view: OpenView, revision: int) -> Details:
    """What stood in the modal when it was shown.

    Slack may give that back escaped: where it then is what stands there now, it is taken for that.
    """
    now, of = entered(view, revision), revision

    def element(part: str) -> Mapping[str, Any]:
        block = panel_field(part, of).block
        found = (one["element"] for one in view.blocks if one.get("block_id") == block)
        return next(found, {})

    def text(part: str, stands: str | None) -> str | None:
        stood: str | None = element(part).get("initial_value")
        return stands if stood is not None and as_written(stood) == stands else stood

    return Details(
        name=text("name", now.name) or "",
        email=text("email", now.email),
        link=text("link", now.link),
        hiring_manager=element("manager").get("initial_user") or "",
        recruiter=element("recruiter").get("initial_user") or "",
        channel=next(iter(element("channel").get("initial_conversations") or ()), None),
    )


def name_input(field: FormField, name: str | None = None, *, dispatch: bool = False) -> Block:
    element = PlainTextInputElement(
        action_id=field.action,
        initial_value=name,
        max_length=LONGEST_NAME,
        dispatch_action_config=_as_typed(dispatch),
    )
    return input_of(field, "Candidate", element, dispatch=dispatch)


def holder_input(
    field: FormField, label: str, user: str | None, *, dispatch: bool = False
) -> Block:
    element = UserSelectElement(action_id=field.action, initial_user=user)
    return input_of(field, label, element, dispatch=dispatch)


def email_input(field: FormField, email: str | None = None, *, dispatch: bool = False) -> Block:
    element = EmailInputElement(
        action_id=field.action,
        initial_value=email,
        dispatch_action_config=_as_typed(dispatch),
    )
    return input_of(field, "Candidate's email", element, optional=True, dispatch=dispatch)


def link_input(field: FormField, link: str | None = None, *, dispatch: bool = False) -> Block:
    element = UrlInputElement(
        action_id=field.action, initial_value=link, dispatch_action_config=_as_typed(dispatch)
    )
    label = "Link to a profile or resume"
    return input_of(field, label, element, optional=True, dispatch=dispatch)


def _as_typed(dispatch: bool) -> DispatchActionConfig | None:
    """What is typed is told as it is typed, or not at all."""
    return DispatchActionConfig(trigger_actions_on=["on_character_entered"]) if dispatch else None


def channel_input(field: FormField, channel: str | None = None, *, dispatch: bool = False) -> Block:
    element = channel_select(field.action, channel, "private")
    hint = "Shows the panel there and keeps it up to date. Add Panelist to the channel first."
    return input_of(field, "Private channel", element, optional=True, dispatch=dispatch, hint=hint)
