"""What somebody hires for, at their Home: whose step is next, their openings, and what an admin has
still to set up."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.settings import WorkspaceSettings
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.playground.state.models import TEAM_ID
from bot.services.home import HomeService
from bot.storage.database import Database
from handlers.ids import SETTINGS_JOBS_CHANNEL, ActionId
from handlers.views.home import home as views
from tests.integration.test_board import many, statements
from tests.integration.test_board_wire import here
from tests.integration.test_home import Desk, chooses, chooses_in_vain, opens, presses
from tests.integration.test_rights_playground import home as home_of
from tests.integration.test_rights_playground import shown_home
from tests.support.acts import (
    ALEX,
    MANAGER,
    PRIYA,
    RECRUITER,
    SAM,
    Stage,
    slack_people,
)
from tests.support.clock import ManualClock
from tests.support.jobs import posts, reviews
from tests.support.northwind import RILEY, Northwind, Person, field_of
from tests.support.panelist import elements, running, text_of
from tests.support.panels import MONDAY, HandClock
from tests.support.people import rights_of
from tests.support.playground import ENGINEERING
from tests.support.scorecards import Desk as ScorecardDesk
from tests.support.slack import StandIn
from tests.support.wire import WORKSPACE, Json

__all__ = ["here"]

ADMIN = "UADMIN"


@pytest.fixture
async def empty(slack: StandIn, sqlite_database: str) -> AsyncIterator[Desk]:
    """A workspace in which nobody has done anything yet, with one admin."""
    clock = ManualClock(MONDAY)
    admins = frozenset({ADMIN})
    slack.people = slack_people()
    async with running(slack, sqlite_database, clock=clock, panelist_admins=admins) as panelist:
        yield Desk(panelist, slack, clock)


async def at_home(here: Stage, user: str) -> Json:
    view = await opens(Desk(here.panelist, here.panelist.slack, ManualClock(MONDAY)), user)
    assert view is not None
    assert faults("home", view) == []
    return view


async def test_a_recruiter_sees_their_openings_and_opens_a_candidate(here: Stage) -> None:
    view = await at_home(here, RECRUITER)
    told = text_of(view).replace("\n", " ")
    assert "Your openings" in told
    assert " late" in told
    (menu,) = [one for one in elements(view) if one.get("action_id") == ActionId.BOARD_OPEN]
    first = menu["option_groups"][0]["options"][0]
    before = len(here.panelist.slack.called("views.open"))
    await here.panelist.presses(menu | {"value": first["value"]}, RECRUITER)
    call = await here.panelist.slack.next_call("views.open", before + 1)
    assert call["view"]["title"]["text"] == "Candidate"


async def test_one_green_button_stands_at_a_recruiters_home(here: Stage) -> None:
    view = await at_home(here, RECRUITER)
    primary = [one["text"]["text"] for one in elements(view, "button") if one.get("style")]
    assert len(primary) == 1


@pytest.mark.parametrize("user", [ALEX, SAM, PRIYA])
async def test_whoever_only_interviews_has_no_openings(here: Stage, user: str) -> None:
    view = await at_home(here, user)
    assert "Your openings" not in text_of(view)
    assert "Waiting for you" not in text_of(view)
    assert not [one for one in elements(view) if one.get("action_id") == ActionId.BOARD_OPEN]


async def test_what_a_scorecard_says_is_in_nobodys_home(here: Stage) -> None:
    for user in (RECRUITER, MANAGER, ALEX, SAM):
        assert "quokka" not in str(await at_home(here, user))


async def test_a_job_that_is_paused_says_so_at_its_recruiters_home(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    told = await home_of(house, RILEY)
    assert "Your openings" in told
    assert "Senior Backend Developer · no candidates yet" in told
    await riley.types("/jd senior-backend-developer-berlin")
    await riley.chooses(riley.newest(), "Pause")
    assert (await riley.submits()).ok
    await house.application.home.refresh()
    assert "Senior Backend Developer · paused · no candidates yet" in shown_home(house, RILEY)


async def test_a_referral_waits_for_the_recruiter(house: Northwind, riley: Person) -> None:
    message = await posts(riley)
    sam = house.person("U0SAM")
    await sam.presses(message, "Refer someone")
    referral = {"name_or_link": "Robin Doe", "why_them,_in_one_sentence": "Fixed our search."}
    assert (await sam.submits(**referral)).ok
    told = await home_of(house, RILEY)
    told = told.replace("\n", "")
    assert "1 candidate waits for you" in told
    assert "Robin Doe · applied · waiting since " in told


async def test_where_jobs_are_posted_is_suggested_to_whoever_posts_one(
    house: Northwind, riley: Person
) -> None:
    async with house.application.database.write() as tx:
        await tx.settings.put(WorkspaceSettings(TEAM_ID, jobs_channel=ENGINEERING))
    await reviews(riley)
    _, element = field_of(riley.modal, "Post in")
    assert element["initial_conversations"] == [ENGINEERING]


async def test_an_admins_first_visit_shows_what_is_left_to_set_up(empty: Desk) -> None:
    view = await opens(empty, ADMIN)
    assert view is not None
    assert faults("home", view) == []
    assert view["blocks"][0]["text"]["text"] == "Set up Panelist · 0 of 4 done"
    labels = [one["text"]["text"] for one in elements(view, "button")]
    assert labels[:4] == ["Add company", "Add admin", "Choose", "Open a job"]
    primary = [one["text"]["text"] for one in elements(view, "button") if one.get("style")]
    assert primary == ["Add company"]
    for label, word in (
        ("Add company", "company.toml"),
        ("Add admin", "PANELIST_ADMINS="),
        ("Choose", "Where jobs are posted"),
        ("Open a job", "role"),
    ):
        before = len(empty.slack.called("views.open"))
        await presses(empty, view, label, ADMIN)
        (call,) = empty.slack.called("views.open")[before:]
        assert faults("modal", call["view"]) == []
        assert word in text_of(call["view"]).replace("\n", " ") + str(call["view"])


async def test_nobody_else_is_shown_what_is_left_to_set_up(empty: Desk) -> None:
    view = await opens(empty, ALEX)
    assert "Set up Panelist" not in text_of(view or {})


async def test_what_is_set_up_is_ticked_off(empty: Desk) -> None:
    await changes_settings(empty, "CHIRING")
    view = await opens(empty, ADMIN)
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "Set up Panelist · 1 of 4 done"
    assert ":white_check_mark: *Jobs channel*" in text_of(view)


async def test_once_there_is_a_panel_what_is_left_is_one_line(here: Stage) -> None:
    view = await at_home(here, "UADMIN")
    assert "Set up Panelist" not in text_of(view)


async def changes_settings(desk: Desk, *channels: str) -> Json:
    """An admin chooses where jobs are posted; gives what the form shows then."""
    view = await opens(desk, ADMIN)
    assert view is not None
    return await chooses(
        desk, SETTINGS_JOBS_CHANNEL, {"selected_conversations": list(channels)}, ADMIN
    )


async def settings_of(desk: Desk) -> WorkspaceSettings:
    async with desk.panelist.application.database.read() as tx:
        return await tx.settings.get(WORKSPACE)


async def test_an_admin_says_where_jobs_are_posted_and_takes_it_back(empty: Desk) -> None:
    form = await changes_settings(empty, "CHIRING")
    assert "CHIRING" in str(form)
    assert (await settings_of(empty)).jobs_channel == "CHIRING"
    await changes_settings(empty)
    assert (await settings_of(empty)).jobs_channel is None


async def test_jobs_are_posted_in_no_conversation_between_people(empty: Desk) -> None:
    await chooses_in_vain(empty, SETTINGS_JOBS_CHANNEL, {"selected_conversations": ["D1"]}, ADMIN)
    assert "Choose a channel, not a person." in str(empty.slack.called("views.push")[-1])
    assert (await settings_of(empty)).jobs_channel is None


async def test_nobody_but_an_admin_says_where_jobs_are_posted(empty: Desk) -> None:
    chosen = {"selected_conversations": ["CHIRING"]}
    await chooses_in_vain(empty, SETTINGS_JOBS_CHANNEL, chosen, ALEX)
    assert (await settings_of(empty)).jobs_channel is None


async def test_home_asks_as_much_for_one_candidate_as_for_sixty(
    library: Library, sqlite_database: str
) -> None:
    desk = ScorecardDesk(library, Database(sqlite_database), clock=HandClock())
    home = HomeService(
        desk.database, rights_of(desk.people, desk.database, desk.clock), desk.clock, lambda: None
    )
    await many(desk, 1)
    desk.clock.set(MONDAY + timedelta(days=2))
    await home.of(WORKSPACE, RECRUITER)
    with statements(desk.database) as one:
        assert len((await home.of(WORKSPACE, RECRUITER)).candidates) == 1
    await many(desk, 59, first=1)
    with statements(desk.database) as several:
        shown = await home.of(WORKSPACE, RECRUITER)
    assert len(shown.candidates) == 60
    assert faults("home", views.home(shown)) == []
    assert len(one) == len(several)
    await desk.database.close()
