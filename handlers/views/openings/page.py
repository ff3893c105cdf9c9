"""An opening for one person alone: what members read, and what its people do with it."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
)

from bot.domain.names import shown_back
from bot.domain.openings.advice_finding import Finding
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.job import Job, check_postable
from bot.domain.openings.opening import NEXT, OpeningStatus
from bot.services.jobs import ROLE_GONE, JobSheet
from bot.services.openings.lists import JobList
from bot.services.openings.referrals import LONGEST_WHY
from handlers.ids import ActionId, ViewId, opening_part
from handlers.payloads import Id, Token
from handlers.views.common import (
    Json,
    actions,
    context,
    cut,
    header,
    in_pieces,
    long_bullets,
    modal,
    plain,
    private,
)
from handlers.views.forms import input_of, option
from handlers.views.openings.advice import MOST_IN_MESSAGE, advice_blocks
from handlers.views.openings.approvals import approval_notes, waiting_buttons
from handlers.views.openings.form import LABELS
from handlers.views.openings.posting import (
    APPLICATIONS_CLOSED,
    OpeningToken,
    apply_button,
    card,
    full_button,
    refer_button,
    summary,
)
from handlers.views.rich import bold, line, lines, person

MOST_SAME = 20
"""Openings of one name that are shown to choose from."""


class OpeningVerb(StrEnum):
    """The choices of an opening's menu."""

    TEXT = "text"
    PLAN = "plan"
    PAUSE = "pause"
    OPEN = "open"
    FILL = "fill"
    CLOSE = "close"


BECOMES = {
    OpeningVerb.PAUSE: OpeningStatus.PAUSED,
    OpeningVerb.OPEN: OpeningStatus.OPEN,
    OpeningVerb.FILL: OpeningStatus.FILLED,
    OpeningVerb.CLOSE: OpeningStatus.CLOSED,
}
VERBS = {
    OpeningVerb.PAUSE: ("Pause", "Its posts say that it's paused, and *Apply* goes from them."),
    OpeningVerb.OPEN: ("Open again", "Its posts show the job again, with *Apply*."),
    OpeningVerb.FILL: ("Mark as filled", "Its posts say that it's filled."),
    OpeningVerb.CLOSE: ("Close job", "Its posts say that it's closed."),
}
"""What each is called, and what follows."""

DONE = {
    OpeningStatus.PAUSED: "Paused",
    OpeningStatus.OPEN: "Open",
    OpeningStatus.FILLED: "Filled",
    OpeningStatus.CLOSED: "Closed",
}


class OpeningChoice(Token):
    """A choice in the menu of an opening."""

    verb: OpeningVerb
    opening: Id


class StatusToken(OpeningChoice):
    """The dialog that asks once more; `url` is the page's."""

    url: str | None = None


class ReferToken(Token):
    """For which opening somebody is referred, and the candidate's id to be."""

    opening: Id
    candidate: Id


class EditToken(Token):
    """A part of an opening that is edited, on which version; the views or the page from which that
    was opened are brought up to date. `changed` are the parts of the text that were edited before
    the form was shown once more."""

    opening: Id
    version: int
    root: str | None = None
    plan: str | None = None
    url: str | None = None
    channel: str | None = None
    changed: tuple[int, ...] = ()
    number: int | None = Field(default=None, ge=0, le=99)
    known: tuple[str, ...] = ()


def missing(job: Job, sheet: JobSheet) -> dict[OpeningField, str]:
    """What has to be said before the opening can be posted."""
    try:
        check_postable(job, sheet.today)
    except InvalidOpening as invalid:
        return invalid.faults
    return {}


