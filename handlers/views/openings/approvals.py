"""Approval of openings: what those who approve read and answer, and whoever sent one hears."""

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    PlainTextInputElement,
)

from bot.domain.audit import AuditEntry
from bot.domain.dates import short_day_in
from bot.domain.openings.advice_finding import Finding
from bot.domain.openings.approval import LONGEST_REASON, Approval, ApprovalState
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.posting import PostingWords
from bot.library.documents import escape_mrkdwn
from bot.services.jobs import JobSheet
from bot.services.messages.openings_approvals import Answered, ToApprove
from bot.services.openings.approvals import Asked
from handlers.ids import OPENING_REASON, ActionId, ViewId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, as_json, cut, header, modal, plain
from handlers.views.forms import input_of
from handlers.views.openings.advice import advice_blocks
from handlers.views.openings.form import NAMES
from handlers.views.openings.posting import OpeningToken, card, text_blocks
from handlers.views.rich import Part, bold, line, lines, people, person


class ApprovalToken(Token):
    """The opening that somebody reviews, on the version that they see."""

    opening: Id
    version: int


def in_words(names: Iterable[str]) -> str:
    """What of an opening is meant, such as "pay range, title"."""
    return ", ".join(NAMES.get(name, name) for name in names)


def approval_notes(sheet: JobSheet) -> list[Block]:
    """How far an opening is with its approval, for its people."""
    clearance = sheet.clearance
    if clearance is None:
        return []
    notes: list[Block] = []
    latest = clearance.latest
    if sheet.held:
        until = "someone approves it" if clearance.is_required else "you save or post it"
        notes.append(line(bold(f"Not public until {until}"), f"\n{in_words(sheet.held)}"))
    if latest is None or not sheet.needs_approval:
        return notes
    if latest.is_waiting:
        day = short_day_in(sheet.access.zone, latest.sent_at)
        sent = ("Sent on ", day, " by ", person(latest.sent_by), ".")
        return [*notes, line(bold("Waiting for approval"), "\n", *sent)]
    if latest.state is ApprovalState.SENT_BACK and latest.decided_by is not None:
        told = (person(latest.decided_by), f" sent it back: {latest.reason}")
        return [*notes, line(*told)]
    if latest.state is ApprovalState.APPROVED and not sheet.held:
        return [*notes, line("It has changed since it was approved.")]
    return notes


def waiting_buttons(sheet: JobSheet) -> list[ButtonElement]:
    """What its people do with an opening that waits; an admin among them may approve it."""
    value = OpeningToken(opening=sheet.job.id).dump()
    latest = sheet.clearance.latest if sheet.clearance is not None else None
    wrote = {sheet.job.opening.author, latest.sent_by if latest is not None else None}
    review = ButtonElement(
        text="Review", action_id=ActionId.OPENING_APPROVAL, value=value, style="primary"
    )
    withdraw = ButtonElement(
        text="Withdraw",
        action_id=ActionId.OPENING_WITHDRAW,
        value=value,
        confirm=ConfirmObject(
            title="Withdraw this job?",
            text="Until it's sent again, no one can approve it.",
            confirm="Withdraw",
            deny="Cancel",
        ),
    )
    may_review = sheet.access.is_admin and sheet.access.user not in wrote
    return [*([review] if may_review else []), withdraw]


def to_approve(asked: ToApprove) -> tuple[str, list[Json]]:
    """An opening for somebody who may approve it, in a direct message."""
    job, approval = asked.job, asked.approval
    title = job.opening.title
    if not approval.is_waiting:
        text = f"{ENDED[approval.state]}: {title}"
        blocks: list[Block] = [
            header(ENDED[approval.state]),
            line(bold(title), "\n", *_by(approval)),
        ]
        return cut(escape_mrkdwn(text), 3000), as_json(blocks)
    is_change = job.status is not OpeningStatus.DRAFT
    what = "changes to this job" if is_change else "this job"
    sent: list[Part] = [
        person(approval.sent_by),
        f" asks you to approve {what}.",
    ]
    review = ButtonElement(
        text="Review",
        style="primary",
        action_id=ActionId.OPENING_APPROVAL,
        value=OpeningToken(opening=job.id).dump(),
    )
    changed = [plain(f"Changed: {in_words(asked.changed)}")] if asked.changed else []
    blocks = [
        header("Waiting for your approval"),
        line(bold(title), "\n", *sent),
        *changed,
        *card(job),
        actions([review]),
    ]
    return cut(escape_mrkdwn(f"A job waits for your approval: {title}"), 3000), as_json(blocks)


ENDED = {
    ApprovalState.APPROVED: "Approved",
    ApprovalState.SENT_BACK: "Sent back",
    ApprovalState.WITHDRAWN: "Withdrawn",
    ApprovalState.NOT_REQUIRED: "Approval isn't required",
}


def _by(approval: Approval) -> list[Part]:
    """Who did what became of it."""
    if approval.decided_by is None:
        return ["There's nothing left to do."]
    by = person(approval.decided_by)
    told: dict[ApprovalState, list[Part]] = {
        ApprovalState.APPROVED: ["Approved by ", by, "."],
        ApprovalState.SENT_BACK: [by, " sent it back."],
        ApprovalState.WITHDRAWN: [by, " withdrew it. There's nothing left to do."],
        ApprovalState.NOT_REQUIRED: [by, " switched approval off. There's nothing left to do."],
    }
    return told[approval.state]


