"""What each table holds, in the words of whoever asks what is kept of them."""

from collections.abc import Mapping

KEPT: Mapping[str, str] = {
    "candidates": "Name and contact",
    "applications": "Applications",
    "submissions": "Forms that were sent",
    "submission_versions": "What the forms say, in each version",
    "candidate_files": "Files that were sent",
    "applicants": "Which address is whose",
    "panels": "Rounds of interviews",
    "interviews": "Interviews",
    "scorecards": "Scorecards",
    "scorecard_versions": "What scorecards say, in each version",
    "scorecard_drafts": "Scorecards being written",
    "closings": "Scorecards that were reassigned, or won't come",
    "debriefs": "Debriefs that were opened",
    "leanings": "What deciders leaned to before they read recommendations",
    "decisions": "Decisions",
    "offer_results": "How offers ended",
    "answers": "Who told the candidate, and when",
    "answer_rungs": "Who was reminded that the candidate waits for an answer",
    "feedback_reads": "Who read feedback, and when",
    "early_opens": "Debriefs that were opened before all scorecards were in",
    "merges": "Entries that turned out to be one person",
    "told_apart": "People of the same name or address who are someone else",
    "panel_drafts": "Rounds of interviews being set up",
    "legal_holds": "Why nothing may be deleted: a legal hold",
    "sent_files": "Files that were put into Slack",
    "outbox": "Messages that Panelist sent, or will",
    "reminder_requests": "Reminders that somebody asked for",
    "reminder_rungs": "Who heard that a scorecard is late",
    "audit": "Who did what, and when",
    "audit_history": "Who did what where an import came from",
}
"""Tables whose rows belong to candidates, in the order in which a candidate reads them. What is
not here is shown after these, by its own name."""