def page(sheet: JobSheet, command: str, advice: Sequence[Finding] = ()) -> Json:
    """The opening as a message for one person alone; `advice` is what an edit has brought."""
    job = sheet.job
    is_closed = job.status is OpeningStatus.OPEN and not sheet.is_taking
    status = APPLICATIONS_CLOSED if is_closed else job.status.capitalize()
    state = f"{status} · {command} {job.slug} · Only you can see this."
    blocks: list[Block] = [header(job.opening.title), context(state), *card(job, sheet.words)]
    if sheet.may_change and sheet.content is None:
        blocks += _role_gone(job)
    elif sheet.may_change:
        blocks += [*missing_blocks(sheet), *approval_notes(sheet)]
        blocks.append(actions([*_keeper_buttons(sheet), _menu(job)]))
        blocks.append(rule_part(job))
        blocks += advice_blocks(advice, edit_value(job), most=MOST_IN_MESSAGE)
    else:
        blocks.append(actions(_member_buttons(sheet)))
    return private(f"{job.opening.title}: {job.status}", blocks)


def part(title: str, told: str, action: ActionId, value: str) -> Block:
    """A part of the opening that is edited by itself, with *Edit*."""
    button = ButtonElement(
        text="Edit", action_id=action, value=value, accessibility_label=f"Edit: {title}"
    )
    text = PlainTextObject(text=cut(f"{title}\n{told}", 3000), emoji=False)
    return SectionBlock(text=text, accessory=button)


def rule_summary(job: Job) -> str:
    """The decision rule in words."""
    return "\n".join(one.text for one in job.rule) if job.rule else "None."


def rule_part(job: Job) -> Block:
    return part("Decision rule", rule_summary(job), ActionId.OPENING_RULE, edit_value(job))


def missing_blocks(sheet: JobSheet) -> list[Block]:
    faults = missing(sheet.job, sheet)
    if not faults:
        return []
    rows = [(bold(LABELS.get(field, "")), f": {text}") for field, text in faults.items()]
    return [line(bold("Before it can be posted")), lines(rows)]


def _keeper_buttons(sheet: JobSheet) -> list[ButtonElement]:
    job = sheet.job
    value = OpeningToken(opening=job.id).dump()
    text = "Send for approval" if sheet.needs_approval else "Post"
    review = ButtonElement(text=text, action_id=ActionId.OPENING_REVIEW, value=value)
    if not missing(job, sheet) and (job.status is OpeningStatus.DRAFT or sheet.held):
        review.style = "primary"
    first = waiting_buttons(sheet) if sheet.is_waiting else [review]
    edit = ButtonElement(text="Edit", action_id=ActionId.OPENING_EDIT, value=value)
    full = full_button(job)
    share = ButtonElement(text="Share", action_id=ActionId.OPENING_SHARE, value=value)
    return [*first, edit, full, *([share] if sheet.is_taking else [])]


def _member_buttons(sheet: JobSheet) -> list[ButtonElement]:
    job = sheet.job
    apply = [apply_button(job)] if sheet.is_taking else []
    refer = [refer_button(job)] if sheet.is_referable else []
    return [*apply, full_button(job), *refer]


def _role_gone(job: Job) -> list[Block]:
    """What is left to do with an opening that asks nothing."""
    if OpeningStatus.CLOSED not in NEXT[job.status]:
        return []
    close = ButtonElement(
        text=VERBS[OpeningVerb.CLOSE][0],
        action_id=ActionId.OPENING_MENU,
        value=OpeningChoice(verb=OpeningVerb.CLOSE, opening=job.id).dump(),
    )
    return [plain(ROLE_GONE), actions([close])]


def _menu(job: Job) -> OverflowMenuElement:
    def choice(label: str, verb: OpeningVerb) -> Option:
        return option(label, OpeningChoice(verb=verb, opening=job.id).dump())

    becomes = [verb for verb, status in BECOMES.items() if status in NEXT[job.status]]
    if job.status is OpeningStatus.DRAFT:
        becomes.remove(OpeningVerb.OPEN)  # posting it does that
    return OverflowMenuElement(
        action_id=ActionId.OPENING_MENU,
        options=[
            choice("Edit text", OpeningVerb.TEXT),
            choice("Edit interview plan", OpeningVerb.PLAN),
            *(choice(VERBS[verb][0], verb) for verb in becomes),
        ],
    )


