"""What a role may be without, and what people are told where they ask for it."""

from bot.domain.roles import Role

HOW_TO_ADD = (
    "Whoever runs Panelist can add it: “Write content” in Panelist's docs says what goes into it."
)


def no_guide(role: Role) -> str:
    return f"There's no hiring guide for {role.title} yet."


def no_questions(role: Role) -> str:
    return f"There are no interview questions for {role.title} yet."


def no_competencies(role: Role) -> str:
    """Where a panel is to be set up."""
    return (
        f"There are no competencies for {role.title} yet, so interviewers would have nothing to "
        "rate."
    )
