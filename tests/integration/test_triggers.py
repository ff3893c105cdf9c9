"""A view that can't be shown: its trigger is good for one view and three seconds."""

from pathlib import Path

import pytest

from bot.library.catalogue import Library
from bot.services.ports import OutcomeUnknown
from handlers import slack as slack_module
from handlers.ids import ViewId
from handlers.panels.changes import ChangeForm
from handlers.slack_errors import NotInChannel, Unreachable
from tests.support.acts import COMING, RECRUITER, modal, stage
from tests.support.faulty import is_read_only_file
from tests.support.northwind import RILEY, northwind
from tests.support.panelist import Panelist, button, text_of
from tests.support.panels import HandClock
from tests.support.scorecards import Desk
from tests.support.slack import BROKEN, BROKEN_AFTER_ALL, Fault, StandIn, refused
from tests.support.wire import WORKSPACE, press_payload, web_client

BUSY = Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})
TOO_LATE = refused("expired_trigger_id")
SHOWN_BEFORE = refused("exchanged_trigger_id")
URL_IS_DEAD = Fault(404, {"ok": False, "error": "expired_url"})

IN_A_MODAL = {"callback_id": "jd.picker", "blocks": [], "private_metadata": "{}"}
OF_LONG_AGO = {"type": "button", "action_id": "gone.long_ago"}


def heard_by_dm(slack: StandIn, user: str = "U1") -> list[str]:
    return [text_of(message) for message in slack.conversations.said_to(user)]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (BUSY, "Slack is busy right now"),
        (BROKEN, "If nothing opened, please try again"),
        (BROKEN_AFTER_ALL, "If nothing opened, please try again"),
        (Fault(hang=True), "If nothing opened, please try again"),
        (TOO_LATE, "too long for Slack"),
    ],
    ids=["busy", "broken", "shown and broken", "no answer", "too late"],
)
async def test_a_form_is_asked_for_once_and_the_person_hears_at_once(
    panelist: Panelist, monkeypatch: pytest.MonkeyPatch, fault: Fault, told: str
) -> None:
    if fault.hang:
        monkeypatch.setattr(slack_module, "SHOWN_WITHIN", 0.1)
    panelist.slack.fails("views.open", fault)
    _, url = await panelist.types("/jd")
    assert told in text_of(await panelist.slack.next_response(url))
    assert len(panelist.slack.called("views.open")) == 1
    assert heard_by_dm(panelist.slack) == []


async def test_a_form_whose_connection_ends_is_asked_for_again_and_shown_once(
    tmp_path: Path, sqlite_database: str
) -> None:
    """An idle connection may end just when it is used."""
    async with (
        northwind(tmp_path / "slack", sqlite_database) as house,
        web_client() as web,
    ):
        fault = {"method": "views.open", "how": "lost"}
        assert (await web.post(f"{house.scene.address}/faults", json=fault)).status_code == 200
        riley = house.person(RILEY)
        assert await riley.types("/jd") == ""
        assert len(riley.modals) == 1
        opened = [one for one in house.scene.workspace.exchanges if one.kind == "views.open"]
        assert len(opened) == 2


async def test_where_trigger_and_response_url_are_dead_a_dm_says_so(panelist: Panelist) -> None:
    panelist.slack.fails("views.open", TOO_LATE)
    panelist.slack.fails("response", URL_IS_DEAD)
    await panelist.types("/jd")
    await panelist.application.edge.drain(3)
    [told] = heard_by_dm(panelist.slack)
    assert "your last command" in told
    assert "took too long for Slack" in told


async def test_an_answer_whose_response_url_is_dead_is_asked_for_again_by_dm(
    panelist: Panelist,
) -> None:
    posted = await panelist.reply("/jd backend-developer")
    panelist.slack.fails("response", URL_IS_DEAD, URL_IS_DEAD)
    await panelist.presses(button(posted, "Hiring guide"))
    await panelist.application.edge.drain(3)
    [told] = heard_by_dm(panelist.slack)
    assert told.endswith("I couldn't answer your last click where you made it. Please try again.")


