"""Files in the playground: taken in Slack's three steps, shown as a link."""

from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from tests.support.playground import ALEX, MANIFEST, Scene, scene
from tests.support.wire import web_client

HTML = "<script>alert(1)</script>\r\n"


async def uploads(here: Scene) -> str:
    """Uploads a file to Alex's DM; gives its address."""
    channel = here.workspace.direct_message(ALEX).id
    await here.client.files_upload_v2(channel=channel, filename="a b.ics", content=HTML)
    message = here.said(channel, ALEX)[-1]
    assert message.text == "a b.ics"
    url: str = message.blocks[0]["elements"][0]["elements"][0]["url"]
    return url


async def get(url: str) -> tuple[int, str, str]:
    async with web_client() as web:
        response = await web.get(url)
        return response.status_code, response.text, response.headers.get("Content-Type", "")


async def test_a_file_is_shown_and_downloaded_but_never_run(tmp_path: Path) -> None:
    async with scene(tmp_path, manifest=with_scope("files:write")) as here:
        url = await uploads(here)
        status, content, kind = await get(url)
        assert (status, content) == (200, HTML)
        assert kind == "application/octet-stream"
        assert (await get(url.replace("/files/F", "/files/X")))[0] == 404


async def test_what_was_not_uploaded_is_not_shown(tmp_path: Path) -> None:
    async with scene(tmp_path, manifest=with_scope("files:write")) as here:
        channel = here.workspace.direct_message(ALEX).id
        asked = await here.client.files_getUploadURLExternal(filename="a.ics", length=5)
        with pytest.raises(SlackApiError, match="file_not_found"):
            await here.client.files_completeUploadExternal(
                files=[{"id": asked["file_id"], "title": "a"}], channel_id=channel
            )
        async with web_client() as web:
            response = await web.post(asked["upload_url"], content=b"too long")
            assert response.status_code == 400
        assert here.said(channel, ALEX) == []


async def test_files_need_their_scope(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        with pytest.raises(SlackApiError, match="missing_scope"):
            await uploads(here)


def with_scope(scope: str) -> dict[str, object]:
    scopes = [*MANIFEST["oauth_config"]["scopes"]["bot"], scope]
    return MANIFEST | {"oauth_config": {"scopes": {"bot": scopes}}}
