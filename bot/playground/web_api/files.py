"""files.*: text files of the bot, uploaded in Slack's three steps."""

import json
from typing import Any
from urllib.parse import quote

from bot.playground.rules import checks
from bot.playground.state.file_store import DOWNLOAD, UPLOAD, File
from bot.playground.state.models import BOT_USER, Json, SlackError
from bot.playground.web_api.api import Api, joined, number

LARGEST = 1_000_000
"""Bytes; the real Slack takes more."""


def get_upload_url(api: Api, arguments: Json) -> Json:
    """An address that takes the file's content."""
    file = api.files.add(str(arguments["filename"]), number(arguments, "length", 0, LARGEST))
    return {"upload_url": f"{api.address}{UPLOAD}/{file.id}", "file_id": file.id}


def complete_upload(api: Api, arguments: Json) -> Json:
    """Shows the files in a conversation, each as a link to it."""
    channel = joined(api, arguments["channel_id"])
    files = [_uploaded(api, one) for one in checks.structured(arguments["files"], "invalid_files")]
    for file in files:
        name = quote(file.name, safe="")
        link = {"type": "link", "url": f"{api.address}{DOWNLOAD}/{file.id}/{name}"}
        section = {"type": "rich_text_section", "elements": [link | {"text": file.name}]}
        blocks = [{"type": "rich_text", "elements": [section]}]
        api.workspace.add_message(channel.id, BOT_USER, via="api", text=file.name, blocks=blocks)
    return {"files": [{"id": file.id, "name": file.name, "title": file.name} for file in files]}


def delete(api: Api, arguments: Json) -> Json:
    """Removes a file, with the messages that show it."""
    file = api.files.get(str(arguments["file"]))
    if file is None:
        raise SlackError("file_not_found")
    api.files.remove(file)
    part = f"{DOWNLOAD}/{file.id}/"
    for channel in api.workspace.channels.values():
        for message in api.workspace.messages(channel.id, BOT_USER):
            if message.via == "api" and part in json.dumps(message.blocks):
                api.workspace.remove_message(message)
    return {}


def _uploaded(api: Api, one: Any) -> File:
    file = api.files.get(str(one.get("id"))) if isinstance(one, dict) else None
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return file
