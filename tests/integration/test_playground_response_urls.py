"""What an app may do with the response url of a command, a press or a submission."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.playground.state.models import Json
from tests.support.playground import ALEX, HIRING, PRIVATE, RILEY, Scene, scene


class MovedClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def here(tmp_path: Path, clock: MovedClock) -> AsyncIterator[Scene]:
    async with scene(tmp_path, clock=clock) as running:
        yield running


def address(here: Scene, message_ts: str | None = None, channel: str = HIRING) -> str:
    url = here.workspace.issue_response_url(RILEY, channel, message_ts)
    return f"{here.address}/response/{url.id}"


async def answer(url: str, payload: Json) -> WebhookResponse:
    return await AsyncWebhookClient(url).send_dict(payload)


async def posted(here: Scene) -> str:
    return str((await here.client.chat_postMessage(channel=HIRING, text="original"))["ts"])


async def test_a_commands_url_posts_five_times(here: Scene) -> None:
    url = address(here)
    for number in range(5):
        response = await answer(url, {"text": str(number), "response_type": "in_channel"})
        assert (response.status_code, response.body) == (200, "ok")
    sixth = await answer(url, {"text": "6"})
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
    assert here.texts(viewer=ALEX) == ["0", "1", "2", "3", "4"]


async def test_it_is_good_for_half_an_hour(here: Scene, clock: MovedClock) -> None:
    url = address(here)
    clock.at += timedelta(minutes=30)
    assert (await answer(url, {"text": "in time"})).status_code == 200
    clock.at += timedelta(seconds=1)
    late = await answer(url, {"text": "late"})
    assert (late.status_code, "expired_url" in late.body) == (404, True)
    assert (await answer(f"{here.address}/response/nonsense", {"text": "x"})).status_code == 404


async def test_it_answers_one_person_unless_told_otherwise(here: Scene) -> None:
    await answer(address(here), {"text": "psst"})
    assert here.texts(viewer=RILEY) == ["psst"]
    assert here.texts(viewer=ALEX) == []


async def test_it_needs_no_membership(here: Scene) -> None:
    await answer(address(here, channel=PRIVATE), {"text": "x", "response_type": "in_channel"})
    assert here.texts(PRIVATE) == ["x"]


async def test_a_commands_url_changes_nothing(here: Scene) -> None:
    await posted(here)
    await answer(address(here), {"text": "new", "replace_original": True})
    assert here.texts() == ["original", "new"]
    gone = await answer(address(here), {"delete_original": True})
    assert (gone.status_code, "no_text" in gone.body) == (400, True)


@pytest.mark.parametrize("yes", [True, "true"])
async def test_a_presss_url_replaces_and_deletes(here: Scene, yes: object) -> None:
    ts = await posted(here)
    url = address(here, ts)
    await answer(url, {"text": "new", "replace_original": yes})
    assert [(message.ts, message.text) for message in here.said()] == [(ts, "new")]
    await answer(url, {"text": "beside"})
    assert here.texts() == ["new", "beside"]
    refused = await answer(url, {"delete_original": yes, "text": "more"})
    assert (refused.status_code, "invalid_arguments" in refused.body) == (400, True)
    await answer(url, {"delete_original": yes})
    assert here.texts() == ["beside"]
    late = await answer(url, {"text": "x", "replace_original": yes})
    assert (late.status_code, "message_not_found" in late.body) == (400, True)


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 4001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "wobble"}]}, "invalid_blocks"),
    ],
)
async def test_what_slack_refuses_counts_as_no_use(here: Scene, payload: Json, error: str) -> None:
    url = address(here)
    for _ in range(6):
        response = await answer(url, payload)
        assert (response.status_code, error in response.body) == (400, True)
    assert error in str(here.last("from_app").error)
    assert (await answer(url, {"text": "x"})).status_code == 200


async def test_the_web_api_cannot_change_what_came_this_way(here: Scene) -> None:
    await answer(address(here), {"text": "x", "response_type": "in_channel"})
    ts = here.said()[0].ts
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await here.client.chat_update(channel=HIRING, ts=ts, text="y")


async def test_a_trigger_is_good_for_three_seconds(here: Scene, clock: MovedClock) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
    trigger = here.workspace.issue_trigger(RILEY).id
    clock.at += timedelta(seconds=3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await here.client.views_open(trigger_id=trigger, view=view)


async def test_each_message_has_a_ts_of_its_own_though_the_clock_stands_still(here: Scene) -> None:
    await posted(here)
    await posted(here)
    assert len({message.ts for message in here.said()}) == 2
