"""What is answered where it isn't clear which questions are asked for."""

from collections.abc import Iterable

from slack_sdk.models.blocks import ButtonElement

from handlers.ids import ActionId
from handlers.views.common import HOW_TO_ADD, Json, actions, cut, mrkdwn, plain, private
from handlers.views.questions.questions import SelectionToken


def offers(text: str, meant: Iterable[tuple[str, SelectionToken]], command: str) -> Json:
    """That something was not understood, with a button for each thing that may have been meant."""
    buttons = [
        ButtonElement(
            text=cut(label, 75),
            action_id=f"{ActionId.QUESTIONS_ASK}:{number}",
            value=token.dump(),
        )
        for number, (label, token) in enumerate(meant)
    ][:25]
    how = mrkdwn(f"`{command} help` shows how to ask, and `{command}` opens a picker.")
    return private(text, [plain(text), *([actions(buttons)] if buttons else []), how])


def no_such_role(text: str, command: str) -> Json:
    """That the role asked for is not there, nor one like it, and how it gets there."""
    how = mrkdwn(f"`{command}` opens a picker with every role. {HOW_TO_ADD}")
    return private(text, [plain(text), how])
