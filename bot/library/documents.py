"""Renders documents and messages from Jinja2 templates, a company's before the built-in."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.library import markdown
from bot.library.faults import ContentError, Fault
from bot.library.formats import Format

if TYPE_CHECKING:
    from jinja2 import Environment

SUFFIX = {Format.MARKDOWN: "md", Format.HTML: "html", Format.TEXT: "txt"}


def escape_mrkdwn(text: str) -> str:
    """Text in which Slack finds no mention and no link; its `*`, `_` and `~` still format."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape(value: Any, how: Any) -> Any:
    return how(value) if isinstance(value, str) else value


class Documents:
    """Templates, from the first of `folders` that has one; compiled when they are first used."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = [str(folder) for folder in folders]

    @cached_property
    def _environments(self) -> "Mapping[str, Environment]":
        # Not before it is used. The sandbox keeps a company's template to what it is given.
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment as Environment

        shared: dict[str, Any] = {
            "loader": FileSystemLoader(self._folders),
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "keep_trailing_newline": True,
            "auto_reload": False,
            "optimized": False,  # or what is constant is computed before there is any limit
        }
        in_markdown = Environment(finalize=lambda value: _escape(value, markdown.placed), **shared)
        in_markdown.filters["fenced"] = markdown.fenced
        return {
            "md": in_markdown,
            "html": Environment(autoescape=True, **shared),
            "txt": Environment(**shared),
            "mrkdwn": Environment(finalize=lambda value: _escape(value, escape_mrkdwn), **shared),
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

    def _environment(self, path: str) -> "Environment":
        return self._environments[path.removesuffix(".j2").rpartition(".")[2]]

    def check(self, folders: Iterable[Path]) -> None:
        """Raises ContentError where a template of one of these cannot be compiled."""
        paths = list(self._templates(folders))
        if not paths:
            return
        from jinja2 import TemplateError

        faults = []
        for path in paths:
            try:
                self._environment(path).get_template(path)
            except (TemplateError, KeyError) as error:
                faults.append(Fault(path, "", f"is not a usable template: {error}"))
        if faults:
            raise ContentError(faults)

    def _templates(self, folders: Iterable[Path]) -> Iterator[str]:
        for folder in folders:
            for kind in ("documents", "messages"):
                for path in sorted((folder / kind).rglob("*.j2")):
                    yield path.relative_to(folder).as_posix()
