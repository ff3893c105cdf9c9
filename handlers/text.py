"""Text in the forms in which Slack sends it, read as the person typed it."""

import re

from bot.domain.names import readable, without_invisible

SENT = re.compile(r"<(?P<entity>(?:[@#!]|[a-z][a-z0-9+.-]*:)[^<>]*)>|&(?P<name>amp|lt|gt);", re.I)
"""What Slack makes of people, channels, links, and of &, < and >."""

NAMED = {"amp": "&", "lt": "<", "gt": ">"}

STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)
"""What keyboards and phones make of quotes, dashes and dots while somebody types."""

SPACES = re.compile(r"[^\S\n]")
"""Spaces of any width, those that lines aren't broken at included."""


def as_typed(text: str) -> str:
    """A command's or a message's text.

    Mentions and links are read by the name they show; quotes and dashes are straight, spaces plain.
    Not for what is typed into a form, which Slack sends as it is.
    """
    written = SENT.sub(_written, readable(text))
    return SPACES.sub(" ", without_invisible(written).translate(STRAIGHT))


def _written(found: re.Match[str]) -> str:
    if name := found["name"]:
        return NAMED[name.lower()]
    entity, _, label = (as_written(part) for part in found["entity"].partition("|"))
    sign, rest = entity[0], entity[1:]
    if sign in "@#":
        return f"{sign}{label.removeprefix(sign) or rest}"
    if sign == "!":
        return label if "^" in rest and label else f"@{rest.rpartition('^')[2]}"
    return label or entity.removeprefix("mailto:").removeprefix("tel:")


def as_written(text: str) -> str:
    """Text with &, < and > as they are."""
    return re.sub(r"&(amp|lt|gt);", lambda found: NAMED[found[1]], text)
