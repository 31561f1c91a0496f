"""How facts become points: one class for each shape of rule."""

from .around import WRAPPERS
from .base import Program, Rule
from .checked import Exemption, Imported, Judged, Misreport, SampleCheck
from .compared import BestInGroup, RankPoints, VersusPast
from .counts import Bonus, Checklist, Deduct
from .limits import AtLeast, AtMost, Ratio, Steps, YesNo
from .parts import Composite, EitherOr
from .slopes import Band, Linear, PerPointBelow, TargetAndExcess

SHAPES = (
    YesNo,
    Checklist,
    Ratio,
    AtLeast,
    AtMost,
    Steps,
    Linear,
    Band,
    Deduct,
    PerPointBelow,
    TargetAndExcess,
    BestInGroup,
    RankPoints,
    VersusPast,
    Bonus,
    SampleCheck,
    Judged,
    Imported,
    Exemption,
    Misreport,
    Composite,
    EitherOr,
)
RULES: dict[str, type[Rule]] = {shape.shape: shape for shape in SHAPES}

__all__ = ["RULES", "WRAPPERS", "Program", "Rule"]