def answered(answer: Answered) -> tuple[str, list[Json]]:
    """What became of an opening, for whoever sent it."""
    job, approval = answer.job, answer.approval
    title = job.opening.title
    if approval.is_waiting:
        text = f"Not everyone was asked to approve {title}"
        told = line(
            *people(answer.unreached),
            " can't be reached in Slack, so no one asked them to approve ",
            bold(title),
            ". If no one else answers, ask an admin to name another approver.",
        )
        return cut(escape_mrkdwn(text), 3000), as_json([told])
    ended = ENDED[approval.state]
    blocks: list[Block] = [header(ended), line(bold(title), "\n", *_by(approval))]
    if approval.reason:
        blocks.append(plain(approval.reason))
    blocks += _next(answer)
    return cut(escape_mrkdwn(f"{ended}: {title}"), 3000), as_json(blocks)


def _next(answer: Answered) -> list[Block]:
    """What whoever sent it does now, where something is left to do."""
    job, state = answer.job, answer.approval.state
    value = OpeningToken(opening=job.id).dump()

    def button(text: str, action: ActionId) -> Block:
        return actions([ButtonElement(text=text, action_id=action, value=value)])

    if job.is_over or state is ApprovalState.WITHDRAWN:
        return []
    if state is ApprovalState.SENT_BACK:
        return [button("Edit", ActionId.OPENING_EDIT)]
    if answer.is_changed:
        told = plain("It has changed since, so that has to be approved again.")
        return [told, button("Send for approval", ActionId.OPENING_REVIEW)]
    if job.status is OpeningStatus.DRAFT:
        return [button("Post", ActionId.OPENING_REVIEW)]
    return []


def approval_modal(sheet: JobSheet, advice: Sequence[Finding], notes: Sequence[Block] = ()) -> Json:
    """The posting as it would be shown, what to look at, and the answer; notes stand above it."""
    job = sheet.job
    value = OpeningToken(opening=job.id).dump()
    back = ButtonElement(text="Send back", action_id=ActionId.OPENING_SEND_BACK, value=value)
    latest = sheet.clearance.latest if sheet.clearance is not None else None
    sent = [line("Sent by ", person(latest.sent_by), ".")] if latest is not None else []
    apply = [plain(f"Apply at {job.terms.apply_at}")] if job.terms.apply_at else []
    changed = [line(bold("Changed: "), in_words(sheet.held))] if sheet.held else []
    return modal(
        "Review job",
        [
            *notes,
            header(job.opening.title),
            *sent,
            *changed,
            *_facts(job, sheet.words),
            *apply,
            *text_blocks(job.text),
            *advice_blocks(advice, None),
            actions([back]),
        ],
        close="Close",
        submit="Approve",
        callback=ViewId.OPENING_APPROVAL,
        metadata=ApprovalToken(opening=job.id, version=job.version).dump(),
    )


def changed_notes(changes: Iterable[AuditEntry]) -> list[Block]:
    """That what somebody was about to answer is another now, and who changed what."""
    rows = [
        (person(one.actor), f" changed {in_words(one.fields)}.") for one in changes if one.fields
    ]
    told = line(bold("This job has just changed."), " Nothing was answered. Read it once more.")
    return [told, *([lines(rows)] if rows else [])]


def sent(asked: Asked) -> Json:
    """That somebody was asked, in the place of the modal."""
    return modal(
        "Sent for approval",
        [
            header(asked.sheet.job.opening.title),
            line("I'm asking ", *people(asked.approvers), ". You'll hear from me in a DM."),
        ],
        close="Done",
    )


def decided(sheet: JobSheet, *, is_approved: bool) -> Json:
    """What somebody answered, in the place of the modal."""
    told = "Whoever sent it knows what should change."
    if is_approved and sheet.job.status is OpeningStatus.DRAFT:
        told = "Nothing is posted yet. Whoever sent it knows, and posts it where they like."
    elif is_approved:
        told = "Whoever sent it knows. Its posts follow in a moment."
    return modal(
        "Approved" if is_approved else "Sent back",
        [header(sheet.job.opening.title), plain(told)],
        close="Done",
    )


def _facts(job: Job, words: PostingWords) -> list[Block]:
    """The first lines of the posting, without the first of its text, which follows whole."""
    return card(job, words)[:1]


def send_back_form(sheet: JobSheet, token: ApprovalToken) -> Json:
    """The modal that asks why."""
    latest = sheet.clearance.latest if sheet.clearance is not None else None
    reader = [person(latest.sent_by)] if latest is not None else ["whoever sent it"]
    reason = PlainTextInputElement(
        action_id=OPENING_REASON.action, multiline=True, max_length=LONGEST_REASON
    )
    return modal(
        "Send back",
        [
            header(sheet.job.opening.title),
            line("Only ", *reader, " and the others who hire for this job read this."),
            input_of(OPENING_REASON, "What should change", reason),
        ],
        close="Cancel",
        submit="Send back",
        callback=ViewId.OPENING_SEND_BACK,
        metadata=token.dump(),
    )
