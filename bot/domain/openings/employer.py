"""The company that hires, as far as its postings speak of it."""

from collections.abc import Sequence
from typing import Protocol


class Step(Protocol):
    """A step of how the company hires; `text` says it with its time."""

    @property
    def text(self) -> str: ...


class Employer(Protocol):
    """What a company has said once for all of its postings."""

    @property
    def name(self) -> str | None: ...
    @property
    def site(self) -> str | None: ...
    @property
    def logo(self) -> str | None: ...
    @property
    def about(self) -> Sequence[str]: ...
    @property
    def benefits(self) -> Sequence[str]: ...
    @property
    def process(self) -> Sequence[Step]: ...
    @property
    def equal_opportunity(self) -> str: ...
    @property
    def adjustments(self) -> str: ...
    @property
    def privacy_notice(self) -> str: ...
