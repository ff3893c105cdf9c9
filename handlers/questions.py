"""`/questions`: sets of interview questions, for whoever is about to interview."""

import re
from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import OptionGroup

from bot.domain.dates import full_day
from bot.domain.questions.question import QuestionSet, code
from bot.domain.questions.selection import Level, Selection
from bot.errors import DatabaseAway, FieldErrors, UserError
from bot.library.documents import Documents
from bot.services.openings.postings import OpeningPostings
from bot.services.questions import NoSuchRole, Offer, QuestionsService, Unclear
from handlers.edge import Answer, in_time
from handlers.ids import (
    QUESTIONS_LEVEL,
    QUESTIONS_MINUTES,
    QUESTIONS_ROLE,
    CommandName,
    questions_competency,
)
from handlers.payloads import Command, Press, Submission
from handlers.slack import Slack
from handlers.slack_errors import SlackRefused
from handlers.views.common import Json, mrkdwn, private, role_options
from handlers.views.jd import RoleToken
from handlers.views.questions import questions as views
from handlers.views.questions.offers import no_such_role, offers
from handlers.views.questions.picker import PickerToken, picker

MOST_POSTS = 4
"""Messages that one press may post: its response url is good for five, one of them the receipt."""

OPENING = re.compile(r"(?P<name>.*?)(?:\s+(?P<minutes>\d{1,3}))?", re.DOTALL)
"""How an opening is typed, with how long the interview is."""

BEGUN_ANEW = "You've seen every question that fits, so they start over."


