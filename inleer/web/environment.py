"""The environment of templates: that of Flask, with what Jinja does hundreds of times on a page made cheap.

Each shortcut is for the plain case and gives what Jinja gives; everything else goes Jinja's own way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from types import FunctionType
from typing import Any

from flask import templating
from jinja2 import nodes, runtime
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

#: The first character that HTML wants replaced.
_special = re.compile("[&<>\"']").search


def written(value: Any) -> str:
    """A value as HTML; equal to :func:`markupsafe.escape`.

    That makes an object of every text, also of one that is HTML already or has nothing to replace, and here all are
    joined at once.
    """
    kind = type(value)
    plain = kind is Markup or (kind is str and not _special(value))
    return value if plain else escape(value)


class Context(runtime.Context):
    """The variables of a template, and how it calls functions."""

    def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call a function or macro of a template.

        Jinja asks each one, and its ``__call__`` too, whether it wants the context. A macro always wants how to escape;
        a plain function without a mark gets what the template gave.
        """
        if type(function) is runtime.Macro:
            args = (self.eval_ctx, *args)
        elif type(function) is not FunctionType or hasattr(function, "jinja_pass_arg"):
            return super().call(function, *args, **kwargs)
        kwargs.pop("_loop_vars", None)  # these are for functions that want the context
        kwargs.pop("_block_vars", None)
        return function(*args, **kwargs)


class Generator(CodeGenerator):
    """Makes Python of a template; where it always escapes, through :func:`written`."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Environment(templating.Environment):
    """The environment of templates. Each has the functions of all in a dict of its own.

    Jinja lays one over the other in a ChainMap, and goes through it in Python for every import on every page: some 4 %
    of a page. So a function that is added after a template was loaded is not seen in that one.
    """

    context_class = Context
    code_generator_class = Generator
    written = staticmethod(written)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The functions for one template, with its own over those of all."""
        return {**self.globals, **(d or {})}
