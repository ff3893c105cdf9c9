"""Types that every piece of content is built from."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationInfo

from bot.domain.names import fault_of_name

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A name in lower case with hyphens, as it is typed in commands and used for files."""


def _named(name: str) -> str:
    if fault := fault_of_name(name):
        raise ValueError(fault)
    return name


Visible = AfterValidator(_named)
"""What goes with the type of a name or a title: there is something to read."""

Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), Visible
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=900)]
Hint = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=75)]
"""Text that has to fit beside a radio button (75 is Slack's limit for an option's description)."""


class Content(BaseModel):
    """Content from a file: frozen, and refused with any key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


TESTED = {"tested": True}
"""The context in which files are read that Panelist's own tests have looked through."""


def is_tested(info: ValidationInfo) -> bool:
    """Whether what would take long to check has been checked before."""
    return bool(info.context) and info.context == TESTED
