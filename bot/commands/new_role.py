"""`panelist new-role`: a role's file, to begin with or out of a job description."""

import argparse
import re
import sys
from pathlib import Path

from pydantic import ValidationError

from bot.commands import DONE
from bot.config import load_settings
from bot.domain.do_not_ask import Guard
from bot.domain.names import search_key, shown_back
from bot.domain.posting import PostingPart
from bot.domain.roles import MOST_IN_POSTING, Category, Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.library.content import load_content
from bot.library.do_not_ask import findings_in
from bot.library.faults import from_validation
from bot.library.layout import SLUG
from bot.library.new_role.job_posting import read_json, read_page_with_posting
from bot.library.new_role.markdown import read_markdown
from bot.library.new_role.placing import language_of, place
from bot.library.new_role.source import MOST_CHARACTERS, Source
from bot.library.new_role.writing import begun, written

GENERAL = "general"
"""The category where none is named and the role isn't in the library yet."""


def new_role(options: argparse.Namespace) -> int:
    """Writes the file, or prints it where there is no content folder."""
    company = load_settings().panelist_content
    library = load_content(company).library
    slug = _slug("SLUG", options.slug)
    known = library.role(slug)
    category = _slug("--category", options.category or (known.category.slug if known else GENERAL))
    if options.source is None:
        text = begun(_title_of(slug))
    else:
        text = _from(options.source, slug, library)
    role = _checked(text, slug, category, library)
    path = _path(options.out, company, category, slug)
    if path is None:
        print(text, end="")
    else:
        _write(path, text)
        print(f"Written: {path}", file=sys.stderr)
    _advise(role, library)
    return DONE


def _slug(what: str, name: str) -> str:
    if not SLUG.fullmatch(name) or len(name) > 60:
        raise UserError(
            f"{what} must be small letters, digits and single hyphens, such as backend-developer: "
            f"{shown_back(name)!r} isn't."
        )
    return name


def _title_of(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _from(name: str, slug: str, library: Library) -> str:
    """The role's file out of this one."""
    try:
        return _made(_read(name), slug, library)
    except RecursionError as error:
        told = f"{name} has parts within parts, too many to be a job description."
        raise UserError(told) from error


def _read(name: str) -> Source:
    text = _text_of(name)
    ending = Path(name).suffix.lower()
    begins = text.lstrip()[:1]
    if ending in (".json", ".jsonld") or (ending == "" and begins in ("{", "[")):
        return _posting(name, text)
    is_page = re.match(r"<(?:!doctype|html|head|body|[a-z][a-z0-9]*[\s>])", text.lstrip(), re.I)
    if ending in (".html", ".htm", ".xhtml") or (ending not in (".md", ".markdown") and is_page):
        return read_page_with_posting(text)
    return read_markdown(text)


def _posting(name: str, text: str) -> Source:
    try:
        found = read_json(text)
    except ValueError as error:
        raise UserError(f"{name} isn't valid JSON: {error}") from error
    if found is None:
        raise UserError(f"{name} holds no JobPosting of schema.org.")
    return found


def _text_of(name: str) -> str:
    """The file's text, whatever it was encoded with. `-` is standard input."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"{name} can't be read: {error.strerror}") from error
    if len(raw) > MOST_CHARACTERS:
        raise UserError(f"{name} is too long for a job description: it has {len(raw):,} bytes.")
    text = _decoded(raw)
    if text is None:
        raise UserError(f"{name} isn't text: save it as UTF-8, as HTML, Markdown or JSON.")
    if not text.strip():
        raise UserError(f"{name} is empty.")
    return text


def _decoded(raw: bytes) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        named = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", raw[:2048], re.I)
        encodings = ["utf-8-sig", *([named[1].decode("ascii")] if named else [])]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    return None


def _made(source: Source, slug: str, library: Library) -> str:
    own = library.company.locale
    language = language_of(source, library.locales, own)
    company = library.company
    shared = (*company.about, *company.benefits, *(stage.text for stage in company.process))
    room = MOST_IN_POSTING - sum(map(len, shared))
    placed = place(source, _title_of(slug), library.locales, language, room)
    if source.language and source.language.partition("-")[0].lower() != language.partition("-")[0]:
        print(
            f"The source's language is {shown_back(source.language)!r}, of which there's no file "
            f"in locales/: the headings will be in {language!r}.",
            file=sys.stderr,
        )
    code = next((value for key, value in source.facts if key.endswith("occupationalCategory")), "")
    occupation = re.search(r"\b\d{2}-\d{4}\b", code)
    return written(
        placed,
        language=language if language != own else None,
        occupation=occupation[0] if occupation else None,
        facts=source.facts,
        beside=source.beside,
    )


def _checked(text: str, slug: str, category: str, library: Library) -> Role:
    """The role that the file is. Raises UserError where its name is another's."""
    import rtoml  # the library has read its files with it by now

    table = rtoml.loads(text)
    given = {"slug": slug, "category": Category(slug=category, name=category), "version": "new"}
    words = library.locales[table.get("locale", library.company.locale)].words
    try:
        role = Role.model_validate(table | given | {"words": words})
    except ValidationError as error:
        faults = "; ".join(map(str, from_validation(Path(slug), error)))
        raise UserError(f"The file would have faults: {faults}") from error
    for name in (slug, role.title):
        named = library.find(name)
        if named is not None and named.slug != slug:
            raise UserError(
                f"{shown_back(name)!r} already names the role {named.slug}. To replace that role: "
                f"panelist new-role {named.slug}. To have both, give this one another title and "
                "slug."
            )
    at_level = library.find_at_level(role.title)
    if at_level is not None and at_level[0].slug != slug and _is_title(at_level[0], role.title):
        raise UserError(
            f"{shown_back(role.title)!r} is already a level of the role {at_level[0].slug}. Give "
            "this one another title."
        )
    return role


def _is_title(role: Role, title: str) -> bool:
    return search_key(title) in {search_key(at.title) for at in role.levels.values()}


def _path(out: str | None, company: Path | None, category: str, slug: str) -> Path | None:
    if out is not None:
        return None if out == "-" else Path(out)
    return company / "roles" / category / f"{slug}.toml" if company is not None else None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{path} exists already. Delete it first, or name another --out.") from None
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}") from error


def _advise(role: Role, library: Library) -> None:
    """What of the posting has no place in hiring, since `panelist check` will say it too."""
    for key, _, finding in findings_in(role, Guard(library.do_not_ask).findings):
        print(f"To look at: {key}: {finding}", file=sys.stderr)
    lacking = [
        part
        for part in (PostingPart.RESPONSIBILITIES, PostingPart.REQUIREMENTS)
        if not getattr(role, part)
    ]
    if lacking:
        print(f"Nothing was found for: {', '.join(lacking)}.", file=sys.stderr)
