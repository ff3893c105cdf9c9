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
from bot.domain.dates import day_in, short_day_for
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.places import where
from bot.domain.openings.posting import type_in
from bot.domain.openings.terms import Terms
from bot.domain.openings.text import teaser, without_empty
from bot.domain.posting import IN_ENGLISH, PostingWords, Section, filled
from bot.library.documents import escape_mrkdwn
from bot.services.jobs import JobSheet
from bot.services.messages.openings import Posted, Referred, Unheard, Unposted
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import MOST_SECTION, Json, actions, as_json, cut, header, modal, plain
from handlers.views.panels.messages import REASONS
from handlers.views.posting import section_blocks
from handlers.views.rich import Part, bold, joined, line, link, person

APPLICATIONS_CLOSED = "Applications closed"
"""The status of one that is open, but whose closing day is over."""


class OpeningToken(Token):
    """Which opening a button is about."""

    opening: Id


def posting(posted: Posted) -> tuple[str, list[Json]]:
    """An opening in a channel, as it is now, in the language of the role."""
    job, words = posted.job, posted.words
    if posted.is_taking:
        hiring = filled(words.opening.hiring, title=job.opening.title)
        text = f"{hiring} · {summary(job, words)}"
        buttons = [apply_button(job, words), full_button(job, words), refer_button(job, words)]
        blocks = [header(job.opening.title), *card(job, words), actions(buttons)]
    elif job.status in (OpeningStatus.OPEN, OpeningStatus.PAUSED):
        text, blocks = _not_taking(posted)
    else:
        text, blocks = _over(posted)
    return cut(escape_mrkdwn(text), 3000), as_json(blocks)


def _not_taking(posted: Posted) -> tuple[str, list[Block]]:
    job, words, said = posted.job, posted.words, posted.words.opening
    closes_on = job.terms.closes_on
    if job.status is OpeningStatus.PAUSED:
        state = said.paused
        told = _dated(posted, said.paused_since) or said.paused_now
    else:
        state = said.applications_closed
        day = short_day_for(words.language, closes_on) if closes_on else ""
        told = filled(said.closed_for_applications, date=day) if day else ""
    title = f"{state} · {job.opening.title}"
    facts = "\n".join(filter(None, (where(job.terms.places, job.terms.work_mode, words), told)))
    refer = [refer_button(job, words)] if job.is_referable(posted.today) else []
    buttons = [full_button(job, words), *refer]
    return title, [header(title), plain(facts), actions(buttons)]


def _over(posted: Posted) -> tuple[str, list[Block]]:
    job, said = posted.job, posted.words.opening
    is_filled = job.status is OpeningStatus.FILLED
    title = f"{said.filled if is_filled else said.closed} · {job.opening.title}"
    on = _dated(posted, said.filled_on if is_filled else said.closed_on)
    told = " ".join(filter(None, (on, said.thanks)))
    see = ButtonElement(text=said.see_jobs, action_id=ActionId.OPENING_LIST, value="all")
    return title, [header(title), plain(told), actions([see])]


def _dated(posted: Posted, pattern: str) -> str:
    """With the day since when the opening is as it is; empty where that is not known."""
    if posted.job.status_at is None:
        return ""
    day = day_in(posted.zone, posted.job.status_at)
    return filled(pattern, date=short_day_for(posted.words.language, day))


def card(job: Job, words: PostingWords = IN_ENGLISH) -> list[Block]:
    """What the first screen of a phone says below the title."""
    about = teaser(job.text)
    return [line(*joined(_facts(job, words))), *([plain(about)] if about else [])]


def _facts(job: Job, words: PostingWords) -> list[Sequence[Part]]:
    opening, terms, said = job.opening, job.terms, words.opening
    people: list[Part] = []
    if opening.hiring_manager is not None:
        people = [f"{said.labels.hiring_manager} ", person(opening.hiring_manager)]
    closes_on = terms.closes_on
    day = short_day_for(words.language, closes_on) if closes_on else ""
    rows: list[list[Part]] = [
        _with([where(terms.places, terms.work_mode, words)], opening.team),
        _with(_pay(terms, words), *_kind(terms, words)),
        people,
        [filled(said.apply_by, date=day)] if day else [],
    ]
    return [row for row in rows if any(part != "" for part in row)]


def _with(first: list[Part], *more: str | None) -> list[Part]:
    """The first with the others behind it, as far as there are any."""
    row = [part for part in first if part != ""]
    for text in filter(None, more):
        row += [" · ", text] if row else [text]
    return row


def _pay(terms: Terms, words: PostingWords) -> list[Part]:
    if terms.pay is not None:
        return [bold(terms.pay.text(words))]
    return [filled(words.opening.no_pay_shown, why=terms.no_pay)] if terms.no_pay else []


def _kind(terms: Terms, words: PostingWords) -> tuple[str | None, ...]:
    seats = filled(words.opening.seats, count=str(terms.seats)) if terms.seats > 1 else None
    return type_in(terms, words), terms.hours, seats


def summary(job: Job, words: PostingWords = IN_ENGLISH) -> str:
    """Where and for how much, in one line."""
    terms = job.terms
    pay = terms.pay.text(words) if terms.pay else None
    return " · ".join(filter(None, (where(terms.places, terms.work_mode, words), pay)))


def apply_button(job: Job, words: PostingWords = IN_ENGLISH) -> ButtonElement:
    """Leads to the page where people apply; an email address is shown once it is pressed."""
    return ButtonElement(
        text=words.opening.apply,
        style="primary",
        action_id=ActionId.OPENING_APPLY,
        value=OpeningToken(opening=job.id).dump(),
        url=job.terms.apply_link,
    )


def full_button(job: Job, words: PostingWords = IN_ENGLISH) -> ButtonElement:
    value = OpeningToken(opening=job.id).dump()
    text = words.opening.full_description
    return ButtonElement(text=text, action_id=ActionId.OPENING_FULL, value=value)


def refer_button(job: Job, words: PostingWords = IN_ENGLISH) -> ButtonElement:
    value = OpeningToken(opening=job.id).dump()
    return ButtonElement(text=words.opening.refer, action_id=ActionId.OPENING_REFER, value=value)


def full(sheet: JobSheet) -> Json:
    """The modal with the whole text."""
    job = sheet.job
    facts = line(*joined(_facts(job, sheet.words)))
    return modal(
        "Job description",
        [header(job.opening.title), facts, *text_blocks(job.text)],
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
