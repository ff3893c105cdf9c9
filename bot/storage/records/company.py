"""The tables that know of no candidate: what they hold, and what becomes of them."""

from bot.storage.approvals import approvals
from bot.storage.board.channels import channel_boards
from bot.storage.compatibility import compatibility
from bot.storage.holidays import calendars
from bot.storage.home import homes
from bot.storage.jd import postings
from bot.storage.members import members
from bot.storage.openings import openings
from bot.storage.panels.interview_reminders import interview_reminders
from bot.storage.panels.rows import content_versions
from bot.storage.questions import question_sets
from bot.storage.records.erasures import backups_made
from bot.storage.records.holding import Export, Retention, holds, others
from bot.storage.records.retention import retention
from bot.storage.records.seals import seals
from bot.storage.reminders.rows import people, policies
from bot.storage.settings import workspace_settings
from bot.storage.site import site_fetches
from bot.storage.workspace import owners

OTHERS = (
    others(
        seals,
        holds(
            id="workspace chain number",
            fact="sealed_at first_at last_at count digest hash aged_at",
        ),
        export=Export.HISTORY,
    ),
    others(
        openings,
        holds(
            id="workspace id content channel",
            staff="author hiring_manager recruiter deciders",
            company="role title team posting_title slug places pay no_pay hours apply_at posting "
            "plan held",
            fact="level status created_at work_mode employment_type seats closes_on "
            "posts_applications posts_board version status_at",
        ),
    ),
    others(
        approvals,
        holds(
            id="workspace opening number",
            staff="sent_by decided_by",
            company="reason public",
            fact="version sent_at state decided_at",
        ),
    ),
    others(
        channel_boards,
        holds(id="workspace opening channel posted shown", fact="day"),
        Retention.PASSES,
        Export.NEVER,
    ),
    others(
        content_versions,
        holds(id="workspace id", company="role content", fact="version created_at"),
    ),
    others(
        question_sets,
        holds(
            id="workspace name questions",
            staff="created_by",
            company="role",
            fact="version created_at",
        ),
    ),
    others(
        postings,
        holds(
            id="workspace id channel message",
            staff="posted_by",
            company="role",
            fact="version posted_at",
        ),
    ),
    others(
        site_fetches,
        holds(id="workspace what", fact="reader fetched_at"),
        Retention.PASSES,
        Export.NEVER,
    ),
    others(
        calendars,
        holds(id="workspace", company="url days", fact="source etag fetched_at fetch_at fault"),
        export=Export.NEVER,
    ),
    others(
        policies,
        holds(
            id="workspace",
            company="holidays",
            fact="hour working_days chase_days nudge_minutes opens closes manager_after "
            "recruiter_after public_holidays",
        ),
    ),
    others(
        workspace_settings,
        holds(id="workspace jobs_channel", staff="approvers", fact="approval"),
    ),
    others(
        people,
        holds(
            id="workspace",
            staff="person zone hour working_days days_off holiday_country snoozed_until",
            fact="next_digest_at last_digest later_at",
        ),
        Retention.STAFF,
    ),
    others(
        interview_reminders,
        holds(id="workspace", staff="person", fact="minutes"),
        Retention.STAFF,
    ),
    others(
        homes,
        holds(id="workspace", staff="person", fact="opened_at stale_at"),
        Retention.STAFF,
        Export.NEVER,
    ),
    others(
        members,
        holds(id="workspace", staff="person zone", fact="seen_at"),
        Retention.PASSES,
        Export.NEVER,
    ),
    others(
        retention,
        holds(
            id="workspace",
            fact="days not_hired_days messages_days audit_days announced_at due",
        ),
    ),
    others(backups_made, holds(company="file", fact="made_at"), export=Export.NEVER),
    others(owners, holds(id="id workspace"), export=Export.NEVER),
    others(compatibility, holds(id="id", fact="runs_since"), export=Export.NEVER),
)
"""As the register has them."""
