"""`/hiring` as it is typed and pressed: one glance, one candidate, and who reads what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.candidates import Candidate
from bot.library.catalogue import Library
from bot.playground.rules.limits import characters, faults
from bot.services.board.board import ADMINS_ONLY, NO_CANDIDATE
from bot.services.rights import FOR_MEMBERS
from handlers.ids import ActionId
from handlers.views.board.board import CandidateToken
from tests.support.acts import (
    ALEX,
    MANAGER,
    PRIYA,
    RECRUITER,
    SAM,
    SETTER,
    Stage,
    slack_people,
    stage,
)
from tests.support.panelist import button, choice, elements, running, text_of
from tests.support.panels import MONDAY, OPENING, HandClock, frozen, interview, panel, stored
from tests.support.scorecards import Desk
from tests.support.slack import StandIn
from tests.support.wire import Json

ADMIN, MEMBER, GUEST = "UADMIN", "UMEMBER", "UGUEST"
ODD = "*<!channel>* <@USAM> & " + "x" * 57


@pytest.fixture
async def here(slack: StandIn, sqlite_database: str, library: Library) -> AsyncIterator[Stage]:
    """Two days later: of three panels two are held, and Sam has submitted one scorecard."""
    clock = HandClock()
    slack.people = slack_people()
    async with running(slack, sqlite_database, clock=clock) as panelist:
        desk = Desk(library, panelist.application.database, clock=clock)
        there = await stage(panelist, desk, clock)
        clock.set(MONDAY + timedelta(days=3))
        yield there


async def types(here: Stage, line: str, user: str = RECRUITER) -> Json:
    message = await here.panelist.reply(line, user_id=user)
    if message:
        assert faults("message", {"text": message["text"], "blocks": message["blocks"]}) == []
    return message


async def opened(here: Stage, user: str, application: str) -> Json:
    """The candidate as the person opens them from the board."""
    element = {
        "type": "static_select",
        "action_id": ActionId.BOARD_OPEN,
        "block_id": "b1",
        "value": CandidateToken(application=application).dump(),
    }
    before = len(here.panelist.slack.called("views.open"))
    await here.panelist.presses(element, user)
    call = await here.panelist.slack.next_call("views.open", before + 1)
    view: Json = call["view"]
    assert faults("modal", view) == []
    return view


async def answered(here: Stage, user: str, element: Json) -> Json:
    """What stands in the place of the board that the person pressed in."""
    before = len(here.panelist.slack.responses)
    await here.panelist.presses(element, user)
    await here.panelist.application.edge.drain(60)
    (_, message), *_ = here.panelist.slack.responses[before:]
    shown: Json = message
    return shown


async def test_a_recruiter_sees_in_one_glance_who_is_late(here: Stage) -> None:
    message = await types(here, "/hiring")
    assert message["response_type"] == "ephemeral"
    shown = text_of(message).replace("\n", "")
    assert "scorecards are late" in shown
    assert "interviewing · 1 of 3 in, 2 late" in shown
    assert "Robin" not in message["text"]
    late = shown.index(" since ")
    assert late < shown.index("interviewing")


async def test_one_press_reminds_all_who_are_late(here: Stage) -> None:
    message = await types(here, "/hiring")
    remind = button(message, "Remind now")
    assert remind["style"] == "primary"
    assert [one["style"] for one in elements(message, "button") if one.get("style")] == ["primary"]
    told = text_of(await answered(here, RECRUITER, remind)).replace("\n", "")
    assert told
    assert "quokka" not in told
    view = await opened(here, RECRUITER, here.held.application)
    assert elements(view, "button")[0]["text"]["text"] == "Remind now"
    assert " reminded " in text_of(view).replace("\n", "")


async def test_whoever_only_interviews_is_offered_no_reminding(here: Stage) -> None:
    message = await types(here, "/hiring", SAM)
    assert "Remind now" not in [one["text"]["text"] for one in elements(message, "button")]
    view = await opened(here, SAM, here.held.application)
    assert "Remind now" not in [one["text"]["text"] for one in elements(view, "button")]


async def test_one_name_opens_the_candidate_and_says_what_happened(here: Stage) -> None:
    view = await opened(here, RECRUITER, here.held.application)
    shown = text_of(view).replace("\n", "")
    assert "1 of 3 in, 2 late" in shown
    for words in (" · submitted ", " · late since ", " set up the panel", " submitted a scorecard"):
        assert words in shown
    assert [one["text"]["text"] for one in elements(view, "button")][-1] == "Open panel"


async def test_an_interviewer_is_led_to_their_own_scorecard(here: Stage) -> None:
    view = await opened(here, ALEX, here.held.application)
    first = elements(view, "button")[0]
    assert (first["text"]["text"], first["style"]) == ("Write scorecard", "primary")
    assert "interviewing" not in text_of(view), "how far the application is, is not for them"


async def test_the_panel_opens_on_top_of_the_candidate(here: Stage) -> None:
    view = await opened(here, RECRUITER, here.held.application)
    await here.panelist.chooses_in(view | {"id": "V1"}, button(view, "Open panel"))
    await here.panelist.application.edge.drain(60)
    # chooses_in presses as U1, who set the panel up
    (pushed,) = here.panelist.slack.called("views.push")
    assert pushed["view"]["title"]["text"] == "Interview panel"
    assert faults("modal", pushed["view"]) == []


async def test_filters_stand_in_the_place_of_the_board(here: Stage) -> None:
    message = await types(here, "/hiring")
    late = await answered(here, RECRUITER, choice(message, "What is late"))
    assert late["replace_original"] is True
    chosen = [one.get("initial_option", {}).get("value", "") for one in elements(late)]
    assert any("late" in value for value in chosen)
    everything = await answered(here, RECRUITER, choice(late, "Everything"))
    assert "late" in text_of(everything)


async def test_everybody_sees_their_own_and_outsiders_nothing(here: Stage) -> None:
    for user in (SETTER, RECRUITER, MANAGER, ALEX, SAM):
        assert "Robin Doe" in text_of(await types(here, "/hiring", user))
    assert "No candidates yet" in text_of(await types(here, "/hiring", MEMBER))
    assert text_of(await types(here, "/hiring all", RECRUITER)) == ADMINS_ONLY
    assert "Robin Doe" in text_of(await types(here, "/hiring all", ADMIN))
    for user in (GUEST, PRIYA):
        for line in ("/hiring", "/hiring late", "/hiring Robin Doe", "/hiring help"):
            assert text_of(await types(here, line, user)) == FOR_MEMBERS


async def test_whoever_has_no_part_cannot_open_a_candidate(here: Stage) -> None:
    element = {
        "type": "button",
        "action_id": ActionId.BOARD_OPEN,
        "block_id": "b1",
        "value": CandidateToken(application=here.held.application).dump(),
    }
    assert text_of(await answered(here, MEMBER, element)) == NO_CANDIDATE
    nobody = element | {"value": CandidateToken(application="0" * 16).dump()}
    assert text_of(await answered(here, RECRUITER, nobody)) == NO_CANDIDATE


async def test_numbers_about_too_few_people_are_not_shown_and_outsiders_see_none(
    here: Stage,
) -> None:
    for line in ("/hiring stats", "/hiring STATS 30 days"):
        told = text_of(await types(here, line))
        assert "Fewer than five people other than you" in told
        assert "%" not in told
    wrong = "Give a number of days from 1 to 365, such as 90."
    assert text_of(await types(here, "/hiring stats never")) == wrong
    assert text_of(await types(here, "/hiring stats 366")) == wrong
    assert text_of(await types(here, "/hiring stats", GUEST)) == FOR_MEMBERS
    assert "stats 30" in text_of(await types(here, "/hiring help"))


async def test_nothing_found_says_so_and_leads_on(here: Stage) -> None:
    none = await types(here, "/hiring <@UX> quokka")
    assert "You have no candidate called" in text_of(none)
    assert button(none, "Show everything")
    empty = await types(here, "/hiring late", MEMBER)
    assert "Nothing is late" in text_of(empty)


async def test_four_hundred_candidates_fit_page_by_page(here: Stage) -> None:
    """With names of the longest kind, which are shown as they are."""
    content = frozen(here.desk.library)
    async with here.desk.database.write() as tx:
        for number in range(400):
            id = f"{number:016x}"
            item = interview(SAM, id=f"{number:015x}b", starts_at=MONDAY + timedelta(days=9))
            whole = replace(
                panel(item),
                id=id,
                application=id,
                candidate=Candidate(id, f"{number} {ODD}", None, None),
                recruiter=MEMBER,
                opening=replace(OPENING, id="e" * 16),
            )
            await stored(tx, whole, content)
    page, seen = await types(here, "/hiring", MEMBER), 0
    for _ in range(400):
        assert faults("message", {"text": page["text"], "blocks": page["blocks"]}) == []
        assert characters(page["blocks"]) < 12_000
        assert len(page["blocks"]) <= 50
        menu = next(one for one in elements(page) if one["action_id"] == ActionId.BOARD_OPEN)
        seen += sum(len(group["options"]) for group in menu["option_groups"])
        more = [one for one in elements(page, "button") if "More" in one["text"]["text"]]
        if not more:
            break
        page = await answered(here, MEMBER, more[0])
    assert seen == 400
    assert button(page, "Earlier candidates")