def several(sheets: Sequence[JobSheet], name: str) -> Json:
    """Several openings of one name, to choose from."""
    text = f"There are {len(sheets)} openings called “{shown_back(name)}”."
    blocks: list[Block] = [plain(text)]
    for number, sheet in enumerate(sheets[:MOST_SAME]):
        job = sheet.job
        button = ButtonElement(
            text="Show",
            action_id=f"{ActionId.OPENING_PAGE}:{number}",
            value=OpeningToken(opening=job.id).dump(),
        )
        told = f"{job.opening.full_name} · {summary(job) or job.status}"
        about = PlainTextObject(text=cut(told, 3000), emoji=False)
        blocks.append(SectionBlock(text=about, accessory=button))
    return private(text, blocks)


def open_jobs(found: JobList, command: str) -> list[Block]:
    """The openings that a person may read, in as many lines as there are."""
    shown = [job for job in found.jobs if job.status is not OpeningStatus.DRAFT]
    drafts = [job for job in found.jobs if job.status is OpeningStatus.DRAFT]
    blocks: list[Block] = []
    if shown:
        blocks += long_bullets("Open jobs", [_listed(job, found) for job in shown])
    if drafts:
        blocks += long_bullets("Drafts", [_listed(job, found) for job in drafts])
    if blocks:
        blocks.append(context(f"Type {command} and the name in parentheses to see one."))
    return blocks


def _listed(job: Job, found: JobList) -> str:
    state = "Waiting for approval · " if job.id in found.waiting else ""
    if job.status is OpeningStatus.PAUSED:
        state += "Paused · "
    elif job.status is OpeningStatus.OPEN and not job.is_taking(found.today):
        state += f"{APPLICATIONS_CLOSED} · "
    about = summary(job)
    return f"{state}{job.opening.full_name}{f' · {about}' if about else ''}  ({job.slug})"


def job_list(found: JobList, command: str) -> list[Json]:
    """The same alone, as *See open jobs* shows it."""
    blocks = open_jobs(found, command) or [plain("No jobs are open right now.")]
    return [private("Open jobs", []) | {"blocks": piece} for piece in in_pieces(blocks)]


def edit_value(job: Job) -> str:
    return EditToken(opening=job.id, version=job.version).dump()


def done(sheet: JobSheet, title: str, told: str) -> Json:
    """That something is done, in the place of the modal."""
    return modal(
        title,
        [header(sheet.job.opening.title), plain(told)],
        close="Done",
    )


def status_dialog(sheet: JobSheet, verb: OpeningVerb, token: StatusToken) -> Json:
    """The modal that asks once more."""
    label, follows = VERBS[verb]
    return modal(
        label,
        [header(sheet.job.opening.title), plain(follows.replace("*", ""))],
        close="Cancel",
        submit=label,
        callback=ViewId.OPENING_STATUS,
        metadata=token.dump(),
    )


def refer_form(sheet: JobSheet, token: ReferToken) -> Json:
    """The modal that asks whom somebody refers."""
    who, why = opening_part(OpeningField.REFERRED), opening_part(OpeningField.REFERRED_WHY)
    name = PlainTextInputElement(
        action_id=who.action,
        max_length=1000,
        placeholder=PlainTextObject(text="Robin Doe, or a profile link"),
    )
    reason = PlainTextInputElement(action_id=why.action, multiline=True, max_length=LONGEST_WHY)
    reader = person(sheet.job.opening.hears_of_candidates)
    hint = "What you've seen them do. Ask them first."
    return modal(
        "Refer someone",
        [
            header(sheet.job.opening.title),
            line(
                "Only ",
                reader,
                " gets this, with your name. If Slack can't reach them, someone else who hires "
                "for this job does.",
            ),
            input_of(who, "Name or link", name),
            input_of(why, "Why them, in one sentence", reason, hint=hint),
        ],
        close="Cancel",
        submit="Refer",
        callback=ViewId.OPENING_REFER,
        metadata=token.dump(),
    )
