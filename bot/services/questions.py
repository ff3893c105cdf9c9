"""Sets of interview questions: understanding what is asked for, choosing, keeping, finding."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.domain.gaps import HOW_TO_ADD, no_questions
from bot.domain.names import search_key, shown_back
from bot.domain.questions.question import Bank, KeptSet, QuestionSet, code, set_name
from bot.domain.questions.selection import LEAST_MINUTES, MOST_MINUTES, Level, Selection
from bot.domain.questions.words import LONGEST, Vocabulary, Words, guess, understand, without_time
from bot.domain.roles import Role
from bot.errors import DatabaseAway, UserError
from bot.library.catalogue import Library
from bot.services.ports import Clock
from bot.storage.database import Database

log = logging.getLogger(__name__)

KEEP_WITHIN = 2.0
"""Seconds that a set may wait to be kept: below the three of Slack's ack."""


@dataclass(frozen=True)
class Request:
    """A set that somebody asks for; without a role it still has to be chosen."""

    role: Role | None
    selection: Selection


@dataclass(frozen=True)
class Offer:
    """A request that may have been meant."""

    role: Role
    selection: Selection


class Unclear(UserError):
    """What was asked for is not clear; any of the offers may have been meant."""

    def __init__(self, text: str, offers: Iterable[Offer]) -> None:
        super().__init__(text)
        self.offers = tuple(offers)


class NoSuchRole(UserError):
    """The role asked for is not in the library, nor is one like it."""


@dataclass(frozen=True)
class Found:
    """A set found by its name: what is still there of it, and the ids of what is not."""

    questions: QuestionSet
    kept: KeptSet
    gone: tuple[str, ...]


