"""Writes a role's file, with what has no place in it in comments at the end."""

from collections.abc import Iterable, Sequence

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import Array

from bot.domain.posting import PostingPart
from bot.library.new_role.placing import Placed
from bot.library.new_role.source import tidy

NOT_HERE_YET = (
    "Not here yet: aliases, competencies, questions and a guide. docs/content.md says what goes "
    "into them."
)
AT_THE_END = (
    "Under the headings that they had. Move what belongs to another part; the order of these is "
    "the order in the posting."
)
LEFT = "Also in the source, and not in the posting:"


def written(
    placed: Placed,
    *,
    language: str | None,
    occupation: str | None = None,
    facts: Iterable[tuple[str, str]] = (),
    beside: Iterable[str] = (),
) -> str:
    """The file's text. `facts` and `beside` are kept in comments."""
    document = tomlkit.document()
    _comment(document, NOT_HERE_YET)
    document.add("title", tomlkit.item(placed.title))
    if language is not None:
        document.add("locale", tomlkit.item(language))
    if occupation is not None:
        document.add("occupation", tomlkit.item(occupation))
    document.add(tomlkit.nl())
    _noted(document, placed, "summary")
    document.add("summary", tomlkit.item(placed.summary))
    if placed.day_to_day:
        document.add("day_to_day", _array(placed.day_to_day))
    for part in PostingPart:
        _part(document, placed, part)
    if placed.intros:
        intros = tomlkit.table()
        for part, text in placed.intros.items():
            intros.add(str(part), tomlkit.item(text))
        document.add("intros", intros)
    if placed.more:
        document.add(tomlkit.nl())
        _comment(document, AT_THE_END)
        document.add("more", _more(placed))
    left = [*placed.left, *(f"{key}: {value}" for key, value in facts), *beside]
    text = document.as_string()
    if not left:
        return text
    lines = [f"# {LEFT}", *(f"#   {tidy(line)}" for line in left)]
    return "\n".join([text.rstrip("\n"), "", *lines, ""])


def _part(document: TOMLDocument, placed: Placed, part: PostingPart) -> None:
    lines = placed.lists.get(part) or placed.prose.get(part)
    is_experience = part is PostingPart.REQUIREMENTS and placed.experience
    if lines or is_experience or placed.headings.get(part):
        document.add(tomlkit.nl())
        _noted(document, placed, part)
    if lines:
        document.add(str(part), _array(lines))
    if is_experience:
        document.add("experience", tomlkit.item(placed.experience))


def _noted(document: TOMLDocument, placed: Placed, key: str) -> None:
    for heading in placed.headings.get(key, ()):
        _comment(document, heading)


def _comment(document: TOMLDocument, text: str) -> None:
    document.add(tomlkit.comment(tidy(text)))  # which ends at no line of the source


def _array(lines: Sequence[str]) -> Array:
    array = tomlkit.array()
    for line in lines:
        array.append(line)
    return array.multiline(True)


def _more(placed: Placed) -> tomlkit.items.AoT:
    parts = tomlkit.aot()
    for part in placed.more:
        table = tomlkit.table()
        if part.heading:
            table.add("heading", tomlkit.item(part.heading))
        if part.text:
            table.add("text", _array(part.text))
        if part.items:
            table.add("items", _array(part.items))
        parts.append(table)
    return parts


def begun(title: str) -> str:
    """A file to begin with: what is required, and the other parts in comments."""
    document = tomlkit.document()
    for line in TO_BEGIN_WITH:
        _comment(document, line)
    document.add("title", tomlkit.item(title))
    document.add("summary", tomlkit.item(SUMMARY_TO_WRITE))
    document.add(tomlkit.nl())
    for line in PARTS_TO_WRITE:
        _comment(document, line)
    return document.as_string()


TO_BEGIN_WITH = (
    "Write the summary, and take away the # before what you need.",
    "docs/content.md says what goes into each part.",
)
SUMMARY_TO_WRITE = "Say in 2 to 4 sentences what the person does and what they own."
PARTS_TO_WRITE = (
    'aliases = ["other names that people type"]',
    'responsibilities = ["Each begins with a verb."]',
    'requirements = ["You …"]',
    'nice_to_have = ["…"]',
    'benefits = ["…"]',
    "competencies = []",
)
