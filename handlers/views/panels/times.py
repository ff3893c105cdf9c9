"""What is odd about the time of an interview, in words."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.domain.dates import weekday_in, weekday_time_in
from bot.domain.panels.warnings import EVENING, MORNING, TimeWarning, WarningKind
from bot.domain.people import Person
from bot.services.panels.times import ProposedInterview
from handlers.views.common import context, cut
from handlers.views.rich import lines

TO_CHECK = "🟡"
LONGEST_FIRST_NAME = 40


def digest_of(warnings: Sequence[TimeWarning]) -> str:
    """Tells whether these are the warnings that somebody has seen; empty where there are none."""
    keys = "\n".join(sorted(warning.key for warning in warnings))
    return hashlib.sha256(keys.encode()).hexdigest()[:16] if keys else ""


def first_name(person: Person) -> str:
    """By which a sentence of ours calls them; many display names are written small."""
    name = next(iter(person.name.split()), person.id)
    return cut(name[:1].upper() + name[1:], LONGEST_FIRST_NAME)


def local_time(person: Person, starts_at: datetime, zone: str) -> str | None:
    """What the person's clock shows then, such as "Tue 2:30 PM for Priya"; None where the reader's
    shows the same."""
    here, there = (starts_at.astimezone(ZoneInfo(name)) for name in (zone, person.tz))
    if here.utcoffset() == there.utcoffset():
        return None
    return f"{weekday_time_in(person.tz, starts_at)} for {first_name(person)}"


def why_not_text(person: Person, why_not: str) -> str:
    return f"{first_name(person)} {why_not}, so they can't be on a panel."


def warning_text(person: Person, warning: TimeWarning, others: Mapping[str, Person]) -> str:
    """A sentence about the person's interview, which may be at the same time as others'."""
    name = first_name(person)
    match warning.kind:
        case WarningKind.PAST:
            return f"{name}'s interview is in the past."
        case WarningKind.NIGHT:
            starts = warning.starts_at.astimezone(ZoneInfo(person.tz)).time()
            if starts < MORNING:
                return f"This starts before {_hour(MORNING)} for {name}."
            return f"This ends after {_hour(EVENING)} for {name}."
        case WarningKind.DAY_OFF:
            return f"{weekday_in(person.tz, warning.starts_at)} is a day off for {name}."
        case WarningKind.SAME_TIME:
            other = first_name(others[warning.other or ""])
            return f"{name}'s interview is at the same time as {other}'s."
        case WarningKind.BUSY:
            return f"{name} has another interview at this time."


def _hour(at: time) -> str:
    return f"{at.hour % 12 or 12} {'AM' if at.hour < 12 else 'PM'}"


def check_first(sentences: Sequence[str], submit: str, *, is_one: bool = False) -> Sequence[Block]:
    """What was not warned of until the button that is called `submit` was clicked, about one
    interview or several."""
    check = "Check this time. If it's" if is_one else "Check these times. If they're"
    title = f"{TO_CHECK} {check} right, click *{submit}* again."
    return [
        SectionBlock(text=MarkdownTextObject(text=title)),
        lines([(sentence,) for sentence in sentences]),
    ]


def odd_texts(proposed: ProposedInterview) -> list[str]:
    """What is odd about it, a sentence each."""
    person = proposed.person
    return [
        *([why_not_text(person, proposed.why_not)] if proposed.why_not is not None else []),
        *(warning_text(person, warning, proposed.others) for warning in proposed.warnings),
    ]


def time_notes(proposed: ProposedInterview, zone: str) -> list[Block]:
    """The same as small lines above a form, below the interviewer's own time."""
    there = local_time(proposed.person, proposed.starts_at, zone)
    return [
        *([context(there)] if there is not None else []),
        *(context(f"{TO_CHECK} {text}") for text in odd_texts(proposed)),
    ]
