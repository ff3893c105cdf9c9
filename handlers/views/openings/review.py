"""What will be posted of an opening, or sent for approval, and what to look at before."""

from collections.abc import Sequence
from typing import Self

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
)

from bot.domain.openings.advice_finding import Finding
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.plan import not_covered
from bot.domain.openings.text import without_empty
from bot.services.jobs import JobSheet
from handlers.ids import OPENING_POST_IN, ActionId, ViewId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, context, header, modal, plain
from handlers.views.forms import channel_select, input_of
from handlers.views.openings.advice import advice_blocks
from handlers.views.openings.approvals import approval_notes
from handlers.views.openings.page import edit_value, missing_blocks, part, rule_part
from handlers.views.openings.posting import OpeningToken, card


class ReviewToken(Token):
    """The opening that is about to be posted, as it was shown; `post` tells one press from
    another. `known` are the keys of the advice that isn't given again."""

    opening: Id
    version: int
    post: Id
    channel: str | None = None
    known: tuple[str, ...] = ()

    @classmethod
    def of(cls, job: Job, post: str, channel: str | None, known: tuple[str, ...]) -> Self:
        return cls(opening=job.id, version=job.version, post=post, channel=channel, known=known)


def review(
    sheet: JobSheet,
    token: ReviewToken,
    advice: Sequence[Finding],
    notes: Sequence[Block] = (),
) -> Json:
    """What will be posted, where, and what to look at before; `notes` stand above it."""
    job = sheet.job
    faults = missing_blocks(sheet)
    value = edit_value(job)
    edit = ButtonElement(
        text="Edit",
        action_id=ActionId.OPENING_EDIT,
        value=OpeningToken(opening=job.id).dump(),
        accessibility_label="Edit the job",
    )
    blocks: list[Block] = [
        *notes,
        *faults,
        *approval_notes(sheet),
        header(job.opening.title),
        *card(job, sheet.words),
        *([plain(f"Apply at {job.terms.apply_at}")] if job.terms.apply_at else []),
        actions([edit]),
        part("Posting text", text_summary(job), ActionId.OPENING_TEXT, value),
        part("Interview plan", plan_summary(sheet), ActionId.OPENING_PLAN, value),
        rule_part(job),
    ]
    is_ready, asks = not faults and not sheet.is_waiting, sheet.needs_approval
    if is_ready and not asks:
        blocks.append(_post_in(sheet.jobs_channel or token.channel))
    blocks += advice_blocks(advice, value, use_in=job.id)
    blocks.append(context(_kept(sheet)))
    return modal(
        _title(sheet, is_advised=bool(advice)),
        blocks,
        close="Close",
        submit=_submit(sheet, is_advised=bool(advice)) if is_ready else None,
        callback=ViewId.OPENING_SEND if asks else ViewId.OPENING_REVIEW,
        metadata=token.dump(),
    )


def _title(sheet: JobSheet, *, is_advised: bool) -> str:
    if sheet.is_waiting:
        return "Waiting for approval"
    verb = "send" if sheet.needs_approval else "post"
    return f"Before you {verb}" if is_advised else f"Review and {verb}"


def _submit(sheet: JobSheet, *, is_advised: bool) -> str:
    if sheet.needs_approval:
        return "Send anyway" if is_advised else "Send for approval"
    return "Post anyway" if is_advised else "Post"


def _kept(sheet: JobSheet) -> str:
    if sheet.job.status is OpeningStatus.DRAFT:
        return "Saved as a draft. It's under Drafts in the list of jobs."
    if sheet.held:
        return "Saved. The posts stay as they are until someone approves the changes."
    return "Saved. Where it's posted already, the posts are up to date."


def _post_in(channel: str | None) -> Block:
    element = channel_select(OPENING_POST_IN.action, channel, "public", "private")
    hint = "Everyone in the channel sees the post."
    return input_of(OPENING_POST_IN, "Post in", element, hint=hint)


def text_summary(job: Job) -> str:
    """Such as "About the job · What you'll do (8) · What you'll bring (7)"."""
    parts = [
        f"{section.heading} ({len(section.items)})" if section.items else section.heading
        for section in without_empty(job.text)
        if section.heading
    ]
    return " · ".join(["About the job", *parts])


def plan_summary(sheet: JobSheet) -> str:
    """Such as "4 interviews, 180 minutes. Every competency is covered."."""
    plan, names = sheet.job.plan, {item.id: item.name for item in sheet.competencies}
    if not plan:
        return "No interviews yet."
    count = f"{len(plan)} interview{'s' if len(plan) > 1 else ''}"
    minutes = sum(item.minutes for item in plan)
    open_ones = [names[id] for id in not_covered(plan, [*names])]
    covered = (
        f"Not covered: {', '.join(open_ones)}." if open_ones else "Every competency is covered."
    )
    return f"{count}, {minutes} minutes. {covered}"
