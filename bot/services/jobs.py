"""Openings as several features need them: which a person hires for, and what is asked in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.audit import AuditEntry
from bot.domain.competencies import Competency
from bot.domain.dates import day_in
from bot.domain.names import search_key
from bot.domain.openings.approval import Clearance
from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening
from bot.domain.openings.plan import plan_for
from bot.domain.openings.terms import Terms
from bot.domain.panels.content import FrozenContent
from bot.domain.posting import IN_ENGLISH, PostingWords
from bot.domain.rights import Access, Act
from bot.domain.roles import Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.storage.database import Transaction

MOST_OFFERED = 50
MOST_SHOWN = 200
ROLE_GONE = "This opening's role isn't in the library anymore. All you can do is close it."


@dataclass(frozen=True)
class JobSheet:
    """An opening as the person sees it; `content` is what is asked in it, frozen with it.

    It is None where nothing was frozen before the role went from the library. `like` is the id of
    the opening that a new one was filled in from.

    Whoever may change or approve the opening sees it as it is to be, with its `clearance`;
    `published` is then as everybody else does. `jobs_channel` is where the workspace usually
    posts jobs. `begun_at` is when its first interview began, where somebody asked for that.
    """

    job: Job
    content: FrozenContent | None
    access: Access
    now: datetime
    like: str | None = None
    clearance: Clearance | None = None
    published: Job | None = None
    jobs_channel: str | None = None
    begun_at: datetime | None = None

    @property
    def needs_approval(self) -> bool:
        """Whether somebody else has to approve it before it is made public as it is."""
        clearance = self.clearance
        return clearance is not None and not clearance.allows(self.job.public)

    @property
    def is_waiting(self) -> bool:
        """Whether it was sent for approval, and nobody has answered yet."""
        return self.clearance is not None and self.clearance.is_waiting

    @property
    def held(self) -> tuple[str, ...]:
        """What differs from what is public of it, by name."""
        return self.clearance.held if self.clearance is not None else ()

    @property
    def today(self) -> date:
        return day_in(self.access.zone, self.now)

    @property
    def is_taking(self) -> bool:
        """Whether people can apply."""
        return self.job.is_taking(self.today)

    @property
    def is_referable(self) -> bool:
        """Whether someone can be referred for it."""
        return self.job.is_referable(self.today)

    @property
    def words(self) -> PostingWords:
        """The fixed words of its posting, in its language."""
        return IN_ENGLISH if self.content is None else self.content.role.words

    @property
    def may_change(self) -> bool:
        return self.access.may_with(Act.CHANGE_OPENING, self.job.opening)

    @property
    def competencies(self) -> tuple[Competency, ...]:
        return self.asked.competencies if self.content is not None else ()

    @property
    def asked(self) -> FrozenContent:
        """The content. Raises UserError where there is none."""
        if self.content is None:
            raise UserError(ROLE_GONE)
        return self.content


class OpeningChanged(UserError):
    """Somebody else has changed the opening since the person saw it; nothing was done.

    `changes` are what they did, to what the opening is now.
    """

    def __init__(self, sheet: JobSheet, changes: Sequence[AuditEntry]) -> None:
        super().__init__("Someone else just changed this opening. Nothing was saved.")
        self.sheet = sheet
        self.changes = tuple(changes)


async def hiring_openings(tx: Transaction, library: Library, access: Access) -> Sequence[Opening]:
    """Those being hired for in which the person has a part, the newest first.

    One whose role is no longer in the library, and which has nothing of its own to ask, cannot have
    panels any more, so it is left out.
    """
    found = await tx.openings.hiring(access.workspace, access.user, MOST_OFFERED)
    kept = await tx.openings.with_content(access.workspace, [item.id for item in found])
    return [item for item in found if item.id in kept or library.role(item.role) is not None]


async def content_of(
    tx: Transaction, contents: Contents, library: Library, workspace: str, job: Job
) -> FrozenContent | None:
    """What is asked in the opening: frozen with it, or as the library has it by now; None where it
    has neither."""
    if job.content is not None:
        return await contents.named(tx, workspace, job.content)
    role = library.role(job.opening.role)
    return None if role is None else frozen(library, role)


def completed(job: Job, content: FrozenContent | None) -> Job:
    """The opening with the role's text, and with a plan, where nobody has edited it yet: one that a
    panel has made has neither."""
    if job.content is not None or content is None:
        return job
    kind = job.terms.employment_type or Terms().employment_type
    text = content.role.at(job.opening.level).sections
    return replace(
        job,
        terms=replace(job.terms, employment_type=kind),
        text=job.text or text,
        plan=job.plan or plan_for([(item.id, item.name) for item in content.competencies]),
    )


def frozen(library: Library, role: Role) -> FrozenContent:
    """The role, as its file has it, with its competencies."""
    whole = library.role(role.slug) or role
    return FrozenContent(role=whole, competencies=library.competencies_of(whole))


async def jobs_named(tx: Transaction, access: Access, name: str) -> Sequence[Job]:
    """The openings that go by this name and that the person may read: by slug, or by title. They
    are looked for among all there are, however many that is."""
    who, is_admin = (access.workspace, access.user), access.is_admin
    exactly = await tx.openings.called(*who, name.casefold(), all=is_admin)
    if exactly:
        return exactly
    key, names = search_key(name), await tx.openings.names_shown_to(*who, all=is_admin)
    alike = [opening.id for slug, opening in names if key in _keys(slug, opening)]
    return await tx.openings.jobs(access.workspace, alike, MOST_SHOWN)


def _keys(slug: str, opening: Opening) -> set[str]:
    """By what it is looked for; nobody looks for nothing."""
    names = (slug, opening.title, opening.name, opening.full_name)
    return {search_key(name) for name in names} - {""}
