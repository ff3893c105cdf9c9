"""Job descriptions in Slack: the posting, the guide, the picker."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextObject,
    StaticSelectElement,
)

from bot.domain.competencies import Competency
from bot.domain.dates import full_day
from bot.domain.jd import Posting
from bot.domain.names import shown_back
from bot.domain.posting import filled
from bot.domain.questions.selection import Level
from bot.domain.roles import Category, Guide, Role
from bot.library.documents import escape_mrkdwn
from handlers.ids import JD_ROLE, ActionId, ViewId
from handlers.payloads import Token
from handlers.views.common import (
    HOW_TO_ADD,
    Json,
    actions,
    as_json,
    bullets,
    context,
    cut,
    header,
    in_pieces,
    labelled,
    long_bullets,
    modal,
    mrkdwn,
    other_names,
    plain,
    preformatted,
    private,
    role_options,
    titled,
)
from handlers.views.posting import fitting, section_blocks

MOST_QUESTIONS = 20
"""Of a role's own that its guide lists; `/questions` gives them all."""


class MenuAction(StrEnum):
    """The choices of a posting's menu."""

    MARKDOWN = "markdown"
    HTML = "html"
    REMOVE = "remove"


class RoleToken(Token):
    """A button about a role, at a level where it is different there."""

    role: str
    level: Level | None = None


def _token(role: Role) -> str:
    return RoleToken(role=role.slug, level=role.level).dump()


class ListToken(Token):
    """A page of the list of roles, from 0, of a category where one was asked for."""

    page: int = Field(ge=0)
    category: str = ""


class MenuToken(Token):
    """A choice in the menu of a posting."""

    verb: MenuAction
    role: str
    level: Level | None = None


class PostingToken(Token):
    """Which posting a message is: the block id of its buttons."""

    posting: str


class RemovalToken(Token):
    """Which posting is to be removed, and how its message is reached."""

    posting: str
    channel: str
    message: str
    response_url: str


class PickerToken(Token):
    """Where the picker's posting goes; nowhere without a channel: then it is only read."""

    channel: str
    response_url: str = ""


def description(role: Role) -> list[Json]:
    """What candidates may read, without buttons."""
    names = ", ".join(other_names(role))
    known_as = f" · {filled(role.words.also_known_as, names=names)}" if names else ""
    return as_json(
        [
            header(role.title),
            context(f"{role.category.name}{known_as}"),
            *(block for section in role.sections for block in section_blocks(section)),
        ]
    )


@dataclass(frozen=True)
class RoleDescription:
    """A role's description, made once and shown any number of times.

    `text` is for notifications; `buttons` stand below it in a channel.
    """

    text: str
    blocks: Sequence[Json]
    buttons: Json

    @cached_property
    def encoded(self) -> tuple[str, str, str]:
        """Text, blocks and buttons as JSON: `/jd` is what people wait for, and this most of it."""
        blocks = ", ".join(map(json.dumps, self.blocks))
        return json.dumps(self.text), blocks, json.dumps(self.buttons["elements"])


def described(role: Role) -> RoleDescription:
    text = cut(escape_mrkdwn(f"Job description: {role.title}. {role.summary}"), 4000)
    return RoleDescription(text, fitting(description(role)), _posting_actions(role))


def posting_message(role: RoleDescription, posting: Posting) -> str:
    """The message in the channel, as JSON."""
    text, blocks, elements = role.encoded
    block_id = json.dumps(PostingToken(posting=posting.id).dump())
    buttons = f'{{"type": "actions", "block_id": {block_id}, "elements": {elements}}}'
    return f'{{"response_type": "in_channel", "text": {text}, "blocks": [{blocks}, {buttons}]}}'


def _posting_actions(role: Role) -> Json:
    token = _token(role)

    def choice(label: str, verb: MenuAction) -> Option:
        value = MenuToken(verb=verb, role=role.slug, level=role.level).dump()
        return Option(text=PlainTextObject(text=label), value=value)

    menu = OverflowMenuElement(
        action_id=ActionId.JD_MENU,
        options=[
            choice("Get Markdown", MenuAction.MARKDOWN),
            choice("Get HTML", MenuAction.HTML),
            choice("Remove", MenuAction.REMOVE),
        ],
    )
    return actions(
        [
            _questions_button(role),
            ButtonElement(text="Hiring guide", action_id=ActionId.JD_GUIDE, value=token),
            ButtonElement(text="Open this job", action_id=ActionId.OPENING_START, value=token),
            menu,
        ]
    ).to_dict()


