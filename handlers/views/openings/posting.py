"""A posting: an opening in a channel, and its whole text."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    MarkdownTextObject,
    SectionBlock,
)

from bot.domain.candidates import Candidate
from bot.domain.dates import short_day, short_day_in
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.places import where
from bot.domain.openings.terms import Terms
from bot.domain.openings.text import teaser, without_empty
from bot.domain.posting import Section
from bot.library.documents import escape_mrkdwn
from bot.services.jobs import JobSheet
from bot.services.messages.openings import Posted, Referred, Unheard, Unposted
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import MOST_SECTION, Json, actions, as_json, cut, header, modal, plain
from handlers.views.panels.messages import REASONS
from handlers.views.posting import section_blocks
from handlers.views.rich import Part, bold, joined, line, link, person

STATES = {
    OpeningStatus.DRAFT: "Draft",
    OpeningStatus.PAUSED: "Paused",
    OpeningStatus.FILLED: "Filled",
    OpeningStatus.CLOSED: "Closed",
}
"""How a title begins where the job does not take applications."""


APPLICATIONS_CLOSED = "Applications closed"
"""The same for one that is open, but whose closing day is over."""


class OpeningToken(Token):
    """Which opening a button is about."""

    opening: Id


def posting(posted: Posted) -> tuple[str, list[Json]]:
    """An opening in a channel, as it is now."""
    job = posted.job
    if posted.is_taking:
        text = f"We're hiring: {job.opening.title} · {summary(job)}"
        blocks = [header(job.opening.title), *card(job), actions(_buttons(job))]
    elif job.status in (OpeningStatus.OPEN, OpeningStatus.PAUSED):
        text, blocks = _not_taking(posted)
    else:
        text, blocks = _over(posted)
    return cut(escape_mrkdwn(text), 3000), as_json(blocks)


def _not_taking(posted: Posted) -> tuple[str, list[Block]]:
    job = posted.job
    closes_on = job.terms.closes_on
    if job.status is OpeningStatus.PAUSED:
        title = f"Paused · {job.opening.title}"
        since = f" since {short_day_in(posted.zone, job.status_at)}" if job.status_at else ""
        told = f"Not taking applications{since}. If you applied, nothing changes."
    else:
        title = f"{APPLICATIONS_CLOSED} · {job.opening.title}"
        told = f"Applications closed on {short_day(closes_on)}." if closes_on else ""
    facts = "\n".join(filter(None, (where(job.terms.places, job.terms.work_mode), told)))
    buttons = [_full(job), _refer(job)]
    return title, [header(title), plain(facts), actions(buttons)]


def _over(posted: Posted) -> tuple[str, list[Block]]:
    job = posted.job
    title = f"{STATES.get(job.status, 'Closed')} · {job.opening.title}"
    on = f" on {short_day_in(posted.zone, job.status_at)}" if job.status_at else ""
    verb = "Filled" if job.status is OpeningStatus.FILLED else "Closed"
    told = f"{verb}{on}. Thanks to everyone who applied or referred someone."
    see = ButtonElement(text="See open jobs", action_id=ActionId.OPENING_LIST, value="all")
    return title, [header(title), plain(told), actions([see])]


def card(job: Job) -> list[Block]:
    """What the first screen of a phone says below the title."""
    about = teaser(job.text)
    return [line(*joined(_facts(job))), *([plain(about)] if about else [])]


def _facts(job: Job) -> list[Sequence[Part]]:
    opening, terms = job.opening, job.terms
    people: list[Part] = []
    if opening.hiring_manager is not None:
        people = ["Hiring manager ", person(opening.hiring_manager)]
    rows: list[list[Part]] = [
        _with([where(terms.places, terms.work_mode)], opening.team),
        _with(_pay(terms), *_kind(terms)),
        people,
        [f"Apply by {short_day(terms.closes_on)}"] if terms.closes_on else [],
    ]
    return [row for row in rows if any(part != "" for part in row)]


def _with(first: list[Part], *more: str | None) -> list[Part]:
    """The first with the others behind it, as far as there are any."""
    row = [part for part in first if part != ""]
    for text in filter(None, more):
        row += [" · ", text] if row else [text]
    return row


def _pay(terms: Terms) -> list[Part]:
    if terms.pay is not None:
        return [bold(terms.pay.text())]
    return [f"No pay shown: {terms.no_pay}"] if terms.no_pay else []


def _kind(terms: Terms) -> tuple[str | None, ...]:
    kind = terms.employment_type.label if terms.employment_type else None
    return kind, terms.hours, f"{terms.seats} openings" if terms.seats > 1 else None


def summary(job: Job) -> str:
    """Where and for how much, in one line."""
    terms = job.terms
    pay = terms.pay.text() if terms.pay else None
    return " · ".join(filter(None, (where(terms.places, terms.work_mode), pay)))


def _buttons(job: Job) -> list[ButtonElement]:
    return [apply_button(job), _full(job), _refer(job)]


def apply_button(job: Job) -> ButtonElement:
    """Leads to the page where people apply; an email address is shown once it is pressed."""
    return ButtonElement(
        text="Apply",
        style="primary",
        action_id=ActionId.OPENING_APPLY,
        value=OpeningToken(opening=job.id).dump(),
        url=job.terms.apply_link,
    )


def _full(job: Job) -> ButtonElement:
    value = OpeningToken(opening=job.id).dump()
    return ButtonElement(text="Full description", action_id=ActionId.OPENING_FULL, value=value)


def _refer(job: Job) -> ButtonElement:
    value = OpeningToken(opening=job.id).dump()
    return ButtonElement(text="Refer someone", action_id=ActionId.OPENING_REFER, value=value)


def full(job: Job) -> Json:
    """The modal with the whole text."""
    blocks = [header(job.opening.title), line(*joined(_facts(job))), *text_blocks(job.text)]
    return modal(
        "Job description",
        blocks,
        close="Close",
    )


def text_blocks(text: Iterable[Section]) -> list[Block]:
    """A whole posting, its paragraphs together as far as a block takes them."""
    return [
        block
        for section in without_empty(text)
        for block in section_blocks(
            replace(
                section,
                lead=tuple(_packed(section.lead)),
                paragraphs=tuple(_packed(section.paragraphs)),
            )
        )
    ]


def _packed(paragraphs: Iterable[str]) -> list[str]:
    packed: list[str] = []
    for paragraph in paragraphs:
        if packed and len(packed[-1]) + len(paragraph) + 2 <= MOST_SECTION:
            packed[-1] += f"\n\n{paragraph}"
        else:
            packed.append(paragraph)
    return packed


def how_to_apply(sheet: JobSheet) -> Json:
    """The modal that says how to apply, where that is by email or no page is known any more."""
    job = sheet.job
    address = job.terms.apply_at
    told: list[Part] = ["This job isn't taking applications."]
    if address is not None and sheet.is_taking:
        there = job.terms.apply_link or f"mailto:{address}"
        told = ["Send your application to ", link(there, address), "."]
    return modal(
        "Apply",
        [header(job.opening.title), line(*told)],
        close="Close",
    )


def unposted(unposted: Unposted) -> tuple[str, list[Json]]:
    """That a channel does not show an opening, or not as it is now, and why."""
    title = unposted.job.opening.title
    why = REASONS.get(unposted.error, f"Slack says {unposted.error}")
    what = "wasn't updated" if unposted.was_posted else "wasn't posted"
    blocks: list[Block] = [
        line(bold(title), f" {what} in "),
        SectionBlock(text=MarkdownTextObject(text=f"<#{unposted.channel}>: {why}.")),
    ]
    button = ButtonElement(
        text="Post",
        action_id=ActionId.OPENING_REVIEW,
        value=OpeningToken(opening=unposted.job.id).dump(),
    )
    retry = [] if unposted.was_posted else [actions([button])]
    text = f"A job {what}: {title}"
    return cut(escape_mrkdwn(text), 3000), as_json([*blocks, *retry])


def referred(referred: Referred) -> tuple[str, list[Json]]:
    """Whom a colleague referred, for the recruiter alone."""
    candidate, application = referred.candidate, referred.application
    name = _name(candidate)
    who: list[Part] = [person(application.referrer)] if application.referrer else ["Someone"]
    title = referred.job.opening.title
    blocks: list[Block] = [
        header(f"Referral · {title}"),
        line(*who, " referred ", name, "."),
        plain(application.referred_because or "They gave no reason."),
    ]
    if referred.instead_of is not None:
        blocks.append(line("Slack can't reach ", person(referred.instead_of), ", so you get this."))
    return cut(escape_mrkdwn(f"New referral: {title}"), 3000), as_json(blocks)


def _name(candidate: Candidate) -> Part:
    return link(candidate.link, candidate.name) if candidate.link else bold(candidate.name)


def unheard(unheard: Unheard) -> tuple[str, list[Json]]:
    """That nobody got a referral, for whoever made it."""
    title = unheard.job.opening.title
    blocks: list[Block] = [
        line("No one got your referral of ", _name(unheard.candidate), f" for {title}."),
        plain(
            "Slack can't reach anyone who hires for this job. Your referral is saved. "
            "Tell someone on the hiring team about it."
        ),
    ]
    return cut(escape_mrkdwn(f"Your referral reached no one: {title}"), 3000), as_json(blocks)
