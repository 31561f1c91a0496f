"""Formulas as people write and read them: names of figures in 「」 stand for their codes."""

import re

from ..layered import language
from ..scoring import formula
from ..scoring.problemwords import told
from .figures import Figures, no_figure

_NAMED = re.compile(r"[「“\"]([^「」“”\"]*)[」”\"]")


class NoFigure(ValueError):
    """A name in a formula is no figure's; the words say so."""


def coded(figures: Figures, text: str) -> str:
    """The formula with codes in the place of names in quotes. Raises NoFigure."""

    def code(found: re.Match) -> str:
        named = figures.code_of(found[1])
        if named is None:
            raise NoFigure(no_figure(figures, found[1]))
        return named

    return _NAMED.sub(code, text)


def words_of(figures: Figures, text: str) -> str:
    """A formula with titles in the place of codes; "" while it cannot be read."""
    try:
        codes = formula.metrics_in(formula.parse(text))
    except formula.FormulaError:
        return ""
    for code in sorted(codes, key=len, reverse=True):
        if code in figures.by_code:
            text = re.sub(
                rf"(?<![a-z0-9_.]){re.escape(code)}(?![a-z0-9_.])", f"「{figures.by_code[code].title}」", text
            )
    return text.replace("*", "×").replace("/", "÷")


def formula_told(what: str) -> str:
    """What is wrong with a formula, in the reader's language."""
    return told(f"derived x: formula: {what}", language()).what
