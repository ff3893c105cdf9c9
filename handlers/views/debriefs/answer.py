"""Answers to candidates: the draft that a person edits and sends."""

from urllib.parse import quote

from slack_sdk.models.blocks import Block, PlainTextInputElement

from bot.services.debriefs.answering import Answered
from handlers.ids import DEBRIEF_ANSWER_TEXT, ViewId
from handlers.views.common import Json, context, cut, header, modal, plain
from handlers.views.debriefs.buttons import TellToken, hears_by
from handlers.views.debriefs.decision import short_of
from handlers.views.forms import input_of
from handlers.views.rich import line, link, moment, person

LONGEST_NAME = 60
LONGEST_DRAFT = 3000
NO_EMAIL = "Copy it into a message of your own. I send nothing myself."
ALREADY = "They've been told. There's nothing left to do."


def tell_form(found: Answered, draft: str, asked: TellToken | None = None) -> Json:
    """The draft, which the person edits and sends; *Told them* records it. `asked` says what the
    form lies on."""
    candidate, answer = found.awaited.panel.candidate, found.awaited.answer
    name = cut(candidate.name, LONGEST_NAME)
    if answer.is_given and answer.told is not None:
        told = answer.told
        by = (person(told.person), " told them, ", moment(told.at, found.access.zone), ".")
        return modal("Tell the candidate", [header(name), line(*by), plain(ALREADY)], close="Close")
    typed = PlainTextInputElement(
        action_id=DEBRIEF_ANSWER_TEXT.action,
        multiline=True,
        max_length=LONGEST_DRAFT,
        initial_value=cut(draft, LONGEST_DRAFT),
    )
    asked = asked or TellToken(application=found.awaited.application)
    token = asked.model_copy(update={"number": found.decision.number})
    return modal(
        "Tell the candidate",
        [
            header(f"{name} {hears_by(answer)}"),
            context(f"Decision: {short_of(found.decision)}"),
            input_of(DEBRIEF_ANSWER_TEXT, "Message", typed, optional=True),
            _how(found),
        ],
        close="Back",
        submit="Told them",
        callback=ViewId.DEBRIEF_ANSWER,
        metadata=token.dump(),
    )


def _how(found: Answered) -> Block:
    candidate = found.awaited.panel.candidate
    if candidate.email is None:
        return plain(NO_EMAIL)
    subject = quote(found.awaited.panel.opening.title)
    address = quote(candidate.email, safe="@+")
    mail = link(f"mailto:{address}?subject={subject}", "write to them in your mail")
    return line("Copy it, or ", mail, ". I send nothing myself.")


def told(found: Answered) -> Json:
    """What stands in the form's place once they were told."""
    return tell_form(found, "")
