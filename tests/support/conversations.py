"""What has been said in the stand-in's conversations, as Slack remembers it."""

import itertools
import time
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

CONTENT = ("text", "blocks", "metadata")


class Conversations:
    """Answers those methods of the Web API that post, edit, open and read.

    `now` gives the time, in seconds, by which messages get their ts.
    """

    def __init__(self) -> None:
        self.messages: list[Json] = []
        self.now: Callable[[], float] = time.time
        self._numbers = itertools.count(1)

    def said_to(self, recipient: str) -> list[Json]:
        """The messages in a channel or in a person's DM, in order."""
        channel = _channel_of(recipient)
        return [message for message in self.messages if message["channel"] == channel]

    def answer(self, method: str, arguments: Json) -> Json | None:
        """The method's answer, or None where it is not of these."""
        match method:
            case "chat.postMessage":
                return self._post(arguments)
            case "chat.update":
                return self._update(arguments)
            case "conversations.open":
                return {"ok": True, "channel": {"id": _channel_of(arguments["users"])}}
            case "conversations.history":
                return self._history(arguments)
        return None

    def _post(self, arguments: Json) -> Json:
        channel = _channel_of(arguments["channel"])
        ts = f"{int(self.now())}.{next(self._numbers):06}"
        content = {key: arguments[key] for key in CONTENT if key in arguments}
        self.messages.append({"channel": channel, "ts": ts, "edits": 0} | content)
        return {"ok": True, "channel": channel, "ts": ts}

    def _update(self, arguments: Json) -> Json:
        for message in self.messages:
            if (message["channel"], message["ts"]) == (arguments["channel"], arguments["ts"]):
                message.update({key: arguments[key] for key in CONTENT if key in arguments})
                message["edits"] += 1
                return {"ok": True, "channel": message["channel"], "ts": message["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _history(self, arguments: Json) -> Json:
        oldest, limit = float(arguments["oldest"]), int(arguments["limit"])
        latest = float(arguments.get("cursor") or "inf")
        found = [
            {key: value for key, value in message.items() if key != "edits"}
            for message in reversed(self.said_to(arguments["channel"]))
            if oldest < float(message["ts"]) < latest
        ]
        if arguments.get("include_all_metadata") not in ("1", "true"):
            found = [message | {"metadata": None} for message in found]
        page = found[:limit]
        more = {"response_metadata": {"next_cursor": page[-1]["ts"]}} if found[limit:] else {}
        return {"ok": True, "messages": page, "has_more": bool(more)} | more


def _channel_of(recipient: str) -> str:
    return f"D{recipient}" if recipient.startswith("U") else recipient
