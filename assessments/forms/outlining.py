"""The points that were typed on the outline of a draft, and what the buttons beside them ask for."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from stationstd.keys import unclear

from ..scoring import editing
from ..scoring.apportion import apportioned
from ..scoring.scaling import scaled

USUAL_DECIMALS = 2
POINTS, INTO, SCALE = "points.", "into.", "scale"
_FIELD = forms.DecimalField(min_value=0, max_digits=12, decimal_places=6)


class Typed:
    """What the outline's form said, held against the document it was made from.

    values  {criterion: what was typed}, for the page that is shown again
    errors  {criterion: why that is no number of points}
    points  {criterion: points that differ from what is written}
    scales  whether what a rule says in points grows and shrinks with the criterion
    """

    keys = (f"{POINTS}*", f"{INTO}*", SCALE)

    def __init__(self, document: Mapping, data: Mapping[str, str]):
        self.data, self.document = data, document
        self.scales = SCALE in data
        self.values = {key.removeprefix(POINTS): data[key] for key in data if key.startswith(POINTS)}
        self.errors: dict[str, str] = {}
        self.points: dict[str, Decimal] = {}
        written = {each.get("id"): each.get("points") for each in reversed(document.get("criterion", []))}
        for id, text in self.values.items():
            if id in written and (text or written[id] is not None):
                self._read(id, text, written[id])

    def require_known(self) -> None:
        """Refused (400) for a criterion that the draft does not have."""
        ids = set(editing.names(self.document, "criterion"))
        said = [key.removeprefix(INTO) for key in self.data if key.startswith(INTO)]
        if not ids.issuperset([*self.values, *said]):
            raise unclear()

    def into(self, id: str) -> str:
        """The section that was chosen for a criterion. Refused (400) where none was."""
        if INTO + id not in self.data:
            raise unclear()
        return self.data[INTO + id]

    def apply(self, document: dict) -> None:
        """Write the points into a document. Raises LookupError for a criterion that is gone."""
        for id, points in self.points.items():
            self._put(document, editing.row(document, "criterion", id), points)

    def fit(self, document: dict) -> None:
        """Bring all points, in the proportions they have, to what the head declares; nothing where it declares none."""
        rows = [row for row in document.get("criterion", ()) if row.get("points")]
        goal = Decimal(document.get("points", 0))
        found = apportioned([Decimal(row["points"]) for row in rows], goal, _decimals(document))
        for row, points in zip(rows, found, strict=True):
            self._put(document, row, plain(points))

    def _put(self, document: dict, row: dict, points) -> None:
        if self.scales and points and "rule" in row:
            row["rule"] = scaled(row["rule"], Decimal(row.get("points", 0)), Decimal(points), _decimals(document))
        row["points"] = points

    def _read(self, id: str, text: str, now) -> None:
        try:
            points = _FIELD.clean(text)
        except ValidationError as error:
            self.errors[id] = " ".join(error.messages)
            return
        if points != now:
            self.points[id] = plain(points)


def _decimals(document: Mapping) -> int:
    return document.get("decimals", USUAL_DECIMALS)


def plain(number: Decimal) -> Decimal | int:
    """A number as somebody would write it: 5 and not 5.00 or 1E+2."""
    return int(number) if number == number.to_integral_value() else number.normalize()
