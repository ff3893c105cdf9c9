"""What there is to set up of Panelist, for an admin who sees it for the first time."""

from collections.abc import Sequence
from enum import StrEnum

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.home import SetUp
from handlers.ids import ActionId
from handlers.payloads import Token
from handlers.views.common import Json, context, modal, mrkdwn, plain, preformatted


class SetUpStep(StrEnum):
    """What only whoever runs Panelist can do."""

    COMPANY = "company"
    ADMINS = "admins"


class SetUpToken(Token):
    """Which of them is explained."""

    step: SetUpStep


STEPS = 4


def checklist(set_up: SetUp) -> list[Block]:
    """Each thing with how to do it, the first that is left as the primary button."""
    rows = [
        (
            set_up.company,
            "Company",
            "Name, benefits and how you hire: they stand in every posting.",
            _how(SetUpStep.COMPANY, "Add company"),
        ),
        (
            set_up.admins,
            "Admins",
            "Only you so far. A second one helps while you're away.",
            _how(SetUpStep.ADMINS, "Add admin"),
        ),
        (
            set_up.channel,
            "Jobs channel",
            "Where jobs are posted. Anyone who posts one can still choose another.",
            ButtonElement(text="Choose", action_id=ActionId.HOME_EVERYONE),
        ),
        (
            set_up.job,
            "First job",
            "A role with pay and place: two minutes.",
            ButtonElement(text="Open a job", action_id=ActionId.JD_START),
        ),
    ]
    left = next((button for is_done, *_, button in rows if not is_done), None)
    if left is not None:
        left.style = "primary"
    return [
        context("In any order. Everyone can use Panelist meanwhile."),
        *(_row(*row) for row in rows),
    ]


def title(set_up: SetUp) -> str:
    return f"Set up Panelist · {set_up.done} of {STEPS} done"


def _row(is_done: bool, name: str, why: str, button: ButtonElement) -> Block:
    mark = ":white_check_mark:" if is_done else ":white_circle:"
    block = mrkdwn(f"{mark} *{name}*" if is_done else f"{mark} *{name}*\n{why}")
    if not is_done:
        block.accessory = button
    return block


def _how(step: SetUpStep, label: str) -> ButtonElement:
    return ButtonElement(
        text=label, action_id=ActionId.HOME_SET_UP, value=SetUpToken(step=step).dump()
    )


def left_to_set_up(set_up: SetUp) -> Sequence[str]:
    """What is left once there is a job: a word for each."""
    parts = (
        (set_up.company, "company"),
        (set_up.admins, "a second admin"),
        (set_up.channel, "jobs channel"),
    )
    return [name for is_done, name in parts if not is_done]


def explained(step: SetUpStep) -> Json:
    """How whoever runs Panelist does it."""
    if step is SetUpStep.COMPANY:
        return modal(
            "Your company",
            [
                plain(
                    "Your company's name, what it does, its benefits and how you hire stand in "
                    "every posting, and on the jobs pages. Whoever runs Panelist puts them into a "
                    "file named company.toml, in the folder that PANELIST_CONTENT names:"
                ),
                preformatted(COMPANY),
                plain(
                    "Then they restart Panelist. docs/content.md lists everything that may be in "
                    "it, and “panelist doctor” says what's missing."
                ),
            ],
            close="Done",
        )
    return modal(
        "Admins",
        [
            plain(
                "Admins change any job and panel, and choose what holds for everyone. Whoever runs "
                "Panelist names them by member ID, with commas in between:"
            ),
            preformatted(ADMINS),
            plain(
                "Then they restart Panelist. In Slack, a member's ID is in the menu of their "
                "profile: “Copy member ID.”"
            ),
        ],
        close="Done",
    )


COMPANY = (
    'name = "Your company"\nsite = "https://example.com"\nabout = ["What you do, and for whom."]'
)
ADMINS = "PANELIST_ADMINS=U012AB3CD,U045EF6GH"
