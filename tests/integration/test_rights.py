"""Who may do what, over the wire: everything that can be done, by everybody."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.domain.rights import OUTSIDERS, RIGHTS, Act
from bot.library.catalogue import Library
from bot.services.apply.reading import NO_APPLICATION
from bot.services.board.board import NO_CANDIDATE
from bot.services.debriefs import debrief
from bot.services.feedback import NOT_FOR_YOU, OWN_FIRST
from bot.services.rights import FOR_MEMBERS, NO_PART, NOT_YOURS
from bot.services.scorecards import ownership
from handlers import Listeners
from handlers.ids import ActionId, CommandName, EventName, ViewId
from tests.support.acts import EVENTS, FORMS, PEOPLE, REQUESTS, Request, Stage, slack_people, stage
from tests.support.panelist import running
from tests.support.panels import HandClock
from tests.support.scorecards import Desk
from tests.support.slack import StandIn

REFUSALS = {
    NO_CANDIDATE,
    NO_APPLICATION,
    *(FOR_MEMBERS, NO_PART, NOT_FOR_YOU, debrief.NOT_FOR_YOU, ownership.NOT_YOURS),
    *NOT_YOURS.values(),
}
"""Every sentence by which somebody is told that they may not."""

EVERYTHING: list[tuple[str, str]] = [
    *(("commands", name) for name in CommandName),
    *(("actions", name) for name in ActionId),
    *(("views", name) for name in ViewId),
    *(("events", name) for name in EventName),
]


@pytest.fixture
async def here(slack: StandIn, sqlite_database: str, library: Library) -> AsyncIterator[Stage]:
    clock = HandClock()
    slack.people = slack_people()
    async with running(slack, sqlite_database, clock=clock) as panelist:
        desk = Desk(library, panelist.application.database, clock=clock)
        yield await stage(panelist, desk, clock)


def request(kind: str, name: str) -> Callable[[Stage], Request]:
    if kind == "views":
        return FORMS[ViewId(name)]
    return EVENTS[EventName(name)] if kind == "events" else REQUESTS[name]


def act_of(table: Listeners, kind: str, name: str) -> Act:
    listeners = getattr(table, kind)
    return Act(listeners[name][0])


def refusals(act: Act) -> set[str]:
    """Who opens feedback early is not told anything else than that theirs comes first."""
    return REFUSALS | {OWN_FIRST} if act is Act.OPEN_EARLY else REFUSALS


@pytest.mark.parametrize(("kind", "name"), EVERYTHING)
async def test_everything_is_for_those_whom_the_table_names(
    here: Stage, kind: str, name: str
) -> None:
    act = act_of(here.panelist.application.listeners, kind, name)
    made = request(kind, name)
    allowed = {who for who, one in PEOPLE.items() if one.kinds & RIGHTS[act]}
    before = await here.rows()
    for who in [*(PEOPLE.keys() - allowed), *sorted(allowed)]:
        person = PEOPLE[who]
        told = await here.does(made(here), person)
        said = [sentence for sentence in refusals(act) if sentence in told]
        if who in allowed:
            assert not said, f"{who} may {act}, but reads: {told}"
            continue
        after = await here.rows()
        if person.kinds & OUTSIDERS:
            assert said == [FOR_MEMBERS] or (not said and told == "[]"), f"{who} reads: {told}"
        else:
            assert said, f"{who} may not {act}, but reads: {told}"
            before["members"] = after["members"]
        assert after == before, f"{who} has left something behind"


def test_everything_that_has_a_name_is_tried() -> None:
    assert set(REQUESTS) == {*CommandName, *ActionId}
    assert set(FORMS) == set(ViewId)
    assert set(EVENTS) == set(EventName)


async def test_everything_that_has_a_name_has_a_listener_with_an_act(here: Stage) -> None:
    table = here.panelist.application.listeners
    for kind, names in (
        ("commands", CommandName),
        ("actions", ActionId),
        ("views", ViewId),
        ("events", EventName),
    ):
        assert {name: type(act_of(table, kind, name)) for name in names} == dict.fromkeys(
            names, Act
        )
