"""One candidate for one opening is one application, on SQLite and on PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.domain.applications import Application, Source, Stage
from bot.domain.debriefs.answers import Told
from bot.domain.panels.details import details
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import Panel
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.candidates import CandidatesService
from bot.services.frozen_contents import Contents
from bot.services.panels.changes import PanelEdit
from bot.services.panels.setup import CandidateKnown
from bot.storage.database import Database
from tests.integration.test_cli import panelist as command
from tests.support.panels import NOW, new_interview, new_panel
from tests.support.people import WORKSPACE, rights_of
from tests.support.scorecards import Desk

ADMIN = "UADMIN"


@dataclass
class Office:
    """Panels and candidates over one database."""

    desk: Desk

    def __post_init__(self) -> None:
        desk = self.desk
        self.candidates = CandidatesService(
            desk.database,
            rights_of(desk.people, desk.database, desk.clock),
            Contents(),
            desk.clock,
            lambda: desk.flushes.append(1),
        )

    async def set_up(self, id: str, user: str = "U1", **changes: object) -> Panel:
        """A panel for someone new, unless `same_as` says for whom."""
        self.desk.clock.move(minutes=1)
        interviews = (new_interview("UALEX"),)
        new = new_panel(self.desk.library, *interviews, id=id, **changes)
        try:
            return (await self.desk.panels.set_up(WORKSPACE, user, new)).panel
        except CandidateKnown as asked:
            known = tuple(one.candidate.id for one in asked.known)
            new = replace(new, not_same=known)
            return (await self.desk.panels.set_up(WORKSPACE, user, new)).panel

    async def merge(self, panel: Panel, other: Panel) -> None:
        """Makes the other panel's candidate the one of this panel."""
        self.desk.clock.move(minutes=1)
        await self.candidates.merge(WORKSPACE, ADMIN, panel.id, other.candidate.id)

    async def undo(self, panel: Panel, other: Panel) -> None:
        self.desk.clock.move(minutes=1)
        await self.candidates.undo(WORKSPACE, ADMIN, panel.id, other.candidate.id)

    async def now(self, panel: Panel) -> Panel:
        async with self.desk.database.read() as tx:
            found = await tx.panels.get(WORKSPACE, panel.id)
        assert found is not None
        return found

    async def of(self, panel: Panel) -> tuple[str, str]:
        """Whose the panel is, and the application that it is a round of."""
        found = await self.now(panel)
        return found.candidate.id, found.application

    async def applications(self, candidate: str) -> list[Application]:
        async with self.desk.database.read() as tx:
            return list(await tx.applications.of_candidate(WORKSPACE, candidate))


@pytest.fixture
async def office(library: Library, database_url: str) -> AsyncIterator[Office]:
    database = Database(database_url)
    yield Office(Desk(library, database, url=database_url))
    await database.close()


async def test_a_panel_makes_a_candidate_an_opening_and_an_application_with_ids_of_their_own(
    office: Office,
) -> None:
    panel = await office.set_up("p1")
    ids = {panel.id, panel.application, panel.candidate.id, panel.opening.id}
    assert len(ids) == 4
    (made,) = await office.applications(panel.candidate.id)
    at = office.desk.clock.now()
    assert made == Application(
        panel.application,
        panel.candidate.id,
        panel.opening.id,
        Stage.INTERVIEWING,
        Source.PANEL,
        at,
    )


async def test_another_round_is_of_the_same_application_and_another_opening_is_not(
    office: Office,
) -> None:
    first = await office.set_up("p1")
    robin = first.candidate.id
    second = await office.set_up("p2", same_as=robin)
    other = await office.set_up("p3", same_as=robin, team="Payments")
    assert second.application == first.application
    assert other.application != first.application
    assert {panel.candidate for panel in (first, second, other)} == {first.candidate}
    assert len(await office.applications(robin)) == 2


async def test_two_who_set_up_the_same_round_at_once_make_one_application(office: Office) -> None:
    first = await office.set_up("p1")
    robin = first.candidate.id
    both = (
        office.set_up("p2", same_as=robin, team="Payments", hiring_manager="U1"),
        office.set_up("p3", same_as=robin, opening=first.opening.id),
        office.set_up("p4", same_as=robin, opening=first.opening.id),
    )
    made = await asyncio.gather(*both)
    assert made[1].application == made[2].application == first.application
    assert len(await office.applications(robin)) == 2


async def test_what_is_typed_for_someone_known_changes_nothing_about_them(office: Office) -> None:
    first = await office.set_up("p1", email="robin@example.com")
    typed = {"name": "ROBIN DOE", "email": "other@example.com", "link": "https://example.com/x"}
    second = await office.set_up("p2", same_as=first.candidate.id, **typed)
    assert second.candidate == first.candidate
    assert (await office.now(second)).candidate == first.candidate


