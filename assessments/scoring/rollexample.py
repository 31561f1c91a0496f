"""What each roll-up makes of a few parts, worked out by the engine itself, in words: 平均（甲 90%，乙 80%）＝ 85%."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from . import tomltext
from .context import prepare
from .editing import worth
from .engine import evaluate
from .frame import Frame
from .reading import StandardError, is_number
from .rollwords import explain_sections
from .standard import GEOMETRIC, HARMONIC, MEAN, MODES, SUM, Standard

RATES = (90, 80, 60)  # percent of their points that the parts earn
_WEIGHED = (MEAN, GEOMETRIC, HARMONIC)
_CODES, _SIGNS = ("a", "b", "c"), ("①", "②", "③")
_KIND, _NAME = "station", "example.toml"


class Part(NamedTuple):
    """One thing that is rolled up: its title, what it counts inside a mean, and its points."""

    title: str
    weight: Decimal
    points: Decimal


def _three(titles: str) -> tuple[Part, ...]:
    return tuple(Part(title, Decimal(1), Decimal(points)) for title, points in zip(titles, (40, 30, 30), strict=True))


USUAL = {"zh-hans": _three("甲乙丙"), "en": _three("ABC")}


def parts_of(document: Mapping, code: str | None, lang: str) -> tuple[Part, ...]:
    """The first few things directly in a section (None: in the whole); three made up where there are not two."""
    found = [(each, _worth(document, each)) for each in document.get("section", ()) if each.get("in") == code]
    if code:
        found += [(each, each.get("points")) for each in document.get("criterion", ()) if each.get("section") == code]
    parts = [_part(row, points, lang) for row, points in found if is_number(points) and points > 0]
    return tuple(parts[: len(RATES)]) if len(parts) > 1 else USUAL["en" if lang == "en" else "zh-hans"]


@lru_cache(maxsize=32)
def examples(parts: tuple[Part, ...], lang: str) -> dict[str, str]:
    """roll-up -> what the parts make by it, when they earn the RATES of their points.

    Parts that the engine refuses are taken for the usual three.
    """
    try:
        return {mode: _example(mode, parts, lang) for mode in MODES}
    except StandardError:  # such as points of more decimals than there may be
        return examples(USUAL["en" if lang == "en" else "zh-hans"], lang)


def _worth(document: Mapping, section: Mapping):
    sums = section.get("rollup", SUM) == SUM
    return worth(document, section.get("code", "")) if sums else section.get("points")


def _part(row: Mapping, points, lang: str) -> Part:
    title = (lang == "en" and row.get("title_en")) or row.get("title") or row.get("code") or row.get("id") or "?"
    weight = row.get("weight")
    return Part(str(title), Decimal(weight) if is_number(weight) and weight > 0 else Decimal(1), Decimal(points))


def _example(mode: str, parts: tuple[Part, ...], lang: str) -> str:
    standard = Standard.loads(tomltext.document(_document(mode, parts)), _NAME)
    facts = {f"example.{sign}": rate for sign, rate in zip(_CODES, RATES, strict=True)}
    frame = Frame.of([(_KIND, _KIND, facts)], standard.metrics)
    scores = evaluate(prepare(frame, standard, best={}), standard)
    if mode == SUM:
        earned = [standard.points(int(units)) for units in scores.points[0]]
        text = " + ".join(f"{sign} {_short(points)}" for sign, points in zip(_SIGNS, earned, strict=False))
        text += f" = {_short(sum(earned))}"
    else:
        said = next(each.text for each in explain_sections(scores, 0, lang=lang) if not each.section.code)
        text = said.partition(": " if lang == "en" else "：")[2]
    for sign, part in zip(_SIGNS, parts, strict=False):
        text = text.replace(sign, part.title)
    return text


def _document(mode: str, parts: tuple[Part, ...]) -> dict:
    """A standard of the parts. They are called by signs, so that no title of somebody's can be refused."""
    numbered = list(zip(_CODES, _SIGNS, parts, strict=False))
    return {
        "code": "example",
        "version": "1",
        "title": "例",
        "title_en": "Example",
        "in_force": date(2000, 1, 1),
        "classes": [_KIND],
        "rollup": mode,
        "points": sum(part.points for part in parts),
        "metric": {f"example.{code}": {"kind": "share", "title": sign, "title_en": sign} for code, sign, _ in numbered},
        "grade": [{"code": "any", "title": "例", "title_en": "Any", "from": 0}],
        "section": [
            {"code": code, "title": sign, "title_en": sign} | ({"weight": part.weight} if mode in _WEIGHED else {})
            for code, sign, part in numbered
        ],
        "criterion": [
            {
                "id": code,
                "section": code,
                "title": sign,
                "title_en": sign,
                "points": part.points,
                "source": "例",
                "rule": {"linear": {"of": f"example.{code}", "zero_at": 0, "full_at": 100}},
            }
            for code, sign, part in numbered
        ],
    }


def _short(number) -> str:
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
