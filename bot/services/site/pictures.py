"""Draws the pictures that links to pages unfurl with: the same bytes on every machine."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock

from PIL import Image, ImageDraw, ImageFont

from bot.domain.site.cards import Card
from bot.domain.site.colors import Theme
from bot.library.loader import BUILT_IN

FONTS = BUILT_IN / "fonts"
PLAIN = ("Lato-Regular.ttf", "Mplus1-Bold.otf")
BOLD = ("Lato-Bold.ttf", "Mplus1-Bold.otf")
"""The first that has every letter of a text draws it: Latin, Greek and Cyrillic, then Japanese."""

WIDTH, HEIGHT = 1200, 630
"""What everybody who shows such pictures asks for."""

MARGIN, BAR = 84, 24
ROOM = WIDTH - 2 * MARGIN - BAR
GROUND, INK, SOFT = Theme.LIGHT.grounds[0], Theme.LIGHT.ink, "#555c65"

ABOVE, STRONG, FACT = 38, 46, 36
HEADINGS = (96, 84, 72, 62, 54)
"""Sizes of the heading, the largest that fits."""

MOST_LINES = 4
LINE = 1.14
"""Height of a line, by that of the letters."""

COLORS = 32

NEVER_LAST = frozenset("（「『【〔〈《(")
NEVER_FIRST = frozenset(
    "、。，．・：；？！）」』】〕〉》ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ…"
)
"""What no line of Japanese ends or begins with."""

ORNAMENTS = frozenset({"So", "Sk", "Me"})
"""Categories of what a text can do without where it can't be written: emoji and their parts."""

VARIANTS = range(0xFE00, 0xFE10)
"""They say how the letter before them is meant."""

Font = ImageFont.FreeTypeFont

_drawing = Lock()
"""One at a time: fonts keep their state, and visitors and Slack are waiting."""


def drawn(card: Card, otherwise: Card) -> bytes:
    """The card as PNG. What no font here can write is left out; where that's the heading, the
    other card is drawn, and at last only what it's all about."""
    with _drawing:
        found = _writable(card) or _writable(otherwise) or Card("Jobs", color=card.color)
        return _png(found)


def _writable(card: Card) -> Card | None:
    """The card without what no font can write; None where that's the heading."""
    heading = _told(card.heading, BOLD)
    if not heading:
        return None
    return replace(
        card,
        heading=heading,
        above=_told(card.above, PLAIN),
        strong=_told(card.strong, BOLD),
        facts=tuple(filter(None, (_told(fact, PLAIN) for fact in card.facts))),
    )


def _told(text: str, fonts: Sequence[str]) -> str:
    """The text as it can be written, without emoji that can't be; nothing where some letter
    can't."""
    letters = map(_written, unicodedata.normalize("NFC", text))
    line = " ".join("".join(letters).split())
    return line if _font_for(line, fonts) else ""


def _written(letter: str) -> str:
    """The letter, or what is as good where no font has it."""
    category = unicodedata.category(letter)
    if category == "Cf" or ord(letter) in VARIANTS:
        return ""
    if any(_has(font, letter) for font in BOLD):
        return letter
    return "" if category in ORNAMENTS else unicodedata.normalize("NFKC", letter)


def _font_for(text: str, fonts: Sequence[str]) -> str | None:
    """The first font with every letter of the text, as long as they stand one after the other:
    marks on letters and scripts from right to left would have to be joined."""
    if any(unicodedata.category(letter)[0] == "M" for letter in text):
        return None
    return next((font for font in fonts if all(_has(font, letter) for letter in text)), None)


@lru_cache(maxsize=20_000)
def _has(font: str, letter: str) -> bool:
    """Whether the font has it: what it hasn't looks like the letter that nobody has."""
    if letter == " ":
        return True
    face = _font(font, 32)
    mask, nothing = face.getmask(letter), face.getmask("\uffff")
    return mask.size != nothing.size or bytes(mask) != bytes(nothing)