def _questions_button(role: Role) -> ButtonElement:
    return ButtonElement(
        text="Interview questions", action_id=ActionId.JD_QUESTIONS, value=_token(role)
    )


def preview(role: Role, described: Sequence[Json]) -> Json:
    """The description for one person alone, with a button that posts it."""
    lead = context("Only you can see this.")
    post = actions([_post_button(role, "Post here")])
    return private(f"Preview: {role.title}", []) | {
        "blocks": [lead.to_dict(), *described, post.to_dict()]
    }


def did_you_mean(name: str, roles: Iterable[Role]) -> Json:
    """A guess, for one person alone: nothing is posted until they press."""
    return _guess(name, _post_buttons(list(roles)))


def did_you_mean_to_open(name: str, roles: Sequence[Role]) -> Json:
    """A guess at the role that a job is to be opened from."""
    buttons = [
        ButtonElement(
            text=cut(f"Open {role.title}", 75),
            action_id=f"{ActionId.OPENING_START}:{number}",
            value=_token(role),
        )
        for number, role in enumerate(roles)
    ]
    return _guess(name, buttons)


def _guess(name: str, buttons: Sequence[ButtonElement]) -> Json:
    text = f"No role is called “{shown_back(name)}”. Did you mean:"
    return private("No role has that name. Did you mean another?", [plain(text), actions(buttons)])


def not_at_level(name: str, role: Role) -> Json:
    """That a role is not written for the level asked for, with the ones that it is written for."""
    text = f"“{shown_back(name)}” isn't written yet. These are:"
    roles = (role, *(role.at(level) for level in role.levels))
    buttons = actions(_post_buttons(roles))
    how = mrkdwn("Your company can add its own levels: see “Write content” in Panelist's docs.")
    return private("This role isn't written for that level.", [plain(text), buttons, how])


def no_such_role(name: str, command: str) -> Json:
    """That there is no such role nor one like it, and how it gets there."""
    text = f"There's no role called “{shown_back(name)}”."
    how = mrkdwn(f"`{command} list` shows every role. {HOW_TO_ADD}")
    return private("No role has that name.", [plain(text), how])


def _post_buttons(roles: Sequence[Role]) -> list[ButtonElement]:
    """One for each; the only one is the one to press."""
    only = len(roles) == 1
    return [_post_button(role, f"Post {role.title}", is_primary=only) for role in roles]


def _post_button(role: Role, label: str, *, is_primary: bool = True) -> ButtonElement:
    return ButtonElement(
        text=cut(label, 75),
        style="primary" if is_primary else None,
        action_id=f"{ActionId.JD_POST}:{role.slug}{f':{role.level}' if role.level else ''}",
        value=_token(role),
    )


def role_list(
    categories: Iterable[tuple[Category, Iterable[Role]]],
    command: str,
    jobs: Iterable[Block] = (),
    category: str = "",
) -> list[Json]:
    """Roles by category below the open jobs, for one person alone: the pages of one message."""
    blocks: list[Block] = [*jobs, header("Roles")]
    for group, roles in categories:
        names = (f"{role.title}  ({role.slug})" for role in roles)
        blocks += long_bullets(group.name, names)
    how = mrkdwn(
        f"Type `{command} <name>` to post one, or `{command} preview <name>` to see it first."
    )
    pages = in_pieces(blocks, besides=3)
    return [
        private("Roles", [])
        | {"blocks": [*page, *as_json([how, *_page_buttons(number, len(pages), category)])]}
        for number, page in enumerate(pages)
    ]


def _page_buttons(page: int, count: int, category: str) -> list[Block]:
    """*Previous* and *Next*, and where in the list one is; nothing where there is one page."""
    if count == 1:
        return []
    turns = {"Previous": page - 1, "Next": page + 1}
    buttons = [
        ButtonElement(
            text=label,
            action_id=f"{ActionId.JD_LIST}:{label.lower()}",
            value=ListToken(page=to, category=category).dump(),
        )
        for label, to in turns.items()
        if 0 <= to < count
    ]
    return [context(f"Page {page + 1} of {count}"), actions(buttons)]


