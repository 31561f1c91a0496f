"""The scoring rules of an edition on paper (评分细则): all of them, or what one class of stations is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stations.models import StationClass
from stationstd.i18n import local

from .. import outline
from ..models import Edition, Report
from ..scoring.options import BySize
from ..scoring.paper import Paper
from ..scoring.reading import toml
from .titles import title

DEFAULT = "default"
_CHINESE_NUMERALS = "一二三四五六七八九"
_LANGUAGE_TAGS = {"zh-hans": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Norm:
    """What should be, in words, class by class in the order of the table's heads."""

    name: str
    values: tuple[str, ...]


def html(report: Report) -> str:
    """The page of a report of kind "rules", in the language in force. One query."""
    edition, kind, lang = report.edition, report.station_class_id or "", get_language()
    standard = edition.standard
    names = {each.code: local(each, "name") for each in StationClass.objects.all()}
    classes = [kind] if kind else list(standard.classes)
    context = {
        "report": report,
        "edition": edition,
        "standard": standard,
        "title": title(report),
        "lang": _LANGUAGE_TAGS[lang],
        "kind": names.get(kind, kind),
        "chapters": _chapters(edition, lang, kind),
        "class_heads": [names.get(each, each) for each in classes],
        "classes": StationClass.objects.in_bulk(),
        "norms": list(_norms(edition, lang, classes, names)),
        "coefficients": list(_coefficients(edition, lang, classes, names)),
        "grades": list(zip(standard.grades, standard.shares, strict=True)),
        "has_shares": any(standard.shares),
        "gates": outline.gates(edition, lang, kind),
        "vetoes": outline.vetoes(edition, lang, kind),
    }
    return render_to_string("reports/rules.html", context | {"sections": _sections(context)})


def _chapters(edition: Edition, lang: str, kind: str) -> tuple[outline.Chapter, ...]:
    return outline.variant(edition, lang, kind).chapters if kind else outline.of(edition, lang)


def _sections(context: Mapping) -> list[tuple[str, str, str]]:
    """(anchor, number, title) of the chapters that there are, in order."""
    standard = context["standard"]
    there = (
        ("items", _("Criteria and scoring"), True),
        ("norms", _("Norms by class of station"), context["norms"] or context["coefficients"]),
        ("grades", _("Grades"), standard.grades),
        ("conditions", _("Gates and vetoes"), context["gates"] or context["vetoes"]),
        ("year", _("The year"), standard.year or standard.triggers),
        ("approval", _("Edition and approval"), True),
    )
    found = [(anchor, words) for anchor, words, is_there in there if is_there]
    return [(anchor, _number(n), words) for n, (anchor, words) in enumerate(found, 1)]


def _number(n: int) -> str:
    """一、 in Chinese, "1  " elsewhere."""
    return f"{_CHINESE_NUMERALS[n - 1]}、" if get_language() == "zh-hans" else f"{n}\u2002"


def _norms(edition: Edition, lang: str, classes: list[str], names: Mapping[str, str]) -> Iterator[Norm]:
    paper = Paper(toml(edition.text.removeprefix("\ufeff")), lang, names)
    for code, by_class in edition.standard.norms.items():
        steps = [by_class.get(kind, by_class.get(DEFAULT, ())) for kind in classes]
        yield Norm(paper.name(code), tuple(_in_words(paper, code, each) for each in steps))


def _coefficients(edition: Edition, lang: str, classes: list[str], names: Mapping[str, str]) -> Iterator[Norm]:
    paper = Paper({}, lang, names)
    for each in edition.standard.coefficients.values():
        steps = [each.values.get(kind, each.values.get(DEFAULT, ())) for kind in classes]
        yield Norm(local(each, "title"), tuple(_in_words(paper, "", step) for step in steps))


def _in_words(paper: Paper, code: str, steps: tuple) -> str:
    """Dated values as people read them; "–" for none."""
    told = []
    for first, value in steps:
        words = _value(paper, code, value)
        told.append(words if first is None else paper("from_day", day=first.isoformat(), value=words))
    return paper.clauses(told) or "–"


def _value(paper: Paper, code: str, value) -> str:
    if not isinstance(value, BySize):
        return paper.value(code, value)
    rows = (
        paper("size_row", bound=paper.value(value.by, bound), value=paper.value(code, norm))
        for bound, norm in value.table
    )
    return paper("by_size", by=paper.name(value.by), rows=paper.items(rows))
