"""How the lines of a decision rule stand, as facts beside the ratings."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.domain.debriefs.rule import Checked
from handlers.views.rich import Parts, bold, joined, line

WRITTEN_BEFORE = "Written before the first interview. It decides nothing."


def rule_lines(checked: Checked) -> list[Parts]:
    return [(bold(one.state.label.capitalize()), f" · {one.text}") for one in checked]


def rule_blocks(checked: Checked) -> Sequence[Block]:
    """Every line with how it stands; nothing where there is no rule."""
    if not checked:
        return []
    title = (bold("Decision rule"), f" · {WRITTEN_BEFORE}")
    return [line(*joined([title, *rule_lines(checked)]))]