class Questions:
    """The listeners of `/questions`."""

    def __init__(
        self,
        questions: QuestionsService,
        openings: OpeningPostings,
        documents: Documents,
        slack: Slack,
        prefix: str,
    ) -> None:
        self._questions = questions
        self._openings = openings
        self._documents = documents
        self._slack = slack
        self._command = f"/{prefix}{CommandName.QUESTIONS}"

    async def command(self, command: Command) -> Answer:
        """`/questions ROLE [COMPETENCY] [LEVEL] [MINUTES]`, `OPENING [MINUTES]`, `set NAME`,
        `help`, or alone."""
        verb, _, rest = command.text.partition(" ")
        match verb.casefold():
            case "help":
                return self._help()
            case "set" if rest.strip():
                return Answer(await self._named(command, rest.strip()))
            case "set":
                return self._help()
        try:
            request = self._questions.read(command.text)
        except (Unclear, NoSuchRole) as fault:
            of_opening = await self._of_opening(command)
            if of_opening is not None:
                return Answer(await self._new(command, of_opening))
            if isinstance(fault, Unclear):
                return Answer(self._offers(fault))
            return Answer(no_such_role(fault.text, self._command))
        if request.role is None:
            return self._open_picker(command, request.selection)
        chosen = self._questions.compose(request.role, request.selection)
        return Answer(await self._new(command, chosen))

    async def _of_opening(self, command: Command) -> QuestionSet | None:
        """The set for the opening that goes by this name; None where no single one does that the
        person may read, or that can't be told now."""
        typed = OPENING.fullmatch(command.text)
        name, minutes = typed.group("name", "minutes") if typed else ("", None)
        who = (command.workspace, command.user)
        try:
            found = await in_time(self._openings.named(*who, name))
        except DatabaseAway:
            return None
        if len(found) != 1:
            return None
        opening = found[0].job.opening
        length = int(minutes) if minutes else Selection().minutes
        role = self._questions.role(opening.role)
        return self._questions.compose(role, Selection(length, level=opening.level))

    def _help(self) -> Answer:
        text = self._documents.message("questions_help", command=self._command)
        return Answer(private("How to use interview questions", [mrkdwn(text)]))

    async def _named(self, command: Command, name: str) -> Json:
        found = await self._questions.find(command.workspace, name)
        role = self._questions.role(found.kept.role)
        notes = []
        if found.gone:
            notes.append(
                f"Left out, because it's no longer in the library: {', '.join(found.gone)}."
            )
        elif found.kept.version != role.version:
            day = full_day(found.kept.created_at.date())
            notes.append(f"First made on {day}. The role has been edited since.")
        return await self._new(command, found.questions, notes=notes)

    def _offers(self, unclear: Unclear) -> Json:
        meant = [(self._label(offer), _selection_token(offer)) for offer in unclear.offers]
        return offers(unclear.text, meant, self._command)

    def _label(self, offer: Offer) -> str:
        competencies = self._questions.library.competencies
        selection = offer.selection
        parts = [
            offer.role.title,
            competencies[selection.competency].name if selection.competency else "",
            selection.level.label if selection.level else "",
            f"{selection.minutes} minutes" if selection.minutes != Selection().minutes else "",
        ]
        return " · ".join(part for part in parts if part)

    async def start(self, press: Press) -> Answer:
        """*Get questions* at Home or in a message."""
        return self._open_picker(press, Selection())

    def _open_picker(self, command: Command | Press, selection: Selection) -> Answer:
        token = PickerToken(
            response_url=command.response_url or "",
            minutes=selection.minutes,
            competency=selection.competency,
            level=selection.level,
        )
        view = picker(self._roles(), token)
        return Answer(
            after=lambda: self._slack.of(command.workspace).open_view(command.trigger_id, view)
        )

    async def pick(self, press: Press) -> Answer:
        """A role was chosen in the picker: its competencies can be chosen too."""
        if press.view is None:
            return Answer()
        view = press.view
        role = self._questions.role(press.value)
        competencies = self._questions.library.competencies_of(role)
        changed = picker(self._roles(), PickerToken.load(view.metadata), role, competencies)
        return Answer(
            after=lambda: self._slack.of(press.workspace).redraw(view, view.hash, changed)
        )

    async def submit_picker(self, submission: Submission) -> Answer:
        """*Show* in the picker: the modal closes once the set is shown where it was asked for."""
        view = submission.view
        slug = view.selected(QUESTIONS_ROLE)
        if slug is None:
            raise FieldErrors({QUESTIONS_ROLE.block: "Choose a role."})
        level = view.selected(QUESTIONS_LEVEL)
        minutes = view.selected(QUESTIONS_MINUTES)
        selection = Selection(
            minutes=int(minutes) if minutes else Selection().minutes,
            competency=view.selected(questions_competency(slug)),
            level=Level(level) if level else None,
        )
        try:
            chosen = self._questions.compose(self._questions.role(slug), selection)
        except UserError as error:
            raise FieldErrors({QUESTIONS_MINUTES.block: error.text}) from error
        url = PickerToken.load(view.metadata).response_url
        try:
            await in_time(self._shown(submission, url, chosen))
        except SlackRefused as error:
            raise FieldErrors({QUESTIONS_ROLE.block: error.text}) from error
        return Answer()

    async def _shown(self, submission: Submission, url: str, chosen: QuestionSet) -> None:
        """Where the set was asked for; from Home that is nowhere, so it goes to the person's DM."""
        message = await self._new(submission, chosen)
        if not url:
            slack = self._slack.of(submission.workspace)
            await slack.post(submission.user, message["text"], message["blocks"])
            return
        await self._slack.of(submission.workspace).respond(url, message)

    async def of_role(self, press: Press) -> Answer:
        """*Interview questions* under a posting or in a hiring guide."""
        token = RoleToken.load(press.value)
        role = self._questions.role(token.role)
        chosen = self._questions.compose(role, Selection(level=token.level))

        async def answer() -> None:
            message = await self._new(press, chosen)
            await self._respond(press, message | {"replace_original": False})

        return Answer(after=answer)

    async def ask(self, press: Press) -> Answer:
        """A guess that was right."""
        token = views.SelectionToken.load(press.value)
        chosen = self._questions.compose(self._questions.role(token.role), token.selection)
        return self._replace(press, chosen)

    async def show(self, press: Press) -> Answer:
        """*Show rubric*, *Hide rubric*, *Next questions*, *Back*."""
        token, questions = self._load(press)
        return self._replace(press, questions, token)

    async def swap(self, press: Press) -> Answer:
        """*Swap* under a question."""
        token, old = self._load(press)
        out = next((id for id in old.ids if code(id) == token.at), "")
        closed = token.model_copy(update={"kept": False, "at": None})
        return self._replace(press, self._questions.swap(old, out), closed)

    async def another(self, press: Press) -> Answer:
        """*Another set*."""
        _, old = self._load(press)
        new = self._questions.another(old)
        through = not new.seen.issuperset({*old.seen, *old.ids})
        return self._replace(press, new, notes=[BEGUN_ANEW] if through else [])

    async def send(self, press: Press) -> Answer:
        """*Send to my DM*: everything, rubrics included."""
        token, questions = self._load(press)

        async def send() -> None:
            for message in views.for_dm(self._sheet(questions, token), self._command):
                await self._slack.of(press.workspace).post(
                    press.user, message["text"], message["blocks"]
                )
            await self._show(press, questions, token, done="Sent to your DM, with all rubrics.")

        return Answer(after=send)

    async def warn(self, press: Press) -> Answer:
        """*Post to channel*: says first who may read it."""
        token, questions = self._load(press)
        message = views.warning(self._sheet(questions, token))
        return Answer(after=lambda: self._respond(press, message | {"replace_original": True}))

    async def post(self, press: Press) -> Answer:
        """*Post anyway*: the questions without their rubrics."""
        token, questions = self._load(press)
        messages = views.for_channel(self._sheet(questions, token))
        if len(messages) > MOST_POSTS:
            raise UserError("This set is too long for a channel. Ask for fewer minutes.")

        async def post() -> None:
            for message in messages:
                public = {"response_type": "in_channel", "replace_original": False}
                await self._respond(press, message | public)
            await self._show(press, questions, token, done="Posted here, without rubrics.")

        return Answer(after=post)

    def _load(self, press: Press) -> tuple[views.SetToken, QuestionSet]:
        """The set that a button belongs to; no longer kept where questions of it have gone."""
        token = views.SetToken.load(press.value)
        role = self._questions.role(token.role)
        seen = self._questions.bank(role).unmask(token.seen)
        questions = self._questions.restore(role, token.selection, token.codes, seen)
        whole = len(questions.ids) == len(token.codes)
        return token.model_copy(update={"kept": token.kept and whole}), questions

    def _replace(
        self,
        press: Press,
        questions: QuestionSet,
        token: views.SetToken | None = None,
        notes: Sequence[str] = (),
    ) -> Answer:
        return Answer(after=lambda: self._show(press, questions, token, notes))

    async def _show(
        self,
        press: Press,
        questions: QuestionSet,
        token: views.SetToken | None = None,
        notes: Sequence[str] = (),
        done: str = "",
    ) -> None:
        """Puts the set into the place of the message that the button is in."""
        message = await self._new(press, questions, token, notes, done)
        await self._respond(press, message | {"replace_original": True})

    async def _new(
        self,
        request: Command | Press | Submission,
        questions: QuestionSet,
        token: views.SetToken | None = None,
        notes: Sequence[str] = (),
        done: str = "",
    ) -> Json:
        """The set as a message, kept under its name unless it is already."""
        kept = token is not None and token.kept
        if not kept:
            kept = await self._questions.keep(questions, request.workspace, request.user)
        shown = replace(self._sheet(questions, token), kept=kept, notes=tuple(notes), done=done)
        return views.question_set(shown, self._command)

    def _sheet(self, questions: QuestionSet, token: views.SetToken | None) -> views.QuestionSetView:
        role = self._questions.role(questions.role)
        at = None if token is None else token.at
        return views.QuestionSetView(
            role=role,
            questions=questions,
            competencies=self._questions.library.competencies,
            seen=self._questions.bank(role).mask(questions.seen),
            kept=token is not None and token.kept,
            fixed=frozenset(questions.ids) - self._questions.swappable(questions),
            open=next((id for id in questions.ids if code(id) == at), None),
            page=0 if token is None else token.page,
        )

    def _roles(self) -> list[OptionGroup]:
        library = self._questions.library
        return role_options((item, library.in_category(item.slug)) for item in library.categories)

    async def _respond(self, press: Press, message: Json) -> None:
        await self._slack.of(press.workspace).respond(press.response_url or "", message)


def _selection_token(offer: Offer) -> views.SelectionToken:
    selection = offer.selection
    return views.SelectionToken(
        role=offer.role.slug,
        minutes=selection.minutes,
        competency=selection.competency,
        level=selection.level,
    )
