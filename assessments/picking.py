"""The indicator library as the editor offers it: searched and filtered for one draft, each indicator in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationstd import refusals

from . import outline
from .drafting import EditError
from .scoring import editing, library
from .scoring.build import CRITERIA_LIMIT, TIERS
from .scoring.composing import Clash, compose
from .scoring.library import BASES, Indicator, Published
from .scoring.shapewords import SHAPES

BASIS_NAMES = {
    "material": gettext_lazy("Field material"),
    "published": gettext_lazy("Published norm"),
    "proposal": gettext_lazy("Proposal"),
}
_LONGEST = 60  # characters that are searched for


@dataclass(frozen=True)
class Offer:
    """One indicator. `is_there`: the draft has a criterion of this id already."""

    indicator: Indicator
    line: outline.Line
    published: tuple[Published, ...]
    is_there: bool

    @property
    def basis(self) -> str:
        return BASIS_NAMES[self.indicator.basis]


@dataclass(frozen=True)
class Wanted:
    """What was searched for; "" lets everything through. `fresh`: only what the draft does not have yet."""

    q: str = ""
    group: str = ""
    tier: str = ""
    basis: str = ""
    shape: str = ""
    kind: str = ""
    fresh: str = ""

    @classmethod
    def read(cls, said: Mapping[str, str], classes) -> "Wanted":
        """Refused (400) for a choice that the page does not offer."""
        allowed = choices() | {"kind": tuple(classes), "fresh": ("yes",)}
        found = {key: said.get(key, "") for key in cls.__dataclass_fields__}
        if any(found[key] and found[key] not in allowed[key] for key in allowed):
            raise refusals.invalid(_("This page has no such choice."))
        return cls(**found | {"q": found["q"][:_LONGEST]})

    def said(self) -> dict[str, str]:
        """What is not empty, as the address has it."""
        return {key: value for key in self.__dataclass_fields__ if (value := getattr(self, key))}

    def address(self) -> str:
        """The same with & behind it, for a link that asks for more; "" where nothing was searched for."""
        return f"{urlencode(self.said())}&" if self.said() else ""


def choices() -> dict[str, tuple[str, ...]]:
    """What may be asked of each facet."""
    return {
        "group": tuple(each.code for each in library.shipped().groups),
        "tier": TIERS,
        "basis": BASES,
        "shape": tuple(SHAPES),
    }


def offers(wanted: Wanted, document: Mapping, lang: str) -> list[Offer]:
    """What of the library was searched for, in the order of its groups. No query."""
    shipped = library.shipped()
    there = {each.get("id") for each in document.get("criterion", ())}
    found = shipped.search(wanted.q, group=wanted.group, tier=wanted.tier, basis=wanted.basis, shape=wanted.shape)
    if wanted.kind:
        found = [each for each in found if each.criterion.applies(wanted.kind)]
    if wanted.fresh:
        found = [each for each in found if each.id not in there]
    lines, norms = _lines(lang), _norms()
    return [Offer(each, lines[each.id], norms[each.id], each.id in there) for each in found]


class Unfit(EditError):
    """The indicators cannot be put in as they are. clashes: what the draft says otherwise than the library."""

    def __init__(self, message: str, clashes: tuple[Clash, ...] = ()):
        super().__init__(message)
        self.clashes = clashes


def put(document: dict, ids: list[str], section: str, *, keeps: bool) -> int:
    """Put indicators into a draft's document, under a section or ("") each under its group's; how many were added.

    keeps  go on where the draft has a metric, a norm … of the same name that says something else: the draft's stays

    Raises Unfit where that is so and nobody agreed to it, where nothing is chosen or none is asked of the draft's
    classes, and where there would be more criteria than the draft's limit; LookupError for a section that is gone.
    """
    if not ids:
        raise Unfit(_("Choose at least one indicator."))
    if section:
        editing.row(document, "section", section)
    composed = compose(library.shipped(), document, ids, section or None)
    clashes = tuple(each for each in composed.clashes if each.kind != "criterion")
    if clashes and not keeps:
        raise Unfit(_("The draft uses the same names for something else. What the draft says can be kept:"), clashes)
    if not composed.added:
        raise Unfit(_("None of these can be added: the draft has them already, or they concern none of its classes."))
    editing.arrange(document)
    count, limit = len(document["criterion"]), document.get("criteria_limit", CRITERIA_LIMIT)
    if count > limit:
        words = _("With these the draft would have %(n)s criteria; %(limit)s are allowed. Choose fewer.")
        raise Unfit(words % {"n": count, "limit": limit})
    return len(composed.added)


@lru_cache(maxsize=2)
def _lines(lang: str) -> dict[str, outline.Line]:
    return {line.criterion.id: line for line in outline.lines(library.shipped().standard, lang)}


@lru_cache(maxsize=1)
def _norms() -> dict[str, tuple[Published, ...]]:
    """{indicator: published norms for what it measures}"""
    shipped = library.shipped()
    by_metric: dict[str, list[Published]] = {}
    for norm in shipped.published.values():
        by_metric.setdefault(norm.metric, []).append(norm)
    return {
        id: tuple(norm for code in shipped.columns_of(id) for norm in by_metric.get(code, ()))
        for id in shipped.indicators
    }
