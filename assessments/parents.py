"""The standard above: found by what a standard says of its parent, and held against it."""

from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from stations.models import StationClass

from .models import Edition
from .scoring import Standard
from .scoring.inherited import Finding, weakened


def parent_of(standard: Standard) -> Edition | None:
    """The edition that a standard names as its parent; None where it names none, or one that is not in use here."""
    named = standard.parent
    if named is None:
        return None
    return Edition.objects.filter(code=named.code, version=named.version, digest=named.digest).first()


def weaknesses(standard: Standard, lang: str) -> list[Finding]:
    """Where a standard asks less than its parent, in `lang`; [] for one without a parent.

    A parent that is not in use here, or is there with another text, is a finding too.
    """
    return weaknesses_of([standard], lang)[0]


def weaknesses_of(standards: Sequence[Standard], lang: str) -> list[list[Finding]]:
    """`weaknesses` of each of several standards; two queries however many they are, none where none has a parent."""
    named = {each.parent.digest for each in standards if each.parent}
    if not named:
        return [[] for _standard in standards]
    editions = {(each.code, each.version, each.digest): each for each in Edition.objects.filter(digest__in=named)}
    classes = _class_names(lang)
    return [_weaknesses(each, editions, classes, lang) for each in standards]


def _weaknesses(standard: Standard, editions: dict, classes: tuple, lang: str) -> list[Finding]:
    named = standard.parent
    if named is None:
        return []
    parent = editions.get((named.code, named.version, named.digest))
    if parent is None:
        with override(lang):
            return [_without_parent(standard)]
    return list(_held_against(parent.standard, standard, lang, classes))


def _without_parent(standard: Standard) -> Finding:
    named = standard.parent
    what = _("The parent %(code)s %(version)s is not in use here with this text.") % {
        "code": named.code,
        "version": named.version,
    }
    return Finding("", _("Parent standard"), what, _("Take the parent into use first, or name the one that is."))


@lru_cache(maxsize=64)
def _held_against(parent: Standard, child: Standard, lang: str, classes: tuple) -> tuple[Finding, ...]:
    return tuple(weakened(parent, child, lang, dict(classes)))


def _class_names(lang: str) -> tuple[tuple[str, str], ...]:
    key = "name" if lang.startswith("zh") else "name_en"
    return tuple((kind.code, getattr(kind, key) or kind.name) for kind in StationClass.objects.all())