class QuestionsService:
    """The use cases of `/questions`."""

    def __init__(self, library: Library, database: Database, clock: Clock) -> None:
        self.library = library
        self._database = database
        self._clock = clock

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        """Made once somebody asks: a start doesn't wait for it."""
        return Vocabulary(
            roles={
                search_key(name): role.slug
                for role in self.library.roles
                for name in (*role.aliases, role.title, role.slug)
            },
            competencies={
                search_key(name): competency.id
                for competency in self.library.competencies.values()
                for name in (competency.name, competency.id)
            },
            at_level={
                search_key(at.title): (role.slug, level)
                for role in self.library.roles
                for level, at in role.levels.items()
            },
        )

    def read(self, text: str) -> Request:
        """What the words after the command ask for.

        Raises Unclear with what may have been meant, NoSuchRole where that is nothing there is,
        UserError where the minutes are out of bounds.
        """
        words = understand(text, self._vocabulary)
        minutes = _minutes(words.minutes)
        if words.unknown and not words.roles:
            raise self._no_role(text, words, minutes)
        if words.unknown:
            raise self._unknown(words, minutes)
        roles = [self.role(slug) for slug in words.roles]
        for named, what in (
            (words.roles, "role"),
            (words.competencies, "competency"),
            (words.levels, "level"),
        ):
            if len(named) > 1:
                raise Unclear(f"Name only one {what}.", self._combinations(words, minutes))
        selection = Selection(
            minutes, next(iter(words.competencies), None), next(iter(words.levels), None)
        )
        if not roles:
            return Request(None, selection)
        self._check_competency(roles[0], selection)
        return Request(roles[0], selection)

    def role(self, slug: str) -> Role:
        """The role that a button or a menu names; it may be gone since the button was made."""
        return self.library.offered(slug)

    def bank(self, role: Role) -> Bank:
        return Bank(role.slug, self.library.bank(role), role.competencies)

    def compose(self, role: Role, selection: Selection) -> QuestionSet:
        """The set for a request. Raises UserError where no question fits."""
        bank = self.bank(role)
        if not bank.questions:
            raise UserError(f"{no_questions(role)} {HOW_TO_ADD}")
        self._check_competency(role, selection)
        chosen = bank.choose(selection)
        if not chosen.questions:
            shortest = min(question.minutes for question in bank.suitable(selection))
            needed = Selection.lasting(shortest).minutes
            raise UserError(
                f"No question fits into {selection.minutes} minutes. With an opening and time for "
                f"the candidate's questions, the shortest interview takes {needed}."
            )
        return chosen

    def another(self, old: QuestionSet) -> QuestionSet:
        """The next set; where it has seen less than the old one, the bank was through."""
        return self.bank(self.role(old.role)).another(old)

    def swap(self, old: QuestionSet, out: str) -> QuestionSet:
        """The set with another question in that one's place."""
        new = self.bank(self.role(old.role)).swap(old, out)
        if new is None:
            raise UserError("No other question fits in its place.")
        return new

    def swappable(self, questions: QuestionSet) -> frozenset[str]:
        """The ids of those questions in whose place another would fit."""
        bank = self.bank(self.role(questions.role))
        return frozenset(id for id in questions.ids if bank.swap(questions, id) is not None)

    def restore(
        self, role: Role, selection: Selection, codes: Sequence[str], seen: frozenset[str]
    ) -> QuestionSet:
        """The set that a button names by its questions' codes, without those gone since."""
        self._check_competency(role, selection)
        bank = self.bank(role)
        ids = {code(question.id): question.id for question in bank.questions}
        questions = bank.restored(ids[short] for short in codes if short in ids)
        if not questions:
            raise UserError("The questions of this set are no longer in the library.")
        return QuestionSet(role.slug, selection, questions, seen)

    async def keep(self, questions: QuestionSet, workspace: str, user: str) -> bool:
        """Keeps the set under its name; False where the database is away."""
        kept = KeptSet(
            workspace=workspace,
            name=questions.name,
            role=questions.role,
            version=self.role(questions.role).version,
            questions=questions.ids,
            created_by=user,
            created_at=self._clock.now(),
        )
        try:
            async with asyncio.timeout(KEEP_WITHIN), self._database.write() as tx:
                await tx.question_sets.add(kept)
        except (DatabaseAway, TimeoutError):
            log.warning("question_set.not_kept")
            return False
        return True

    async def find(self, workspace: str, name: str) -> Found:
        """The set of this name. Raises UserError where there is none, or nothing is left of it."""
        kept = None
        if known := set_name(name):
            async with self._database.read() as tx:
                kept = await tx.question_sets.get(workspace, known)
        if kept is None:
            raise UserError(
                f"No set is called “{shown_back(name)}”. A set's name has eight letters and "
                "digits, and is shown below the set."
            )
        role = self.library.role(kept.role)
        if role is None:
            raise UserError(f"The role of this set, {kept.role}, is no longer in the library.")
        questions = self.bank(role).restored(kept.questions)
        if not questions:
            raise UserError("The questions of this set are no longer in the library.")
        selection = Selection.lasting(sum(question.minutes for question in questions))
        found = QuestionSet(role.slug, selection, questions)
        gone = tuple(id for id in kept.questions if id not in found.ids)
        return Found(found, kept, gone)

    def _check_competency(self, role: Role, selection: Selection) -> None:
        if selection.competency in (None, *role.competencies):
            return
        competency = self.library.competencies.get(selection.competency or "")
        name = competency.name if competency else selection.competency
        raise Unclear(
            f"{name} isn't one of the competencies for {role.title}.",
            self._competencies(role, selection),
        )

    def _competencies(self, role: Role, selection: Selection) -> list[Offer]:
        return [Offer(role, replace(selection, competency=id)) for id in role.competencies]

    def _no_role(self, text: str, words: Words, minutes: int) -> UserError:
        """For words without a role: the roles that they are near to, if any."""
        shown = _quoted(words.unknown)
        for named, rest in (
            (text, replace(words, competencies=())),
            (" ".join(words.unknown), words),
        ):
            near = self.library.suggest(without_time(named))
            levels = words.levels or ((near.level,) if near.level else ())
            if near.roles:
                slugs = tuple(role.slug for role in near.roles)
                meant = self._combinations(replace(rest, roles=slugs, levels=levels), minutes)
                return Unclear(f"No role is called {shown}. Did you mean:", meant)
        guessed = guess(words, self._vocabulary)
        slugs = tuple(slug for slug in guessed.roles if self._is_near(words.unknown, slug))
        if slugs:
            meant = self._combinations(replace(guessed, roles=slugs), minutes)
            return Unclear(f"No role is called {shown}. Did you mean:", meant)
        return NoSuchRole(f"There's no role called {shown}.")

    def _is_near(self, runs: Iterable[str], slug: str) -> bool:
        """Whether some of the words in a row are near to the role by themselves."""
        return any(
            slug in {role.slug for role in self.library.suggest(" ".join(part)).roles}
            for run in runs
            for part in _parts(run.split()[:LONGEST])
        )

    def _unknown(self, words: Words, minutes: int) -> Unclear:
        """For words beside a role that mean nothing: what they are near to, or what there is."""
        guessed = guess(words, self._vocabulary)
        shown = _quoted(words.unknown)
        role = self.role(words.roles[0])
        if guessed.unknown:
            level = next(iter(guessed.levels), None)
            return Unclear(
                f"Panelist doesn't know {shown}. Levels are junior, mid, senior, staff and lead. "
                f"The competencies for {role.title} are:",
                self._competencies(role, Selection(minutes, level=level)),
            )
        return Unclear(
            f"Panelist doesn't know {shown}. Did you mean:", self._combinations(guessed, minutes)
        )

    def _combinations(self, words: Words, minutes: int) -> list[Offer]:
        """Every role, competency and level that was named, combined where they go together."""
        levels: Sequence[Level | None] = words.levels or [None]
        return [
            Offer(role, Selection(minutes, competency, level))
            for role in map(self.role, words.roles)
            for competency in _of_role(role, words.competencies)
            for level in levels
        ]


def _quoted(runs: Sequence[str]) -> str:
    return ", ".join(f"“{shown_back(run)}”" for run in runs[:3])


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The words in a row that are fewer than all, the most first."""
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            yield words[start : start + length]


def _of_role(role: Role, competencies: Iterable[str]) -> Sequence[str | None]:
    return [id for id in competencies if id in role.competencies] or [None]


def _minutes(named: Sequence[int]) -> int:
    if len(named) > 1:
        raise UserError("Name the minutes only once.")
    minutes = named[0] if named else Selection().minutes
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise UserError(
            f"A set of questions takes {LEAST_MINUTES} to {MOST_MINUTES} minutes, not {minutes}."
        )
    return minutes
