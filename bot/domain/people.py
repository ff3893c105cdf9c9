"""People of a workspace, as Slack knows them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """Somebody seen from a workspace.

    `tz` is an IANA time zone. `restricted` means a guest of one channel or several. `team` is the
    workspace that the person belongs to, which in a shared channel may be another.
    """

    id: str
    workspace: str
    name: str
    tz: str
    is_bot: bool
    deleted: bool
    restricted: bool
    team: str


def unreachable_because(person: Person, workspace: str) -> str | None:
    """Why the person can be given nothing to do in the workspace, to follow their name."""
    if person.deleted:
        return "has been deactivated"
    if person.is_bot:
        return "is a bot"
    if person.team != workspace:
        return "belongs to another workspace"
    if person.restricted:
        return "is a guest"
    return None


@dataclass(frozen=True)
class SeenMember:
    """Somebody who was a full member of the workspace at `seen_at`, in the time zone `zone`."""

    workspace: str
    person: str
    zone: str
    seen_at: datetime
