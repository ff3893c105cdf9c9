"""Places each text of a source in the part of a posting that it belongs to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.posting import PostingHeadings, PostingPart
from bot.domain.roles import MOST_IN_POSTING, MOST_ITEMS, MOST_PARAGRAPHS
from bot.library.locales import Locale, Part
from bot.library.new_role.source import PARAGRAPH_LEVEL, Block, Heading, Listed, Source, Text

LONGEST_ITEM, LONGEST_PARAGRAPH, LONGEST_HEADING, LONGEST_TITLE = 1000, 2900, 150, 120
MOST_MORE = 40

LISTS = frozenset(PostingPart) - {PostingPart.CONDITIONS, PostingPart.ABOUT, PostingPart.CONTACT}
PROSE = (PostingPart.ABOUT, PostingPart.CONTACT)
CONDITIONS = PostingPart.CONDITIONS
SUMMARY = "summary"

MARKS = re.compile(r"[＜＞〈〉《》［］【】■◆▼▶□◇●•:：.!?？！*_#()（）\[\]]+")
BEFORE_TITLE = re.compile(r"^【[^】]*】\s*")
DECORATION = re.compile(r"^[■◆▼▶□◇【＜〈《［]+\s*|[\s:：】＞〉》］]+$")
FACT = re.compile(r"[^.!?。:：]{2,40}[:：]\s*\S.{0,100}")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
SHORTEST_ENDING = 8
"""Letters of a phrase by which a heading is known that ends with it."""
LONGEST_LINE = 60


@dataclass
class More:
    """A part under a heading of its own, or going on with the one before it."""

    heading: str = ""
    text: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)


@dataclass
class Placed:
    """A posting's parts as a role's file has them. `headings` are those of the source, by the key
    that their part became; `left` is what no part has room for."""

    title: str = ""
    summary: str = ""
    day_to_day: list[str] = field(default_factory=list)
    experience: str = ""
    lists: dict[PostingPart, list[str]] = field(default_factory=dict)
    prose: dict[PostingPart, list[str]] = field(default_factory=dict)
    intros: dict[PostingPart, str] = field(default_factory=dict)
    more: list[More] = field(default_factory=list)
    headings: dict[str, list[str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def place(
    source: Source,
    title: str,
    locales: Mapping[str, Locale],
    language: str,
    room: int = MOST_IN_POSTING,
) -> Placed:
    """The source in its places; `title` is for where it has none, `room` how many characters the
    posting may have."""
    known = headings_of(locales, language)
    blocks = list(_spelled_out(source.blocks, known))
    placed = Placed()
    called, blocks = _title(source, blocks, known, title)
    placed.title = BEFORE_TITLE.sub("", called) or called
    placed.left += [called] if called != placed.title else []
    placed.left += [one for one in (source.title, source.page_title) if one and one != placed.title]
    _Placing(placed, locales[language].words.headings).all(blocks, source, known)
    _give_summary(placed)
    _make_room(placed, room)
    return placed


def language_of(source: Source, locales: Mapping[str, Locale], default: str) -> str:
    """The language that the source says it is in, or whose headings it has most of."""
    for named in (source.language, source.language.partition("-")[0].partition("_")[0].lower()):
        if named in locales:
            return named
    texts = [block.text for block in source.blocks if not isinstance(block, Listed)]
    if "ja" in locales and any(re.search(r"[\u3040-\u30ff]", text) for text in texts):
        return "ja"
    known = {slug: headings_of({slug: locale}, slug) for slug, locale in locales.items()}
    scores = {
        slug: sum(recognized(text, headings) is not None for text in texts)
        for slug, headings in known.items()
    }
    best = max(scores, key=lambda slug: (scores[slug], slug == default))
    return best if scores[best] else default


def headings_of(locales: Mapping[str, Locale], first: str) -> dict[str, Part]:
    """The parts by the headings that they are known by; the first language's before all others."""
    found: dict[str, Part] = {}
    for locale in (locales[first], *locales.values()):
        for part in PostingPart:
            found.setdefault(plain(locale.words.headings[part]), part)
        for named, phrases in locale.recognized.items():
            for phrase in phrases:
                found.setdefault(plain(phrase), named)
    return found


