"""Scorecards to be read: what all their views share, and what stands in the form's place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from bot.domain.competencies import Competency
from bot.domain.dates import clock_in, day_in, full_day, short_day
from bot.domain.feedback_hints import Noticed
from bot.domain.panels.content import FrozenContent
from bot.domain.scorecards.closing import Closing, ClosingKind, DueScorecard
from bot.domain.scorecards.fields import Option, choices_of, texts_of
from bot.domain.scorecards.scorecard import (
    Assessment,
    Recommendation,
    ScorecardBody,
    ScorecardField,
)
from bot.services.scorecards.forms import Submitted
from handlers.ids import ActionId
from handlers.payloads import Id, Token
from handlers.views.common import Json, actions, context, header, modal, plain, titled
from handlers.views.rich import Parts, bold, line, person

TITLE = "Scorecard"


TITLES: Mapping[str, str] = {
    ScorecardField.RECOMMENDATION: "Recommendation",
    ScorecardField.NOTES: "Notes",
    ScorecardField.PROBE_NEXT: "To follow up on",
    ScorecardField.REASON: "Why it was changed",
}
"""What stands above each field of a whole scorecard where it is read."""


THUMBS: Mapping[Option, str] = {
    Recommendation.STRONG_NO: "👎👎",
    Recommendation.NO: "👎",
    Recommendation.YES: "👍",
    Recommendation.STRONG_YES: "👍👍",
}
"""Beside a recommendation, so that none looks like its opposite."""


class FeedbackToken(Token):
    """A button that shows the feedback of a panel."""

    panel: Id


def at_time(moment: datetime, zone: str, now: datetime) -> str:
    """At what time, and on which day where that is another."""
    day, today, time = day_in(zone, moment), day_in(zone, now), clock_in(zone, moment)
    if day == today:
        return f"at {time}"
    return f"on {short_day(day) if day.year == today.year else full_day(day)} at {time}"


def competency_of(content: FrozenContent, id: str) -> Competency | None:
    return next((item for item in content.competencies if item.id == id), None)


def name_of(content: FrozenContent, id: str) -> str:
    found = competency_of(content, id)
    return found.name if found is not None else id


def page(blocks: Sequence[Block]) -> Json:
    """A modal that is only read."""
    return modal(TITLE, blocks, close="Close")


def assessed(content: FrozenContent, item: Assessment) -> Block:
    """What was found of one competency."""
    chosen = [
        option.label
        for name in choices_of(Assessment)
        if (option := getattr(item, name)) is not None
    ]
    title = f"{name_of(content, item.competency)}: {', '.join(chosen) or 'No rating'}"
    written = [text for name in texts_of(Assessment) if (text := getattr(item, name))]
    return titled(title, "\n\n".join(written)) if written else line(bold(title))


def chosen_for_all(body: ScorecardBody) -> str:
    """What was chosen for the whole: the recommendation."""
    found = ((name, getattr(body, name)) for name in choices_of(ScorecardBody))
    return "\n".join(f"{TITLES[name]}: {marked(one) if one else '–'}" for name, one in found)


def marked(choice: Option) -> str:
    """What was chosen, in words; thumbs tell a recommendation's direction at a glance."""
    thumbs = THUMBS.get(choice)
    return f"{choice.label} {thumbs}" if thumbs else choice.label


def texts(body: ScorecardBody, *, with_reason: bool = False) -> list[Block]:
    """What was written about the candidate; why it was changed only where that is asked for."""
    return [
        titled(TITLES[name], getattr(body, name))
        for name, one in texts_of(ScorecardBody).items()
        if getattr(body, name) and (one.about_candidate or with_reason)
    ]


def submitted(submitted: Submitted, now: datetime) -> Json:
    """What stands in the modal's place once the scorecard is in the database."""
    version = submitted.scorecard.version
    at = at_time(version.submitted_at, submitted.due_scorecard.zone, now)
    which = (
        f" This is version {version.number}. Earlier ones are kept." if version.number > 1 else ""
    )
    return page(
        [
            header("Scorecard submitted"),
            plain(
                f"Submitted {at} for {submitted.due_scorecard.candidate}.{which} You'll get a DM "
                "with everything you wrote, and you can edit it from there."
            ),
            actions([feedback_button(submitted.due_scorecard.panel)]),
            *hints(submitted.hints),
        ]
    )


def feedback_button(panel: str) -> ButtonElement:
    """*Read feedback* on the candidate of a panel, for whoever may."""
    return ButtonElement(
        text="Read feedback",
        action_id=ActionId.SCORECARD_FEEDBACK,
        value=FeedbackToken(panel=panel).dump(),
    )


def hints(found: Iterable[Noticed]) -> list[Block]:
    """For the author alone."""
    rows = [
        titled(
            f"You wrote “{it.words}”",
            f"{it.hint.why} Better: {it.hint.instead}",
        )
        for it in found
    ]
    if not rows:
        return []
    some = "1 hint" if len(rows) == 1 else f"{len(rows)} hints"
    only_you = f"{some} only you can see. You don't have to change anything."
    return [DividerBlock(), context(only_you), *rows]


def closed(closing: Closing, due: DueScorecard) -> Json:
    """What stands in the modal's place once a scorecard was closed without one or reassigned."""
    to: Parts = (" to ", person(closing.receiver)) if closing.receiver else ()
    sentence: Parts = {
        ClosingKind.DID_NOT_INTERVIEW: (f"You didn't interview {due.candidate}",),
        ClosingKind.NO_SHOW: (f"{due.candidate} didn't show up",),
        ClosingKind.CLOSED: (f"No scorecard on {due.candidate} is due",),
        ClosingKind.REASSIGNED: (
            f"Your scorecard on {due.candidate} was reassigned",
            *to,
        ),
    }[closing.how]
    told = line(*sentence, ". The organizers will be notified.")
    reads = [actions([feedback_button(due.panel)])] if closing.actor in due.readers else []
    return page([header("Noted"), told, *reads])
