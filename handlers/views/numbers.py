"""How long scorecards take and how interviews are spread, as one person reads it."""

from datetime import timedelta
from unicodedata import east_asian_width

from slack_sdk.models.blocks import Block

from bot.domain.dates import full_day, short_day
from bot.domain.numbers import Numbers, OwnNumbers, TeamNumbers, Times, Timing
from handlers.views.common import Json, context, cut, header, mrkdwn, preformatted, private
from handlers.views.rich import Parts, bold, joined, line

LONGEST_TEAM = 40
MOST_TEAMS = 20

NAME, BAR = 14, 10
"""Columns of the chart, which with its numbers fits on a phone."""

TOO_FEW = (
    "Fewer than five people other than you interviewed in that time, so there's nothing to show "
    "that wouldn't be about one of them."
)
FOOT = "Every number is over at least five people. Smaller teams are shown together."


def numbers(of: Numbers) -> Json:
    """A message for the person alone."""
    title = _title(of)
    blocks: list[Block] = [header(title), context(period(of))]
    if of.total is None and of.timing is None:
        blocks.append(context(TOO_FEW))
    else:
        blocks.append(line(*joined(_whole(of))))
    if of.teams:
        blocks += [
            mrkdwn("*Interviews a week*"),
            preformatted(chart(of)),
            line(*joined(_teams(of))),
        ]
    if of.own is not None:
        blocks += [mrkdwn("*You*"), line(*joined(_own(of.own, of.timing)))]
    return private(f"{title}. {period(of)}", [*blocks, context(FOOT)])


def _title(of: Numbers) -> str:
    if of.timing is not None and of.timing.times is not None:
        return f"Half take up to {duration(of.timing.times.median)}"
    return "Too few people for numbers"


def period(of: Numbers) -> str:
    first = full_day(of.since) if of.since.year != of.last.year else short_day(of.since)
    return f"{of.weeks} weeks, {first} to {full_day(of.last)}"


def _whole(of: Numbers) -> list[Parts]:
    rows: list[Parts] = []
    if of.timing is not None and of.timing.times is not None:
        times = of.timing.times
        rows += [
            _took("From interview to scorecard", times),
            (bold(_percent(of.timing)), " of scorecards were submitted within 24 hours"),
        ]
    for what, step in (
        ("From the last scorecard to a decision", of.deciding),
        ("From a decision to the candidate's answer", of.answering),
    ):
        if step is not None:
            rows.append(_took(what, step.times))
    if of.total is not None:
        total = of.total
        rows.append(
            (
                f"{_people(total.people)} held {_interviews(total.interviews)}: ",
                bold(f"{of.weekly(total.interviews):.1f}"),
                " a week",
            )
        )
    return rows


def _took(what: str, times: Times) -> Parts:
    median, ninth = bold(duration(times.median)), bold(duration(times.ninth))
    return (f"{what}: half take up to ", median, ", 9 in 10 up to ", ninth)


def _teams(of: Numbers) -> list[Parts]:
    return [
        (bold(_name(one)), f" · {of.weekly(one.interviews):.1f} · {_people(one.people)}")
        for one in of.teams[:MOST_TEAMS]
    ]


def chart(of: Numbers) -> str:
    """A bar for each team; the lines below it have the same numbers in words."""
    weekly = [of.weekly(one.interviews) for one in of.teams[:MOST_TEAMS]]
    longest = max(weekly)
    width = max(len(f"{one:.1f}") for one in weekly)
    rows = [
        f"{_column(team.team or 'Other teams')} {_bar(one / longest)} {one:>{width}.1f}"
        for team, one in zip(of.teams, weekly, strict=False)
    ]
    return "\n".join(rows)


def _bar(share: float) -> str:
    """To half a column, and never nothing."""
    halves = max(1, round(share * BAR * 2))
    return ("█" * (halves // 2) + "▌" * (halves % 2)).ljust(BAR)


def _column(name: str) -> str:
    """The name in just so many columns, of which some letters take two."""
    shown, room = "", NAME
    for letter in " ".join(name.split()):
        room -= _width(letter)
        if room < 0:
            break
        shown += letter
    else:
        return shown + " " * room
    while sum(map(_width, shown)) > NAME - 1:
        shown = shown[:-1]
    return f"{shown}…" + " " * (NAME - 1 - sum(map(_width, shown)))


def _width(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else 1


def _name(of: TeamNumbers) -> str:
    return "Other teams, or none" if of.team is None else cut(of.team, LONGEST_TEAM)


def _own(own: OwnNumbers, everyones: Timing | None) -> list[Parts]:
    if not own.interviews:
        return [("You held no interviews in that time.",)]
    rows: list[Parts] = [(f"You held {_interviews(own.interviews)}.",)]
    if own.timing.times is not None:
        mine = duration(own.timing.times.median)
        if everyones is not None and everyones.times is not None:
            usual = f"Everyone's: {duration(everyones.times.median)}."
        else:
            usual = ""
        rows.append((f"Half of your scorecards took up to {mine}. {usual}".rstrip(),))
    return rows


def _percent(of: Timing) -> str:
    return f"{of.share * 100:.0f}%"


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _interviews(count: int) -> str:
    return f"{count:,} interview{'' if count == 1 else 's'}"


def duration(length: timedelta) -> str:
    """Such as "50 minutes", "5 hours" or "3 days": rounded up, as it is "up to" that."""
    minutes = max(1, -(-length // timedelta(minutes=1)))
    if minutes <= 90:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    hours = -(-minutes // 60)
    return f"{hours} hours" if hours <= 48 else f"{-(-hours // 24)} days"
