"""What the team is told of people who applied."""

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.library.documents import escape_mrkdwn
from bot.services.messages.applications import ApplicationCard, Arrived, WithdrawnByCandidate
from handlers.ids import CommandName
from handlers.views.apply.application import apart_button, application_button
from handlers.views.common import Json, actions, as_json, cut, header, plain
from handlers.views.rich import bold, line

LONGEST = 100


def arrived(model: Arrived) -> tuple[str, list[Json]]:
    """How many applied since the morning before, for the recruiter."""
    title = cut(model.job.opening.full_name, LONGEST)
    text = f"{_applications(model.count)} for {title}"
    blocks: list[Block] = [header(text)]
    if model.count:
        blocks.append(plain(f"They're on your board: /{CommandName.HIRING}"))
    if model.apart:
        are = "1 more looks" if model.apart == 1 else f"{model.apart} more look"
        blocks.append(plain(f"{are} like spam. No one gets an answer before you've looked."))
        blocks.append(actions([apart_button(model.job.id)]))
    return escape_mrkdwn(text), as_json(blocks)


def _applications(count: int) -> str:
    if not count:
        return "No new applications"
    return "1 new application" if count == 1 else f"{count} new applications"


def application_card(model: ApplicationCard) -> tuple[str, list[Json]]:
    """Who applied, for an opening's private channel."""
    title = cut(model.job.opening.full_name, LONGEST)
    name = cut(model.candidate.name, LONGEST)
    facts = "résumé" if model.version.file is not None else "link"
    buttons: list[InteractiveElement] = [application_button(model.application)]
    blocks: list[Block] = [
        line(bold(name), f" applied for {title} · with a {facts}"),
        actions(buttons),
    ]
    return escape_mrkdwn(f"New application: {title}"), as_json(blocks)


def withdrawn_by_candidate(model: WithdrawnByCandidate) -> tuple[str, list[Json]]:
    """Who no longer wants the job, and whether there is something to cancel."""
    title = cut(model.job.opening.full_name, LONGEST)
    name = cut(model.candidate.name, LONGEST)
    count = model.meetings
    left = f"{count} interviews are" if count > 1 else "1 interview is"
    blocks: list[Block] = [line(bold(name), f" withdrew from {title}.")]
    if count:
        blocks.append(plain(f"{left} still planned. Cancel {'them' if count > 1 else 'it'}."))
    blocks.append(actions([application_button(model.application)]))
    return escape_mrkdwn(f"A candidate withdrew: {title}"), as_json(blocks)
