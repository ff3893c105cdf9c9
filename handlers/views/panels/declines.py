"""*I can't make it*: the form, and for which interviews organizers have to find somebody else."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DateTimePickerElement,
    PlainTextInputElement,
)

from bot.domain.panels.panel import LONGEST_REASON, Replacement
from bot.services.messages.panels import Kit
from handlers import ids
from handlers.ids import ActionId, ViewId
from handlers.payloads import Token
from handlers.views.common import Json, actions, and_more, modal
from handlers.views.forms import input_of
from handlers.views.panels.kit import reason_given
from handlers.views.panels.panel import EditToken, PanelToken
from handlers.views.rich import bold, line, moment, person


def decline_form(kit: Kit, token: Token) -> Json:
    """Why the person can't make it, and when they could instead: both may be left empty."""
    item = kit.interview
    when = moment(item.starts_at, item.interviewer_zone)
    blocks = [
        line(bold(kit.panel.candidate.name), " · ", when),
        line("The organizers will be notified, and no scorecard will be due."),
        input_of(
            ids.PANEL_REASON,
            "Reason",
            PlainTextInputElement(action_id=ids.PANEL_REASON.action, max_length=LONGEST_REASON),
            hint="The organizers will see this.",
            optional=True,
        ),
        input_of(
            ids.PANEL_OTHER_TIME,
            "Another time",
            DateTimePickerElement(action_id=ids.PANEL_OTHER_TIME.action),
            hint="When you could make it, in your own time zone.",
            optional=True,
        ),
    ]
    return modal(
        "I can't make it",
        blocks,
        close="Cancel",
        submit="Notify organizers",
        callback=ViewId.PANEL_DECLINE,
        metadata=token.dump(),
    )


def to_replace(
    replacements: Sequence[Replacement], more: int, zone: str, *, is_home: bool = False
) -> list[Block]:
    """The interviews for which the reader has to find somebody else, each with what can be done;
    `zone` is the reader's. A panel cannot be opened at home, where nothing can be answered."""
    blocks: list[Block] = []
    for one in replacements:
        item, panel = one.interview, one.panel
        token = EditToken(panel=panel.id, revision=panel.revision, interview=item.id, apart=True)
        shown = PanelToken(panel=panel.id, apart=True)
        buttons = [
            ("Replace", ActionId.PANEL_REPLACE, token, "primary"),
            ("Reschedule", ActionId.PANEL_RESCHEDULE, token, None),
            *(() if is_home else (("Open panel", ActionId.PANEL_OPEN, shown, None),)),
        ]
        blocks += [
            line(
                person(item.interviewer),
                " can't make it: ",
                bold(panel.candidate.name),
                f"\n{panel.opening.name} · ",
                moment(item.starts_at, zone),
                *reason_given(item, zone=zone),
            ),
            actions(
                [
                    ButtonElement(text=text, action_id=action, value=value.dump(), style=style)
                    for text, action, value, style in buttons
                ]
            ),
        ]
    return [*blocks, *and_more(more)]


def how_many(count: int) -> str:
    """How many interviews need somebody else, as a title says so."""
    return "1 interview to replace" if count == 1 else f"{count} interviews to replace"