def plain(heading: str) -> str:
    """A heading without what makes no difference to it."""
    return " ".join(MARKS.sub(" ", heading.casefold().replace("’", "'")).split())


def recognized(heading: str, known: Mapping[str, Part]) -> Part | None:
    """The part that a heading announces: it is one of its phrases, or begins or ends with one."""
    text = plain(heading)
    if text in known:
        return known[text]
    begins = [one for one in known if _begins(text, one)]
    if begins:
        return known[max(begins, key=len)]
    ends = [one for one in known if len(one) >= SHORTEST_ENDING and text.endswith(f" {one}")]
    return known[max(ends, key=len)] if ends else None


def _begins(text: str, phrase: str) -> bool:
    if not text.startswith(phrase) or not phrase:
        return False
    following = text[len(phrase)]
    return not following.isalnum() or (not phrase.isascii() and ord(phrase[-1]) > 0x2E80)


def _spelled_out(blocks: Iterable[Block], known: Mapping[str, Part]) -> Iterator[Block]:
    """The blocks, with the headings that are lines like any other made headings."""
    for block in blocks:
        if isinstance(block, Text) and block.label and recognized(block.label, known):
            yield Heading(block.label, PARAGRAPH_LEVEL)
            rest = block.text.removeprefix(block.label).lstrip(" :：")
            if rest:  # a sentence that goes on after the colon stays whole
                yield Text(block.text if rest[0].islower() else rest)
        elif isinstance(block, Text) and (plain(block.text) in known or _is_shouted(block.text)):
            yield Heading(block.text, PARAGRAPH_LEVEL)
        else:
            yield block


