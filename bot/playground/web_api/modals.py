"""views.*: modals and Home."""

from typing import Any

from bot.playground.rules import checks
from bot.playground.state import wire
from bot.playground.state.models import Json, SlackError, View
from bot.playground.web_api.api import Api, user


def open_(api: Api, arguments: Json) -> Json:
    payload = _checked(api, arguments["view"], None)
    trigger = api.workspace.trigger(str(arguments["trigger_id"]))
    api.workspace.spend_trigger(trigger)
    return _answer(api.workspace.open_modal(trigger.user, payload, trigger.channel))


def push(api: Api, arguments: Json) -> Json:
    """A view on the stack of the modal in which the act took place."""
    payload = _checked(api, arguments["view"], None)
    trigger = api.workspace.trigger(str(arguments["trigger_id"]))
    stack = api.workspace.views(trigger.user)
    if not any(view.id == trigger.view_id for view in stack):
        raise SlackError("invalid_trigger_id", ("[ERROR] no modal of this trigger_id is open",))
    view = api.workspace.push_modal(trigger.user, payload, trigger.channel)
    api.workspace.spend_trigger(trigger)
    return _answer(view)


def update(api: Api, arguments: Json) -> Json:
    view_id, external_id = arguments.get("view_id"), arguments.get("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", ("[ERROR] missing required field: view_id",))
    workspace = api.workspace
    view = (
        workspace.view(str(view_id)) if view_id else workspace.view_by_external_id(str(external_id))
    )
    if view is None:
        raise SlackError("not_found")
    payload = _checked(api, arguments["view"], view)
    _agree(arguments, view)
    return _answer(workspace.change_view(view, payload))


def publish(api: Api, arguments: Json) -> Json:
    person = user(api, arguments["user_id"])
    if not api.app.has_home:
        raise SlackError("not_enabled")
    before = api.workspace.home(person.id)
    taken = api.workspace.external_id_taken(arguments["view"], before)
    payload = checks.view(arguments["view"], "home", taken)
    if before is not None:
        _agree(arguments, before)
    return _answer(api.workspace.publish_home(person.id, payload))


def _checked(api: Api, payload: Any, current: View | None) -> Json:
    payload = checks.structured(payload, "invalid_arguments")
    taken = api.workspace.external_id_taken(payload, current)
    return checks.view(payload, current.kind if current else "modal", taken)


def _agree(arguments: Json, view: View) -> None:
    """Refuses a change of another view than the app believes to be there."""
    if arguments.get("hash") and arguments["hash"] != view.hash:
        raise SlackError("hash_conflict")


def _answer(view: View) -> Json:
    return {"view": wire.view(view)}
