"""Lines in which people's texts, mentions and times stand safely beside our own words."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
)

from bot.domain.dates import clock_in, full_time_in, short_day_in
from bot.library.documents import escape_mrkdwn

Part = RichTextElement | str
Parts = Sequence[Part]
"""What a line is made of; strings may be anybody's."""

DAY_AND_TIME = "{date_long} at {time}"
DAY = "{date_long}"
TIME = "{time}"
"""How Slack shows a time: with its weekday, and never as "today" or "tomorrow", which no words of
ours fit around ("on tomorrow")."""


def bold(text: str) -> RichTextElement:
    return RichTextElementParts.Text(text=text, style={"bold": True})


MARKS = {
    "in": "white_check_mark",
    "due": "large_yellow_circle",
    "late": "red_circle",
    "ahead": "white_circle",
    "declined": "no_entry_sign",
}
"""How a state is marked, always beside its word; nothing else is."""


def marked(state: str, *parts: Part) -> list[Part]:
    """A line that begins with the mark of a state; it has the word for it too."""
    return [RichTextElementParts.Emoji(name=MARKS[state]), " ", *parts]


def person(user: str) -> RichTextElement:
    return RichTextElementParts.User(user_id=user)


def people(users: Iterable[str]) -> list[Part]:
    """Mentions with commas between them."""
    parts: list[Part] = []
    for user in users:
        parts += [", ", person(user)] if parts else [person(user)]
    return parts


def link(url: str, text: str) -> RichTextElement:
    return RichTextElementParts.Link(url=url, text=text)


def moment(time: datetime, zone: str, style: str = DAY_AND_TIME) -> RichTextElement:
    """A time, which Slack shows in each reader's own zone and clock; in `zone` where it cannot."""
    return RichTextElementParts.Date(
        timestamp=int(time.timestamp()), format=style, fallback=full_time_in(zone, time)
    )


def moment_mrkdwn(time: datetime, zone: str, style: str = DAY_AND_TIME) -> str:
    return f"<!date^{int(time.timestamp())}^{style}|{escape_mrkdwn(full_time_in(zone, time))}>"


def short_moment_mrkdwn(time: datetime, zone: str) -> str:
    """Such as "Tue, Dec 1, 2:00 PM", for the one who is in this zone: Slack has no short day with
    its weekday, and shows the time by the reader's clock, of 12 or 24 hours."""
    return f"{short_day_in(zone, time)}, {clock_mrkdwn(time, zone)}"


def clock_mrkdwn(time: datetime, zone: str) -> str:
    """Only the time, by the reader's clock."""
    return f"<!date^{int(time.timestamp())}^{TIME}|{clock_in(zone, time)}>"


def line(*parts: Part) -> RichTextBlock:
    """One paragraph; a newline in a string begins the next line."""
    return RichTextBlock(elements=[RichTextSectionElement(elements=_elements(parts))])


def joined(items: Iterable[Parts]) -> list[Part]:
    """Each on a line of its own, without bullets."""
    rows = list(items)
    return [part for number, row in enumerate(rows) for part in (*["\n"] * bool(number), *row)]


def lines(items: Iterable[Parts]) -> RichTextBlock:
    """A list with bullets."""
    sections = [RichTextSectionElement(elements=_elements(item)) for item in items]
    return RichTextBlock(elements=[RichTextListElement(style="bullet", elements=sections)])


def _elements(parts: Parts) -> list[RichTextElement]:
    text = RichTextElementParts.Text
    return [text(text=part) if isinstance(part, str) else part for part in parts if part != ""]