def _is_shouted(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return len(letters) > 3 and len(text) <= LONGEST_LINE and text.isupper() and text[-1] != "."


def _title(
    source: Source, blocks: list[Block], known: Mapping[str, Part], otherwise: str
) -> tuple[str, list[Block]]:
    """The title, and the blocks without it: what the source calls the job, its first heading of the
    first level, what it begins with, or the page's title."""
    if 0 < len(source.title) <= LONGEST_TITLE:
        return source.title, blocks
    for is_title in (_is_main_heading, _can_begin_with):
        for number, block in enumerate(blocks):
            if isinstance(block, Listed) or not is_title(block, number):
                continue
            if plain(block.text) not in known and len(block.text) <= LONGEST_TITLE:
                return block.text, [*blocks[:number], *blocks[number + 1 :]]
    fits = 0 < len(source.page_title) <= LONGEST_TITLE
    return (source.page_title if fits else otherwise), blocks


def _is_main_heading(block: Block, _: int) -> bool:
    return isinstance(block, Heading) and block.level == 1


def _can_begin_with(block: Block, number: int) -> bool:
    if number > 0 or isinstance(block, Listed):
        return False
    return isinstance(block, Heading) or not block.text.endswith((".", "。", ":", "："))


def _is_line(text: str) -> bool:
    """Whether it is a few words rather than a sentence: "Remote, full time"."""
    return len(text) <= LONGEST_LINE and not text.endswith((".", "!", "?", "。", "！", "？"))


class _Placing:
    """Goes through the blocks, a heading with what follows it at a time."""

    def __init__(self, placed: Placed, words: PostingHeadings) -> None:
        self._placed = placed
        self._words = words

    def all(self, blocks: Sequence[Block], source: Source, known: Mapping[str, Part]) -> None:
        before, *sections = _sections(blocks)
        self._beginning([*before[1]])
        for heading, inside in sections:
            part = recognized(heading.text, known) if heading is not None else None
            self._section(heading.text if heading is not None else "", part, inside)
        for name, block in source.parts:
            self._section("", PostingPart(name), [block])

    def _beginning(self, blocks: Sequence[Block]) -> None:
        """What stands before the first heading: what the job is, and facts about it."""
        facts: list[str] = []
        for block in blocks:
            if isinstance(block, Listed):
                facts += block.items
            elif FACT.fullmatch(block.text) or _is_line(block.text):
                facts.append(block.text)
            else:
                self._say(block.text)
        if facts:
            self._under(self._words.details, [Listed(tuple(facts))])

    def _section(self, heading: str, part: Part | None, inside: Sequence[Block]) -> None:
        if not inside:
            self._alone(heading, part)
        elif part == SUMMARY:
            self._about_the_job(heading, inside)
        elif part in LISTS:
            self._list(heading, PostingPart(part), inside)
        elif part in PROSE and not any(isinstance(block, Listed) for block in inside):
            self._note(str(part), heading)
            texts = self._placed.prose.setdefault(PostingPart(part), [])
            texts += [piece for block in inside for piece in _pieces(_texts(block))]
        else:
            named = self._words[PostingPart(part)] if part is not None else ""
            self._under(heading or named, inside)

    def _alone(self, heading: str, part: Part | None) -> None:
        """A heading with nothing under it: what follows it has a heading of its own."""
        if part is not None:
            self._note(str(part), heading)
        elif heading and heading != self._placed.title:
            self._placed.more.append(More(text=_pieces([heading])))

    def _about_the_job(self, heading: str, inside: Sequence[Block]) -> None:
        texts: list[Block] = []
        rest = list(inside)
        while rest and not isinstance(rest[0], Listed):
            texts.append(rest.pop(0))
        if rest:
            self._under(heading, rest)
        elif texts:
            self._note(SUMMARY, heading)
        for block in texts:
            for text in _texts(block):
                self._say(text)

    def _list(self, heading: str, part: PostingPart, inside: Sequence[Block]) -> None:
        """Its list, what leads into it, and what follows it."""
        self._note(str(part), heading)
        items = self._placed.lists.setdefault(part, [])
        lists = [number for number, block in enumerate(inside) if isinstance(block, Listed)]
        if not lists:
            items += [piece for block in inside for piece in _pieces(_texts(block), LONGEST_ITEM)]
            return
        lead = " ".join(text for block in inside[: lists[0]] for text in _texts(block))
        whole = " ".join(filter(None, (self._placed.intros.get(part), lead)))
        after = [*inside[lists[-1] + 1 :]]
        if lead and len(whole) <= LONGEST_PARAGRAPH:
            self._placed.intros[part] = whole
        elif lead:
            after = [*inside[: lists[0]], *after]
        for block in inside[lists[0] : lists[-1] + 1]:
            items += _pieces(_texts(block), LONGEST_ITEM)
        self._after(heading, part, after)

    def _after(self, heading: str, part: PostingPart, blocks: Sequence[Block]) -> None:
        text = " ".join(text for block in blocks for text in _texts(block))
        is_room = part == PostingPart.REQUIREMENTS and not self._placed.experience
        if is_room and len(text) <= LONGEST_PARAGRAPH:
            self._placed.experience = text
        elif blocks:
            self._under(heading or self._words[part], blocks)

    def _under(self, heading: str, blocks: Sequence[Block]) -> None:
        """Under the heading that it has in the source, after all parts that have a place."""
        heading = _cut(heading, self._placed)
        for block in blocks:
            more = self._placed.more
            if heading or not more or more[-1].items:
                more.append(More(heading))
                heading = ""
            if isinstance(block, Listed):
                more[-1].items += _pieces(block.items, LONGEST_ITEM)
            else:
                more[-1].text += _pieces(_texts(block))

    def _say(self, text: str) -> None:
        for piece in _pieces([text]):
            if self._placed.summary:
                self._placed.day_to_day.append(piece)
            else:
                self._placed.summary = piece

    def _note(self, key: str, heading: str) -> None:
        if heading:
            self._placed.headings.setdefault(key, []).append(heading)


Sectioned = tuple[Heading | None, list[Block]]


def _sections(blocks: Iterable[Block]) -> list[Sectioned]:
    """Each heading with what follows it; first what stands before any."""
    found: list[Sectioned] = [(None, [])]
    for block in blocks:
        if isinstance(block, Heading):
            found.append((block, []))
        else:
            found[-1][1].append(block)
    return found


def _texts(block: Block) -> tuple[str, ...]:
    return block.items if isinstance(block, Listed) else (block.text,)


def _pieces(texts: Iterable[str], most: int = LONGEST_PARAGRAPH) -> list[str]:
    """The texts, those too long for their place parted between sentences."""
    return [piece for text in texts for piece in _parted(text, most)]


def _parted(text: str, most: int) -> Iterator[str]:
    while len(text) > most:
        ends = [end.end() for end in SENTENCE_END.finditer(text[:most])]
        space = text.rfind(" ", 0, most)
        at = ends[-1] if ends and ends[-1] > 0 else space if space > 0 else most
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text


def _cut(heading: str, placed: Placed) -> str:
    """The heading; one that is too long for a heading is kept whole in the comments."""
    heading = DECORATION.sub("", heading)
    if len(heading) <= LONGEST_HEADING:
        return heading
    placed.left.append(heading)
    return heading[:LONGEST_HEADING].rstrip()


def _give_summary(placed: Placed) -> None:
    """Every posting has a summary: where none was found, the first prose is it, or the title."""
    if placed.summary:
        return
    for texts in (*placed.prose.values(), *(part.text for part in placed.more)):
        if texts:
            placed.summary = texts.pop(0)
            return
    placed.summary = placed.title


def _make_room(placed: Placed, room: int) -> None:
    """Moves what is beyond the limits of a file out of it, the last first."""
    for part, items in placed.lists.items():
        if len(items) > MOST_ITEMS:
            placed.more.append(More(items=items[MOST_ITEMS:]))
            placed.lists[part] = items[:MOST_ITEMS]
    for texts in (placed.day_to_day, *placed.prose.values()):
        if len(texts) > MOST_PARAGRAPHS:
            placed.more.append(More(text=texts[MOST_PARAGRAPHS:]))
            del texts[MOST_PARAGRAPHS:]
    placed.more = [
        piece
        for part in placed.more
        for piece in _in_limits(part)
        if piece.text or piece.items or piece.heading
    ]
    _leave(placed, placed.more[MOST_MORE:])
    del placed.more[MOST_MORE:]
    while placed.more and _length(placed) > room:
        _leave(placed, [placed.more.pop()])
    for lines in (*placed.prose.values(), *reversed(placed.lists.values()), placed.day_to_day):
        while lines and _length(placed) > room:
            placed.left.append(lines.pop())
    while placed.intros and _length(placed) > room:
        placed.left.append(placed.intros.popitem()[1])


def _in_limits(part: More) -> Iterator[More]:
    heading = part.heading
    text, items = part.text, part.items
    while len(text) > MOST_PARAGRAPHS:
        yield More(heading, text[:MOST_PARAGRAPHS])
        heading, text = "", text[MOST_PARAGRAPHS:]
    while len(items) > MOST_ITEMS:
        yield More(heading, text, items[:MOST_ITEMS])
        heading, text, items = "", [], items[MOST_ITEMS:]
    yield More(heading, text, items)


def _leave(placed: Placed, parts: Iterable[More]) -> None:
    for part in parts:
        placed.left += [*([part.heading] if part.heading else []), *part.text, *part.items]


def _length(placed: Placed) -> int:
    texts = [placed.summary, placed.experience, *placed.day_to_day, *placed.intros.values()]
    for lines in (*placed.lists.values(), *placed.prose.values()):
        texts += lines
    for part in placed.more:
        texts += [*part.text, *part.items]
    return sum(map(len, texts))