async def test_a_press_in_a_modal_whose_trigger_is_dead_is_told_by_dm(panelist: Panelist) -> None:
    panelist.slack.fails("views.push", TOO_LATE)
    await panelist.wire.payload(press_payload(OF_LONG_AGO, None, view=IN_A_MODAL))
    await panelist.application.edge.drain(3)
    [told] = heard_by_dm(panelist.slack)
    assert "your last click" in told
    assert "doesn't know" in told


async def test_what_was_shown_though_the_answer_was_lost_is_not_told(panelist: Panelist) -> None:
    """Slack says so itself: the trigger has shown something."""
    picker = {"callback_id": "jd.picker", "blocks": [], "private_metadata": "{}", "type": "home"}
    panelist.slack.fails("views.open", BROKEN_AFTER_ALL, SHOWN_BEFORE)
    element = {"type": "button", "action_id": "home.settings", "value": ""}
    await panelist.wire.payload(press_payload(element, None, view=picker))
    await panelist.application.edge.drain(3)
    assert len(panelist.slack.called("views.open")) == 2
    assert heard_by_dm(panelist.slack) == []


@pytest.mark.parametrize(
    ("recipient", "kind"),
    [("U1", Unreachable), ("DU1", Unreachable), ("C1", NotInChannel), ("G1", NotInChannel)],
)
async def test_nobody_is_told_to_invite_panelist_into_somebodys_dm(
    panelist: Panelist, recipient: str, kind: type[Exception]
) -> None:
    slack = panelist.application.slack.of("T1")
    panelist.slack.fails("chat.postMessage", refused("channel_not_found"))
    with pytest.raises(kind) as caught:
        await slack.post(recipient, "hello", [])
    assert ("/invite" in str(caught.value)) == (kind is NotInChannel)


async def test_whoever_opens_home_or_writes_reads_there_what_keeps_it_from_them(
    panelist: Panelist,
) -> None:
    slack = panelist.slack
    said = {"user": "U1", "channel": "DU1", "channel_type": "im", "ts": "1.2", "text": "Hello?"}
    await panelist.reply("/jd help")
    async with is_read_only_file(panelist.application.database):
        for event in ({"type": "app_home_opened", "tab": "home"}, {"type": "message"}):
            payload = {"type": "event_callback", "team_id": "T1", "event": said | event}
            assert (await panelist.wire.event(payload)).status == 200
        await panelist.application.edge.drain(3)
    assert "can't reach its database" in text_of(slack.called("views.publish")[-1]["view"])
    [told] = heard_by_dm(slack)
    assert "can't reach its database" in told


async def test_who_submits_a_form_hears_that_its_message_could_not_be_updated(
    panelist: Panelist, library: Library
) -> None:
    """The form is closed by then, and the message looks as if nothing had been done."""
    clock = HandClock()
    desk = Desk(library, panelist.application.database, clock=clock)
    here = await stage(panelist, desk, clock)
    token = ChangeForm(
        panel=COMING, revision=here.coming.revision, url=panelist.slack.response_url()
    )
    view = modal(ViewId.PANEL_CANCEL, token.dump())
    panelist.slack.fails("response", URL_IS_DEAD)
    assert (await panelist.submits(view, {}, user=RECRUITER)).status == 200
    await panelist.application.edge.drain(3)
    async with desk.database.read() as tx:
        changed = await tx.panels.get(WORKSPACE, COMING)
    assert changed is not None
    assert not changed.on
    told = heard_by_dm(panelist.slack, RECRUITER)  # what else there is to hear may have come too
    assert sum(one.startswith("What you submitted was saved") for one in told) == 1


async def test_an_answer_that_is_no_slacks_leaves_open_what_became_of_a_message(
    panelist: Panelist,
) -> None:
    """As a proxy's page in its place: the message is no bug of ours, and is looked for later."""
    panelist.slack.fails("chat.postMessage", Fault(200, "<html>Please sign in</html>"))
    with pytest.raises(OutcomeUnknown):
        await panelist.application.slack.of("T1").post("U1", "hello", [])
