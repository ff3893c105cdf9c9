"""What organizers hear about a panel, and what its private channel shows."""

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from bot.domain.messages import OUTCOME_UNKNOWN, OWN_FAULT, MessageKind
from bot.domain.panels.details import HOLDERS
from bot.domain.panels.panel import Panel
from bot.services.messages.panels import Appointed, Summary, Undelivered, Unshown
from bot.services.messages.panels_declines import Declined
from handlers.ids import ActionId
from handlers.views.common import Json, actions, as_json, plain
from handlers.views.panels.kit import reason_given
from handlers.views.panels.panel import EditToken, PanelToken, coverage, facts, of_interview
from handlers.views.rich import Parts, bold, line, lines, moment, person
from handlers.views.scorecards.pages import feedback_button

REASONS = {
    "user_disabled": "their account was deactivated",
    "user_not_found": "Slack can't find this person",
    "cannot_dm_bot": "it is a bot",
    "messages_tab_disabled": "the Messages tab of the Panelist app is turned off",
    "channel_not_found": "Panelist isn't in the channel. Type /invite @Panelist there",
    "not_in_channel": "Panelist isn't in the channel. Type /invite @Panelist there",
    "is_archived": "the channel was archived",
    "restricted_action": "your workspace doesn't let Panelist post there",
    "missing_scope": "Panelist lacks a permission, and whoever runs it needs to reinstall it",
    OUTCOME_UNKNOWN: "Slack didn't say whether it arrived",
    OWN_FAULT: "Panelist had a problem, and the person who runs it can look it up",
}
"""Why a message did not arrive: Slack's words and ours, in words for people."""

NO_DM = "Slack can't find their DM with Panelist. Check whether their account is still active"
REASONS_OF_DM = REASONS | dict.fromkeys(
    ("channel_not_found", "not_in_channel", "is_archived"), NO_DM
)
"""The same of what was sent to a person: nobody can be invited into their DM."""


def declined(declined: Declined) -> tuple[str, list[Json]]:
    """That an interviewer can't make it, with what can be done; or what has been done."""
    item, panel = declined.interview, declined.panel
    sentence = line(
        person(item.interviewer),
        " can't make the interview with ",
        bold(panel.candidate.name),
        f" ({panel.opening.name}).\nPlanned for ",
        moment(declined.starts_at, item.zone),
        ".",
        *(reason_given(item, zone=item.zone) if declined.is_open else ()),
    )
    if not declined.is_open:
        return "An interviewer couldn't make it", as_json([sentence, line(*_done(declined))])
    token = EditToken(panel=panel.id, revision=panel.revision, interview=item.id, apart=True)
    value = token.dump()
    buttons = actions(
        [
            ButtonElement(
                text="Replace", action_id=ActionId.PANEL_REPLACE, value=value, style="primary"
            ),
            ButtonElement(text="Reschedule", action_id=ActionId.PANEL_RESCHEDULE, value=value),
            _open(panel),
        ]
    )
    text = f"An interviewer can't make it: {panel.opening.title}"
    return text, as_json([sentence, buttons])


def _done(declined: Declined) -> Parts:
    item, successor = declined.interview, declined.panel.successor(declined.interview.id)
    if declined.panel.cancelled_at is not None:
        return ("The panel was canceled.",)
    if successor is not None:
        return (person(successor.interviewer), " is interviewing instead.")
    if not item.is_on:
        return ("The interview was canceled.",)
    if item.starts_at == declined.starts_at:
        return (bold("They can make it after all."),)
    return ("It moved to ", moment(item.starts_at, item.zone), ".")


def undelivered(undelivered: Undelivered) -> tuple[str, list[Json]]:
    """Whom a message did not reach, and why."""
    is_to_channel = undelivered.kind == MessageKind.PANEL_SUMMARY
    reasons = REASONS if is_to_channel else REASONS_OF_DM
    why = reasons.get(undelivered.error or "", f"Slack says {undelivered.error or 'unknown'}")
    panel = undelivered.panel
    about: Parts = (
        "the message about the panel for ",
        bold(panel.candidate.name),
        f" ({panel.opening.name}): {why}.",
    )
    if is_to_channel:
        sentence = line("The channel didn't get ", *about)
    else:
        sentence = line(person(undelivered.recipient), " didn't get ", *about)
    return "A message couldn't be delivered", as_json([sentence, actions([_open(panel)])])


def _open(panel: Panel) -> ButtonElement:
    return ButtonElement(
        text="Open panel",
        action_id=ActionId.PANEL_OPEN,
        value=PanelToken(panel=panel.id, apart=True).dump(),
    )


def appointed(appointed: Appointed) -> tuple[str, list[Json]]:
    """That the reader has been given a part, or who has the part that was theirs."""
    panel, part = appointed.panel, HOLDERS[appointed.part]
    whom: Parts = (f" the {part} for ", bold(panel.candidate.name), f" ({panel.opening.title}).")
    if not appointed.is_theirs:
        sentence = line(person(appointed.holder), " is now", *whom)
        return f"Someone else is the {part} now: {panel.opening.title}", as_json([sentence])
    made: Parts = (
        ("You are",)
        if appointed.giver == appointed.reader
        else (person(appointed.giver), " made you")
    )
    sentence = line(*made, *whom)
    text = f"You are the {part} now: {panel.opening.title}"
    return text, as_json([sentence, actions([_open(panel), feedback_button(panel.id)])])


def summary(summary: Summary) -> tuple[str, list[Json]]:
    """The panel as it is, for its private channel."""
    blocks: list[Block] = [*facts(summary.panel)]
    if summary.panel.on:
        blocks.append(lines([of_interview(item, summary.content) for item in summary.panel.on]))
        blocks += [DividerBlock(), coverage(summary.content, summary.panel, summary.assessed)]
    return f"Interview panel: {summary.panel.opening.name}", as_json(blocks)


def unshown(unshown: Unshown) -> tuple[str, list[Json]]:
    """What a channel shows instead of a panel."""
    text = "This panel is no longer shown here."
    return text, as_json([plain(text)])
