"""Several panels in Slack: a person's own, and those of one name to choose from."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    PlainTextObject,
    StaticSelectElement,
)

from bot.domain.dates import short_day_in, short_time_in
from bot.domain.panels.panel import MOST_NAMED, Interview, Panel
from bot.domain.panels.state import InterviewState
from bot.services.overview import PanelList
from handlers.ids import ActionId
from handlers.views.common import Json, actions, context, cut, header, plain, private
from handlers.views.forms import option
from handlers.views.panels.panel import PanelToken
from handlers.views.rich import Parts, bold, lines
from handlers.views.states import state_label

MOST_OF_A_NAME = 60
"""Characters of a candidate's name and of an opening's: twenty panels fit one message."""

MOST_OF_A_LABEL, MOST_OF_AN_OPENING = 75, 24
"""Characters of an option, and of the opening in it."""


def listing(listing: PanelList, command: str) -> Json:
    """The person's panels, those to come first."""
    if not listing.panels:
        return private(
            "You have no interview panels.",
            [plain(f"You have no interview panels yet. Type {command} to create one."), _set_up()],
        )
    how = context(f"Type {command} and a candidate's name to open a panel that isn't listed.")
    title = "Your interview panels"
    return private(title, [header(title), *_panels(listing), how])


def several(listing: PanelList, name: str) -> Json:
    """Panels for candidates of one name, to choose from."""
    text = f"{how_many(listing.panels, name)} Which one?"
    return private(text, [plain(text), *_panels(listing)])


def how_many(panels: Sequence[Panel], name: str) -> str:
    """Of how many panels for candidates of this name one is to be chosen."""
    whose = f"for “{cut(name, 80)}”"
    if len(panels) < MOST_NAMED:
        return f"There are {len(panels)} panels {whose}."
    return f"There are {len(panels)} panels or more {whose}: a fuller name finds fewer."


def unknown(name: str, command: str) -> Json:
    """The same whether there is such a candidate or not."""
    text = f"You have no panel for “{cut(name, 80)}”. Type {command} list to see your panels."
    return private(text, [plain(text), _set_up()])


def _set_up() -> Block:
    """What there is to do where there is no panel."""
    return actions(
        [ButtonElement(text="Set up a panel", action_id=ActionId.PANEL_SET_UP, value="panel")]
    )


def _panels(listing: PanelList) -> list[Block]:
    """The panels, and one way to open any of them."""
    return [lines([_row(panel, listing) for panel in listing.panels]), actions([_opens(listing)])]


def _opens(listing: PanelList) -> ButtonElement | StaticSelectElement:
    """A button for one panel, one menu for several."""
    if len(listing.panels) == 1:
        value = PanelToken(panel=listing.panels[0].id).dump()
        return ButtonElement(text="Open panel", action_id=ActionId.PANEL_OPEN, value=value)
    return StaticSelectElement(
        action_id=ActionId.PANEL_OPEN,
        placeholder=PlainTextObject(text="Open a panel"),
        options=[
            option(_label(panel, listing), PanelToken(panel=panel.id).dump())
            for panel in listing.panels
        ],
    )


def _label(panel: Panel, listing: PanelList) -> str:
    """The name, and what tells panels of one name apart."""
    item = _next_of(panel, listing.now)
    when = "canceled" if item is None else short_time_in(listing.access.zone, item.starts_at)
    rest = f" · {cut(panel.opening.name, MOST_OF_AN_OPENING)} · {when}"
    return f"{cut(panel.candidate.name, MOST_OF_A_LABEL - len(rest))}{rest}"


def _row(panel: Panel, listing: PanelList) -> Parts:
    """Whom it is for, and what it has to do with the reader, by their own clock."""
    opening = cut(panel.opening.name, MOST_OF_A_NAME)
    return (
        bold(cut(panel.candidate.name, MOST_OF_A_NAME)),
        "\n".join((f" · {opening}", *_parts(panel, listing))),
    )


def _parts(panel: Panel, listing: PanelList) -> list[str]:
    """The reader's own interview, and what comes next of a panel that they organize."""
    if not panel.on:
        return ["Canceled"]
    zone, own, found = listing.access.zone, listing.own(panel), []
    if own is not None:
        state, when = listing.progress(own).state, short_time_in(zone, own.starts_at)
        is_ahead = state in (InterviewState.PLANNED, InterviewState.TODAY)
        is_due = state is InterviewState.DUE
        since = (
            f" {short_day_in(zone, listing.progress(own).due_since)}" if is_due else f" · {when}"
        )
        found.append(f"You interview {when}" if is_ahead else f"{state_label(state)}{since}")
    following = _next_of(panel, listing.now)
    is_organizer = listing.access.user in panel.organizers
    if following is not None and (is_organizer or own is None):
        which = "Last" if following.ends_at <= listing.now else "Next"
        when = f"{which} on {short_day_in(zone, following.starts_at)}"
        found.append(f"You organize · {when}" if is_organizer else when)
    return found


def _next_of(panel: Panel, now: datetime) -> Interview | None:
    """The next interview, or the last one once all are over."""
    following = [item for item in panel.on if item.ends_at > now]
    return next(iter(following or reversed(panel.on)), None)
