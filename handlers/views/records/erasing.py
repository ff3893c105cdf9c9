"""What would go with a candidate, and how far an erasure is."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement

from bot.domain.dates import full_day
from bot.domain.records.erasing import Backup, ErasureState, SlackCopy
from bot.services.records.asking import ToErase
from handlers.ids import RECORD_NAME, ActionId, ViewId
from handlers.payloads import Id, Token
from handlers.views.common import Json, context, cut, header, modal, plain
from handlers.views.forms import input_of
from handlers.views.rich import Parts, line

LONGEST_NAME = 150
MOST_LISTED = 10


class EraseToken(Token):
    """A button, or the form, about a candidate who is to be erased."""

    candidate: Id


def erase_button(candidate: str, name: str) -> ButtonElement:
    return ButtonElement(
        text="Erase",
        action_id=ActionId.RECORD_ERASE,
        value=EraseToken(candidate=candidate).dump(),
        style="danger",
        accessibility_label=cut(f"Erase {name}", 75),
    )


def erase_form(found: ToErase) -> Json:
    """What would go, and the name to be typed; how far it is where it has begun."""
    if found.state is not None:
        return erasure(found)
    name, counts = found.candidate.name, found.counts
    parts = [
        _many(counts.applications, "application"),
        _many(counts.interviews, "interview"),
        _many(counts.scorecards, "scorecard"),
    ]
    messages = _many(found.messages, "message")
    return modal(
        "Erase candidate",
        [
            header(cut(name, LONGEST_NAME)),
            plain(
                f"This deletes {', '.join(parts)} and everything else written about them, and "
                f"{messages} in Slack. Only numbers stay. It can't be undone."
            ),
            *_backups(found.backups),
            input_of(
                RECORD_NAME,
                "Type the candidate's name to erase them",
                PlainTextInputElement(action_id=RECORD_NAME.action, max_length=LONGEST_NAME),
            ),
        ],
        submit="Erase",
        close="Cancel",
        callback=ViewId.RECORD_ERASE,
        metadata=EraseToken(candidate=found.candidate.id).dump(),
    )


def erasure(found: ToErase) -> Json:
    """How far it is."""
    state = found.state
    assert state is not None  # noqa: S101 - whoever asks has begun it
    blocks: list[Block] = [
        header(cut(found.candidate.name, LONGEST_NAME)),
        line(*progress(state)),
        context("You can close this. Panelist goes on by itself, and your Home tab shows it."),
        *left_in_slack(state.left),
        *_backups(found.backups),
    ]
    return modal("Erase candidate", blocks, close="Close")


def progress(state: ErasureState) -> Parts:
    """What is still to be done."""
    if state.is_held:
        return ("A legal hold has stopped the erasure.",)
    if state.waiting:
        return (f"Being erased: {_many(state.waiting, 'message')} in Slack to go, then the rest.",)
    return ("Being erased: everything in the database goes next.",)


def left_in_slack(left: Sequence[SlackCopy]) -> list[Block]:
    """What Slack would not let go, so that a person has to look."""
    if not left:
        return []
    rows: list[str] = []
    for copy in left[:MOST_LISTED]:
        what = f"the file {copy.name}" if copy.is_file else f"message {copy.ts or copy.name}"
        rows.append(f"\n• {what} in {copy.channel} ({copy.error})")
    more = len(left) - MOST_LISTED
    rest = [f"\nand {more} more"] if more > 0 else []
    return [line("Delete these by hand in Slack; I try again every day:", *rows, *rest)]


def _backups(backups: Sequence[Backup]) -> list[Block]:
    if not backups:
        return [context("Backups made before this still hold them.")]
    made = [f"{backup.file} ({_day(backup.made_at)})" for backup in backups[:3]]
    more = f", and {len(backups) - 3} more" if len(backups) > 3 else ""
    return [context(f"Still in backups: {', '.join(made)}{more}.")]


def _day(moment: datetime) -> str:
    return full_day(moment.date())


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
