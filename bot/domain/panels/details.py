"""A panel's details, which are all that is not an interview: what of them differs, and who may give
which part to whom."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import Panel


@dataclass(frozen=True)
class Details:
    """What a panel says besides its interviews, as it is or as somebody asks for it.

    The fields are called as their parts of a form are.
    """

    name: str
    email: str | None
    link: str | None
    hiring_manager: str
    recruiter: str
    channel: str | None


HOLDERS: Mapping[PanelField, str] = {
    PanelField.HIRING_MANAGER: "hiring manager",
    PanelField.RECRUITER: "recruiter",
}
"""The parts that one person holds, each in words: whoever does reads feedback as it arrives."""


def details(panel: Panel) -> Details:
    return Details(
        name=panel.candidate.name,
        email=panel.candidate.email,
        link=panel.candidate.link,
        hiring_manager=panel.hiring_manager,
        recruiter=panel.recruiter,
        channel=panel.channel,
    )


def holder(of: Details, part: PanelField) -> str:
    """Who is the hiring manager, or the recruiter."""
    return of.hiring_manager if part is PanelField.HIRING_MANAGER else of.recruiter


def different(before: Details, after: Details) -> tuple[str, ...]:
    """The names of the fields in which they differ."""
    was, now = asdict(before), asdict(after)
    return tuple(name for name in was if was[name] != now[name])


def given(before: Details, after: Details) -> tuple[PanelField, ...]:
    """The parts that somebody else is to hold."""
    return tuple(part for part in HOLDERS if holder(before, part) != holder(after, part))


def check_not_to_oneself(before: Details, after: Details, user: str) -> None:
    """Raises InvalidPanel where the user gives themselves the right to read feedback.

    Whoever holds one of the parts has it already, and may take the other too.
    """
    if user in (before.hiring_manager, before.recruiter):
        return
    for part in given(before, after):
        if holder(after, part) == user:
            raise InvalidPanel(
                part,
                f"The {HOLDERS[part]} reads all feedback, so you cannot give this part to "
                "yourself. The hiring manager and the recruiter can give it to you.",
            )


def merged(seen: Details, entered: Details, now: Details) -> Details:
    """What somebody entered, over what others have changed since they saw the details.

    A field that they left alone is as it is now.
    """
    touched = different(seen, entered)
    return Details(**{**asdict(now), **{name: getattr(entered, name) for name in touched}})
