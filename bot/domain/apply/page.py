"""What the application form and a candidate's own page show; their templates say how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.domain.applications import Stage
from bot.domain.apply.files import LARGEST_FILE, MEDIA_TYPES, size_text
from bot.domain.apply.form import (
    MEGABYTE,
    ApplyField,
    Faults,
    Typed,
    country_is_known,
    pool_until,
)
from bot.domain.apply.submission import ANSWER_DAYS, FileFacts, RightToWork, Submission
from bot.domain.apply.words import ApplyWords
from bot.domain.dates import clock_for, day_in
from bot.domain.links import Link
from bot.domain.openings.places import countries_in
from bot.domain.openings.posting import posting_of
from bot.domain.posting import filled
from bot.domain.site.frame import Frame
from bot.domain.site.jobs import PublishedJob
from bot.domain.site.lists import Head, titled
from bot.domain.site.pages import Note, linked_parts

ACCEPT = ",".join(f".{kind}" for kind in MEDIA_TYPES)


@dataclass(frozen=True)
class ApplyPage:
    """The form, with what was typed and what is wrong with it. `faults` name fields; those of the
    form as a whole have `form`. `summary` is None where nothing is wrong."""

    head: Head
    words: ApplyWords
    title: str
    job: Link
    action: Link
    lede: str
    stamp: str
    typed: Typed
    faults: Mapping[str, str]
    summary: tuple[str, str] | None
    file: tuple[str, str] | None
    countries: Markup
    choices: Sequence[tuple[str, str]]
    resume_hint: str
    pool: str
    privacy: Note
    privacy_link: str | None
    answer: str
    accept: str = ACCEPT


class StepState(StrEnum):
    """How far one step of a candidate's way is."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Step:
    name: str
    state: StepState
    when: str = ""


@dataclass(frozen=True)
class Meeting:
    """An interview as its candidate may know it: when it is, and nothing of who said what."""

    starts_at: datetime
    minutes: int

    def is_over(self, now: datetime) -> bool:
        return self.starts_at + timedelta(minutes=self.minutes) <= now


@dataclass(frozen=True)
class KnownState:
    """How an application stands as far as its candidate may know.

    `was_told`: somebody has told them what was decided; before that a page says nothing of it.
    """

    stage: Stage
    meetings: tuple[Meeting, ...] = ()
    was_told: bool = False

    @property
    def is_declined(self) -> bool:
        return self.stage is Stage.DECLINED and self.was_told


RECEIVED = KnownState(Stage.APPLIED)


@dataclass(frozen=True)
class CandidatePage:
    """The page that one form's sender has."""

    head: Head
    words: ApplyWords
    title: str
    job: Link
    path: Link
    steps: Sequence[Step]
    big: str
    soft: str
    is_new: bool
    meetings: Sequence[tuple[str, str, str]]
    zone: str
    name: str
    email: str
    phone: str
    link: str
    file: tuple[str, str] | None
    reference: str
    can_change: bool
    erasure: str | None
    faults: Mapping[str, str]
    accept: str = ACCEPT


def answer_days(site: Frame) -> int:
    """Business days within which whoever applies hears from us."""
    return site.company.pages.answer_days or ANSWER_DAYS


