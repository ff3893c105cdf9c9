"""A panel about which every message has been sent that there is."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bot.domain.applications import Stage
from bot.domain.apply.submission import Answers, RightToWork, Submission, Version
from bot.domain.debriefs.decision import Decision, Decisions, Outcome, ReasonKind
from bot.domain.openings.approval import Approval, ApprovalState
from bot.domain.openings.opening import OpeningStatus
from bot.domain.panels.details import details
from bot.domain.panels.panel import Panel
from bot.domain.remind_now import RemindOutcome
from bot.domain.scorecards.closing import ClosingKind
from bot.services.messages.applications import (
    ApplicationMessage,
    ArrivedMessage,
    WithdrawnMessage,
)
from bot.services.messages.board import ChannelBoardMessage, UnpostedBoardMessage
from bot.services.messages.debriefs import enqueue_decided, enqueue_to_confirm
from bot.services.messages.debriefs_answers import enqueue_answers
from bot.services.messages.home import enqueue_help
from bot.services.messages.openings import PostingMessage, ReferredMessage
from bot.services.messages.openings_approvals import decide, enqueue_approval
from bot.services.messages.reminders import (
    ResumedMessage,
    StoppedMessage,
    UnreachableMessage,
)
from bot.services.messages.scorecards import ClosedMessage
from bot.services.panels.changes import PanelEdit
from bot.services.remind_now import RemindNow
from bot.services.reminders import RemindersService
from bot.storage.applications import applications
from bot.storage.outbox import outbox
from tests.support.outbox import failure_told
from tests.support.panels import MONDAY, new_interview
from tests.support.people import WORKSPACE, rights_of
from tests.support.scorecards import Desk, body, of

ALEX, SAM, PRIYA, DANA, EVE = "UALEX", "USAM", "UPRIYA", "UDANA", "UEVE"
LINK = "https://example.com/robin"


async def a_long_story(desk: Desk) -> None:
    """It ends with everything sent, at a time when Sam has scorecards due."""
    starts = {who: MONDAY + timedelta(hours=n) for n, who in enumerate((ALEX, SAM, PRIYA, DANA))}
    starts[EVE] = MONDAY + timedelta(hours=5)
    interviews = [new_interview(*one) for one in starts.items()]
    panel = await desk.set_up(*interviews, id=desk.panel_id, channel="CPRIVATE", link=LINK)
    await desk.all_sent()
    desk.clock.set(MONDAY - timedelta(days=2))
    await desk.changes.decline(WORKSPACE, EVE, of(panel, EVE).id)
    await desk.all_sent()
    later = new_interview(EVE, MONDAY + timedelta(days=30, hours=1))
    panel = await desk.change(await desk.now(), of(panel, EVE), "reschedule", later)
    await desk.all_sent()
    await desk.changes.decline(WORKSPACE, EVE, of(panel, EVE).id)
    await desk.all_sent()
    desk.clock.set(MONDAY + timedelta(hours=6))
    reminders = RemindersService(desk.database, desk.people, desk.clock)
    for _ in range(18):
        await reminders.tick()
        await desk.all_sent()
        desk.clock.moves(hours=22)
    await is_asked_for(desk, panel)
    await closes(desk, await desk.now())
    await is_decided(desk, await desk.now())
    await is_reminded_for_longer(desk, reminders)
    await is_opened(desk, panel)
    async with desk.database.write() as tx:
        kit = await tx.outbox.get(WORKSPACE, f"kit:{of(panel, EVE).id}")
        assert kit is not None
        await failure_told(tx, kit, desk.clock.now())
        unreachable = UnreachableMessage(workspace=WORKSPACE, recipient="UADMIN", person=SAM)
        await unreachable.enqueue(tx, MONDAY)
        ids = {"workspace": WORKSPACE, "panel": panel.id, "interview": of(panel, SAM).id}
        closed = ids | {"interview": of(panel, DANA).id}
        for earlier in (  # what versions before the ladder and the progress told organizers
            StoppedMessage(**ids, recipient="U1", days=10),
            ResumedMessage(**ids, recipient="U1", days=3),
            ClosedMessage(**closed, recipient="U1", closing=1),
        ):
            await earlier.enqueue(tx, MONDAY)
        await enqueue_help(tx, WORKSPACE, SAM, "1700000000.000100", "", MONDAY)
    await desk.all_sent()


async def closes(desk: Desk, panel: Panel) -> None:
    """A scorecard comes, one will not, one is reassigned; the hiring manager and the channel are
    other ones."""
    alex = of(panel, ALEX)
    long = body(alex.focus, "quokka &&&& " * 120, notes="wombat &&&& " * 150)
    await desk.submit(alex, long)
    await desk.scorecards.close(WORKSPACE, DANA, of(panel, DANA).id, ClosingKind.NO_SHOW)
    await desk.scorecards.close(WORKSPACE, PRIYA, of(panel, PRIYA).id, ClosingKind.REASSIGNED, SAM)
    given = replace(details(panel), hiring_manager="UADMIN", channel="COTHER")
    edit = PanelEdit(panel.id, panel.revision)
    await desk.changes.give_details(WORKSPACE, "U1", edit, given)


async def is_decided(desk: Desk, panel: Panel) -> None:
    """It is on hold, of which everyone hears who has no scorecard to write."""
    now = desk.clock.now()
    why = "We need someone's word on working with other teams."
    held = Decision(
        *(1, Outcome.HOLD, ReasonKind.NEED_MORE, why, ("debugging",)),
        *("UADMIN", now - timedelta(hours=1), Stage.INTERVIEWING),
    )
    async with desk.database.write() as tx:
        await tx.decisions.add(WORKSPACE, panel.id, held)
        due = await tx.scorecards.due_scorecards_of_panel(WORKSPACE, panel.id)
        await enqueue_decided(tx, panel, held, Decisions(), due)
        offered = replace(held, number=2, outcome=Outcome.OFFER, needs_second=True, person="U1")
        await tx.decisions.add(WORKSPACE, panel.id, offered)
        await enqueue_to_confirm(tx, panel, offered)
        await enqueue_answers(tx, WORKSPACE, [panel.application], now)
    await desk.all_sent()


async def is_opened(desk: Desk, panel: Panel) -> None:
    """The job is posted, in one channel in vain; it is sent back, and waits for approval again; and
    it turns out who referred the candidate, and is told that nobody heard of it."""
    id = panel.opening.id
    ids = {"workspace": WORKSPACE, "opening": id}
    async with desk.database.write() as tx:
        job = await tx.openings.job(WORKSPACE, id)
        assert job is not None
        opening = replace(job.opening, status=OpeningStatus.OPEN)
        assert await tx.openings.save(WORKSPACE, replace(job, opening=opening, version=2))
        posting = PostingMessage(**ids, recipient="C0HIRING", post="b" * 16, posted_by=ALEX)
        await posting.enqueue(tx, MONDAY, MONDAY + timedelta(days=1))
        row = await tx.outbox.get(WORKSPACE, posting.key)
        assert row is not None
        this = update(outbox).where(outbox.c.key == posting.key)
        await tx.connection.execute(this.values(error="channel_not_found"))
        await failure_told(tx, row, MONDAY)
        because = {"referrer": DANA, "referred_because": "Fixed our search."}
        await tx.connection.execute(update(applications).values(because))
        referred = ReferredMessage(**ids, recipient="U1", application=panel.application)
        await referred.enqueue(tx, MONDAY)
        asked = Approval(id, 1, 2, ALEX, MONDAY)
        await tx.approvals.add(WORKSPACE, asked)
        back = replace(asked, state=ApprovalState.SENT_BACK, decided_by="U1", reason="Add the pay.")
        assert await decide(tx, WORKSPACE, back, MONDAY)
        again = replace(asked, number=2)
        await tx.approvals.add(WORKSPACE, again)
        await enqueue_approval(tx, WORKSPACE, again, ["U1"], MONDAY)
        boarded = replace(job.terms, channel="CPRIVATE", posts_board=True)
        found = await tx.openings.job(WORKSPACE, id)
        assert found is not None
        assert await tx.openings.save(WORKSPACE, replace(found, terms=boarded, version=3))
        board = ChannelBoardMessage(**ids, recipient="CPRIVATE", day=MONDAY.date(), zone="UTC")
        await board.enqueue(tx, MONDAY, MONDAY + timedelta(days=60))
        unposted = UnpostedBoardMessage(
            **ids, recipient="U1", channel="CPRIVATE", error="not_in_channel"
        )
        await unposted.enqueue(tx, MONDAY)
        unheard = replace(referred, recipient=DANA, refused=("U1",))
        await unheard.enqueue(tx, MONDAY)
    await applies(desk, panel)


async def applies(desk: Desk, panel: Panel) -> None:
    """The candidate applies on the job's own page too, and withdraws there."""
    opening, id = panel.opening.id, panel.application
    answers = Answers("Robin Doe", "robin@example.com", "DE", RightToWork.YES, link=LINK)
    sent = Submission(
        *("7" * 16, opening, id, "form", "7" * 64, False, MONDAY, MONDAY.date(), "en"),
        versions=(Version(1, MONDAY, answers),),
    )
    async with desk.database.write() as tx:
        await tx.submissions.add(WORKSPACE, sent)
        found = await tx.openings.job(WORKSPACE, opening)
        assert found is not None
        shown = replace(found.terms, channel="CPRIVATE", posts_applications=True)
        assert await tx.openings.save(
            WORKSPACE, replace(found, terms=shown, version=found.version + 1)
        )
        of = {"workspace": WORKSPACE, "opening": opening}
        arrived = ArrivedMessage(
            **of,
            recipient="U1",
            day=MONDAY.date(),
            since=MONDAY - timedelta(days=1),
            until=MONDAY + timedelta(days=1),
        )
        await arrived.enqueue(tx, MONDAY)
        await ApplicationMessage(**of, recipient="CPRIVATE", application=id).enqueue(tx, MONDAY)
        withdrawn = WithdrawnMessage(**of, recipient="U1", application=id, submission=sent.id)
        await withdrawn.enqueue(tx, MONDAY)


async def is_reminded_for_longer(desk: Desk, reminders: RemindersService) -> None:
    """What had stopped goes on, and Sam puts it off."""
    async with desk.database.write() as tx:
        policy = await tx.reminders.policy(WORKSPACE)
        await tx.reminders.put_policy(replace(policy, chase_days=20))
        await tx.reminders.recheck(WORKSPACE, None, desk.clock.now())
    await reminders.tick()
    await desk.all_sent()
    await reminders.later(WORKSPACE, SAM)


async def is_asked_for(desk: Desk, panel: Panel) -> None:
    """Somebody presses *Remind now* by day, when digests no longer list it."""
    desk.clock.moves(hours=12)
    asked = RemindNow(
        desk.database,
        rights_of(desk.people, desk.database, desk.clock),
        desk.people,
        desk.clock,
        lambda: None,
    )
    [reminded] = await asked.interview(WORKSPACE, "U1", of(panel, SAM).id)
    assert reminded.outcome is RemindOutcome.NOW
    await desk.all_sent()