async def test_nobody_sets_a_panel_up_for_an_opening_in_which_they_have_no_part(
    office: Office,
) -> None:
    first = await office.set_up("p1")
    for user, opening in (("UMEMBER", first.opening.id), ("UALEX", first.opening.id), ("U1", "x")):
        with pytest.raises(InvalidPanel, match="can't have panels anymore") as caught:
            await office.set_up("p2", user=user, name="Kim Second", opening=opening)
        assert caught.value.part is PanelField.ROLE
    assert (await office.set_up("p2", user="UMANAGER", opening=first.opening.id)).opening == (
        first.opening
    )


async def test_of_two_who_correct_a_name_in_two_panels_at_once_one_is_shown_what_the_other_did(
    office: Office,
) -> None:
    first = await office.set_up("p1")
    second = await office.set_up("p2", same_as=first.candidate.id, team="Payments")
    for turn in range(5):
        seen = [await office.now(panel) for panel in (first, second)]
        done = await asyncio.gather(
            *(
                office.desk.changes.give_details(
                    WORKSPACE,
                    "UMANAGER",
                    PanelEdit(panel.id, panel.revision),
                    replace(details(panel), name=f"Robin {panel.id} {turn}"),
                )
                for panel in seen
            ),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in done) == ["PanelChanged", "PanelOverview"]
        names = {(await office.now(panel)).candidate.name for panel in seen}
        assert len(names) == 1


async def test_a_panel_set_up_while_its_candidate_is_merged_is_lost_by_neither(
    office: Office,
) -> None:
    one, two = [await office.set_up(id) for id in ("p1", "p2")]
    done = await asyncio.gather(
        office.merge(one, two),
        office.set_up("p3", same_as=two.candidate.id),
        return_exceptions=True,
    )
    assert done[0] is None
    async with office.desk.database.read() as tx:
        third = await tx.panels.get(WORKSPACE, "p3")
    assert third is None or third.candidate.id == one.candidate.id


# Merging


async def test_a_merge_moves_the_application_and_its_undoing_moves_it_back(office: Office) -> None:
    one = await office.set_up("p1")
    other = await office.set_up("p2", name="Rob Doe", team="Payments")
    before = await office.of(other)
    await office.merge(one, other)
    assert await office.of(other) == (one.candidate.id, other.application)
    assert (await office.now(other)).candidate.name == "Robin Doe"
    assert len(await office.applications(one.candidate.id)) == 2
    await office.undo(one, other)
    assert await office.of(other) == before
    assert (await office.now(other)).candidate.name == "Rob Doe"


async def test_two_applications_for_one_opening_become_rounds_of_one(office: Office) -> None:
    one = await office.set_up("p1")
    other = await office.set_up("p2")
    assert one.opening == other.opening
    before = await office.of(other)
    await office.merge(one, other)
    assert await office.of(other) == await office.of(one)
    await office.undo(one, other)
    assert await office.of(other) == before
    assert await office.of(one) == (one.candidate.id, one.application)


async def test_whoever_was_told_stays_told_once_two_applications_are_one(office: Office) -> None:
    one = await office.set_up("p1")
    other = await office.set_up("p2")
    told = Told("U1", office.desk.clock.now())
    async with office.desk.database.write() as tx:
        await tx.answers.add(WORKSPACE, other.application, told)
    await office.merge(one, other)
    async with office.desk.database.read() as tx:
        found = await tx.answers.last_told(WORKSPACE, [one.application])
    assert found == {one.application: told}


async def test_what_came_after_a_merge_stays_when_it_is_undone(office: Office) -> None:
    one = await office.set_up("p1")
    other = await office.set_up("p2", team="Payments")
    await office.merge(one, other)
    later = await office.set_up("p3", same_as=one.candidate.id, opening=other.opening.id)
    assert later.application == other.application
    await office.undo(one, other)
    assert await office.of(other) == (other.candidate.id, other.application)
    candidate, application = await office.of(later)
    assert candidate == one.candidate.id
    assert application not in (one.application, other.application)
    assert (await office.now(later)).opening == other.opening


async def test_of_several_merges_the_last_is_undone_first(office: Office) -> None:
    one, two, three = [await office.set_up(id) for id in ("p1", "p2", "p3")]
    before = [await office.of(panel) for panel in (one, two, three)]
    await office.merge(one, two)
    await office.merge(one, three)
    with pytest.raises(UserError, match=f"Undo that of {three.candidate.id} first"):
        await office.undo(one, two)
    await office.undo(one, three)
    await office.undo(one, two)
    assert [await office.of(panel) for panel in (one, two, three)] == before


async def test_a_chain_of_merges_is_undone_from_its_end(office: Office) -> None:
    one, two, three = [await office.set_up(id, team=id) for id in ("p1", "p2", "p3")]
    before = [await office.of(panel) for panel in (one, two, three)]
    await office.merge(two, one)
    await office.merge(three, two)
    assert {(await office.of(panel))[0] for panel in (one, two, three)} == {three.candidate.id}
    with pytest.raises(UserError, match=f"Undo that of {two.candidate.id} first"):
        await office.undo(one, one)
    await office.undo(three, two)
    await office.undo(two, one)
    assert [await office.of(panel) for panel in (one, two, three)] == before


