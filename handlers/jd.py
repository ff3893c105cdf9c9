"""`/jd`: posts, previews and lists job descriptions."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress

from slack_sdk.models.blocks import Block

from bot.caches import keep
from bot.domain.gaps import HOW_TO_ADD, no_guide
from bot.domain.jd import Posting
from bot.domain.questions.selection import Level
from bot.domain.roles import Category, Role
from bot.errors import DatabaseAway, FieldErrors, UserError
from bot.library.documents import Documents
from bot.library.formats import Format
from bot.services.jd import JdService
from bot.services.openings.lists import JobList
from handlers.edge import Answer, in_time
from handlers.ids import JD_ROLE, CommandName
from handlers.openings.forms import OpeningsForms
from handlers.openings.postings import OpeningsPostings
from handlers.payloads import Command, Press, Submission
from handlers.slack import Slack
from handlers.slack_errors import SlackRefused
from handlers.views import jd as views
from handlers.views.common import Json, context, mrkdwn, private
from handlers.views.openings.page import open_jobs

MOST_KEPT = 200
"""Lists of people that are held in memory as they were sent."""


class Jd:
    """The listeners of `/jd`."""

    def __init__(
        self,
        jd: JdService,
        forms: OpeningsForms,
        postings: OpeningsPostings,
        documents: Documents,
        slack: Slack,
        prefix: str,
    ) -> None:
        self._jd = jd
        self._forms = forms
        self._postings = postings
        self._documents = documents
        self._slack = slack
        self._command = f"/{prefix}{CommandName.JD}"
        self._described: dict[tuple[str, Level | None], views.RoleDescription] = {}
        self._pages_kept: dict[tuple[str, str, str], tuple[JobList | None, Sequence[str]]] = {}

    async def command(self, command: Command) -> Answer:
        """`/jd`, `/jd ROLE`, `/jd OPENING`, `/jd open ROLE`, `/jd preview ROLE`,
        `/jd list [CATEGORY]`, `/jd help`."""
        verb, _, rest = command.text.partition(" ")
        rest = rest.strip()
        match verb.casefold():
            case "":
                return self._open_picker(command)
            case "help":
                return self._help()
            case "list":
                return await self._list(command, rest)
            case "preview":
                return self._preview(rest)
            case "open":
                return await self._open_job(command, rest)
            case _:
                return await self._post(command)

    async def _open_job(self, command: Command, name: str) -> Answer:
        if not name:
            return self._help()
        role = self._jd.find(name)
        if role is not None:
            return await self._forms.open(command, role)
        found = self._jd.library.find_at_level(name)
        if found is None:
            near = self._jd.library.suggest(name)
            if near.roles:
                roles = [role.at(near.level) for role in near.roles]
                return Answer(views.did_you_mean_to_open(name, roles))
            return Answer(views.no_such_role(name, self._command))
        role, level = found  # a job can be opened at any level
        return await self._forms.open(command, role.model_copy(update={"level": level}))

    async def _post(self, command: Command) -> Answer:
        role = self._jd.find(command.text)
        if role is None:
            page = await self._postings.named(command)
            return self._unknown(command.text) if page is None else Answer(page)
        posting = self._jd.new_posting(role, command.workspace, command.channel, command.user)
        self._jd.record(posting)
        return Answer(self._message(role, posting))

    def _preview(self, name: str) -> Answer:
        if not name:
            return self._help()
        role = self._jd.find(name)
        if role is None:
            return self._unknown(name)
        return Answer(views.preview(role, self._description(role).blocks))

    def _unknown(self, name: str) -> Answer:
        if at := self._jd.library.find_at_level(name):
            return Answer(views.not_at_level(name, at[0]))
        near = self._jd.library.suggest(name)
        if near.roles:
            return Answer(views.did_you_mean(name, [role.at(near.level) for role in near.roles]))
        return Answer(views.no_such_role(name, self._command))

    async def _list(self, command: Command, name: str) -> Answer:
        pages = await self._pages(command.workspace, command.user, name)
        if not pages:
            known = self._jd.library.categories
            return Answer(views.unknown_category(name, known, self._command))
        return Answer(pages[0])

    async def turn(self, press: Press) -> Answer:
        """*Previous* and *Next* under the list: another page stands in its place."""
        token = views.ListToken.load(press.value)

        async def show() -> None:
            pages = await self._pages(press.workspace, press.user, token.category)
            if not pages:
                raise UserError("This category isn't in the library anymore.")
            page: Json = json.loads(pages[min(token.page, len(pages) - 1)])
            url = press.response_url or ""
            await self._slack.of(press.workspace).respond(url, page | {"replace_original": True})

        return Answer(after=show)

    async def _pages(self, workspace: str, user: str, category: str) -> Sequence[str]:
        """The list's pages as JSON, each written once; none where there is no such category.

        The roles are listed while the database is away too.
        """
        jobs = None
        if not category:
            with suppress(DatabaseAway):
                jobs = await self._postings.listed(workspace, user)
        key = workspace, user, category.casefold()
        kept = self._pages_kept.get(key)
        if kept is None or kept[0] is not jobs or (jobs is None and not category):
            kept = jobs, self._made_pages(jobs, category)
            keep(self._pages_kept, key, kept, MOST_KEPT)
        return kept[1]

    def _made_pages(self, jobs: JobList | None, category: str) -> Sequence[str]:
        library = self._jd.library
        roles = library.in_category(category) if category else library.roles
        first: Sequence[Block] = ()
        if jobs is not None:
            first = open_jobs(jobs, self._command)
        elif not category:
            first = [context("Open jobs can't be read right now. Please try again in a minute.")]
        made = views.role_list(_grouped(roles), self._command, first, category) if roles else ()
        return [json.dumps(page) for page in made]

    def _help(self) -> Answer:
        text = self._documents.message("jd_help", command=self._command)
        return Answer(private("How to use job descriptions", [mrkdwn(text)]))

    def _open_picker(self, command: Command) -> Answer:
        token = views.PickerToken(channel=command.channel, response_url=command.response_url)
        view = views.picker(_grouped(self._jd.library.roles), token)
        return Answer(
            after=lambda: self._slack.of(command.workspace).open_view(command.trigger_id, view)
        )

    async def start(self, press: Press) -> Answer:
        """*See roles*, where there is no channel to post into: the same form, to read only."""
        view = views.picker(_grouped(self._jd.library.roles), views.PickerToken(channel=""))
        return Answer(
            after=lambda: self._slack.of(press.workspace).open_view(press.trigger_id, view)
        )

    async def pick(self, press: Press) -> Answer:
        """A role was chosen in the picker: its description is shown below."""
        if press.view is None:
            return Answer()
        view = press.view
        role = self._jd.role(press.value)
        token = views.PickerToken.load(view.metadata)
        picker = views.picker(
            _grouped(self._jd.library.roles), token, self._description(role).blocks
        )
        return Answer(after=lambda: self._slack.of(press.workspace).redraw(view, view.hash, picker))

    async def submit_picker(self, submission: Submission) -> Answer:
        """*Post* in the picker: the modal closes once the description has been posted."""
        slug = submission.view.selected(JD_ROLE)
        if slug is None:
            raise FieldErrors({JD_ROLE.block: "Choose a role."})
        role = self._jd.role(slug)
        token = views.PickerToken.load(submission.view.metadata)
        posting = self._jd.new_posting(role, submission.workspace, token.channel, submission.user)
        try:
            await in_time(self._reach(token.response_url, role, posting))
        except SlackRefused as error:
            raise FieldErrors({JD_ROLE.block: error.text}) from error
        return Answer()

    async def post(self, press: Press) -> Answer:
        """*Post* under a preview or a guess."""
        token = views.RoleToken.load(press.value)
        role = self._jd.role(token.role, token.level)
        posting = self._jd.new_posting(role, press.workspace, press.channel or "", press.user)

        async def post() -> None:
            url = press.response_url or ""
            if await self._reach(url, role, posting):
                await self._slack.of(press.workspace).respond(url, {"delete_original": True})

        return Answer(after=post)

    async def guide(self, press: Press) -> Answer:
        """*Hiring guide* under a posting."""
        token = views.RoleToken.load(press.value)
        role = self._jd.role(token.role, token.level)
        if role.guide is None:
            raise UserError(f"{no_guide(role)} {HOW_TO_ADD}")
        return self._private(
            press, views.guide(role, role.guide, self._jd.library.competencies_of(role))
        )

    async def menu(self, press: Press) -> Answer:
        """The menu of a posting: Markdown, HTML, remove."""
        choice = views.MenuToken.load(press.value)
        if choice.verb is views.MenuAction.REMOVE:
            posting = views.PostingToken.load(press.block).posting
            return Answer(after=lambda: self._ask_removal(press, posting, choice))
        role = self._jd.role(choice.role, choice.level)
        style = Format.HTML if choice.verb is views.MenuAction.HTML else Format.MARKDOWN
        competencies = self._jd.library.competencies_of(role)
        text = self._documents.document("posting", style, role=role, competencies=competencies)
        label = "HTML" if style is Format.HTML else "Markdown"
        return self._private(press, views.copyable(role, label, text))

    async def _ask_removal(self, press: Press, posting: str, of: views.MenuToken) -> None:
        channel = press.channel or ""
        await self._jd.check_removal(press.workspace, channel, press.user, posting)
        token = views.RemovalToken(
            posting=posting,
            channel=channel,
            message=press.message,
            response_url=press.response_url or "",
        )
        role = self._jd.library.role(of.role)
        title = role.at(of.level).title if role is not None else "This job description"
        view = views.removal(title, token)
        await self._slack.of(press.workspace).open_view(press.trigger_id, view)

    async def submit_removal(self, submission: Submission) -> Answer:
        """*Remove*: a line that says who did it takes the description's place."""
        token = views.RemovalToken.load(submission.view.metadata)
        await in_time(self._remove(submission, token))
        return Answer()

    async def _remove(self, submission: Submission, token: views.RemovalToken) -> None:
        workspace, user = submission.workspace, submission.user
        await self._jd.check_removal(workspace, token.channel, user, token.posting)
        slack, line = self._slack.of(workspace), views.removed(user)
        try:
            await slack.respond(token.response_url, line | {"replace_original": True})
        except SlackRefused:  # it is good for half an hour only
            await slack.replace(token.channel, token.message, line["text"], line["blocks"])

    async def _reach(self, url: str, role: Role, posting: Posting) -> bool:
        """Posts where the command was typed: by response url while it is good, else as the bot.

        Says whether the response url was still good.
        """
        message: Json = json.loads(self._message(role, posting))
        slack = self._slack.of(posting.workspace)
        try:
            await slack.respond(url, message | {"replace_original": False})
        except SlackRefused:
            ts = await slack.post(posting.channel, message["text"], message["blocks"])
            self._jd.record(posting.posted_as(ts))
            return False
        self._jd.record(posting)
        return True

    def _message(self, role: Role, posting: Posting) -> str:
        return views.posting_message(self._description(role), posting)

    def _description(self, role: Role) -> views.RoleDescription:
        key = role.slug, role.level
        if key not in self._described:
            self._described[key] = views.described(role)
        return self._described[key]

    def _private(self, press: Press, messages: Sequence[Json]) -> Answer:
        workspace, url = press.workspace, press.response_url or ""
        return Answer(after=lambda: self._respond_all(workspace, url, messages))

    async def _respond_all(self, workspace: str, url: str, messages: Sequence[Json]) -> None:
        for message in messages:
            await self._slack.of(workspace).respond(url, message | {"replace_original": False})


def _grouped(roles: Iterable[Role]) -> list[tuple[Category, list[Role]]]:
    groups: dict[str, tuple[Category, list[Role]]] = {}
    for role in roles:
        groups.setdefault(role.category.slug, (role.category, []))[1].append(role)
    return list(groups.values())
