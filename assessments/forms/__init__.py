"""Forms of the quarter's work."""

from .dimension import DimensionForm
from .saving import Saving, Taking

__all__ = ["DimensionForm", "Saving", "Taking"]
