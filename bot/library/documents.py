"""Renders documents and messages from Jinja2 templates, a company's before the built-in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.links import Link
from bot.library import markdown
from bot.library.faults import ContentError, Fault
from bot.library.formats import Format
from bot.library.layout import TEMPLATES

if TYPE_CHECKING:
    from bot.library.sandbox import Sandbox

SUFFIX = {Format.MARKDOWN: "md", Format.HTML: "html", Format.TEXT: "txt"}


def escape_mrkdwn(text: str) -> str:
    """Text in which Slack finds no mention and no link; its `*`, `_` and `~` still format."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


JOINER = "\u2060"
"""Shows nothing, and parts what stands on either side."""

MENTION = re.compile(r"(?<!\w)@(?=\w)|<(?=[!@#])")
"""What begins a mention; the @ of an email address begins none."""


def without_mentions(text: str) -> str:
    """Text to paste into a post, in which nobody is called: it reads the same."""
    return text if isinstance(text, Link) else MENTION.sub(rf"\g<0>{JOINER}", text)


def escape_hn(text: str) -> str:
    """Text to paste into Hacker News, where asterisks set it in italics."""
    return text if isinstance(text, Link) else text.replace("*", r"\*")


class Documents:
    """Templates, from the first of `folders` that has one; compiled when they are first used."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = [str(folder) for folder in folders]

    @cached_property
    def _environments(self) -> "Mapping[str, Sandbox]":
        from bot.library.sandbox import Sandbox  # not before it is used

        in_markdown = Sandbox(self._folders, markdown.placed)
        in_markdown.filters["fenced"] = markdown.fenced
        in_markdown.filters["linked"] = markdown.linked
        return {
            "md": in_markdown,
            "html": Sandbox(self._folders, autoescape=True),
            "txt": Sandbox(self._folders),
            "css": Sandbox(self._folders),
            "js": Sandbox(self._folders),
            "svg": Sandbox(self._folders, autoescape=True),
            "mrkdwn": Sandbox(self._folders, escape_mrkdwn),
            "hn": Sandbox(self._folders, escape_hn),
            "post": Sandbox(self._folders, without_mentions),
        }

    def document(self, name: str, style: Format, **context: Any) -> str:
        """A document such as `posting` in one format."""
        return self.render(f"documents/{name}.{SUFFIX[style]}.j2", **context)

    def message(self, name: str, **context: Any) -> str:
        """A message's words in Slack's mrkdwn; everything put into them is escaped."""
        return self.render(f"messages/{name}.mrkdwn.j2", **context).strip()

    def render(self, path: str, **context: Any) -> str:
        """The template at this path, such as documents/posting.md.j2."""
        text = self._environment(path).get_template(path).render(**context)
        return markdown.escaped(text) if path.endswith(".md.j2") else text

    def _environment(self, path: str) -> "Sandbox":
        return self._environments[path.removesuffix(".j2").rpartition(".")[2]]

    def check(self, folders: Iterable[Path]) -> None:
        """Raises ContentError where a template of one of these cannot be compiled."""
        faults = []
        for path in self._templates(folders):
            try:
                self._environment(path).get_template(path)
            except Exception as error:  # Jinja's own, or one of Python's compiler
                faults.append(Fault(path, "", f"is not a usable template: {error}"))
        if faults:
            raise ContentError(faults)

    def _templates(self, folders: Iterable[Path]) -> Iterator[str]:
        for folder in folders:
            for kind in TEMPLATES:
                for path in sorted((folder / kind).rglob("*.j2")):
                    yield path.relative_to(folder).as_posix()
