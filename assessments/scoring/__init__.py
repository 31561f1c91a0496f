"""Score police stations against a standard. Pure Python and NumPy: no Django here."""

from .context import bests, prepare
from .engine import evaluate
from .explain import Explanation, Input, explain
from .frame import NOT_APPLICABLE, Frame
from .metrics import Derived, Metric
from .ranking import rank
from .reading import StandardError
from .scores import Scores
from .standard import Criterion, Grade, Section, Standard

__all__ = [
    "NOT_APPLICABLE",
    "Criterion",
    "Derived",
    "Explanation",
    "Frame",
    "Grade",
    "Input",
    "Metric",
    "Scores",
    "Section",
    "Standard",
    "StandardError",
    "bests",
    "evaluate",
    "explain",
    "prepare",
    "rank",
]
