"""An edition as people read it: every criterion with its points, rule in words, norms by class, source, evidence."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .models import Edition
from .scoring import Criterion, Explanation, Frame, Scores, Section, Standard, evaluate, explain, prepare
from .scoring.conditions import Gate, VetoRule
from .scoring.gradewords import GradePhrases


@dataclass(frozen=True)
class Norm:
    """What stations of these classes are held against, or asked for, in words."""

    classes: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Line:
    """One criterion. `absent` are the class codes it does not apply to; `rules` has more than one text where classes
    are asked differently, and `items`, what a checklist lists, more than one list."""

    number: str
    criterion: Criterion
    rules: tuple[str, ...]
    norms: tuple[Norm, ...]
    items: tuple[Norm, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """One page of the form. `full` are its points on offer in units of 10^-decimals."""

    section: Section
    number: str
    lines: tuple[Line, ...]
    full: int


@dataclass(frozen=True)
class Variant:
    """An edition as one class of station is asked.

    chapters  those with something for the class, with the numbers that they have in the whole edition
    asked     how many criteria
    full      points on offer, in units of 10^-decimals
    given     those of them that criteria earn which do not apply and count in full
    """

    kind: str
    chapters: tuple[Chapter, ...]
    asked: int
    full: int
    given: int


def of(edition: Edition, lang: str) -> tuple[Chapter, ...]:
    """The chapters of an edition in paper order, in `lang` ("zh-hans" or "en"). No query."""
    return _outline(edition.standard, lang)


def variant(edition: Edition, lang: str, kind: str) -> Variant:
    """An edition as stations of one of its classes are asked. No query."""
    return _variant(edition.standard, lang, kind)


@dataclass(frozen=True)
class Condition:
    """A gate or a veto. `asked` is the condition in words, "" where people decide; `does` is what it does."""

    rule: Gate | VetoRule
    asked: str
    does: str


def gates(edition: Edition, lang: str, kind: str = "") -> list[Condition]:
    """The gates of an edition, those of one class if it is told. No query."""
    say = GradePhrases(edition.standard, lang)
    return [Condition(gate, say.asked(gate), say.left(gate)) for gate in edition.standard.gates if _for(gate, kind)]


def vetoes(edition: Edition, lang: str, kind: str = "") -> list[Condition]:
    """The vetoes of an edition, those of one class if it is told. No query."""
    say = GradePhrases(edition.standard, lang)
    return [
        Condition(veto, "" if veto.is_decided else say.condition(veto.tree), say.effect(veto))
        for veto in edition.standard.vetoes
        if _for(veto, kind)
    ]


def _for(rule: Gate | VetoRule, kind: str) -> bool:
    return not kind or not rule.applies_to or kind in rule.applies_to


def lines(standard: Standard, lang: str) -> tuple[Line, ...]:
    """The criteria of a standard that is no edition yet, in paper order. No query."""
    return tuple(line for chapter in _outline(standard, lang) for line in chapter.lines)


@lru_cache(maxsize=16)
def _outline(standard: Standard, lang: str) -> tuple[Chapter, ...]:
    _scores, explained = _by_class(standard, lang)
    return tuple(
        Chapter(section, str(d), _lines(standard, lang, section, d, explained, standard.classes), section.full)
        for d, section in enumerate(standard.dimensions, 1)
    )


@lru_cache(maxsize=64)
def _variant(standard: Standard, lang: str, kind: str) -> Variant:
    scores, explained = _by_class(standard, lang)
    row = standard.classes.index(kind)
    offers = {code: int(offered[row]) for code, (_points, offered) in scores.sections().items()}
    chapters = [
        Chapter(
            section,
            str(d),
            tuple(line for line in _lines(standard, lang, section, d, explained, (kind,)) if kind not in line.absent),
            offers[section.code],
        )
        for d, section in enumerate(standard.dimensions, 1)
    ]
    return Variant(
        kind=kind,
        chapters=tuple(chapter for chapter in chapters if chapter.lines),
        asked=sum(len(chapter.lines) for chapter in chapters),
        full=int(scores.offered_total[row]),
        given=int(scores.offered[row][~scores.applicable[row]].sum()),
    )


@lru_cache(maxsize=16)
def _by_class(standard: Standard, lang: str) -> tuple[Scores, dict[str, list[Explanation]]]:
    """Scores and {class: explanations} of an empty sheet of each class: what a rule says before anybody answered."""
    frame = Frame.of(((kind, kind, {}) for kind in standard.classes), standard.metrics)
    frame = prepare(frame, standard, groups=np.array(standard.classes), best={})
    scores = evaluate(frame, standard)
    return scores, {kind: explain(frame, scores, i, lang=lang) for i, kind in enumerate(standard.classes)}


def _lines(
    standard: Standard, lang: str, section: Section, d: int, explained: dict[str, list[Explanation]], kinds
) -> tuple[Line, ...]:
    """The criteria of the `d`th page, with what these classes are asked."""
    places = [(f"{d}.{n}", criterion, standard.place(criterion.id)) for n, criterion in enumerate(section.criteria, 1)]
    return tuple(
        _line(standard, lang, number, criterion, {kind: items[at] for kind, items in explained.items()}, kinds)
        for number, criterion, at in places
    )


def _line(
    standard: Standard, lang: str, number: str, criterion: Criterion, by_class: dict[str, Explanation], kinds
) -> Line:
    concerned = {kind: item for kind, item in by_class.items() if item.status != "not_applicable"}
    if not concerned:  # it rests on a past that an empty sheet does not have
        concerned = {kind: item for kind, item in by_class.items() if criterion.applies(kind)}
    shown = {kind: item for kind, item in concerned.items() if kind in kinds}
    return Line(
        number=number,
        criterion=criterion,
        rules=tuple(dict.fromkeys(item.formula for item in shown.values())),
        norms=_told({kind: item.norm_text for kind, item in shown.items()}),
        items=_told({kind: _items(standard, criterion, kind, lang) for kind in shown}),
        absent=tuple(kind for kind in by_class if kind not in concerned),
    )


def _told(texts: dict[str, str]) -> tuple[Norm, ...]:
    """{class: text} as one Norm for each text, without those that are ""."""
    classes: dict[str, list[str]] = {}
    for kind, text in texts.items():
        classes.setdefault(text, []).append(kind)
    return tuple(Norm(tuple(kinds), text) for text, kinds in classes.items() if text)


def _items(standard: Standard, criterion: Criterion, kind: str, lang: str) -> str:
    """What the checklists of a criterion list for a class, by name."""
    chinese = lang.lower().startswith("zh")
    leaves = (getattr(leaf, "inner", leaf) for leaf, _worth in criterion.rule.leaves(standard.worth(criterion)))
    codes = (code for leaf in leaves if leaf.shape == "checklist" for code in leaf.columns(kind))
    asked = (
        standard.named(code) for code in codes if code not in standard.metrics or standard.metrics[code].applies(kind)
    )
    return ("、" if chinese else ", ").join(each.title if chinese else each.title_en for each in asked)
