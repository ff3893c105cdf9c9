"""What organisers hear about a panel, and what its private channel shows."""

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from bot.domain.panels.details import HOLDERS
from bot.domain.panels.panel import Panel
from bot.services.messages.panels import Appointed, Declined, Kind, Summary, Undelivered, Unshown
from handlers.ids import ActionId
from handlers.views.common import Json, actions, as_json, plain
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
}
"""Slack's words for why it takes no message, in ours."""


def declined(it: Declined) -> tuple[str, list[Json]]:
    """That an interviewer cannot make it, with what can be done; or what has been done."""
    item, panel = it.interview, it.panel
    said = line(
        person(item.interviewer),
        bold(" can't make the interview "),
        f"with {panel.candidate.name} ({panel.opening.name}) on ",
        moment(it.starts_at, item.zone),
        ".",
    )
    if not it.is_open:
        return "An interviewer could not make it", as_json([said, line(*_done(it))])
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
    return text, as_json([said, buttons])


def _done(it: Declined) -> Parts:
    item, successor = it.interview, it.panel.successor(it.interview.id)
    if it.panel.cancelled_at is not None:
        return ("The panel has been cancelled.",)
    if successor is not None:
        return ("Now ", person(successor.interviewer), " has this interview.")
    if not item.is_on:
        return ("The interview has been cancelled.",)
    return ("It has been moved to ", moment(item.starts_at, item.zone), ".")


def undelivered(it: Undelivered) -> tuple[str, list[Json]]:
    """Whom a message did not reach, and why."""
    why = REASONS.get(it.error or "", f"Slack's word for it is {it.error or 'unknown'}")
    about = f" about the panel for {it.panel.candidate.name} ({it.panel.opening.name})"
    if it.kind == Kind.SUMMARY:
        said = line("The channel did not get the message", about, f": {why}.")
    else:
        said = line(person(it.recipient), bold(" did not get the message"), about, f": {why}.")
    return "A message of Panelist's did not arrive", as_json([said, actions([_open(it.panel)])])


def _open(panel: Panel) -> ButtonElement:
    return ButtonElement(
        text="Open the panel",
        action_id=ActionId.PANEL_OPEN,
        value=PanelToken(panel=panel.id, apart=True).dump(),
    )


def appointed(it: Appointed) -> tuple[str, list[Json]]:
    """That the reader has been given a part, or who has the part that was theirs."""
    panel, part = it.panel, HOLDERS[it.part]
    whom: Parts = (f" the {part} for ", bold(panel.candidate.name), f", {panel.opening.title}.")
    if not it.is_theirs:
        said = line(person(it.holder), " is now", *whom)
        return f"Somebody else is the {part} now: {panel.opening.title}", as_json([said])
    made: Parts = ("You are",) if it.giver == it.reader else (person(it.giver), " has made you")
    said = line(*made, *whom)
    text = f"You are the {part} now: {panel.opening.title}"
    return text, as_json([said, actions([_open(panel), feedback_button(panel.id)])])


def summary(it: Summary) -> tuple[str, list[Json]]:
    """The panel as it is, for its private channel."""
    blocks: list[Block] = [*facts(it.panel)]
    if it.panel.on:
        blocks.append(lines([of_interview(item, it.content) for item in it.panel.on]))
        blocks += [DividerBlock(), coverage(it.content, it.panel)]
    return f"Interview panel: {it.panel.opening.name}", as_json(blocks)


def unshown(it: Unshown) -> tuple[str, list[Json]]:
    """What stands in a channel in the place of a panel."""
    text = "This panel is no longer shown here."
    return text, as_json([plain(text)])
