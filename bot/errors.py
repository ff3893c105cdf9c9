"""Errors whose text is written for the person who sees it."""

from collections.abc import Mapping


class UserError(Exception):
    """A fault that a person can understand and act on; its text is shown to them as it stands."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class FieldErrors(UserError):
    """Faults in a submitted form, keyed by the block id of the field that each belongs to."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class SettingsError(UserError):
    """A setting is missing or wrong; the text names it and says where to find the right value."""


class DatabaseAway(UserError):
    """The database cannot be reached, takes nothing, or did not answer in time; nothing was
    saved. `where` it is, without user and password, is for operators: its text is for people."""

    def __init__(self, where: str = "") -> None:
        self.where = where
        super().__init__(
            "Panelist can't reach its database right now, so nothing was saved. "
            "Please try again in a minute."
        )
