"""The forms of an opening: what it begins with, and what people change about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.audit import new_id
from bot.domain.dates import day_in
from bot.domain.openings.fields import PEOPLE, InvalidOpening, InvalidSection, OpeningField
from bot.domain.openings.form import Entered, Usual, filled, typed, usual
from bot.domain.openings.job import Job, own_page
from bot.domain.openings.opening import Opening
from bot.domain.openings.plan import (
    MOST_PLANNED,
    Plan,
    PlannedInterview,
    check_planned,
    plan_for,
)
from bot.domain.openings.rule import RuleForm, rule_of
from bot.domain.openings.terms import Terms
from bot.domain.openings.text import (
    MOST_TEXT,
    fault_of_section,
    length_of,
    section_of,
    without_empty,
)
from bot.domain.questions.selection import Level
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.services.jobs import JobSheet, OpeningChanged, frozen
from bot.services.openings.editing import Also, Change, JobEditing
from bot.services.rights import NO_OPENING, permitted_job, require_member
from bot.storage.database import Transaction


@dataclass(frozen=True)
class JobEdit:
    """What is changed, as it was when the person saw it; `version` 0: it is not there yet, and its
    form was filled in from the opening `like`, if from any."""

    id: str
    version: int
    role: str
    level: Level | None = None
    like: str | None = None


RULE_STANDS = (
    "The first interview for this job has begun, so its decision rule can't be changed anymore."
)


class OpeningForms:
    """Each use case raises UserError: InvalidOpening where something does not fit, OpeningChanged
    where somebody else was first.

    `company` is what holds for all openings of the company, as far as it has said so.
    """

    def __init__(self, editing: JobEditing, company: Usual | None = None) -> None:
        self._editing = editing
        self._company = company or Usual()

    @property
    def has_pages(self) -> bool:
        """Whether there are jobs pages, on which people can apply."""
        return self._company.pages is not None

    async def begun(
        self, workspace: str, user: str, role: str, level: Level | None = None
    ) -> JobSheet:
        """A new opening for the role, filled in with what the role and the last opening suggest.
        Nothing is kept before the form is submitted."""
        access = await self._access(workspace, user)
        async with self._editing.database.read() as tx:
            like = await tx.openings.latest_of(workspace, user, role)
        edit = JobEdit(new_id(), 0, role, level, like.id if like is not None else None)
        return self._begun(access, edit, like)

    async def begun_as(self, workspace: str, user: str, edit: JobEdit) -> JobSheet:
        """The new opening that a form was begun with, whatever has been opened since."""
        access = await self._access(workspace, user)
        async with self._editing.database.read() as tx:
            like = await _like(tx, access, edit)
        return self._begun(access, edit, like)

    async def editable(self, workspace: str, user: str, id: str) -> JobSheet:
        """The opening, for whoever may change it. Raises UserError where its role is gone."""
        sheet = await self._editing.shown(workspace, user, id, Act.CHANGE_OPENING)
        return replace(sheet, content=sheet.asked)

    async def save(self, workspace: str, user: str, edit: JobEdit, entered: Entered) -> JobSheet:
        """Keeps what stands in the form, the first time as a draft."""
        access = await self._access(workspace, user)
        async with self._editing.database.read() as tx:
            there = await tx.openings.job(workspace, edit.id)
            if there is None:
                like = await _like(tx, access, edit)
            else:
                like = await tx.openings.latest_of(workspace, user, edit.role)
            base = there.proposed if there else self._new(access, edit, like)
        if there is not None:
            permitted_job(access, Act.CHANGE_OPENING, there)
        elif edit.version:
            raise UserError(NO_OPENING)
        told = usual((base, like), self._company)
        today = day_in(access.zone, self._editing.clock.now())
        await self._check(access, base, entered, told, today)

        def change(seen: JobSheet) -> Job:
            return _with_level(filled(seen.job, entered, told, today), seen)

        if there is None:
            made = filled(base, entered, told, today)
            async with self._editing.database.write() as tx:
                sheet = await self._editing.make(tx, access, made)
            if sheet is not None:
                self._editing.lists.forget(workspace)
                return sheet
        version = max(edit.version, 1)
        return await self._editing.change(
            workspace, user, edit.id, version, "opening.changed", change
        )

    async def give_text(
        self, workspace: str, user: str, edit: JobEdit, entered: Mapping[int, str]
    ) -> JobSheet:
        """Changes the posting's text: by the number of each part what stands there now."""

        def change(seen: JobSheet) -> Job:
            if len(seen.job.text) <= max(entered, default=0):
                raise UserError("This text was changed while you edited it. Open it again.")
            text = tuple(
                replace(section_of(section.heading, entered[number]), part=section.part)
                if number in entered
                else section
                for number, section in enumerate(seen.job.text)
            )
            for number in entered:
                if fault := fault_of_section(text[number]):
                    raise InvalidSection(number, fault)
            if not without_empty(text):
                raise InvalidSection(min(entered, default=0), "Write what the job is.")
            if length_of(text) > MOST_TEXT:
                longest = max(entered, key=lambda number: length_of([text[number]]))
                told = f"Shorten the posting to {MOST_TEXT:,} characters in all."
                raise InvalidSection(longest, told)
            return replace(seen.job, text=text)

        return await self._change_part(workspace, user, edit, "text", change)

    async def plan(
        self, workspace: str, user: str, edit: JobEdit, number: int | None, item: PlannedInterview
    ) -> JobSheet:
        """Puts an interview into the plan: in the place of that `number`, or at its end."""
        if item.usually is not None:
            fault = await self._editing.rights.fault_of_member(workspace, item.usually)
            if fault is not None:
                raise InvalidOpening({OpeningField.PLAN_USUALLY: fault})

        def change(seen: JobSheet) -> Job:
            checked = check_planned(item, seen.asked.ids)
            plan = list(seen.job.plan)
            if number is None and len(plan) >= MOST_PLANNED:
                raise UserError(f"A plan has at most {MOST_PLANNED} interviews.")
            at = len(plan) if number is None else number
            plan[at : at + 1] = [checked]
            return replace(seen.job, plan=tuple(plan))

        return await self._change_part(workspace, user, edit, "plan", change)

    async def drop(self, workspace: str, user: str, edit: JobEdit, number: int) -> JobSheet:
        """Takes an interview out of the plan."""

        def change(seen: JobSheet) -> Job:
            plan = [item for at, item in enumerate(seen.job.plan) if at != number]
            return replace(seen.job, plan=tuple(plan))

        return await self._change_part(workspace, user, edit, "plan", change)

    async def rule(self, workspace: str, user: str, id: str) -> JobSheet:
        """The opening, and since when its decision rule stands, for whoever may change it."""
        sheet = await self.editable(workspace, user, id)
        async with self._editing.database.read() as tx:
            return replace(sheet, begun_at=await tx.rules.begun_at(workspace, id, sheet.now))

    async def give_rule(self, workspace: str, user: str, edit: JobEdit, form: RuleForm) -> JobSheet:
        """Changes the decision rule, for the panels that are set up already too: nobody has seen
        any of their candidates yet. Raises UserError once somebody has."""

        def change(seen: JobSheet) -> Job:
            names = {item.id: item.name for item in seen.asked.competencies}
            return replace(seen.job, rule=rule_of(form, names))

        async def give(tx: Transaction, seen: JobSheet, job: Job) -> None:
            if job.rule == seen.job.rule:
                return
            if await tx.rules.begun_at(workspace, job.id, self._editing.clock.now()):
                raise UserError(RULE_STANDS)
            await tx.rules.give(workspace, job.id, job.rule)

        return await self._change_part(workspace, user, edit, "rule", change, give)

    async def _change_part(
        self,
        workspace: str,
        user: str,
        edit: JobEdit,
        part: str,
        change: Change,
        also: Also | None = None,
    ) -> JobSheet:
        """Changes the text, the plan or the rule, whatever else has been changed since it was
        shown."""
        version = edit.version
        while True:
            try:
                return await self._editing.change(
                    workspace, user, edit.id, version, "opening.changed", change, also
                )
            except OpeningChanged as changed:
                if any(part in entry.fields for entry in changed.changes):
                    raise
                version = changed.sheet.job.version

    async def _access(self, workspace: str, user: str) -> Access:
        return require_member(await self._editing.rights.access(workspace, user))

    def _begun(self, access: Access, edit: JobEdit, like: Job | None) -> JobSheet:
        job, library = self._new(access, edit, like), self._editing.library
        content = frozen(library, library.offered(edit.role))
        return JobSheet(job, content, access, self._editing.clock.now(), edit.like)

    def _new(self, access: Access, edit: JobEdit, like: Job | None) -> Job:
        role = self._editing.library.offered(edit.role)
        at = role.at(edit.level)
        opening = Opening(
            id=edit.id,
            role=role.slug,
            title=at.title,
            level=edit.level,
            author=access.user,
            recruiter=access.user,
            hiring_manager=like.opening.hiring_manager if like else None,
            team=like.opening.team if like and like.opening.role == role.slug else None,
        )
        competencies = [
            (item.id, item.name) for item in self._editing.library.competencies_of(role)
        ]
        return Job(
            opening=opening,
            slug="",
            terms=self._terms_like(like, opening),
            text=at.sections,
            plan=_plan_like(like, opening, [id for id, _ in competencies])
            or plan_for(competencies),
            status_at=self._editing.clock.now(),
        )

    def _terms_like(self, like: Job | None, opening: Opening) -> Terms:
        """As the last one's; where people apply on its own page, on that of the new one."""
        terms, pages = _terms_like(like, opening), self._company.pages
        if like is None or not like.applies_here:
            return terms
        return replace(terms, apply_at=own_page(pages, opening.id) if pages is not None else None)

    async def _check(
        self, access: Access, base: Job, entered: Entered, told: Usual, today: date
    ) -> None:
        """Raises InvalidOpening where somebody, or a channel, cannot be given what is new to them,
        together with what else is amiss."""
        faults: dict[OpeningField, str] = {}
        try:
            filled(base, entered, told, today)
        except InvalidOpening as invalid:
            faults |= invalid.faults
        before, workspace, rights = typed(base), access.workspace, self._editing.rights
        new = {field: one for field, one in entered.items() if one and one != before.get(field)}
        for field in PEOPLE:
            if field in new and (fault := await rights.fault_of_member(workspace, new[field])):
                faults[field] = fault
        joining = set(new.get(OpeningField.DECIDERS, ())) - set(before[OpeningField.DECIDERS])
        for person in sorted(joining):
            if fault := await rights.fault_of_member(workspace, person):
                faults[OpeningField.DECIDERS] = fault
        if channel := new.get(OpeningField.CHANNEL):
            fault = await rights.fault_of_channel(workspace, channel)
            faults |= {OpeningField.CHANNEL: fault} if fault else {}
        if faults:
            raise InvalidOpening(faults)


