"""`/hiring`: late first with the one button, then the openings with a line for each candidate."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Annotated, Self

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    InteractiveElement,
    Option,
    OptionGroup,
    PlainTextObject,
    StaticSelectElement,
)

from bot.domain.applications import Stage
from bot.domain.board import BoardLine, BoardOpening
from bot.domain.rights import Act
from bot.services.board.board import BoardFilter, BoardPage, BoardScope
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.board.words import (
    LONGEST_NAME,
    LONGEST_OPENING,
    are_late,
    candidates,
    late_line,
    opening_lines,
)
from handlers.views.common import (
    MOST_CHARACTERS,
    Json,
    actions,
    and_more,
    as_json,
    context,
    cut,
    header,
    plain,
    private,
    size_of,
)
from handlers.views.forms import option
from handlers.views.remind_now import RemindToken, remind_now_button
from handlers.views.rich import Parts, joined, line

MOST_ON_PAGE = 30
"""Candidates: a message holds about 12,000 characters."""

MOST_LATE = 10
MOST_OPENINGS = 20
"""Openings that the menu offers; the others are found by name or on another page."""

LONGEST_OPTION = 75

SCOPES = {
    BoardScope.EVERYTHING: "Everything",
    BoardScope.MINE: "What I organize",
    BoardScope.LATE: "What is late",
    BoardScope.ALL: "Everyone's candidates",
}


class BoardToken(Token):
    """What of the board is asked for; `first` is the number of the first candidate shown."""

    scope: BoardScope | None = None
    opening: Id | None = None
    stage: Stage | None = None
    name: Annotated[str, Field(max_length=200)] | None = None
    first: Annotated[int, Field(ge=0, lt=1000)] | None = None

    @classmethod
    def of(cls, asked: BoardFilter, first: int = 0) -> Self:
        return cls(
            scope=None if asked.scope is BoardScope.EVERYTHING else asked.scope,
            opening=asked.opening,
            stage=asked.stage,
            name=asked.name[:200] or None,
            first=first or None,
        )

    @property
    def asked(self) -> BoardFilter:
        scope = self.scope or BoardScope.EVERYTHING
        return BoardFilter(scope, self.opening, self.stage, self.name or "")


class CandidateToken(Token):
    """A candidate for an opening."""

    application: Id


def board(page: BoardPage, command: str, first: int = 0) -> Json:
    """As many candidates as a message holds, from the `first` on."""
    lines = page.board.lines
    if not lines:
        return _empty(page, command)
    first = first if first < len(lines) else 0
    number = MOST_ON_PAGE
    blocks = _blocks(page, first, number)
    while size_of(blocks) > MOST_CHARACTERS and number > 1:
        number -= max(1, number // 8)
        blocks = _blocks(page, first, number)
    return private(_text(page), []) | {"blocks": blocks}


def _blocks(page: BoardPage, first: int, number: int) -> list[Json]:
    shown = page.board.lines[first : first + number]
    blocks: list[Block] = [
        header(_title(page)),
        *(_late(page) if not first else []),
        *(line(*part) for part in _openings(page, shown)),
        actions([open_menu(shown), _filter_menu(page)]),
        *_pager(page, first, len(shown)),
    ]
    return as_json(blocks)


def _title(page: BoardPage) -> str:
    late, count = len(page.board.late), len(page.board.lines)
    if page.filter.name:
        return f"{candidates(count)} called “{cut(page.filter.name, LONGEST_NAME)}”"
    return are_late(late) if late else f"Nothing is late · {candidates(count)}"


def _text(page: BoardPage) -> str:
    """For screen readers and lock screens, without a name."""
    late, openings = len(page.board.late), len(page.board.openings)
    said = are_late(late) if late else "Nothing is late"
    jobs = "1 opening" if openings == 1 else f"{openings} openings"
    return f"{said}. {jobs}, {candidates(len(page.board.lines))}."


def _late(page: BoardPage) -> list[Block]:
    late, zone = page.board.late, page.board.zone
    if not late:
        return []
    rows = [late_line(*pair, zone) for pair in late[:MOST_LATE]]
    return [
        line(*joined(rows)),
        *and_more(len(late) - MOST_LATE),
        *_remind(page),
        DividerBlock(),
    ]


def _remind(page: BoardPage) -> list[Block]:
    """The one button. It reminds whoever is late by then of all that the reader organizes, so it
    stands only where all of that is shown, or for one scorecard alone."""
    remindable = page.remindable
    if len(remindable) == 1:
        token = RemindToken(interview=remindable[0].item.id)
        return [actions([remind_now_button(token, "the scorecard that is late", "primary")])]
    asked = page.filter
    is_part = asked.opening or asked.stage or asked.name or asked.scope is BoardScope.ALL
    if not remindable or is_part:
        return []
    return [actions([remind_now_button(RemindToken(), style="primary")])]


def _openings(page: BoardPage, shown: Sequence[BoardLine]) -> list[Parts]:
    """Each opening of the page with its candidates there; it says how many it has in all."""
    whole = {one.opening.id: len(one.lines) for one in page.board.openings}
    parts = []
    for id, group in groupby(shown, key=lambda one: one.opening.id):
        lines = tuple(group)
        here = BoardOpening(lines[0].opening, lines)
        parts.append(opening_lines(here, page.board.zone, whole[id] - len(lines)))
    return parts


def open_menu(shown: Sequence[BoardLine]) -> StaticSelectElement:
    """One way to open any of them, grouped as they stand."""
    groups = []
    for _, group in groupby(shown, key=lambda one: one.opening.id):
        lines = list(group)
        label = PlainTextObject(text=cut(lines[0].opening.full_name, LONGEST_OPTION))
        options = [candidate_option(one) for one in lines]
        groups.append(OptionGroup(label=label, options=options))
    return StaticSelectElement(
        action_id=ActionId.BOARD_OPEN,
        placeholder=PlainTextObject(text="Open a candidate"),
        option_groups=groups,
    )


def candidate_option(one: BoardLine) -> Option:
    value = CandidateToken(application=one.application.id).dump()
    return option(cut(one.candidate.name, LONGEST_OPTION), value)


def _filter_menu(page: BoardPage) -> StaticSelectElement:
    """What else could be shown; what is shown stands chosen."""
    scopes = [
        _asks(BoardFilter(scope), label)
        for scope, label in SCOPES.items()
        if scope is not BoardScope.ALL or page.access.may(Act.SEE_WHOLE_BOARD)
    ]
    openings = [
        _asks(BoardFilter(opening=one.id), cut(one.full_name, LONGEST_OPENING))
        for one in page.openings[:MOST_OPENINGS]
    ]
    stages = [_asks(BoardFilter(stage=one), one.value.capitalize()) for one in page.stages]
    groups = [
        OptionGroup(label=PlainTextObject(text=label), options=options)
        for label, options in (("Show", scopes), ("Opening", openings), ("Stage", stages))
        if options
    ]
    value = BoardToken.of(page.filter).dump()
    chosen = next(
        (one for one in (*scopes, *openings, *stages) if one.value == value and value != "{}"), None
    )
    return StaticSelectElement(
        action_id=ActionId.BOARD_SHOW,
        placeholder=PlainTextObject(text="Show"),
        option_groups=groups,
        initial_option=chosen,
    )


def _asks(asked: BoardFilter, label: str) -> Option:
    return option(label, BoardToken.of(asked).dump())


def _pager(page: BoardPage, first: int, shown: int) -> list[Block]:
    count = len(page.board.lines)
    steps: list[InteractiveElement] = []
    if first:
        steps.append(_step("Earlier candidates", page, max(first - MOST_ON_PAGE, 0)))
    if first + shown < count:
        steps.append(_step("More candidates", page, first + shown))
    where = [context(f"Candidates {first + 1} to {first + shown} of {count}.")] if steps else []
    cut_off = [context("There are more. Choose an opening, or type a name.")]
    return [
        *where,
        *(cut_off if page.board.is_cut else []),
        *([actions(steps)] if steps else []),
    ]


def _step(label: str, page: BoardPage, first: int) -> ButtonElement:
    value = BoardToken.of(page.filter, first).dump()
    return ButtonElement(text=label, action_id=f"{ActionId.BOARD_SHOW}:{first}", value=value)


def _empty(page: BoardPage, command: str) -> Json:
    asked = page.filter
    if asked == BoardFilter():
        text = "No candidates yet"
        words = "Open a job, or set up a panel: then you'll see here what each candidate waits for."
        return private(text, [header(text), plain(words), actions(_to_begin(page))])
    if asked.name:
        name = cut(asked.name, 80)
        text = f"You have no candidate called “{name}”."
        return private(text, [plain(f"{text} Type {command} to see all of yours."), _everything()])
    if asked == replace(BoardFilter(), scope=BoardScope.LATE):
        text = "Nothing is late"
        return private(text, [header(text), plain("No scorecard is late."), _everything()])
    text = "No candidates here"
    return private(text, [header(text), plain("Nobody matches this choice."), _everything()])


def _to_begin(page: BoardPage) -> list[InteractiveElement]:
    whole = [_asks(BoardFilter(BoardScope.ALL), SCOPES[BoardScope.ALL])]
    return [
        ButtonElement(text="Open a job", action_id=ActionId.JD_START),
        ButtonElement(text="Set up a panel", action_id=ActionId.PANEL_SET_UP, value="panel"),
        *(
            [
                ButtonElement(
                    text=SCOPES[BoardScope.ALL],
                    action_id=ActionId.BOARD_SHOW,
                    value=str(whole[0].value),
                )
            ]
            if page.access.may(Act.SEE_WHOLE_BOARD)
            else []
        ),
    ]


def _everything() -> Block:
    value = BoardToken().dump()
    return actions(
        [ButtonElement(text="Show everything", action_id=ActionId.BOARD_SHOW, value=value)]
    )
