"""HTML that is rendered once and filled in again and again.

A page of 35 fields renders the same templates with the same words for every station; only the figures differ. `filled`
renders a template once for each `key`, with marks where `holes` go, and later only puts the escaped values in.
"""

import re
import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from uuid import UUID, uuid4

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Html = SafeString  # what is escaped where it has to be, and only put into pages as it is
_MOST = 20_000  # skeletons a process keeps; a standard needs a few hundred in each language
_kept: dict[tuple, "Skeleton"] = {}
_fresh = ContextVar("fresh", default=False)

# Nobody can know these, so that no text of a standard is ever taken for a mark. A whole number and a UUID have marks of
# their own kind, which an address takes.
_WORD = f"hole{secrets.token_hex(8)}x"
_DIGITS = str(10**17 + secrets.randbelow(8 * 10**17))
_UUID = str(uuid4())[:-3]
_MARKS = re.compile(f"(?:{_WORD}|{_DIGITS}|{_UUID})([0-9]{{3}})")


class Skeleton:
    """A rendered template cut at its marks."""

    def __init__(self, rendered: str, names: list[str]):
        self.first, *rest = _MARKS.split(rendered)
        self.rest = tuple((names[int(number)], text) for number, text in zip(rest[::2], rest[1::2], strict=True))

    def filled(self, holes: Mapping[str, object]) -> SafeString:
        words = {name: _escaped(value) for name, value in holes.items()}
        return SafeString(self.first + "".join(words[name] + text for name, text in self.rest))


def filled(template: str, key: tuple, holes: Mapping[str, object], context=dict) -> SafeString:
    """`template` with `holes` put in where it shows them; what is no safe string is escaped.

    key      hashable: everything but the holes that the result depends on
    holes    texts, safe strings, whole numbers and UUIDs that the template shows as they are: it may ask nothing
             about them, not even whether they are empty, and put them through no filter
    context  makes what the template is given out of the holes; called only where it is rendered
    """
    if _fresh.get():
        return get_template(template).render(context(holes))
    full = (template, get_language(), key, tuple(type(value) in (int, UUID) for value in holes.values()))
    skeleton = _kept.get(full)
    if skeleton is None:
        marks = {name: _mark(number, holes[name]) for number, name in enumerate(holes)}
        skeleton = Skeleton(get_template(template).render(context(marks)), list(holes))
        if len(_kept) >= _MOST:
            _kept.clear()
        if not settings.DEBUG:  # whoever changes templates wants to see it
            _kept[full] = skeleton
    return skeleton.filled(holes)


def _escaped(value) -> str:
    """What conditional_escape makes of it, without what that does for lazy and foreign texts first."""
    kind = type(value)
    if kind is SafeString:
        return value
    return escape(value) if kind is str else conditional_escape(str(value) if kind in (int, UUID) else value)


def _mark(number: int, value):
    if isinstance(value, int):
        return int(f"{_DIGITS}{number:03}")
    return UUID(f"{_UUID}{number:03}") if isinstance(value, UUID) else SafeString(f"{_WORD}{number:03}")


@contextmanager
def rendered_afresh():
    """Everything inside is rendered by its template as if there were no skeletons: what they are held against."""
    token = _fresh.set(True)
    try:
        yield
    finally:
        _fresh.reset(token)
