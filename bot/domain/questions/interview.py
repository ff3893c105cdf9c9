"""What every interview has around its questions, and the rule by which answers are rated."""

OPENING = (
    "Introduce yourself and say how the time will be spent. Mention that you'll take notes, and "
    "that everyone who interviews for this job gets the same questions."
)
CLOSING = (
    "Ask what they'd like to know about the job and the team. Then say what happens next and by "
    "when they'll hear. Don't hint at the outcome."
)
RATING_RULE = (
    "Start at Poor. Go up one rating each time the answer meets the next deciding line, on its own "
    "or after your first follow-up. Stop at the first line it misses. The rest of the text only "
    "shows what such an answer looks like."
)
OFF_THE_RUBRIC = (
    "If an answer takes a route the rubric doesn't mention, ask whether it does the same job as "
    "the deciding line. If it does, count it, and write down what was said."
)
