"""Does what an app's acknowledgement says."""

from typing import Any

from bot.playground.link.link import Answer
from bot.playground.rules import checks
from bot.playground.rules.limits import option_faults
from bot.playground.state.models import BOT_USER, Json, Result, SlackError, View
from bot.playground.state.workspace import Workspace


class Acks:
    """Applies the body of an acknowledgement; what Slack would not take of it is told in the
    inspector, and the act counts as failed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def command(self, answer: Answer, user: str, channel: str, line: str) -> str | None:
        """Shows a command's answer; in the channel with the command as typed. Returns Slack's
        error where it refuses."""
        body = {"text": answer.body} if isinstance(answer.body, str) else answer.body or {}
        try:
            if not isinstance(body, dict):
                raise SlackError("invalid_arguments", ("[ERROR] must provide an object",))
            content = checks.message(body)
        except SlackError as refusal:
            return self._refused(answer, refusal)
        in_channel = body.get("response_type") == "in_channel"
        if in_channel:
            self._workspace.add_message(channel, user, line, via="person")
        if checks.has_content(content):
            self._workspace.add_message(
                channel,
                BOT_USER,
                via="response",
                ephemeral_to=None if in_channel else user,
                **{"text": "", **content},
            )
        return None

    def submission(self, answer: Answer, view: View) -> Result | None:
        """Closes, updates, pushes or clears modals, or gives back the errors; None where the
        answer is not one that Slack takes."""
        body = answer.body or {}
        try:
            if not isinstance(body, dict):
                raise SlackError("invalid_arguments", ("[ERROR] must provide an object",))
            return self._response_action(body, view)
        except SlackError as refusal:
            self._refused(answer, refusal)
            return None

    def suggestion(self, answer: Answer) -> Result | None:
        """The options offered; None where the answer is not one that Slack takes."""
        body: Any = answer.body or {}
        faults = option_faults(body)
        if faults:
            self._refused(answer, SlackError("invalid_options", tuple(faults)))
            return None
        return Result(
            True,
            options=tuple(body.get("options", ())),
            option_groups=tuple(body.get("option_groups", ())),
        )

    def _response_action(self, body: Json, view: View) -> Result:
        kind = body.get("response_action")
        if kind is None and not body:
            self._workspace.close_modal(view.user, view.id)
        elif kind == "clear":
            self._workspace.close_modal(view.user, view.root_id)
        elif kind == "errors":
            shown = self._workspace.view(view.id) or view
            return Result(False, errors=_errors(body.get("errors"), shown))
        elif kind == "update":
            current = self._workspace.view(view.id)
            if current is not None:
                payload = self._checked(body, current)
                self._workspace.change_view(current, payload)
        elif kind == "push":
            payload = self._checked(body, None)
            self._workspace.push_modal(view.user, payload, view.channel)
        else:
            raise SlackError("invalid_arguments", (f"[ERROR] unsupported response_action: {kind}",))
        return Result(True)

    def _checked(self, body: Json, current: View | None) -> Json:
        taken = self._workspace.external_id_taken(body.get("view"), current)
        return checks.view(body.get("view"), "modal", taken)

    def _refused(self, answer: Answer, refusal: SlackError) -> str:
        lines = "; ".join(refusal.messages)
        self._workspace.explain(answer.exchange, f"{refusal.error}: {lines}".rstrip(": "))
        return refusal.error


def _errors(errors: Any, view: View) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if (
        not isinstance(errors, dict)
        or not errors
        or not all(isinstance(text, str) and text for text in errors.values())
    ):
        raise SlackError("invalid_arguments", ("[ERROR] errors must be texts by block_id",))
    unknown = sorted(set(errors) - inputs)
    if unknown:
        raise SlackError(
            "invalid_arguments",
            tuple(f"[ERROR] no input block has the id {key}" for key in unknown),
        )
    return errors
