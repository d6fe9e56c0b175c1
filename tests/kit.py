"""Help for tests of templates: an app with nothing but the kit, and a reader that says what is wrong with a page."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask import Flask, render_template
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from inleer.resources import resource
from inleer.web import filters

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    "{{ 7*7 }}",
    "</textarea><b>",
]
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """Elements of a page; complains about tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.problems: list[str] = []
        self.feed(text)
        self.problems += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.problems.append(f"</{tag}> closes {self.open[-1:]}")

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [attrs[name] or "" for _tag, attrs in self.elements if name in attrs]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of one kind."""
        return [attrs for name, attrs in self.elements if name == tag]


def kit_app() -> Flask:
    """An app that knows the templates, the filters and the token, and has no database."""
    web = Flask(
        "inleer",
        template_folder=str(resource("templates")),
        static_folder=str(resource("static")),
        static_url_path="/static",
    )
    web.config.update(SECRET_KEY="only for this test", WTF_CSRF_CHECK_DEFAULT=False)
    web.jinja_env.undefined = StrictUndefined
    CSRFProtect(web)
    filters.install(web)
    return web


def render(
    app: Flask, template: str, path: str = "/stijlgids", post: dict[str, str] | None = None, **context: Any
) -> str:
    """A template rendered as the answer to a request; ``post`` is a form sent from our own site."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    with app.test_request_context(path, method="POST" if post else "GET", data=post, headers=headers):
        return render_template(template, **context)


def macro(app: Flask, file: str, call: str, **context: Any) -> str:
    """A call of a macro, with the file's macros under the name ``kit``."""
    source = f"{{% import 'components/{file}' as kit %}}{call}"
    with app.test_request_context("/lijst?sort=naam&page=2"):
        return app.jinja_env.from_string(source).render(**context)


def assert_sound(text: str) -> Page:
    """Well formed, ids unique, every reference leads somewhere, every control named, nothing inline."""
    page = Page(text)
    assert page.problems == []
    ids = Counter(page.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        for value in page.values(attribute):
            assert set(value.split()) <= set(ids), f"{attribute}={value!r}"
    assert [e for e in page.elements if any(n == "style" or n.startswith("on") for n in e[1])] == []
    assert [a for a in page.all("script") if not a.get("src")] == [] and page.all("style") == []
    labelled = set(page.values("for"))
    for tag in ("input", "select", "textarea"):
        for attrs in page.all(tag):
            named = attrs.get("id") in labelled or attrs.get("aria-label") or attrs.get("type") == "hidden"
            assert named, f"{tag} {attrs} has no name"
    return page
