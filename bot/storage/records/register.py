"""Every table: whose its rows are, what stands in each column, and what becomes of it in an export,
at an erasure, and with time.

A table or a column that is not here fails a test over the metadata: whoever adds one says first
what it holds. Export, erasure and docs/privacy.md all read this.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, false, or_, select

from bot.storage.applications import applications
from bot.storage.apply.rows import applicants, submissions
from bot.storage.apply.rows import files as candidate_files
from bot.storage.apply.rows import versions as submission_versions
from bot.storage.audit import audit
from bot.storage.candidates import candidates, merges, told_apart
from bot.storage.debriefs.answer_rungs import answer_rungs
from bot.storage.debriefs.answers import answers
from bot.storage.debriefs.decisions import decisions
from bot.storage.debriefs.offers import offer_results
from bot.storage.debriefs.store import debriefs, early_opens, leanings
from bot.storage.feedback import feedback_reads
from bot.storage.outbox import outbox
from bot.storage.panels.drafts import panel_drafts
from bot.storage.panels.rows import interviews, panels
from bot.storage.records.company import OTHERS
from bot.storage.records.erasures import (
    erasures,
    sent_files,
    slack_copies,
)
from bot.storage.records.erasures import (
    holds as legal_holds,
)
from bot.storage.records.holding import (
    Erasure,
    Export,
    Registered,
    Retention,
    holds,
    theirs,
)
from bot.storage.records.seals import history
from bot.storage.reminders.requests import requests
from bot.storage.reminders.rungs import rungs
from bot.storage.scorecards.closings import closings
from bot.storage.scorecards.rows import drafts, scorecards, versions

_OF_CANDIDATE = ("candidate", candidates)
_OF_APPLICATION = ("application", applications)
_OF_SUBMISSION = ("submission", submissions)
_OF_PANEL = ("panel", panels)
_OF_INTERVIEW = ("interview", interviews)
_SUBJECTS = (candidates, applications, panels, interviews, scorecards)

_TABLES = (
    theirs(
        candidates,
        holds(id="workspace id", candidate="name key email email_key link", fact="created_at"),
        ("id", candidates),
    ),
    theirs(
        merges,
        holds(id="workspace candidate into applications panels folded", staff="actor", fact="at"),
        _OF_CANDIDATE,
        ("into", candidates),
    ),
    theirs(
        told_apart,
        holds(id="workspace candidate other", staff="actor", fact="at"),
        _OF_CANDIDATE,
        ("other", candidates),
    ),
    theirs(
        applications,
        holds(
            id="workspace id candidate opening",
            words="referred_because",
            staff="referrer",
            fact="stage source applied_at applied_via",
        ),
        _OF_CANDIDATE,
    ),
    theirs(
        answers,
        holds(id="workspace application", staff="person", fact="at"),
        _OF_APPLICATION,
    ),
    theirs(
        offer_results,
        holds(
            id="workspace application number",
            staff="person undone_by",
            fact="ended day at undone_at",
        ),
        _OF_APPLICATION,
    ),
    theirs(
        answer_rungs,
        holds(id="workspace application", staff="recipient", fact="by rung reached_at day"),
        _OF_APPLICATION,
    ),
    theirs(
        submissions,
        holds(
            id="workspace id opening application form token_hash",
            fact="is_first sent_at answer_by language source suspicion withdrawn_at "
            "erasure_asked_at",
        ),
        _OF_APPLICATION,
    ),
    theirs(
        submission_versions,
        holds(
            id="workspace submission number file",
            candidate="name email phone link",
            words="heard adjustments",
            fact="at country right_to_work pool_until",
        ),
        _OF_SUBMISSION,
    ),
    theirs(
        candidate_files,
        holds(
            id="workspace id submission form",
            candidate="name text content",
            fact="expires_at created_at kind size sha256 scan text_state",
        ),
        _OF_SUBMISSION,
    ),
    theirs(
        applicants,
        holds(id="workspace candidate", candidate="email_key"),
        _OF_CANDIDATE,
    ),
    theirs(
        panels,
        holds(
            id="workspace id application content channel",
            staff="set_up_by recruiter hiring_manager",
            company="rule",
            fact="created_at cancelled_at revision",
        ),
        _OF_APPLICATION,
    ),
    theirs(
        debriefs,
        holds(id="workspace panel", staff="opened_by", fact="opened_at"),
        _OF_PANEL,
    ),
    theirs(
        early_opens,
        holds(id="workspace panel", staff="person", fact="at awaited"),
        _OF_PANEL,
    ),
    theirs(
        leanings,
        holds(id="workspace panel", words="sentence", staff="person", fact="leaning at"),
        _OF_PANEL,
    ),
    theirs(
        decisions,
        holds(
            id="workspace panel number competencies",
            words="reason against_rule",
            staff="person undone_by confirmed_by",
            company="rule",
            fact="outcome kind at stage_before closes_due undone_at needs_second confirmed_at",
        ),
        _OF_PANEL,
    ),
    theirs(
        feedback_reads,
        holds(id="workspace panel", staff="person", fact="anyway at"),
        _OF_PANEL,
    ),
    theirs(
        interviews,
        holds(
            id="workspace id panel focus questions replaces",
            words="place declined_because",
            staff="interviewer interviewer_zone zone",
            fact="starts_at ends_at declined_at cancelled_at closed_at remind_at revision "
            "entered_at other_time",
        ),
        _OF_PANEL,
    ),
    theirs(
        closings,
        holds(
            id="workspace interview number",
            words="reason",
            staff="actor receiver owner",
            fact="how at",
        ),
        _OF_INTERVIEW,
    ),
    theirs(
        requests,
        holds(id="workspace interview", staff="person actor", fact="day at"),
        _OF_INTERVIEW,
    ),
    theirs(
        rungs,
        holds(id="workspace interview", staff="recipient", fact="since rung days reached_at day"),
        _OF_INTERVIEW,
    ),
    theirs(
        scorecards,
        holds(
            id="workspace id interview",
            staff="interviewer",
            fact="version seen_others_before submitted_at",
        ),
        _OF_INTERVIEW,
    ),
    theirs(
        versions,
        holds(
            id="workspace scorecard number form",
            words="ratings notes probe_next reason",
            fact="recommendation submitted_at",
        ),
        ("scorecard", scorecards),
    ),
    theirs(
        drafts,
        holds(
            id="workspace interview form",
            words="body aside orders",
            staff="interviewer",
            fact="revision saved_at typed_at",
        ),
        _OF_INTERVIEW,
    ),
    theirs(
        panel_drafts,
        holds(
            id="workspace id",
            candidate="key email_key",
            words="draft",
            staff="person",
            fact="pressed_at saved_at",
        ),
        named="key email_key",
    ),
    Registered(
        outbox,
        holds(
            id="workspace key panel interview scorecard application opening channel ts",
            words="payload",
            staff="recipient person",
            fact="kind day due_at expires_at state claimed_at attempts error again_at due_since",
        ),
        Export.ROWS,
        Erasure.ROWS,
        Retention.AGE,
        (_OF_PANEL, _OF_INTERVIEW, ("scorecard", scorecards), _OF_APPLICATION),
    ),
    Registered(
        audit,
        holds(id="workspace id subject part", staff="actor", fact="at action revision fields seal"),
        Export.HISTORY,
        Erasure.STAYS,
        Retention.AGE,
        tuple((name, table) for name in ("subject", "part") for table in _SUBJECTS),
    ),
    theirs(
        legal_holds,
        holds(id="workspace candidate", staff="actor", fact="at"),
        _OF_CANDIDATE,
    ),
    theirs(
        sent_files,
        holds(id="workspace id interview channel", fact="sent_at"),
        _OF_INTERVIEW,
    ),
    Registered(
        erasures,
        holds(
            id="workspace candidate people",
            staff="asked_by",
            fact="because asked_at step deleted counts done_at",
        ),
        Export.HISTORY,
        Erasure.STAYS,
        Retention.STAYS,
        (_OF_CANDIDATE,),
    ),
    Registered(
        slack_copies,
        holds(
            id="workspace candidate name channel ts",
            fact="is_file since found_at next_at attempts error is_left",
        ),
        Export.NEVER,
        Erasure.STAYS,
        Retention.PASSES,
        (_OF_CANDIDATE,),
    ),
    Registered(
        history,
        holds(
            id="workspace chain id subject part",
            staff="actor",
            fact="at action revision fields seal",
        ),
        Export.HISTORY,
        Erasure.STAYS,
        Retention.AGE,
        tuple((name, table) for name in ("subject", "part") for table in _SUBJECTS),
    ),
    *OTHERS,
)

REGISTER: Mapping[str, Registered] = {one.table.name: one for one in _TABLES}
"""Every table by its name."""


@dataclass(frozen=True)
class Person:
    """A candidate, with everybody who turned out to be them: their ids, and by what their names
    and addresses are compared."""

    workspace: str
    ids: frozenset[str]
    keys: frozenset[str] = frozenset()
    email_keys: frozenset[str] = frozenset()


def belongs_to(one: Registered, person: Person) -> ColumnElement[bool]:
    """The rows of a table that belong to a candidate, as long as those they belong through are
    there."""
    columns = one.table.c
    wheres = [_leads_to(one.table, name, parent, person) for name, parent in one.through]
    of_name: Mapping[str, Collection[str]] = {
        "key": person.keys,
        "email_key": person.email_keys,
    }
    wheres += [columns[name].in_(of_name[name]) for name in one.named]
    if not wheres:
        return false()
    return and_(columns.workspace == person.workspace, or_(*wheres))


def _leads_to(table: Table, name: str, parent: Table, person: Person) -> ColumnElement[bool]:
    if parent is candidates:
        return table.c[name].in_(person.ids)
    ids = select(parent.c.id).where(belongs_to(REGISTER[parent.name], person))
    return table.c[name].in_(ids)