async def _like(tx: Transaction, access: Access, edit: JobEdit) -> Job | None:
    """The opening that the form was filled in from, as long as the person may read it."""
    if edit.like is None:
        return None
    job = await tx.openings.job(access.workspace, edit.like)
    is_shown = job is not None and access.may_with(Act.READ_OPENING, job.opening)
    return job if is_shown else None


def _terms_like(like: Job | None, opening: Opening) -> Terms:
    """What a new opening offers until somebody says otherwise: the place and the way to apply of
    the last one, and its pay, or why none is shown, where that was for the same work. Its private
    channel is offered to whoever chose it alone: others may not know that there is one."""
    if like is None:
        return Terms()
    is_same_role = like.opening.role == opening.role
    is_own = like.opening.author == opening.author
    is_same_work = is_same_role and like.opening.level is opening.level
    terms = like.terms
    return replace(
        terms,
        employment_type=terms.employment_type or Terms().employment_type,
        pay=terms.pay if is_same_work else None,
        no_pay=terms.no_pay if is_same_work else None,
        hours=terms.hours if is_same_role else None,
        channel=terms.channel if is_same_role and is_own else None,
        seats=1,
        closes_on=None,
    )


def _plan_like(like: Job | None, opening: Opening, competencies: list[str]) -> Plan:
    """The plan of the last opening for the role, if it fits what the role asks today."""
    if like is None or like.opening.role != opening.role:
        return ()
    fits = all(set(item.focus) <= set(competencies) for item in like.plan)
    return like.plan if fits else ()


def _with_level(job: Job, seen: JobSheet) -> Job:
    """A text that nobody has edited is the one for the level, once that is another."""
    before = seen.job.opening.level
    if job.opening.level is before:
        return job
    role = seen.asked.role
    if job.text != role.at(before).sections:
        return job
    return replace(job, text=role.at(job.opening.level).sections)
