"""What somebody bends by hand before it is sent: every value that was chosen or typed."""

from dataclasses import replace
from typing import Any

from tests.support.acts import Press, Submit

BENDS: dict[str, tuple[str, int]] = {
    "too large": ("99", 10**12),
    "far too large": ("100000000", 10**18),
    "nothing": ("0", 0),
    "below nothing": ("-1", -(10**15)),
    "no number": ("abc", 1),
    "empty": ("", 1),
    "no day": ("2026-99-99", 1),
    "the last day": ("9999-12-31", 253402300799),
    "the first day": ("0001-01-01", -62135596800),
    "digits of another script": ("١١", 1),
    "endless": ("9" * 5000, 1),
}
"""What stands in the place of what was chosen: text, and a moment."""

TEXTS = {"value", "selected_date", "selected_user"}


def bent(whole: Any, bend: tuple[str, int]) -> Any:
    """The same with every value bent."""
    text, moment = bend
    if isinstance(whole, list):
        return [bent(one, bend) for one in whole]
    if not isinstance(whole, dict):
        return whole
    return {
        key: text if key in TEXTS else moment if key == "selected_date_time" else bent(value, bend)
        for key, value in whole.items()
    }


def with_bent_values(request: Press | Submit, bend: tuple[str, int]) -> Press | Submit:
    if isinstance(request, Submit):
        return replace(request, values=bent(request.values, bend))
    view = request.view and {**request.view, "state": bent(request.view.get("state", {}), bend)}
    return replace(request, element=bent(request.element, bend), view=view)
