"""Who is in the workspace and where they talk, read from a file: TOML, or JSON of the same keys."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot.playground.state.models import (
    BOT_USER,
    SLACKBOT,
    TEAM_ID,
    Channel,
    Enterprise,
    Team,
    User,
)

COLORS = ("2f6f9f", "8a5a00", "1f7a4d", "a63d57", "6a4fb3", "3b6b6b", "6b6b6b", "4d6b1f")
ELSEWHERE = "T0ELSEWHERE"
"""Where somebody of another workspace is at home, unless the file says which one."""


@dataclass(frozen=True)
class Cast:
    """The workspace's people and conversations, the app and Slackbot not among them."""

    team: Team
    people: tuple[User, ...]
    channels: tuple[Channel, ...]


class CastError(ValueError):
    """A file of people was refused; says every fault, each where it stands."""

    def __init__(self, path: Path, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        heading = f"{path}: {count} {'problem' if count == 1 else 'problems'} in this cast."
        super().__init__("\n".join([heading, *(f"  {fault}" for fault in self.faults)]))


def read(path: Path) -> Cast:
    """The cast of a file. Raises CastError where it cannot be read or understood."""
    try:
        return _CastFile.model_validate(_parsed(path)).cast()
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise CastError(path, [line for detail in details for line in _sentences(detail)]) from None


def _parsed(path: Path) -> Any:
    readers = {".toml": tomllib.loads, ".json": json.loads}
    parse = readers.get(path.suffix.lower())
    if parse is None:
        raise CastError(path, ["the name must end in .toml or .json"])
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CastError(path, [f"the file cannot be read: {error.strerror}"]) from None
    except ValueError as error:
        raise CastError(path, [f"this is not {path.suffix[1:].upper()}: {error}"]) from None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone such as Europe/Berlin") from None
    return name


def _like(pattern: str, example: str) -> AfterValidator:
    """Refuses a text that does not match as a whole: it has to look like the example."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{text!r} must look like {example}")
        return text

    return AfterValidator(check)


Handle = Annotated[
    str, _like(r"[a-z0-9][a-z0-9._-]{0,79}", "alex.novak: small letters, digits, - . _")
]
UserId = Annotated[str, _like(r"[UW][A-Z0-9]{2,20}", "U0ALEX")]
ChannelId = Annotated[str, _like(r"C[A-Z0-9]{2,20}", "C0HIRING")]
WorkspaceId = Annotated[
    str, _like(r"[TE][A-Z0-9]{2,20}", "T0ACME, or E0ACME for an organization as a whole")
]
EnterpriseId = Annotated[str, _like(r"E[A-Z0-9]{2,20}", "E0ACME")]
Email = Annotated[str, _like(r"[^@\s]+@[^@\s]+\.[^@\s]+", "alex@example.com")]
Domain = Annotated[str, _like(r"[a-z0-9][a-z0-9-]*", "northwind-labs")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Kind = Literal[
    "member", "admin", "owner", "guest", "single-channel guest", "external", "organization",
    "deactivated",
]  # fmt: skip


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Organization(_Part):
    id: EnterpriseId
    name: Line


class _Workspace(_Part):
    name: Line
    domain: Domain
    email_domain: Line
    organization: _Organization | None = None

    def team(self) -> Team:
        above = self.organization
        enterprise = Enterprise(above.id, above.name) if above else None
        return Team(self.name, self.domain, self.email_domain, enterprise)


class _Person(_Part):
    name: Handle
    full_name: Line
    title: Annotated[str, StringConstraints(max_length=80)] = ""
    kind: Kind = "member"
    zone: Annotated[str, AfterValidator(_zone)] = "Europe/London"
    zone_label: str = ""
    email: Email | None = None
    id: UserId | None = None
    workspace: WorkspaceId | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether they are in a channel that names no members."""
        return self.kind not in ("guest", "single-channel guest", "external", "deactivated")

    @property
    def user_id(self) -> str:
        return self.id or f"U0{_capitals(self.name)}"

    def user(self, color: str, email_domain: str) -> User:
        elsewhere = self.kind in ("external", "organization")
        return User(
            self.user_id,
            self.name,
            self.full_name,
            email=self.email or f"{self.name}@{email_domain}",
            title=self.title,
            tz=self.zone,
            tz_label=self.zone_label or self.zone,
            color=color,
            is_admin=self.kind in ("admin", "owner"),
            is_owner=self.kind == "owner",
            is_restricted=self.kind in ("guest", "single-channel guest"),
            is_ultra_restricted=self.kind == "single-channel guest",
            deleted=self.kind == "deactivated",
            team=(self.workspace or ELSEWHERE) if elsewhere else TEAM_ID,
            is_org_member=self.kind == "organization",
        )


class _Channel(_Part):
    name: Handle
    topic: str = ""
    private: bool = False
    members: tuple[str, ...] | None = None
    app: bool = True
    id: ChannelId | None = None

    @property
    def channel_id(self) -> str:
        return self.id or f"C0{_capitals(self.name)}"


class _CastFile(_Part):
    workspace: _Workspace
    people: Annotated[tuple[_Person, ...], Field(min_length=1)]
    channels: Annotated[tuple[_Channel, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> "_CastFile":
        faults = [*self._doubles(), *self._strangers(), *self._homes()]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _doubles(self) -> Iterator[str]:
        if all(person.kind == "deactivated" for person in self.people):
            yield "people: somebody has to be left who is not deactivated"
        named = (
            ("people: the name", [person.name for person in self.people]),
            ("people: the id", [person.user_id for person in self.people]),
            ("channels: the name", [channel.name for channel in self.channels]),
            ("channels: the id", [channel.channel_id for channel in self.channels]),
        )
        for what, names in named:
            for name, times in Counter(names).items():
                if times > 1:
                    yield f"{what} {name} is there {times} times"
        for person in self.people:
            if person.user_id in (BOT_USER, SLACKBOT):
                yield f"people: the id {person.user_id} belongs to Slack's side; choose another"

    def _strangers(self) -> Iterator[str]:
        known = {person.name for person in self.people}
        for number, channel in enumerate(self.channels, start=1):
            for name in channel.members or ():
                if name not in known:
                    yield f"channels[{number}].members: there is nobody called {name!r}"

    def _homes(self) -> Iterator[str]:
        for number, person in enumerate(self.people, start=1):
            elsewhere = person.kind in ("external", "organization")
            if person.workspace and not elsewhere:
                yield (
                    f"people[{number}].workspace: only people of kind external or organization "
                    "are at home elsewhere"
                )
            if person.workspace == TEAM_ID:
                yield f"people[{number}].workspace: {TEAM_ID} is this workspace; choose another"
            if person.kind == "organization" and self.workspace.organization is None:
                yield (
                    f"people[{number}].kind: organization needs [workspace.organization] "
                    "with its id and name"
                )

    def cast(self) -> Cast:
        domain = self.workspace.email_domain
        users = [
            person.user(COLORS[index % len(COLORS)], domain)
            for index, person in enumerate(self.people)
        ]
        ids = {user.name: user.id for user in users}
        external = {user.name for user in users if user.is_external}
        everyone = tuple(person.name for person in self.people if person.is_everywhere)
        channels = []
        for channel in self.channels:
            names = everyone if channel.members is None else channel.members
            members = (*(ids[name] for name in names), *((BOT_USER,) if channel.app else ()))
            channels.append(
                Channel(
                    channel.channel_id,
                    channel.name,
                    "private" if channel.private else "channel",
                    members,
                    channel.topic,
                    is_shared=not external.isdisjoint(names),
                )
            )
        return Cast(self.workspace.team(), tuple(users), tuple(channels))


def _capitals(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def _sentences(detail: Any) -> list[str]:
    """`people[3].zone: …`; lists count from 1, as a reader of the file does."""
    place = ""
    for part in detail["loc"]:
        place += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    place = place.removeprefix(".")
    lines = _expected(detail).splitlines()
    return [f"{place}: {line}" for line in lines] if place else lines


def _expected(detail: Any) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a known key"
        case "too_short":
            return "must not be empty"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            return f"takes at most {context['max_length']} characters"
        case "string_type":
            return "must be text in quotes"
        case "bool_type" | "bool_parsing":
            return "must be true or false"
        case "tuple_type":
            return "must be a list"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "must be a table with keys of its own"
        case "literal_error":
            return f"{detail['input']!r} must be one of {context['expected']}"
        case _:
            return str(detail["msg"]).removeprefix("Value error, ")
