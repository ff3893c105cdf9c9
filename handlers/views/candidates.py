"""Candidates who may be one person: asked about in a form, told beside a panel."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    Option,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
)

from bot.domain.candidates import KnownCandidate, Merge
from bot.services.overview import PanelOverview
from handlers import ids
from handlers.ids import ActionId, FormField
from handlers.payloads import Id, Token
from handlers.views.common import actions, cut
from handlers.views.forms import input_of, option

SOMEONE_ELSE = "new"
MOST_OF_A_NAME = 60


class MergeToken(Token):
    """A button about the candidate of a panel and the `other`, who may be the same person."""

    panel: Id
    other: Id


def in_for(known: KnownCandidate, zone: str, now: datetime) -> str:
    """What the candidate is in for, and since when."""
    since, today = (time.astimezone(ZoneInfo(zone)) for time in (known.since, now))
    month = f"{since:%B}" if since.year == today.year else f"{since:%B %Y}"
    return f"in for {known.opening.name} since {month}"


def same_person_input(known: Sequence[KnownCandidate], zone: str, now: datetime) -> Block:
    """Asks which of these the candidate in the form is; nothing is chosen beforehand."""
    if len(known) == 1:
        name = cut(known[0].candidate.name, MOST_OF_A_NAME)
        label = f"{name}, {in_for(known[0], zone, now)}: the same person?"
        options = [option("Same person", known[0].candidate.id)]
    else:
        label = "Is it one of these people?"
        options = [_person(one, zone, now) for one in known]
    options.append(option("Someone else", SOMEONE_ELSE))
    field = same_person_field([one.candidate.id for one in known])
    return input_of(field, label, RadioButtonsElement(action_id=field.action, options=options))


def same_person_field(offered: Sequence[str]) -> FormField:
    """Another block for other people, so that a choice among some never counts for others."""
    return FormField(f"{ids.PANEL_SAME.block}#{'.'.join(offered)}", ids.PANEL_SAME.action)


def _person(known: KnownCandidate, zone: str, now: datetime) -> Option:
    about = in_for(known, zone, now)
    about = cut(about[0].upper() + about[1:], 75)
    return Option(
        text=PlainTextObject(text=cut(known.candidate.name, 75), emoji=False),
        value=known.candidate.id,
        description=PlainTextObject(text=about, emoji=False),
    )


def duplicates(overview: PanelOverview) -> list[Block]:
    """Who may be the same person as the panel's candidate, and who turned out to be."""
    found = [block for known in overview.duplicates for block in _duplicate(overview, known)]
    return [*found, *([_merged(overview, *overview.merged)] if overview.merged else [])]


def _duplicate(overview: PanelOverview, known: KnownCandidate) -> list[Block]:
    name = cut(known.candidate.name, MOST_OF_A_NAME)
    about = in_for(known, overview.access.zone, overview.now)
    text = f"Possible duplicate: {name}, {about}, is a separate candidate."
    merge = _button(
        overview,
        known,
        (ActionId.CANDIDATE_MERGE, "Merge", "Merge these candidates?"),
        "The other candidate's panels will show the candidate of this panel. Who may read "
        "which feedback stays as it is. You can undo it.",
    )
    apart = _button(
        overview,
        known,
        (ActionId.CANDIDATE_APART, "Not the same person", "Not the same person?"),
        "They stay separate candidates, and no one will be asked about these two again.",
    )
    is_mergeable = known.candidate.id in overview.mergeable
    return [_paragraph(text), actions([merge, apart] if is_mergeable else [apart])]


def _button(
    overview: PanelOverview, known: KnownCandidate, what: tuple[ActionId, str, str], told: str
) -> ButtonElement:
    """A button about a possible duplicate: its action, what stands on it, what is asked first."""
    action, label, question = what
    return ButtonElement(
        text=label,
        action_id=f"{action}:{known.candidate.id}",
        value=MergeToken(panel=overview.panel.id, other=known.candidate.id).dump(),
        confirm=ConfirmObject(
            title=PlainTextObject(text=question),
            text=PlainTextObject(text=told, emoji=False),
            confirm=PlainTextObject(text=label),
            deny=PlainTextObject(text="Cancel"),
        ),
    )


def _merged(overview: PanelOverview, merge: Merge, name: str) -> Block:
    token = MergeToken(panel=overview.panel.id, other=merge.candidate)
    return _paragraph(
        f"Merged with another candidate: {cut(name, MOST_OF_A_NAME)}.",
        ButtonElement(text="Undo", action_id=ActionId.CANDIDATE_UNDO, value=token.dump()),
    )


def _paragraph(text: str, button: ButtonElement | None = None) -> Block:
    return SectionBlock(text=PlainTextObject(text=text, emoji=False), accessory=button)
