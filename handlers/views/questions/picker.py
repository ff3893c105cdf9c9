"""The modal in which a set of interview questions is put together."""

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import InputBlock, Option, OptionGroup, PlainTextObject
from slack_sdk.models.blocks.block_elements import StaticSelectElement

from bot.domain.competencies import Competency
from bot.domain.questions.selection import Level
from bot.domain.roles import Role
from handlers.ids import (
    QUESTIONS_LEVEL,
    QUESTIONS_MINUTES,
    QUESTIONS_ROLE,
    FormField,
    ViewId,
    questions_competency,
)
from handlers.payloads import Token
from handlers.views.common import Json, modal

MINUTES = (15, 30, 45, 60, 90, 120)


class PickerToken(Token):
    """Where the set is shown, and what was asked for without a role."""

    response_url: str
    minutes: int
    competency: str | None = None
    level: Level | None = None


def picker(
    roles: Sequence[OptionGroup],
    token: PickerToken,
    chosen: Role | None = None,
    competencies: Iterable[Competency] = (),
) -> Json:
    """The modal; once a role is chosen, its competencies can be chosen too."""
    role = InputBlock(
        block_id=QUESTIONS_ROLE.block,
        label=PlainTextObject(text="Role"),
        dispatch_action=True,
        element=StaticSelectElement(
            action_id=QUESTIONS_ROLE.action,
            placeholder=PlainTextObject(text="Choose a role"),
            option_groups=list(roles),
        ),
    )
    blocks = [role]
    if chosen is not None:
        options = [(competency.name, competency.id) for competency in competencies]
        field = questions_competency(chosen.slug)
        nothing = "All, most important first"
        if options:
            blocks.append(_select(field, "Competency", nothing, options, token.competency))
    levels = [(level.label, level.value) for level in Level]
    minutes = [(f"{n} minutes", str(n)) for n in sorted({*MINUTES, token.minutes})]
    blocks += [
        _select(QUESTIONS_LEVEL, "Level", "Any", levels, token.level),
        _select(QUESTIONS_MINUTES, "Time", "45 minutes", minutes, str(token.minutes)),
    ]
    return modal(
        "Interview questions",
        blocks,
        close="Cancel",
        submit="Show",
        callback=ViewId.QUESTIONS_PICKER,
        metadata=token.dump(),
    )


def _select(
    field: FormField,
    label: str,
    nothing: str,
    options: Iterable[tuple[str, str]],
    initial: str | None = None,
) -> InputBlock:
    choices = {
        value: Option(text=PlainTextObject(text=text), value=value) for text, value in options
    }
    return InputBlock(
        block_id=field.block,
        label=PlainTextObject(text=label),
        optional=True,
        element=StaticSelectElement(
            action_id=field.action,
            placeholder=PlainTextObject(text=nothing),
            options=list(choices.values()),
            initial_option=choices.get(initial) if initial is not None else None,
        ),
    )
