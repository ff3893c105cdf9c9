"""People of a made-up workspace, and a directory that knows them."""

from dataclasses import dataclass, field, replace

from bot.domain.people import Person
from bot.services.members import Members
from bot.services.ports import Clock, Directory, Refused
from bot.services.rights import Rights
from bot.storage.database import Database

WORKSPACE = "T1"
ZONES = {
    "U1": "Europe/London",
    "UMANAGER": "Europe/Berlin",
    "URECRUITER": "Europe/London",
    "UALEX": "Europe/Berlin",
    "USAM": "America/New_York",
    "UPRIYA": "Asia/Kolkata",
    "UDANA": "Europe/Berlin",
    "UEVE": "Asia/Kolkata",
    "UADMIN": "Europe/Lisbon",
    "UMEMBER": "Europe/London",
}


def person(id: str, tz: str = "UTC") -> Person:
    return Person(
        id=id,
        workspace=WORKSPACE,
        name=id.removeprefix("U").capitalize(),
        tz=tz,
        is_bot=False,
        deleted=False,
        restricted=False,
        team=WORKSPACE,
    )


def cast() -> dict[str, Person]:
    people = {id: person(id, tz) for id, tz in ZONES.items()}
    return people | {
        "UGUEST": replace(person("UGUEST"), restricted=True),
        "USTRANGER": replace(person("USTRANGER"), team="T2"),
        "UBOT": replace(person("UBOT"), is_bot=True),
        "UGONE": replace(person("UGONE"), deleted=True),
    }


@dataclass
class People:
    """Implements the Directory port; `private` are the channels that names may be posted in."""

    people: dict[str, Person] = field(default_factory=cast)
    admins: set[str] = field(default_factory=lambda: {"UADMIN"})
    private: set[str] = field(default_factory=lambda: {"CPRIVATE"})

    async def person(self, workspace: str, user: str) -> Person:
        if user not in self.people:
            raise Refused("user_not_found", "Slack refused this (user_not_found).")
        return self.people[user]

    async def is_workspace_admin(self, workspace: str, user: str) -> bool:
        return user in self.admins

    async def unsuitable_because(self, workspace: str, channel: str) -> str | None:
        return (
            None
            if channel in self.private
            else "Choose a private channel: candidates' names don't go to public ones."
        )


def people_of(workspace: str, *ids: str) -> People:
    """Members of another workspace, each an admin of it."""
    known = {id: replace(person(id), workspace=workspace, team=workspace) for id in ids}
    return People(known, admins=set(ids))


def rights_of(
    people: Directory, database: Database, clock: Clock, admins: frozenset[str] = frozenset()
) -> Rights:
    """Rights; Slack says who the admins are where none are given."""
    return Rights(admins, people, Members(database, people, clock))
