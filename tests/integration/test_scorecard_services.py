"""Scorecards from the first word to the receipt, on SQLite and on PostgreSQL, up to the outbox."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.domain.feedback import SeenBefore
from bot.domain.messages import MessageState
from bot.domain.panels.panel import Interview
from bot.domain.panels.state import ENDED_AS
from bot.domain.scorecards.closing import ClosingKind
from bot.domain.scorecards.faults import InvalidScorecard
from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    Recommendation,
    ScorecardBody,
    ScorecardField,
    ScorecardForm,
)
from bot.errors import DatabaseAway, UserError
from bot.library.catalogue import Library
from bot.services.feedback import ASK_FIRST, NO_SUCH_VERSION, NOT_FOR_YOU, OWN_FIRST, OwnFirst
from bot.services.messages.panels import KitMessage
from bot.services.messages.progress import Progress
from bot.services.messages.scorecards import Closed, ClosedMessage, Reassigned, Receipt
from bot.services.rights import FOR_MEMBERS, NO_PART
from bot.services.scorecards.forms import AlreadySubmitted, Diverged
from bot.services.scorecards.ownership import CANCELLED, NOT_YOURS, REASSIGNED, REPLACED
from bot.services.scorecards.writing import SAVE_WITHIN, SUBMIT_WITHIN
from bot.storage.database import Database
from tests.support.panels import MONDAY, new_interview
from tests.support.people import WORKSPACE
from tests.support.scorecards import Desk, body, of
from tests.support.waiting import A_MINUTE


@pytest.fixture
async def desk(library: Library, database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    yield Desk(library, database, url=database_url)
    await database.close()


async def test_an_untouched_form_is_empty_and_asks_for_the_focus(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    sheet = await desk.open(item)
    assert sheet.body == ScorecardBody().over(item.focus)
    assert (sheet.saved_at, sheet.scorecard, sheet.closed) == (None, None, "")
    assert (sheet.form.revision, sheet.form.version) == (0, 0)


async def test_what_is_typed_is_there_again_on_another_device(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    first = await desk.open(item)
    half = ScorecardBody(
        (Assessment(item.focus[0], Choice.POOR, "Was about to say وصل 👍"),), notes="N"
    )
    await desk.save(first.form, half, "UALEX")
    desk.clock.move(minutes=3)
    again = await desk.open(item)
    assert again.body == half.over(item.focus)
    assert again.saved_at == desk.clock.now() - timedelta(minutes=3)
    assert again.form.id != first.form.id
    assert again.form.revision == 1


async def test_a_submission_is_read_back_as_it_was_written(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    wrote = body(item.focus, "&<>*_~`\\\"'\n\n وصل 原因 👍🏽" * 20, notes="", probe_next="")
    submitted = await desk.submit(item, wrote)
    card = await desk.kept(item)
    assert card == submitted.scorecard
    assert card is not None
    assert card.version.body == wrote
    assert not card.seen_others_before
    assert of(await desk.now(), "UALEX").closed_at == desk.clock.now()
    assert desk.flushes == [1, 1]
    assert await desk.count("scorecard_drafts") == 0


async def test_submitting_twice_at_once_makes_one_scorecard(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    sheet = await desk.open(item)
    it = body(item.focus)
    both = await asyncio.gather(*(desk.submits(sheet.form, it, "UALEX") for _ in range(2)))
    assert both[0].scorecard == both[1].scorecard
    for table in ("scorecards", "scorecard_versions", "closings"):
        assert await desk.count(table) == 1


async def test_an_answer_that_was_lost_may_be_followed_by_more_words(desk: Desk) -> None:
    """Nothing tells them from what was on its way when it was submitted: so they are not saved as
    they are typed, nor called so, and *Submit* has them."""
    item = of(await desk.set_up(), "UALEX")
    sheet = await desk.open(item)
    await desk.submits(sheet.form, body(item.focus), "UALEX")
    desk.clock.move(seconds=5)
    more = body(item.focus, notes="Some notes about the wombat. And one thing more.")
    with pytest.raises(AlreadySubmitted, match="Select Submit again"):
        await desk.save(sheet.form, more, "UALEX")
    again = await desk.submits(sheet.form, more, "UALEX")
    assert again.scorecard.version.number == 2
    assert again.scorecard.version.body == more


async def test_a_late_save_does_not_bring_a_submitted_draft_back(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    sheet = await desk.open(item)
    await desk.submits(sheet.form, body(item.focus), "UALEX")
    with pytest.raises(AlreadySubmitted):
        await desk.save(sheet.form, body(item.focus, notes="Half a"), "UALEX", Decimal("9.1"))
    assert await desk.count("scorecard_drafts") == 0


async def test_what_arrives_late_from_a_form_submitted_before_another_brings_nothing_back(
    desk: Desk,
) -> None:
    item = of(await desk.set_up(), "UALEX")
    first = await desk.open(item)
    await desk.submits(first.form, body(item.focus), "UALEX")
    await desk.submit(item, body(item.focus, notes="The second version."))
    with pytest.raises(AlreadySubmitted):
        await desk.save(first.form, body(item.focus, notes="Half a"), "UALEX", Decimal("9.1"))
    assert await desk.count("scorecard_drafts") == 0


async def test_faults_are_told_and_nothing_is_written(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    sheet = await desk.open(item)
    with pytest.raises(InvalidScorecard) as caught:
        await desk.submits(sheet.form, body(item.focus, "👍"), "UALEX")
    assert {fault.part for fault in caught.value.faults} == {ScorecardField.EVIDENCE}
    assert await desk.count("scorecards") == 0


async def test_a_change_is_a_version_and_the_one_before_stays(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    first = (await desk.submit(item)).scorecard
    desk.clock.move(hours=2)
    changed = body(item.focus, recommendation=Recommendation.NO)
    second = (await desk.submit(item, changed)).scorecard
    assert second.id == first.id
    assert second.version.number == 2
    assert second.submitted_at == first.submitted_at
    async with desk.database.read() as tx:
        both = await tx.scorecards.versions(WORKSPACE, first.id, (1, 2))
    assert both == [first.version, second.version]
    assert await desk.count("scorecards") == 1
    assert await desk.count("closings") == 1


async def test_submitting_what_is_there_already_makes_no_version(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    await desk.submit(item)
    desk.clock.move(days=3)
    again = await desk.submit(item, body(item.focus))
    assert again.scorecard.version.number == 1


async def test_a_change_after_a_day_needs_its_reason(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    await desk.submit(item)
    desk.clock.move(hours=25)
    changed = body(item.focus, recommendation=Recommendation.NO)
    with pytest.raises(InvalidScorecard) as caught:
        await desk.submit(item, changed)
    assert [fault.part for fault in caught.value.faults] == [ScorecardField.REASON]
    again = await desk.submit(item, replace(changed, reason="I had mixed up two people."))
    assert again.scorecard.version.body.reason == "I had mixed up two people."
    assert (await desk.open(item)).body.reason == "", "each change has a reason of its own"


async def test_two_devices_end_up_with_both_texts(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    phone, laptop = await desk.open(item), await desk.open(item)
    await desk.save(phone.form, body(item.focus, notes="From the phone."), "UALEX")
    await desk.save(laptop.form, body(item.focus, notes="From the laptop."), "UALEX")
    sheet = await desk.open(item)
    assert sheet.body.notes == "From the laptop.\n\nFrom the phone."
    assert sheet.merged is not None
    await desk.save(sheet.form, sheet.body, "UALEX")
    assert (await desk.open(item)).body == sheet.body
    with pytest.raises(Diverged) as caught:
        await desk.submits(phone.form, body(item.focus, notes="From the phone, and more."), "UALEX")
    assert caught.value.sheet.body.notes == (
        "From the phone, and more.\n\nFrom the laptop.\n\nFrom the phone."
    )
    assert await desk.count("scorecards") == 0


async def test_a_form_older_than_a_submission_is_shown_what_was_submitted(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    old = await desk.open(item)
    await desk.submit(item, body(item.focus, notes="What was submitted."))
    with pytest.raises(Diverged) as caught:
        await desk.submits(old.form, body(item.focus, notes="Something else."), "UALEX")
    assert caught.value.sheet.body.notes == "Something else.\n\nWhat was submitted."
    assert caught.value.sheet.form.version == 1
    card = await desk.kept(item)
    assert card is not None
    assert card.version.number == 1


async def test_submitting_what_is_submitted_already_shows_what_another_form_holds(
    desk: Desk,
) -> None:
    item = of(await desk.set_up(), "UALEX")
    first = body(item.focus, notes="Submitted.")
    await desk.submit(item, first)
    laptop, phone = await desk.open(item), await desk.open(item)
    await desk.save(laptop.form, body(item.focus, notes="From the laptop."), "UALEX")
    with pytest.raises(Diverged) as caught:
        await desk.submits(phone.form, first, "UALEX")
    assert "From the laptop." in caught.value.sheet.body.notes


async def test_a_form_that_goes_on_after_its_own_submission_shows_what_came_since(
    desk: Desk,
) -> None:
    """As where the answer to *Submit* did not arrive."""
    item = of(await desk.set_up(), "UALEX")
    await desk.save((await desk.open(item)).form, body(item.focus, notes="One."), "UALEX")
    phone = await desk.open(item)
    await desk.submits(phone.form, body(item.focus, notes="One."), "UALEX")
    laptop = await desk.open(item)
    await desk.save(laptop.form, body(item.focus, notes="From the laptop."), "UALEX")
    with pytest.raises(Diverged) as caught:
        await desk.submits(phone.form, body(item.focus, notes="One, two."), "UALEX")
    assert "From the laptop." in caught.value.sheet.body.notes


async def test_another_focus_meanwhile_is_asked_for_before_submitting(desk: Desk) -> None:
    panel = await desk.set_up()
    item = of(panel, "UALEX")
    sheet = await desk.open(item)
    wish = new_interview("UALEX", item.starts_at, 45, "debugging")
    await desk.change(panel, item, "reschedule", wish)
    with pytest.raises(Diverged) as caught:
        await desk.submits(sheet.form, body(item.focus), "UALEX")
    after = caught.value.sheet
    assert after.body.competencies == ("debugging", *item.focus)
    assert after.body.over(item.focus).of(item.focus[0]) == body(item.focus).of(item.focus[0])


@pytest.mark.parametrize("user", ["USAM", "UMANAGER", "UADMIN", "UMEMBER", "UGUEST", "USTRANGER"])
@pytest.mark.parametrize("act", ["open", "save", "submit", "settle"])
async def test_nobody_touches_anothers_scorecard(desk: Desk, user: str, act: str) -> None:
    item = of(await desk.set_up(), "UALEX")
    form, it = ScorecardForm(item.id, "f"), body(item.focus)
    acts = {
        "open": lambda: desk.open(item, user),
        "save": lambda: desk.save(form, it, user),
        "submit": lambda: desk.submits(form, it, user),
        "settle": lambda: desk.scorecards.close(WORKSPACE, user, item.id, ClosingKind.NO_SHOW),
    }
    with pytest.raises(UserError, match=NOT_YOURS):
        await acts[act]()
    with pytest.raises(UserError, match=NOT_YOURS):
        await desk.scorecards.open("T2", "UALEX", item.id)
    with pytest.raises(UserError, match=NOT_YOURS):
        await desk.scorecards.open(WORKSPACE, "UALEX", "forged")
    assert await desk.count("scorecard_drafts") == 0


async def test_a_cancelled_interview_takes_no_scorecard_and_keeps_what_was_typed(
    desk: Desk,
) -> None:
    panel = await desk.set_up()
    item = of(panel, "UALEX")
    sheet = await desk.open(item)
    await desk.save(sheet.form, body(item.focus), "UALEX")
    await desk.change(panel, item, "cancel_interview")
    with pytest.raises(UserError, match=CANCELLED):
        await desk.submits(sheet.form, body(item.focus), "UALEX")
    await desk.save(sheet.form, body(item.focus, notes="Typed since."), "UALEX")
    closed = await desk.open(item)
    assert closed.closed == CANCELLED
    assert closed.body.notes == "Typed since."
    assert [due.interview for due in (await desk.scorecards.mine(WORKSPACE, "UALEX")).kept] == [
        item.id
    ]


async def test_an_interview_given_to_somebody_else_takes_no_scorecard_from_the_first(
    desk: Desk,
) -> None:
    panel = await desk.set_up()
    item = of(panel, "UALEX")
    sheet = await desk.open(item)
    after = await desk.change(panel, item, "replace", "UMEMBER")
    with pytest.raises(UserError, match=REPLACED):
        await desk.submits(sheet.form, body(item.focus), "UALEX")
    assert await desk.submit(of(after, "UMEMBER"))


async def test_a_scorecard_that_is_in_can_be_mended_after_the_interview_was_cancelled(
    desk: Desk,
) -> None:
    panel = await desk.set_up()
    item = of(panel, "UALEX")
    await desk.submit(item)
    await desk.change(panel, item, "cancel_interview")
    changed = await desk.submit(item, body(item.focus, notes="Mended."))
    assert changed.scorecard.version.number == 2


async def test_a_change_of_the_panel_does_not_reopen_an_interview(desk: Desk) -> None:
    panel = await desk.set_up()
    item = of(panel, "UALEX")
    async with desk.database.write() as tx:
        before = await tx.panels.get(WORKSPACE, panel.id)
        assert before is not None
        if not desk.database.is_sqlite:
            await desk.submit(item)
        assert await tx.panels.save(before.changed(item.id, zone="Europe/Berlin"))
    if desk.database.is_sqlite:
        await desk.submit(item)
    assert of(await desk.now(), "UALEX").closed_at is not None


@pytest.mark.parametrize("how", [ClosingKind.DID_NOT_INTERVIEW, ClosingKind.NO_SHOW])
async def test_a_scorecard_is_closed_without_one_and_the_organizers_hear(
    desk: Desk, how: ClosingKind
) -> None:
    item = of(await desk.held(), "UALEX")
    for _ in range(2):
        await desk.scorecards.close(WORKSPACE, "UALEX", item.id, how)
    assert of(await desk.now(), "UALEX").closed_at is not None
    assert await desk.count("closings") == 1
    assert await desk.enqueued("scorecard.settled") == {}, "the progress says so"
    enqueued = await desk.enqueued("scorecard.arrived")
    assert {message.recipient for message in enqueued.values()} == {"U1", "UMANAGER"}
    for message in enqueued.values():
        told = await desk.rendered(message)
        assert isinstance(told, Progress)
        assert told.states[item.id].state is ENDED_AS[how]
    assert not (await desk.scorecards.mine(WORKSPACE, "UALEX")).due


async def test_whoever_closed_it_by_mistake_can_still_give_a_scorecard(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    await desk.scorecards.close(WORKSPACE, "UALEX", item.id, ClosingKind.NO_SHOW)
    await desk.submit(item)
    async with desk.database.read() as tx:
        said = await tx.scorecards.closings(WORKSPACE, item.id)
    assert [one.how for one in said] == [ClosingKind.NO_SHOW, ClosingKind.SCORECARD]
    with pytest.raises(UserError, match="already submitted"):
        await desk.scorecards.close(WORKSPACE, "UALEX", item.id, ClosingKind.DID_NOT_INTERVIEW)


async def test_a_scorecard_is_reassigned_to_someone_who_took_part(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    close = desk.scorecards.close
    await close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, "USAM")
    with pytest.raises(UserError, match=REASSIGNED):
        await desk.open(item)
    desk.clock.set(item.ends_at)
    mine = await desk.scorecards.mine(WORKSPACE, "USAM")
    assert item.id in {due.interview for due in mine.due}
    assert not (await desk.scorecards.mine(WORKSPACE, "UALEX")).due
    (reassigned,) = (await desk.enqueued("scorecard.handed")).values()
    told = await desk.rendered(reassigned)
    assert isinstance(told, Reassigned)
    assert told.is_theirs
    assert reassigned.recipient == "USAM"
    assert (await desk.submit(item, user="USAM")).scorecard.interviewer == "USAM"
    assert await desk.rendered(reassigned) is None, "there is nothing to hand over any more"


async def test_handing_on_tells_whoever_had_it(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    close = desk.scorecards.close
    await close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, "USAM")
    await desk.all_sent()
    await close(WORKSPACE, "USAM", item.id, ClosingKind.REASSIGNED, "UPRIYA")
    reassigned = await desk.enqueued("scorecard.handed")
    first, second = [await desk.rendered(message) for message in reassigned.values()]
    assert isinstance(first, Reassigned)
    assert isinstance(second, Reassigned)
    assert (first.is_theirs, second.is_theirs) == (False, True)
    await close(WORKSPACE, "UPRIYA", item.id, ClosingKind.REASSIGNED, "UALEX")
    assert await desk.submit(item)


async def test_of_two_handings_to_the_same_person_only_the_last_asks_for_it(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    close = desk.scorecards.close
    for giver, receiver in (("UALEX", "USAM"), ("USAM", "UALEX"), ("UALEX", "USAM")):
        await close(WORKSPACE, giver, item.id, ClosingKind.REASSIGNED, receiver)
        await desk.all_sent()
    told = [await desk.rendered(one) for one in (await desk.enqueued("scorecard.handed")).values()]
    assert [one.is_theirs for one in told if isinstance(one, Reassigned)] == [False, False, True]


async def test_whoever_reassigned_it_keeps_their_words(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    close = desk.scorecards.close
    await close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, "USAM")
    sheet = await desk.open(item, "USAM")
    await close(WORKSPACE, "USAM", item.id, ClosingKind.REASSIGNED, "UPRIYA")
    await desk.save(sheet.form, ScorecardBody(notes="Typed meanwhile."), "USAM")
    (kept,) = (await desk.scorecards.mine(WORKSPACE, "USAM")).kept
    again = await desk.scorecards.open(WORKSPACE, "USAM", kept.interview)
    assert (again.body.notes, again.closed) == ("Typed meanwhile.", REASSIGNED)
    with pytest.raises(UserError, match=REASSIGNED):
        await desk.submits(again.form, body(item.focus), "USAM")


async def test_what_was_typed_outlives_saying_that_there_is_no_scorecard(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    sheet = await desk.open(item)
    await desk.save(sheet.form, ScorecardBody(notes="Begun."), "UALEX")
    assert not (await desk.scorecards.mine(WORKSPACE, "UALEX")).kept
    await desk.scorecards.close(WORKSPACE, "UALEX", item.id, ClosingKind.DID_NOT_INTERVIEW)
    (kept,) = (await desk.scorecards.mine(WORKSPACE, "UALEX")).kept
    assert (await desk.scorecards.open(WORKSPACE, "UALEX", kept.interview)).body.notes == "Begun."


async def test_a_kit_that_has_not_been_sent_is_not_sent_for_a_scorecards_sake(desk: Desk) -> None:
    panel = await desk.held()
    before = await desk.enqueued("panel.kit")
    async with desk.database.write() as tx:
        await tx.outbox.close(WORKSPACE, KitMessage.key_of(of(panel, "USAM").id))
    desk.clock.move(minutes=5)
    await desk.submit(of(panel, "UALEX"))
    await desk.scorecards.close(WORKSPACE, "USAM", of(panel, "USAM").id, ClosingKind.NO_SHOW)
    after = await desk.enqueued("panel.kit")
    assert after == {key: it for key, it in before.items() if it.recipient != "USAM"}


async def test_reassigning_what_had_been_closed_by_mistake_makes_it_due_again(
    desk: Desk,
) -> None:
    item = of(await desk.held(), "UALEX")
    close = desk.scorecards.close
    await close(WORKSPACE, "UALEX", item.id, ClosingKind.DID_NOT_INTERVIEW)
    await close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, "USAM")
    desk.clock.set(item.ends_at)
    due = (await desk.scorecards.mine(WORKSPACE, "USAM")).due
    assert item.id in {due_scorecard.interview for due_scorecard in due}
    (reassigned,) = (await desk.enqueued("scorecard.handed")).values()
    told = await desk.rendered(reassigned)
    assert isinstance(told, Reassigned)
    assert told.is_theirs


@pytest.mark.parametrize("receiver", ["UALEX", "UMEMBER", "UMANAGER", "UGUEST", "UNOBODY"])
async def test_nobody_who_took_no_part_is_given_a_scorecard(desk: Desk, receiver: str) -> None:
    item = of(await desk.held(), "UALEX")
    with pytest.raises(UserError, match=r"interviewer on this panel|That's you"):
        await desk.scorecards.close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, receiver)
    assert await desk.count("closings") == 0


async def test_nobody_is_given_a_scorecard_whose_own_interview_is_still_to_come(
    desk: Desk,
) -> None:
    later = MONDAY + timedelta(days=9)
    panel = await desk.set_up(new_interview("UALEX"), new_interview("USAM", later))
    item = of(panel, "UALEX")
    close = desk.scorecards.close
    with pytest.raises(UserError, match="hasn't started"):
        await close(WORKSPACE, "UALEX", item.id, ClosingKind.NO_SHOW)
    desk.clock.set(item.ends_at)
    with pytest.raises(UserError, match="interviewer on this panel"):
        await close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, "USAM")
    desk.clock.set(later)
    await close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, "USAM")
    due = (await desk.scorecards.mine(WORKSPACE, "USAM")).due[0]
    assert (due.interview, due.zone) == (item.id, "America/New_York"), "its new owner's time"


async def told_by_an_earlier_version(desk: Desk, item: Interview) -> None:
    """Each organizer had a message of its own about the closing."""
    async with desk.database.write() as tx:
        for organizer in ("U1", "UMANAGER"):
            ids = {"workspace": WORKSPACE, "panel": desk.panel_id, "interview": item.id}
            message = ClosedMessage(**ids, recipient=organizer, closing=1)
            await message.enqueue(tx, desk.clock.now())


async def test_what_was_closed_by_mistake_is_shown_as_taken_back(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    await desk.scorecards.close(WORKSPACE, "UALEX", item.id, ClosingKind.NO_SHOW)
    await told_by_an_earlier_version(desk, item)
    news = await desk.enqueued("scorecard.settled")
    await desk.submit(item)
    assert [await desk.rendered(one) for one in news.values()] == [None, None], "never sent"
    await desk.all_sent()
    enqueued = await desk.enqueued("scorecard.settled")
    told = [await desk.rendered(message) for message in enqueued.values()]
    assert [one.is_taken_back for one in told if isinstance(one, Closed)] == [True, True]


async def test_news_that_was_sent_is_put_right_once_it_is_taken_back(desk: Desk) -> None:
    item = of(await desk.held(), "UALEX")
    await desk.scorecards.close(WORKSPACE, "UALEX", item.id, ClosingKind.DID_NOT_INTERVIEW)
    await told_by_an_earlier_version(desk, item)
    await desk.all_sent()
    await desk.submit(item)
    enqueued = await desk.enqueued("scorecard.settled")
    assert {message.state for message in enqueued.values()} == {MessageState.DUE}


async def test_whoever_was_given_one_and_closed_it_by_mistake_can_still_give_it(
    desk: Desk,
) -> None:
    item = of(await desk.held(), "UALEX")
    close = desk.scorecards.close
    await close(WORKSPACE, "UALEX", item.id, ClosingKind.REASSIGNED, "USAM")
    await desk.all_sent()
    await close(WORKSPACE, "USAM", item.id, ClosingKind.NO_SHOW)
    (reassigned,) = (await desk.enqueued("scorecard.handed")).values()
    assert reassigned.state is MessageState.DUE
    told = await desk.rendered(reassigned)
    assert isinstance(told, Reassigned)
    assert (told.is_theirs, told.is_closed) == (False, True)
    assert (await desk.submit(item, user="USAM")).scorecard.interviewer == "USAM"
    told = await desk.rendered(reassigned)
    assert isinstance(told, Reassigned)
    assert (told.is_theirs, told.is_closed) == (False, False)


async def test_what_is_due_is_what_is_over_and_not_closed(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    mine = await desk.scorecards.mine(WORKSPACE, "UALEX")
    assert (len(mine.due), len(mine.coming)) == (0, 1)
    desk.clock.set(item.ends_at)
    mine = await desk.scorecards.mine(WORKSPACE, "UALEX")
    assert (len(mine.due), len(mine.coming)) == (1, 0)
    await desk.submit(item)
    mine = await desk.scorecards.mine(WORKSPACE, "UALEX")
    assert (len(mine.due), len(mine.written)) == (0, 1)
    assert (await desk.scorecards.mine("T2", "UALEX")).written == []


async def test_the_receipt_holds_every_word_in_as_many_messages_as_it_needs(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    long = body(item.focus, "&" * 1499 + "x", notes="&" * 2000, probe_next="&" * 1000)
    await desk.submit(item, long)
    enqueued = await desk.enqueued("scorecard.receipt")
    assert len(enqueued) > 1
    found = [await desk.rendered(message) for message in enqueued.values()]
    assert all(isinstance(receipt, Receipt) for receipt in found)
    assert "".join(receipt.page.notes for receipt in found if isinstance(receipt, Receipt)) == (
        long.notes
    )
    await desk.all_sent()
    desk.clock.move(hours=1)
    await desk.submit(item, body(item.focus))
    again = await desk.enqueued("scorecard.receipt")
    assert again.keys() == enqueued.keys(), "what is no longer needed says so"
    last = await desk.rendered(list(again.values())[-1])
    assert isinstance(last, Receipt)
    assert (last.part, last.parts, last.page) == (len(enqueued), 1, ScorecardBody())


async def test_hints_reach_the_author_alone(desk: Desk) -> None:
    item = of(await desk.set_up(), "UALEX")
    submitted = await desk.submit(item, body(item.focus, notes="Not a culture fit."))
    assert [one.hint.topic for one in submitted.hints] == ["culture fit"]
    for message in (await desk.enqueued()).values():
        model = await desk.rendered(message)
        assert bool(getattr(model, "hints", ())) == (message.recipient == "UALEX")


async def test_word_that_feedback_is_in_reaches_the_organizers_and_is_state_alone(
    desk: Desk,
) -> None:
    """The manager's own is due still: that another's is in they may see, and no more than that."""
    panel = await desk.held(new_interview("UALEX"), new_interview("UMANAGER"), recruiter="UMEMBER")
    await desk.submit(of(panel, "UALEX"))
    enqueued = await desk.enqueued("scorecard.arrived")
    assert {message.recipient for message in enqueued.values()} == {"U1", "UMANAGER", "UMEMBER"}
    for message in enqueued.values():
        told = await desk.rendered(message)
        assert isinstance(told, Progress)
        assert (told.submitted, told.expected) == (1, 2)
        assert told.reads is (message.recipient != "U1")


async def test_the_rule_of_independence_holds_for_every_reader(desk: Desk) -> None:
    panel = await desk.held(
        *(new_interview(user) for user in ("UALEX", "USAM", "UMANAGER")), recruiter="UMEMBER"
    )
    read = desk.reading.of_panel
    await desk.submit(of(panel, "UALEX"))

    async def sees(user: str) -> list[str]:
        return sorted(card.interviewer for card in (await read(WORKSPACE, user, "p1")).scorecards)

    for user, why in (
        ("USAM", OWN_FIRST),
        ("U1", NOT_FOR_YOU),
        ("UADMIN", NO_PART),
        ("UPRIYA", NO_PART),
        ("UGUEST", FOR_MEMBERS),
        ("USTRANGER", FOR_MEMBERS),
    ):
        with pytest.raises(UserError, match=why):
            await read(WORKSPACE, user, "p1")
        with pytest.raises(UserError, match=NO_PART if why == NO_PART else why):
            await desk.reading.one(WORKSPACE, user, await _card_of(desk, panel, "UALEX"))
    with pytest.raises(OwnFirst, match=ASK_FIRST):
        await sees("UMANAGER")
    assert await sees("UALEX") == ["UALEX"]
    assert await sees("UMEMBER") == ["UALEX"]
    await desk.submit(of(panel, "USAM"))
    assert await sees("USAM") == ["UALEX", "USAM"]
    with pytest.raises(UserError, match=NO_PART):
        await read(WORKSPACE, "UMEMBER", "forged")
    with pytest.raises(UserError, match=FOR_MEMBERS):
        await read("T2", "UMEMBER", "p1")


async def _card_of(desk: Desk, panel: object, user: str) -> str:
    card = await desk.kept(of(await desk.now(), user))
    assert card is not None
    return card.id


async def test_whoever_may_read_a_scorecard_may_read_its_earlier_versions(desk: Desk) -> None:
    panel = await desk.held(*(new_interview(user) for user in ("UALEX", "USAM", "UMANAGER")))
    item = of(panel, "UALEX")
    wrote = [body(item.focus, notes=f"Take {number}.") for number in range(3)]
    for it in wrote:
        await desk.submit(item, it)
        desk.clock.move(minutes=5)
    card = await _card_of(desk, panel, "UALEX")
    earlier = desk.reading.earlier
    for reader in ("UALEX", "U1"):
        last = await earlier(WORKSPACE, reader, card)
        assert (last.version.number, last.version.body) == (2, wrote[1])
        first = await earlier(WORKSPACE, reader, card, 1)
        assert (first.version.body, first.replaced_by) == (wrote[0], last.version)
        assert last.replaced_by == last.scorecard.version
    assert await desk.count("feedback_reads") == 1, "as if the scorecard had been read"
    for number in (-1, 0, 3, 10**30):
        with pytest.raises(UserError, match=NO_SUCH_VERSION):
            await earlier(WORKSPACE, "UALEX", card, number)
    for user, why in (("USAM", OWN_FIRST), ("UADMIN", NO_PART), ("UGUEST", FOR_MEMBERS)):
        for number in (None, 1, 9):
            with pytest.raises(UserError, match=why):
                await earlier(WORKSPACE, user, card, number)
    with pytest.raises(OwnFirst, match=ASK_FIRST):
        await earlier(WORKSPACE, "UMANAGER", card)
    for workspace, id, why in (("T2", card, FOR_MEMBERS), (WORKSPACE, "f" * 16, NO_PART)):
        with pytest.raises(UserError, match=why):
            await earlier(workspace, "UALEX", id, 1)


async def test_show_me_anyway_asks_once_is_recorded_and_marks_the_later_scorecard(
    desk: Desk,
) -> None:
    panel = await desk.held(new_interview("UALEX"), new_interview("UMANAGER"))
    await desk.submit(of(panel, "UALEX"))
    with pytest.raises(OwnFirst, match=ASK_FIRST):
        await desk.reading.of_panel(WORKSPACE, "UMANAGER", "p1")
    shown = await desk.reading.of_panel(WORKSPACE, "UMANAGER", "p1", anyway=True)
    assert [card.interviewer for card in shown.scorecards] == ["UALEX"]
    assert await desk.reading.of_panel(WORKSPACE, "UMANAGER", "p1"), "it asks once"
    async with desk.database.read() as tx:
        rows = await tx.connection.execute(
            text("SELECT actor FROM audit WHERE action = 'feedback.shown_anyway'")
        )
        assert rows.scalars().all() == ["UMANAGER"]
    submitted = await desk.submit(of(panel, "UMANAGER"))
    assert submitted.scorecard.seen_others_before
    assert not (await desk.submit(of(panel, "UALEX"))).scorecard.seen_others_before


async def test_being_shown_that_there_is_nothing_yet_is_not_recorded(desk: Desk) -> None:
    panel = await desk.held(new_interview("UALEX"), new_interview("UMANAGER"))
    shown = await desk.reading.of_panel(WORKSPACE, "UMANAGER", "p1", anyway=True)
    assert (list(shown.scorecards), shown.asks_again) == ([], True)
    assert await desk.count("feedback_reads") == 0
    await desk.submit(of(panel, "UALEX"))
    with pytest.raises(OwnFirst, match=ASK_FIRST):
        await desk.reading.of_panel(WORKSPACE, "UMANAGER", "p1")
    assert not (await desk.submit(of(panel, "UMANAGER"))).scorecard.seen_others_before


async def test_whoever_owes_two_is_led_to_the_first_that_is_still_to_come(desk: Desk) -> None:
    sooner, later = MONDAY, MONDAY + timedelta(hours=1)
    panel = await desk.held(new_interview("USAM", later), new_interview("UALEX", sooner))
    reassigned, own = of(panel, "UALEX"), of(panel, "USAM")
    await desk.scorecards.close(WORKSPACE, "UALEX", reassigned.id, ClosingKind.REASSIGNED, "USAM")
    for item in (reassigned, own):
        with pytest.raises(OwnFirst, match=OWN_FIRST) as first:
            await desk.reading.of_panel(WORKSPACE, "USAM", "p1")
        assert first.value.interview == item.id
        await desk.submit(item, user="USAM")


async def test_a_change_made_after_seeing_others_is_marked_and_what_came_before_is_not(
    desk: Desk,
) -> None:
    panel = await desk.held(new_interview("UALEX"), new_interview("USAM"))
    item = of(panel, "UALEX")
    await desk.submit(of(panel, "USAM"))
    for number in range(2):
        await desk.submit(item, body(item.focus, notes=f"Take {number}."))
        desk.clock.move(minutes=5)
    feedback = await desk.reading.of_panel(WORKSPACE, "U1", "p1")
    card = next(card for card in feedback.scorecards if card.interviewer == "UALEX")
    assert feedback.seen(card, card.version) is SeenBefore.NOTHING

    await desk.reading.of_panel(WORKSPACE, "UALEX", "p1")
    desk.clock.move(minutes=5)
    await desk.submit(item, body(item.focus, notes="Take 3, as Sam says."))
    for reader in ("U1", "UALEX"):
        feedback, changed = await desk.reading.one(WORKSPACE, reader, card.id)
        assert feedback.seen(changed, changed.version) is SeenBefore.CHANGED_AFTER
        assert feedback.seen(changed, card.version) is SeenBefore.NOTHING


async def test_anyway_gives_an_interviewer_nothing(desk: Desk) -> None:
    panel = await desk.set_up(new_interview("UALEX"), new_interview("USAM"))
    await desk.submit(of(panel, "UALEX"))
    with pytest.raises(UserError, match=OWN_FIRST):
        await desk.reading.of_panel(WORKSPACE, "USAM", "p1", anyway=True)
    assert await desk.count("feedback_reads") == 0


async def test_whoever_read_before_they_became_an_interviewer_is_marked_too(desk: Desk) -> None:
    panel = await desk.held(new_interview("UALEX"))
    await desk.submit(of(panel, "UALEX"))
    await desk.reading.of_panel(WORKSPACE, "UMANAGER", "p1")
    after = await desk.change(panel, of(panel, "UALEX"), "add", new_interview("UMANAGER"))
    assert (await desk.submit(of(after, "UMANAGER"))).scorecard.seen_others_before


@pytest.mark.parametrize("act", ["save", "submit"])
async def test_a_database_that_does_not_answer_in_time_is_told_within_the_acks_time(
    desk: Desk, act: str
) -> None:
    item = of(await desk.set_up(), "UALEX")
    form, it = (await desk.open(item)).form, body(item.focus)
    acts = {
        "save": lambda: desk.save(form, it, "UALEX"),
        "submit": lambda: desk.submits(form, it, "UALEX"),
    }
    other = Database(desk.url)
    async with other.write() as tx:
        if not other.is_sqlite:
            await tx.connection.execute(text("LOCK TABLE interviews, scorecard_drafts"))
        async with asyncio.timeout(A_MINUTE):
            with pytest.raises(DatabaseAway):
                await acts[act]()
    assert max(SAVE_WITHIN, SUBMIT_WITHIN) < 3, "Slack waits three seconds for an ack"
    await other.close()
    assert (await desk.submits(form, it, "UALEX")).scorecard


async def test_whoever_read_between_declining_and_taking_it_back_counts_as_having_read(
    desk: Desk,
) -> None:
    """The hiring manager interviews too: a declined interview waits for no scorecard of theirs, so
    they may read; one that they hold after all is written after reading."""
    manager = "UMANAGER"
    panel = await desk.set_up(
        new_interview("UALEX"), new_interview(manager, MONDAY + timedelta(days=1))
    )
    await desk.submit(of(panel, "UALEX"))
    desk.clock.set(MONDAY + timedelta(hours=2))
    with pytest.raises(OwnFirst):
        await desk.reading.of_panel(WORKSPACE, manager, panel.id)
    theirs = of(panel, manager)
    await desk.changes.decline(WORKSPACE, manager, theirs.id)
    assert len((await desk.reading.of_panel(WORKSPACE, manager, panel.id)).scorecards) == 1
    await desk.changes.accept(WORKSPACE, manager, theirs.id)
    with pytest.raises(OwnFirst):
        await desk.reading.of_panel(WORKSPACE, manager, panel.id)
    desk.clock.set(theirs.ends_at)
    written = (await desk.submit(theirs)).scorecard
    assert written.seen_others_before


async def test_whoever_cannot_make_it_lists_nothing_due_and_may_write_all_the_same(
    desk: Desk,
) -> None:
    panel = await desk.set_up()
    alex = of(panel, "UALEX")
    await desk.changes.decline(WORKSPACE, "UALEX", alex.id)
    desk.clock.set(alex.ends_at)
    mine = await desk.scorecards.mine(WORKSPACE, "UALEX")
    assert (mine.due, mine.coming) == ([], [])
    await desk.submit(alex)
    async with desk.database.read() as tx:
        due = await tx.scorecards.due_scorecard(WORKSPACE, alex.id)
    assert due is not None
    assert not due.needs_replacement, "it was held after all"
