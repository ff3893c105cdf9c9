"""Each field of a scorecard goes everywhere that its words and choices have to go.

The fields are taken from the dataclasses: one that is added is looked at as soon as it is there.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from bot.domain.scorecards.faults import field_errors
from bot.domain.scorecards.fields import FIELD, ChoiceField, TextField, read_fields, texts_of
from bot.domain.scorecards.merging import merged
from bot.domain.scorecards.paging import pages
from bot.domain.scorecards.scorecard import Assessment, ScorecardBody, ScorecardField
from bot.library.catalogue import Library
from bot.services.feedback import Feedback
from bot.services.messages.scorecards import Receipt
from bot.services.scorecards.forms import OpenScorecard
from bot.storage.database import Database
from handlers.views import feedback as reading
from handlers.views.messages import VIEWS
from tests.support.devices import read_back
from tests.support.panelist import text_of
from tests.support.scorecards import Desk, body, of

NOT_FILLED_IN = {(Assessment, "competency"), (ScorecardBody, "assessments")}
"""What says of what an assessment is, and where the assessments are."""


@dataclass(frozen=True)
class Case:
    """One field, with something that can stand in it."""

    holder: type
    name: str
    value: Any

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str) and not hasattr(self.value, "label")

    @property
    def shown(self) -> str:
        """How it stands where a person reads it."""
        return str(self.value) if self.is_text else f": {self.value.label}"

    def put_into(self, whole: ScorecardBody, value: Any = None) -> ScorecardBody:
        """The body with it in the field: in each assessment, where those have it."""
        change = {self.name: self.value if value is None else value}
        if self.holder is ScorecardBody:
            return replace(whole, **change)
        return replace(
            whole, assessments=tuple(replace(item, **change) for item in whole.assessments)
        )

    def without(self, whole: ScorecardBody) -> ScorecardBody:
        nothing = "" if self.is_text else None
        change = {self.name: nothing}
        if self.holder is ScorecardBody:
            return replace(whole, **change)  # type: ignore[arg-type]
        items = (replace(item, **change) for item in whole.assessments)  # type: ignore[arg-type]
        return replace(whole, assessments=tuple(items))


def every_case() -> Iterator[Case]:
    for holder in (Assessment, ScorecardBody):
        for one in fields(holder):
            match one.metadata.get(FIELD):
                case TextField():
                    yield Case(holder, one.name, f"The potoroo of {one.name}.")
                case ChoiceField(options=options):
                    yield from (Case(holder, one.name, option) for option in options)


CASES = list(every_case())
every_field = pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.holder.__name__}.{case.name}-{case.value}"
)


@pytest.fixture
async def desk(library: Library, database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    yield Desk(library, database, url=database_url, panel_id="4" * 16)
    await database.close()


def whole(focus: tuple[str, ...] = ("debugging", "security")) -> ScorecardBody:
    """A scorecard with something in every field."""
    filled = body(focus)
    for case in reversed(CASES):
        filled = case.put_into(filled)
    return filled


def test_every_field_is_typed_or_chosen_and_has_its_name_in_forms() -> None:
    for holder in (Assessment, ScorecardBody):
        for one in fields(holder):
            assert (FIELD in one.metadata) is ((holder, one.name) not in NOT_FILLED_IN)
    assert {case.name for case in CASES} == set(ScorecardField)


@every_field
def test_merging_keeps_it_wherever_it_was_written(case: Case) -> None:
    empty, filled = case.without(whole()), case.put_into(whole())
    assert merged(empty, filled).body == filled
    assert merged(filled, empty).body == filled
    assert merged(filled, empty).is_just(filled)
    assert not merged(empty, filled).is_just(empty)


@every_field
def test_merging_loses_nothing_where_both_forms_have_written_in_it(case: Case) -> None:
    others = [one for one in CASES if (one.holder, one.name) == (case.holder, case.name)]
    mine = next((one for one in others if one != case), replace(case, value="The bilby."))
    both = merged(mine.put_into(whole()), case.put_into(whole()))
    if case.is_text:
        found = case.put_into(whole(), f"{mine.value}\n\n{case.value}")
        assert both.body == found
        return
    assert both.body == mine.put_into(whole())
    about = [""] if case.holder is ScorecardBody else list(whole().competencies)
    assert both.others == {(case.name, competency): case.value for competency in about}


@every_field
def test_its_pages_hold_it_once(case: Case) -> None:
    long = replace(case.put_into(whole()), notes="&" * 1999)
    found = pages(long)
    assert len(found) > 1
    assert [item for page in found for item in page.assessments] == list(long.assessments)
    if case.holder is ScorecardBody:
        held = [value for page in found if (value := getattr(page, case.name))]
        assert held == [getattr(long, case.name)]


@every_field
def test_what_is_too_long_is_told_at_it(case: Case) -> None:
    if not case.is_text:
        return
    longest = texts_of(case.holder)[case.name].most
    assert field_errors(case.put_into(whole(), "x" * longest)) == []
    told = field_errors(case.put_into(whole(), "x" * (longest + 1)))
    assert {fault.part for fault in told} == {ScorecardField(case.name)}


@pytest.mark.parametrize("holder", [Assessment, ScorecardBody])
def test_what_was_kept_before_a_field_existed_is_read_as_empty_there(holder: type) -> None:
    read = read_fields(holder, {})
    assert set(read.values()) <= {"", None}
    assert {("c", *item) for item in read.items()} == {
        ("c", case.name, "" if case.is_text else None) for case in CASES if case.holder is holder
    }


async def sheet(desk: Desk, shown: ScorecardBody) -> OpenScorecard:
    """The form of a change, since that has every field."""
    item = of(await desk.set_up(), "UALEX")
    opened = await desk.open(item)
    changing = replace(opened.form, version=1)
    return replace(opened, body=shown.over(item.focus), form=changing)


@every_field
async def test_the_form_shows_it_and_reads_it_back(desk: Desk, case: Case) -> None:
    opened = await sheet(desk, case.put_into(whole()))
    assert read_back(opened) == opened.body


@every_field
async def test_a_draft_keeps_it(desk: Desk, case: Case) -> None:
    item = of(await desk.set_up(), "UALEX")
    filled = case.put_into(ScorecardBody().over(item.focus))
    await desk.save((await desk.open(item)).form, filled, "UALEX")
    assert (await desk.open(item)).body == filled


@every_field
async def test_the_database_keeps_it_and_its_readers_and_its_author_read_it(
    desk: Desk, case: Case
) -> None:
    item = of(await desk.set_up(id=desk.panel_id), "UALEX")
    await desk.submit(item, body(item.focus))
    desk.clock.move(minutes=5)
    changed = case.put_into(replace(whole(item.focus), reason="So."))
    await desk.submit(item, changed)
    card = await desk.kept(item)
    assert card is not None
    assert card.version.body == changed
    opened = await desk.open(item)
    receipt = Receipt(opened.due_scorecard, card, opened.content, 1, 1, changed, ())
    assert case.shown in text_of({"blocks": VIEWS[Receipt](receipt)[1]})
    feedback = Feedback(opened.panel, opened.content, [opened.due_scorecard], [card], [])
    assert case.shown in text_of(reading.scorecard(feedback, card, "UMANAGER"))