async def test_merging_twice_is_merging_once_and_there_is_nothing_else_to_merge(
    office: Office,
) -> None:
    one, two, three = [await office.set_up(id, team=id) for id in ("p1", "p2", "p3")]
    await office.merge(one, two)
    revision = (await office.now(two)).revision
    await office.merge(one, two)
    assert (await office.now(two)).revision == revision
    with pytest.raises(UserError, match="themselves"):
        await office.candidates.merge(WORKSPACE, ADMIN, "p1", one.candidate.id)
    with pytest.raises(UserError, match="No candidate has the ID"):
        await office.candidates.merge(WORKSPACE, ADMIN, "p3", two.candidate.id)
    with pytest.raises(UserError, match="isn't merged"):
        await office.undo(one, three)


async def test_nobody_but_an_admin_and_the_recruiter_of_both_merges(office: Office) -> None:
    one = await office.set_up("p1", recruiter="U1")
    two = await office.set_up("p2", user="UMEMBER", recruiter="UMEMBER")
    for user in ("U1", "UMANAGER", "UALEX", "UMEMBER", "UGUEST", "USTRANGER"):
        for act in (office.candidates.merge, office.candidates.undo):
            with pytest.raises(UserError):
                await act(WORKSPACE, user, one.id, two.candidate.id)
    assert await office.of(two) == (two.candidate.id, two.application)


async def test_a_merge_shows_nobody_feedback_that_they_could_not_read_before(
    office: Office,
) -> None:
    one = await office.set_up("p1", user="U1")
    other = await office.set_up("p2", user="UMEMBER", recruiter="UMEMBER", hiring_manager="UPRIYA")
    await office.merge(one, other)
    for user, panel in (("UMEMBER", one), ("UPRIYA", one), ("U1", other), ("UMANAGER", other)):
        with pytest.raises(UserError):
            await office.desk.reading.of_panel(WORKSPACE, user, panel.id)


async def test_the_record_says_who_merged_whom_and_names_nobody(office: Office) -> None:
    one, two = [await office.set_up(id) for id in ("p1", "p2")]
    await office.merge(one, two)
    async with office.desk.database.read() as tx:
        (entry,) = await tx.audit.since(WORKSPACE, two.candidate.id, -1)
        (of_panel,) = await tx.audit.since(WORKSPACE, "p2", 1)
    assert (entry.actor, entry.action, entry.part) == (ADMIN, "candidate.merged", one.candidate.id)
    assert (of_panel.action, of_panel.revision) == ("candidate.merged", 2)
    assert "Robin" not in f"{entry} {of_panel}"


# On the command line


async def test_applications_are_listed_for_people_and_for_programs(
    library: Library, sqlite_database: str, tmp_path: Path
) -> None:
    database = Database(sqlite_database)
    office = Office(Desk(library, database, url=sqlite_database))
    run = lambda *words: command(*words, cwd=tmp_path, DATABASE_URL=sqlite_database)  # noqa: E731
    assert (
        await asyncio.to_thread(run, "applications")
    ).stdout == "There are no applications yet.\n"
    one, other = await office.set_up("p1"), await office.set_up("p2")
    await office.merge(one, other)
    await database.close()
    listed = await asyncio.to_thread(run, "applications")
    assert listed.stdout == (
        f"{one.application}  interviewing  Robin Doe, Backend Developer, mid, since "
        f"{NOW:%a %Y-%m-%d}\n"
    )
    told = json.loads((await asyncio.to_thread(run, "applications", "--json")).stdout)
    by = {item.pop("answer_by") for item in told}
    assert by <= {None, "2026-12-07"}, "five working days after the interview, once that is over"
    assert told == [
        {
            "id": one.application,
            "candidate": one.candidate.id,
            "opening": one.opening.id,
            "stage": "interviewing",
            "source": "panel",
            "applied_at": one.created_at.isoformat(),
            "on_hold": False,
        }
    ]
    people = json.loads((await asyncio.to_thread(run, "candidates", "--json")).stdout)
    id, name = one.candidate.id, "Robin Doe"
    assert people == [{"id": id, "name": name, "applications": [one.application]}]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("merge", "a"), 2, "give FROM and INTO, or --undo and FROM"),
        (("merge", "a", "b", "--undo"), 2, "give FROM and INTO, or --undo and FROM"),
        (("merge", "a", "b"), 1, "No candidate has the ID 'a'"),
        (("merge", "--undo", "a"), 1, "No candidate has the ID 'a'"),
    ],
)
def test_a_merge_that_cannot_be_says_why(
    sqlite_database: str, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = command(*words, cwd=tmp_path, DATABASE_URL=sqlite_database)
    assert done.returncode == code
    assert said in done.stderr
