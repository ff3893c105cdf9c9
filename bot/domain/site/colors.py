"""A company's color on the pages: as close to it as can be read."""

from dataclasses import dataclass
from enum import Enum

LEAST_CONTRAST = 4.5
"""Of text, by WCAG 2.2 AA."""

STEPS = 50
"""In how many steps a color goes to that of the text."""

WHITE, NIGHT = "#ffffff", "#111519"


class Theme(Enum):
    """The grounds that colors stand on, and the color of the text there; as in style.css."""

    LIGHT = (("#fdfcfa", "#ffffff", "#f3f0ea"), "#1a1e23")
    DARK = (("#111519", "#191e24", "#1f252c"), "#eeebe6")

    @property
    def grounds(self) -> tuple[str, ...]:
        return self.value[0]

    @property
    def ink(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Accent:
    """The color of links and buttons, and that of the text on a button."""

    color: str
    on: str


def accent(brand: str, theme: Theme) -> Accent:
    """The company's color, taken as far toward the text's as it has to be to be read on every
    ground; on a button stands what is easier to read on it."""
    mixes = (_mixed(brand, theme.ink, step / STEPS) for step in range(STEPS + 1))
    color = next(one for one in mixes if _is_readable(one, theme))
    return Accent(color, max((WHITE, NIGHT), key=lambda on: contrast(color, on)))


def contrast(one: str, other: str) -> float:
    """Of two colors such as #0b5a6f: from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _is_readable(color: str, theme: Theme) -> bool:
    return all(contrast(color, ground) >= LEAST_CONTRAST for ground in theme.grounds)


def _luminance(color: str) -> float:
    shares = (part / 255 for part in _parts(color))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(color: str, other: str, share: float) -> str:
    pairs = zip(_parts(color), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
