"""Jinja2 as templates use it: kept to what they are given, and with nothing computed before they
are rendered. A company's are compiled in the process that serves, which has no limits."""

from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Sandbox(ImmutableSandboxedEnvironment):
    """Renders templates from the first of `folders` that has one, each text in them after `how`."""

    def __init__(
        self,
        folders: Sequence[str],
        how: Callable[[str], str] = lambda text: text,
        *,
        autoescape: bool = False,
    ) -> None:
        @pass_context  # or what is constant would be finalized, hence computed, by the compiler
        def finalize(_: Context, value: Any) -> Any:
            return how(value) if isinstance(value, str) else value

        super().__init__(
            loader=FileSystemLoader(folders),
            undefined=StrictUndefined,
            finalize=finalize,
            autoescape=autoescape,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            optimized=False,  # which computes what is constant, too
        )

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Refuses the one other thing that the compiler computes: what `autoescape` is set to."""
        template = super()._parse(source, name, filename)
        for node in template.find_all(nodes.EvalContextModifier):
            if not all(isinstance(option.value, nodes.Const) for option in node.options):
                why = "autoescape takes true or false"
                raise TemplateSyntaxError(why, node.lineno, name, filename)
        return template
