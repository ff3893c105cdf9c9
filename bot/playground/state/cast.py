"""Who works at Northwind Labs, and where they talk."""

from bot.playground.state.models import BOT_USER, OTHER_TEAM_ID, SLACKBOT, Channel, User


def cast(bot_name: str) -> dict[str, User]:
    """Everybody in the workspace by id, the app's bot included."""
    people = (
        User(
            "U0RECRUIT", "riley", "Riley Chen", "Recruiter",
            "Europe/London", "Greenwich Mean Time", "2f6f9f",
        ),
        User(
            "U0MANAGER", "morgan", "Morgan Adeyemi", "Hiring manager",
            "Europe/Berlin", "Central European Time", "8a5a00",
        ),
        User(
            "U0ALEX", "alex", "Alex Novak", "Backend developer",
            "Europe/Berlin", "Central European Time", "1f7a4d",
        ),
        User(
            "U0SAM", "sam", "Sam Rivera", "Platform engineer",
            "America/New_York", "Eastern Time", "a63d57",
        ),
        User(
            "U0PRIYA", "priya", "Priya Nair", "Engineering lead",
            "Asia/Kolkata", "India Standard Time", "6a4fb3",
        ),
        User(
            "U0ADMIN", "ana", "Ana Duarte", "IT administrator",
            "Europe/Lisbon", "Western European Time", "3b6b6b", is_admin=True, is_owner=True,
        ),
        User(
            "U0GUEST", "gus", "Gus Guest", "Guest",
            "Europe/London", "Greenwich Mean Time", "6b6b6b", is_restricted=True,
        ),
        User(
            "U0PARTNER", "sky", "Sky Acosta", "Of another company",
            "Europe/London", "Greenwich Mean Time", "4d6b1f", team=OTHER_TEAM_ID,
        ),
        User(SLACKBOT, "slackbot", "Slackbot", is_bot=True),
        User(BOT_USER, bot_name.lower().replace(" ", "_"), bot_name, is_bot=True),
    )  # fmt: skip
    return {person.id: person for person in people}


def channels() -> dict[str, Channel]:
    """The channels that a fresh workspace has."""
    staff = ("U0RECRUIT", "U0MANAGER", "U0ALEX", "U0SAM", "U0PRIYA", "U0ADMIN", BOT_USER)
    found = (
        Channel("C0HIRING", "hiring", "channel", (*staff, "U0GUEST"), "Who we are hiring"),
        Channel("C0GENERAL", "general", "channel", staff, "Everything for everybody"),
        Channel(
            "C0SHARED",
            "with-acme",
            "channel",
            (*staff, "U0PARTNER"),
            "Shared with our agency, Acme",
            is_shared=True,
        ),
        Channel("C0ENGINEER", "engineering", "channel", staff[:-1], "How we build it"),
        Channel(
            "C0PRIVATE",
            "hiring-private",
            "private",
            ("U0RECRUIT", "U0MANAGER", "U0ADMIN"),
            "Offers and decisions",
        ),
    )
    return {channel.id: channel for channel in found}
