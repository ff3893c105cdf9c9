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
    "user_disabled": "the account has been deactivated",
    "user_not_found": "Slack does not know this person",
    "cannot_dm_bot": "it is a bot",
    "messages_tab_disabled": "the messages tab of Panelist's app page is switched off",
    "channel_not_found": "Panelist is not in the channel: /invite @Panelist there",
    "not_in_channel": "Panelist is not in the channel: /invite @Panelist there",
    "is_archived": "the channel has been archived",
    "restricted_action": "the workspace does not let Panelist post there",
    "missing_scope": "Panelist lacks a permission: whoever runs it has to install it again",
    OUTCOME_UNKNOWN: "Slack does not say whether it arrived",
    OWN_FAULT: "Panelist ran into a problem of its own, which whoever runs it can look up",
}
"""Why a message did not arrive: Slack's words and ours, in words for people."""


def declined(declined: Declined) -> tuple[str, list[Json]]:
    """That an interviewer cannot make it, with what can be done; or what has been done."""
    item, panel = declined.interview, declined.panel
    sentence = line(
        person(item.interviewer),
        bold(" can't make the interview "),
        f"with {panel.candidate.name} ({panel.opening.name}) on ",
        moment(declined.starts_at, item.zone),
        ".",
        *(reason_given(item, zone=item.zone) if declined.is_open else ()),
    )
    if not declined.is_open:
        return "An interviewer could not make it", as_json([sentence, line(*_done(declined))])
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
        return ("The panel has been cancelled.",)
    if successor is not None:
        return ("Now ", person(successor.interviewer), " has this interview.")
    if not item.is_on:
        return ("The interview was canceled.",)
    if item.starts_at == declined.starts_at:
        return (bold("They can make it after all."),)
    return ("It has been moved to ", moment(item.starts_at, item.zone), ".")


def undelivered(undelivered: Undelivered) -> tuple[str, list[Json]]:
    """Whom a message did not reach, and why."""
    why = REASONS.get(
        undelivered.error or "", f"Slack's word for it is {undelivered.error or 'unknown'}"
    )
    panel = undelivered.panel
    about = f" about the panel for {panel.candidate.name} ({panel.opening.name})"
    if undelivered.kind == MessageKind.PANEL_SUMMARY:
        sentence = line("The channel did not get the message", about, f": {why}.")
    else:
        sentence = line(
            person(undelivered.recipient), bold(" did not get the message"), about, f": {why}."
        )
    return "A message of Panelist's did not arrive", as_json(
        [sentence, actions([_open(undelivered.panel)])]
    )


def _open(panel: Panel) -> ButtonElement:
    return ButtonElement(
        text="Open panel",
        action_id=ActionId.PANEL_OPEN,
        value=PanelToken(panel=panel.id, apart=True).dump(),
    )


def appointed(appointed: Appointed) -> tuple[str, list[Json]]:
    """That the reader has been given a part, or who has the part that was theirs."""
    panel, part = appointed.panel, HOLDERS[appointed.part]
    whom: Parts = (f" the {part} for ", bold(panel.candidate.name), f", {panel.opening.title}.")
    if not appointed.is_theirs:
        sentence = line(person(appointed.holder), " is now", *whom)
        return f"Somebody else is the {part} now: {panel.opening.title}", as_json([sentence])
    made: Parts = (
        ("You are",)
        if appointed.giver == appointed.reader
        else (person(appointed.giver), " has made you")
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
    """What stands in a channel in the place of a panel."""
    text = "This panel is no longer shown here."
    return text, as_json([plain(text)])
