"""What Slack's refusals mean, in words for whoever reads them."""

import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import UserError
from bot.services.ports import NotNow, OutcomeUnknown, Refused

log = logging.getLogger(__name__)

DEAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
ABSENT = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})
RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
PERHAPS_DONE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""After these, Slack says, what was asked may have been done all the same."""

EXCHANGED = "exchanged_trigger_id"
"""What Slack says where a trigger has shown a view before."""

EXPIRED_TRIGGER = frozenset({"expired_trigger_id", EXCHANGED, "invalid_trigger_id"})
TOO_LATE = EXPIRED_TRIGGER | {"hash_conflict", "response_url_404", "response_url_410"}
"""What Slack says to whoever pressed, or whose form was changed or closed, too late: nothing that
an operator has to look into."""

RETRY_AFTER = 30
"""Seconds to wait where Slack is busy and does not say for how long."""

MENDED_AFTER = 60
"""Seconds after which a token or a scope that Slack refused may have been mended by somebody."""

VERIFIED_AFTER = 2
"""Seconds after which Slack may have said whose a token is."""

NOT_INSTALLED = "not_installed"
"""Our own word for a workspace that no token is for, beside Slack's."""

NOT_VERIFIED = "not_verified"
"""Our own word for a token of which Slack has not said yet whose it is."""


class SlackAway(OutcomeUnknown):
    """Slack did not answer, or not in a way that tells whether it did what was asked.

    `status` is what whoever answered in its place said, `host` who was asked, where that is known.
    """

    def __init__(self, status: int | None = None) -> None:
        self.status, self.host = status, ""
        super().__init__("Slack didn't answer in time. Check whether it worked before you retry.")


class Disconnected(SlackAway):
    """The connection ended before an answer, as one that was idle may just when it is used."""


class PerhapsShown(SlackAway):
    """Slack did not say whether it has shown a view; its trigger may be good for another one."""

    def __init__(self) -> None:
        super().__init__()
        self.text = "Slack didn't answer in time. If nothing opened, please try again."


class TookTooLong(OutcomeUnknown):
    """Something of ours took too long, and Slack was not what was waited for."""

    def __init__(self) -> None:
        super().__init__("That took too long. Check whether it worked before you try again.")


class SlackRefused(Refused):
    """Slack said no; `error` is its own word for why."""

    @property
    def is_too_late(self) -> bool:
        return self.error in TOO_LATE


class SlackBusy(SlackRefused, NotNow):
    """Slack takes nothing from us for some seconds."""


class NotInstalled(SlackBusy):
    """There is no token for the workspace, so nothing is sent there; that may change."""

    def __init__(self, text: str = "Panelist has no token for this workspace.") -> None:
        super().__init__(NOT_INSTALLED, text, MENDED_AFTER)


class NotVerified(SlackBusy):
    """Slack has not said yet whose our token is, so nothing is sent with it."""

    def __init__(self) -> None:
        text = "Slack can't be reached right now. Please try again in a minute."
        super().__init__(NOT_VERIFIED, text, VERIFIED_AFTER)


class Unreachable(SlackRefused):
    """There is no conversation with the person, and nobody can be invited into one."""

    def __init__(self, error: str) -> None:
        super().__init__(
            error,
            "Slack can't deliver a DM to this person. Check whether their account is still active.",
        )


class NotInChannel(SlackRefused):
    """The bot would have to be a member of the conversation."""

    def __init__(self, error: str) -> None:
        super().__init__(
            error,
            "Panelist isn't in this conversation. Type /invite @Panelist there, then try again.",
        )


def slack_error(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; empty where it answered without one, as with a 500."""
    answer = getattr(error.response, "data", None)
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def status_of(error: SlackApiError) -> int | None:
    """The HTTP status of an answer, in whatever shape the SDK keeps it."""
    response = error.response
    if isinstance(response, AsyncSlackResponse):
        return int(response.status_code)
    return response.get("status_code") if isinstance(response, dict) else None


def refusal(error: SlackApiError) -> UserError:
    """What to raise for Slack's error."""
    response = error.response
    if not isinstance(response, AsyncSlackResponse):  # it was no JSON
        return SlackAway(status_of(error))
    if response.status_code >= 500:
        return SlackAway(response.status_code)
    name = slack_error(error)
    method = response.api_url.rpartition("/")[2]
    is_routine = name in TOO_LATE or (method, name) == ("views.update", "not_found")
    level = logging.INFO if is_routine else logging.WARNING
    log.log(level, "slack.refused", extra={"method": method, "error": name})
    if name in DEAD_TOKEN:
        text = "Slack no longer accepts Panelist's token. Tell the person who runs Panelist."
        return SlackBusy(name, text, MENDED_AFTER)
    if name == "missing_scope":
        text = (
            "Panelist has not been given the permission that this needs. Please ask whoever "
            "runs it to update the app in Slack with the manifest, and to install it again."
        )
        return SlackBusy(name, text, MENDED_AFTER)
    if name in RATE_LIMITED or response.status_code == 429:
        text = "Slack is busy right now. Please try again in a minute."
        return SlackBusy(name, text, _retry_after(response))
    if name in ABSENT:
        return Unreachable(name) if _is_to_person(response) else NotInChannel(name)
    if name in EXPIRED_TRIGGER:
        return SlackRefused(name, "That took too long for Slack. Please try again.")
    if not name or name in PERHAPS_DONE:
        return SlackAway(response.status_code)
    return SlackRefused(name, f"Slack refused this ({name}).")


def _is_to_person(response: AsyncSlackResponse) -> bool:
    """Whether the call was about a DM, by its id or by the person's."""
    arguments: dict[str, object] = {}
    for kind in ("params", "data", "json"):
        arguments |= response.req_args.get(kind) or {}
    channel = arguments.get("channel") or arguments.get("channel_id") or ""
    return str(channel)[:1] in ("D", "U", "W")


def _retry_after(response: AsyncSlackResponse) -> float:
    given = str(response.headers.get("Retry-After", ""))
    return max(int(given), 1) if given.isdigit() else RETRY_AFTER
