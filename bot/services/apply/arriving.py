"""What follows when somebody applies: whose application it is, by when they hear, who is told."""

from datetime import date, datetime, timedelta

from bot.domain.applications import Application, Source, Stage
from bot.domain.apply.submission import Answers
from bot.domain.audit import AuditEntry, new_id
from bot.domain.candidates import Candidate, address_key
from bot.domain.debriefs.answers import answer_by
from bot.domain.openings.job import Job
from bot.domain.reminders import Calendar
from bot.services.messages.applications import ApplicationMessage, ArrivedMessage
from bot.services.messages.message import personal_calendar
from bot.storage.database import Transaction

CANDIDATE = "candidate"
"""Who does in the record what a candidate does."""


async def promised(tx: Transaction, workspace: str, job: Job, now: datetime, days: int) -> date:
    """By when whoever applies now hears, by the working days of whoever is told of them."""
    calendar = await personal_calendar(tx, workspace, job.opening.hears_of_candidates)
    return answer_by(calendar, now, days)


async def applied(
    tx: Transaction, workspace: str, job: Job, answers: Answers, now: datetime
) -> tuple[str, bool]:
    """The id of the application that this belongs to, and whether it has made that.

    One address is one candidate, who has one application for each opening. One that its candidate
    has withdrawn goes on from the start.
    """
    candidate = await _candidate(tx, workspace, answers, now)
    found = await tx.applications.find(workspace, candidate, job.id)
    if found is not None:
        if found.stage is Stage.WITHDRAWN:
            await tx.applications.put_stage(workspace, found.id, Stage.APPLIED)
        return found.id, False
    made = Application(new_id(), candidate, job.id, Stage.APPLIED, Source.PAGE, now)
    await tx.applications.add(workspace, made)
    return made.id, True


async def _candidate(tx: Transaction, workspace: str, answers: Answers, now: datetime) -> str:
    key = address_key(answers.email)
    known = await tx.candidates.of_address(workspace, key)
    id = known or new_id()
    if known is None:
        person = Candidate(id, answers.name, answers.email, answers.link)
        await tx.candidates.add(workspace, person, now)
    owner = await tx.submissions.applicant(workspace, key, id)
    if owner != id and known is None:  # another form with this address was first
        await tx.candidates.remove(workspace, id)
    return owner


async def tell_team(
    tx: Transaction, workspace: str, job: Job, application: str | None, now: datetime
) -> None:
    """Has the recruiter hear of it in the morning of their next working day, and the opening's
    private channel at once where it is to; what is kept apart is only counted."""
    recruiter = job.opening.hears_of_candidates
    calendar = await personal_calendar(tx, workspace, recruiter)
    day = next_morning(calendar, now)
    arrived = ArrivedMessage(
        workspace=workspace,
        recipient=recruiter,
        opening=job.id,
        day=day,
        since=_morning_before(calendar, day),
        until=calendar.digest_at(day),
    )
    await arrived.enqueue(tx, arrived.until)
    terms = job.terms
    if application is not None and terms.posts_applications and terms.channel is not None:
        card = ApplicationMessage(
            workspace=workspace,
            recipient=terms.channel,
            opening=job.id,
            application=application,
        )
        await card.enqueue(tx, now)
    await tx.homes.changed(workspace, job.opening.keepers, now)


def next_morning(calendar: Calendar, now: datetime) -> date:
    """The first working day on which the morning is still to come."""
    today = calendar.day_of(now)
    days = (day for day in calendar.working_days_from(today) if now < calendar.digest_at(day))
    return next(days, today + timedelta(days=1))


def _morning_before(calendar: Calendar, day: date) -> datetime:
    """When the recruiter was told the last time before that morning, if anything had come."""
    week = (day - timedelta(days=number) for number in range(1, 15))
    before = next((one for one in week if calendar.works_on(one)), day - timedelta(days=14))
    return calendar.digest_at(before)


async def note(
    tx: Transaction, workspace: str, action: str, subject: str, now: datetime, part: str
) -> None:
    """Records that a candidate did this."""
    entry = AuditEntry(new_id(), workspace, now, CANDIDATE, action, subject, 0, part)
    await tx.audit.add(entry)
