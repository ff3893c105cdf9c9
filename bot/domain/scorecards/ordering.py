"""In which order what stood in an opened form was written, however late it arrives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

PRESS_TIME = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")


def press_time(text: object) -> Decimal | None:
    """When a press was made, as Slack writes it: seconds and a fraction, exactly.

    None where there is none to read: then it counts as made when it arrived.
    """
    return Decimal(text) if isinstance(text, str) and PRESS_TIME.fullmatch(text) else None


@dataclass(frozen=True)
class FormOrder:
    """What has arrived of an opened form, each time that it was shown anew.

    `latest` has by turn when its latest press was made; whatever comes from a turn below
    `submitted` was written before that turn's submission. The machine's clock has no say.
    """

    submitted: int = 0
    latest: Mapping[int, Decimal] = field(default_factory=dict)

    def is_older(self, turn: int, at: Decimal | None) -> bool:
        """Whether it was written before what has arrived: ties and what has no time were not."""
        if turn < self.submitted:
            return True
        latest = self.latest.get(turn)
        return at is not None and latest is not None and at < latest

    def with_press(self, turn: int, at: Decimal | None) -> "FormOrder":
        """With one that is not older. One without a time leaves the latest as it was."""
        return self if at is None else FormOrder(self.submitted, {**self.latest, turn: at})

    def with_submission(self, turn: int) -> "FormOrder":
        """With an accepted submission: nothing of that turn is newer."""
        submitted = max(self.submitted, turn + 1)
        kept = {turn: at for turn, at in self.latest.items() if turn >= submitted}
        return FormOrder(submitted, kept)