@lru_cache(maxsize=32)
def _font(name: str, size: int) -> Font:
    basic = ImageFont.Layout.BASIC  # the other needs a library that not every machine has
    return ImageFont.truetype(FONTS / name, size, layout_engine=basic)


@lru_cache(maxsize=20_000)
def _width_of(font: Font, letter: str) -> float:
    return font.getlength(letter)


def _width(text: str, font: Font) -> float:
    """At least as wide as it will be: pairs of letters stand closer, never farther apart."""
    return sum(_width_of(font, letter) for letter in text)


def _of(text: str, fonts: Sequence[str], size: int) -> Font:
    return _font(_font_for(text, fonts) or fonts[0], size)


def _png(card: Card) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    left = BAR + MARGIN
    draw.rectangle((0, 0, BAR - 1, HEIGHT), fill=card.color)
    top = MARGIN
    if card.above:
        font = _of(card.above, PLAIN, ABOVE)
        top += ABOVE
        draw.text((left, top), _shortened(card.above, font), SOFT, font, anchor="ls")
        top += ABOVE // 2
    bottom = HEIGHT - MARGIN + 12
    below = [(fact, PLAIN, FACT, SOFT) for fact in reversed(card.facts)]
    if card.strong:
        below.append((card.strong, BOLD, STRONG, card.color))
    for text, fonts, size, color in below:
        font = _of(text, fonts, size)
        draw.text((left, bottom), _shortened(text, font), color, font, anchor="ls")
        bottom -= round(size * 1.42)
    size, font, lines = _fitted(card.heading, bottom - top)
    height = len(lines) * size * LINE
    line = top + (bottom - top - height) / 2 if not below else top + size * 0.12
    for text in lines:
        draw.text((left - size // 24, round(line + size * 0.88)), text, INK, font, anchor="ls")
        line += size * LINE
    file = io.BytesIO()
    palette = image.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _fitted(heading: str, room: int) -> tuple[int, Font, Sequence[str]]:
    """The heading in lines, as large as it fits with whole words; what is too long even so ends in
    an ellipsis."""
    for size in HEADINGS:
        font = _of(heading, BOLD, size)
        lines = [*_lines(heading, font)]
        most = min(MOST_LINES, int(room / (size * LINE)))
        if len(lines) <= most and all(_fits(piece, font) for piece in _pieces(heading)):
            return size, font, lines
    rest = " ".join(lines[most - 1 :])
    return size, font, [*lines[: most - 1], *([_shortened(rest, font)] if rest else [])]


def _lines(text: str, font: Font) -> Iterator[str]:
    """Broken where words end, within what is too long for a line, and between signs of Japanese."""
    line = ""
    for piece in _pieces(text):
        if _fits(line + piece, font):
            line += piece
            continue
        if line:
            yield line.strip()
        line = piece
        while not _fits(line, font):
            end = next(end for end in range(len(line), 0, -1) if _fits(line[:end], font))
            yield line[:end]
            line = line[end:]
    yield line.strip()


def _fits(text: str, font: Font) -> bool:
    return _width(text.rstrip(), font) <= ROOM


def _pieces(text: str) -> Iterator[str]:
    """What stays together, each with the space behind it."""
    piece = ""
    for letter in text:
        if piece and letter != " " and _may_break(piece[-1], letter):
            yield piece
            piece = ""
        piece += letter
    yield piece


def _may_break(before: str, after: str) -> bool:
    if _is_wide(before) or _is_wide(after):
        return before not in NEVER_LAST and after not in NEVER_FIRST
    return before in " -/–"


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in ("W", "F")


def _shortened(text: str, font: Font) -> str:
    """As much of the text as fits a line."""
    if _fits(text, font):
        return text
    ends = range(len(text), 0, -1)
    parts = (f"{text[:end].rstrip(' ,·-')}…" for end in ends)
    return next(part for part in parts if _fits(part, font))