def unknown_category(name: str, categories: Iterable[Category], command: str) -> Json:
    text = f"No category is called “{shown_back(name)}”."
    names = [category.name for category in categories]
    how = mrkdwn(f"Type `{command} list` to see every role.")
    return private("No category has that name.", [plain(text), bullets("Categories", names), how])


def guide(role: Role, guide: Guide, competencies: Sequence[Competency]) -> list[Json]:
    """The hiring guide, for one person alone, in as few messages as it needs."""
    title = f"{role.title}: hiring guide"
    asked = [item.question for item in role.questions[:MOST_QUESTIONS]]
    blocks: list[Block] = [
        header(title),
        context("For the hiring team, not for candidates. Only you can see this."),
        titled("What to look for", "\n\n".join(guide.look_for)),
    ]
    if competencies:
        named = ((competency.name, competency.summary) for competency in competencies)
        blocks.append(labelled("Competencies, most important first", named))
    if asked:
        blocks += long_bullets("Interview questions of this role", asked)
    if guide.where_to_source:
        blocks.append(bullets("Where to source", guide.where_to_source))
    if guide.faq:
        blocks += [DividerBlock(), *(titled(entry.question, entry.answer) for entry in guide.faq)]
    if origin := _origin(role):
        blocks.append(context(origin))
    blocks.append(actions([_questions_button(role)]))
    return [private(title, []) | {"blocks": piece} for piece in in_pieces(blocks)]


def _origin(role: Role) -> str:
    """What is known of where the role comes from."""
    parts = (
        f"SOC 2018 code {role.occupation}" if role.occupation else "",
        f"reviewed {full_day(role.reviewed)}" if role.reviewed else "",
    )
    return " · ".join(part for part in parts if part)


def copyable(role: Role, what: str, text: str) -> list[Json]:
    """A document to be copied, for one person alone, in as few messages as it needs."""
    title = f"{role.title} as {what}"
    blocks: list[Block] = [header(title), *(preformatted(part) for part in _parts(text))]
    return [private(title, []) | {"blocks": piece} for piece in in_pieces(blocks)]


def _parts(text: str, most: int = 9000) -> list[str]:
    """The text in pieces of at most `most` characters, broken between lines where there are any."""
    parts = [""]
    for line in text.rstrip().splitlines(keepends=True):
        for start in range(0, len(line), most):
            chunk = line[start : start + most]
            if len(parts[-1]) + len(chunk) > most:
                parts.append("")
            parts[-1] += chunk
    return parts


def picker(
    categories: Iterable[tuple[Category, Sequence[Role]]],
    token: PickerToken,
    described: Sequence[Json] = (),
) -> Json:
    """The modal in which a role is chosen, with the chosen one's description below."""
    select = StaticSelectElement(
        action_id=JD_ROLE.action,
        placeholder=PlainTextObject(text="Choose a role"),
        option_groups=role_options(categories),
    )
    if not token.channel:
        return _reader(select, token, described)
    choose = InputBlock(
        block_id=JD_ROLE.block,
        label=PlainTextObject(text="Role"),
        dispatch_action=True,
        element=select,
    )
    shown = described or as_json([context("Choose a role to see its description.")])
    return modal(
        "Post a job description",
        [choose, DividerBlock(), *shown],
        close="Cancel",
        submit="Post",
        callback=ViewId.JD_PICKER,
        metadata=token.dump(),
    )


def _reader(select: StaticSelectElement, token: PickerToken, described: Sequence[Json]) -> Json:
    """The same where there is no channel to post into."""
    choose = actions([select])
    choose.block_id = JD_ROLE.block
    how = "To post one, type the command in the channel that should see it. Choose a role first."
    shown = described or as_json([context(how)])
    return modal(
        "Job descriptions", [choose, DividerBlock(), *shown], close="Close", metadata=token.dump()
    )


def removal(title: str, token: RemovalToken) -> Json:
    """The modal that asks once before a posting goes."""
    text = f"{title} will be removed from this channel. A line will say that you removed it."
    return modal(
        "Remove job description",
        [plain(text)],
        close="Cancel",
        submit="Remove",
        callback=ViewId.JD_REMOVAL,
        metadata=token.dump(),
    )


def removed(by: str) -> Json:
    """What stays where a posting was."""
    text = f"<@{by}> removed this job description."
    line = ContextBlock(elements=[MarkdownTextObject(text=text)])
    return {"text": text, "blocks": as_json([line])}