def apply_page(
    one: PublishedJob,
    site: Frame,
    words: ApplyWords,
    today: date,
    stamp: str,
    typed: Typed,
    faults: Faults,
    kept: FileFacts | None,
    *,
    is_busy: bool = False,
) -> ApplyPage:
    """The form as it is shown first, or again with what is wrong."""
    posting = posting_of(one.job, site.company, one.words)
    most = str(LARGEST_FILE // MEGABYTE)
    days = str(answer_days(site))
    about = [posting.title, posting.where, posting.pay or ""]
    title = titled(f"{words.title}: {posting.title}", site)
    notice, link = site.company.privacy_notice, site.company.privacy_link
    count = len(faults)
    summary = None
    if is_busy:
        summary = (words.busy, "")
    elif faults:
        fix = words.fix_one if count == 1 else filled(words.fix_many, count=str(count))
        summary = (fix, words.file_still_here if kept else words.still_here)
    pool = filled(words.talent_pool, date=site.day(pool_until(today)))
    return ApplyPage(
        head=Head(
            title=f"{words.error} {title}" if summary else title,
            description=f"{posting.title}. {words.lede}",
            canonical=site.at.whole(f"{site.at.job(one.job.slug)}/apply"),
            is_indexed=False,
        ),
        words=words,
        title=posting.title,
        job=site.at.job(one.job.slug),
        action=Link(f"{site.at.job(one.job.slug)}/apply#errors"),
        lede=" · ".join(filter(None, about)),
        stamp=stamp,
        typed=typed,
        faults={field.value: text for field, text in faults.items()},
        summary=summary,
        file=shown_file(kept),
        countries=options(site.language, typed.get(ApplyField.COUNTRY.value, "")),
        choices=(
            (RightToWork.YES, words.right_yes),
            (RightToWork.SPONSORSHIP, words.right_sponsorship),
        ),
        resume_hint=filled(words.resume_hint, most=most),
        pool=pool,
        privacy=Note("", linked_parts(notice)),
        privacy_link=None if link and link in notice else link,
        answer=filled(words.next_answer, days=days),
    )


def options(language: str, chosen: str) -> Markup:
    """All countries to choose from, as HTML: a template would take longer for them than for all the
    rest, and Slack waits meanwhile."""
    every = _options(language)
    if not country_is_known(chosen):
        return every
    option = Markup('value="{}"').format(chosen)
    return every.replace(option, option + Markup(" selected"))


@cache
def _options(language: str) -> Markup:
    one = Markup('<option value="{}">{}</option>')
    return Markup("").join(one.format(*country) for country in countries_in(language))


def shown_file(kept: FileFacts | None) -> tuple[str, str] | None:
    """A file's name and how large it is."""
    return (kept.name, size_text(kept.size)) if kept is not None else None


def candidate_page(
    sent: Submission,
    known: KnownState,
    one: PublishedJob,
    site: Frame,
    words: ApplyWords,
    token: str,
    now: datetime,
    *,
    faults: Faults | None = None,
) -> CandidatePage:
    """Where things stand with what this form sent."""
    posting = posting_of(one.job, site.company, one.words)
    current = sent.current
    is_over = sent.withdrawn_at is not None or known.is_declined
    day = site.day
    meetings = sorted(known.meetings, key=lambda item: item.starts_at)
    soft = [filled(words.sent, date=day(day_in(one.zone, sent.sent_at)))]
    if current.number > 1:
        soft.append(filled(words.corrected, date=day(day_in(one.zone, current.at))))
    soft.append(words.replaces)
    if known.is_declined:
        soft = [words.thanks]
    elif sent.withdrawn_at is not None:
        soft = soft[:-1]
    asked = sent.erasure_asked_at
    return CandidatePage(
        head=Head(titled(f"{words.yours}: {posting.title}", site), "", is_indexed=False),
        words=words,
        title=" · ".join(filter(None, (posting.title, posting.where_in_short))),
        job=site.at.job(one.job.slug),
        path=site.at.within(f"/applications/{token}"),
        steps=_steps(sent, known, meetings, one.zone, site, words),
        big=_big(sent, known, meetings, one.zone, site, words, now),
        soft=" ".join(soft),
        is_new=not is_over,
        meetings=[_meeting(item, one.zone, site, words, now) for item in meetings]
        if not is_over
        else [],
        zone=filled(words.zone, zone=one.zone),
        name=current.answers.name,
        email=current.answers.email,
        phone=current.answers.phone or "",
        link=current.answers.link or "",
        file=shown_file(current.file),
        reference=filled(site.words.reference, id=sent.id[:8].upper()),
        can_change=not is_over,
        erasure=filled(words.erase_asked, date=day(day_in(one.zone, asked))) if asked else None,
        faults={field.value: text for field, text in (faults or {}).items()},
    )


def _big(
    sent: Submission,
    known: KnownState,
    meetings: Sequence[Meeting],
    zone: str,
    site: Frame,
    words: ApplyWords,
    now: datetime,
) -> str:
    """Where things stand, in a sentence."""
    if sent.withdrawn_at is not None:
        return words.withdrawn
    if known.is_declined:
        return words.not_forward
    if known.stage in (Stage.APPLIED, Stage.IN_REVIEW):
        said = words.reading if known.stage is Stage.IN_REVIEW else words.have_it
        return filled(said, date=site.day(sent.answer_by))
    coming = next((item for item in meetings if not item.is_over(now)), None)
    if coming is not None:
        return filled(words.to_come, date=_when(coming.starts_at, zone, site))
    return words.deciding


def _steps(
    sent: Submission,
    known: KnownState,
    meetings: Sequence[Meeting],
    zone: str,
    site: Frame,
    words: ApplyWords,
) -> list[Step]:
    """The way of an application: what is done, where it is, what is ahead."""
    received = site.day(day_in(zone, sent.sent_at))
    if sent.withdrawn_at is not None:
        left = site.day(day_in(zone, sent.withdrawn_at))
        return [
            Step(words.received, StepState.DONE, received),
            Step(words.closed, StepState.NOW, left),
        ]
    at = {Stage.APPLIED: 0, Stage.IN_REVIEW: 1}.get(known.stage, 2)
    if known.is_declined:
        at = 3
    names = [words.received, words.in_review, words.interviews]
    last = words.closed if known.is_declined else words.decision
    if known.is_declined and not meetings:  # nobody was interviewed
        names, at = names[:2], 2
    days = {0: received}
    if meetings:
        first, final = (
            site.day(day_in(zone, item.starts_at)) for item in (meetings[0], meetings[-1])
        )
        days[2] = first if first == final else f"{first} – {final}"
    states = (StepState.DONE, StepState.NOW, StepState.AHEAD)

    def state(number: int) -> StepState:
        return states[(number >= at) + (number > at)]

    return [Step(name, state(n), days.get(n, "")) for n, name in enumerate([*names, last])]


def _meeting(
    item: Meeting, zone: str, site: Frame, words: ApplyWords, now: datetime
) -> tuple[str, str, str]:
    """When it is, how long it takes, and whether it is over."""
    length = filled(words.minutes, count=str(item.minutes))
    return _when(item.starts_at, zone, site), length, words.over if item.is_over(now) else ""


def _when(moment: datetime, zone: str, site: Frame) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{site.day(local.date())}, {clock_for(site.language, local)}"
