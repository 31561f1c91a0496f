"""The charts of a comparative report: which figures, in which size. How they look stands in assessments/charts.py."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stationstd.i18n import local

from .. import charts
from .charts import image
from .context import Comparative, Place

_WIDTH = 720  # CSS pixels across the page
_MEAN = {
    "symbol": "none",
    "lineStyle": {"width": 1.5, "type": "dashed", "color": "#45505f"},
    "itemStyle": {"color": "#45505f"},
}


def draw(comparative: Comparative) -> dict[str, bytes]:
    """{name: SVG}: "rates", "heat" and "radar-1", "radar-2" … one for each part of the stations."""
    radars = {f"radar-{n}": _radar(comparative, part) for n, part in enumerate(comparative.parts, 1)}
    return {"rates": _rates(comparative), "heat": _heat(comparative)} | radars


def _percent(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _dimension_rates(place: Place) -> list[float | None]:
    return [_percent(share.rate) if share else None for share in place.shares]


def _dimension_names(comparative: Comparative) -> list[str]:
    return [local(section, "title") for section in comparative.standard.dimensions]


def _rates(comparative: Comparative) -> bytes:
    names = [place.short for place in comparative.scored]
    rates = [_percent(place.rate) for place in comparative.scored]
    option = charts.bars(names, [(_("Rate"), rates)], get_language())
    return image(option, _WIDTH, 60 + 26 * max(len(names), 2))


def _heat(comparative: Comparative) -> bytes:
    there = [place for place in comparative.places if place.score]
    rows = [place.short for place in there]
    values = [_dimension_rates(place) for place in there]
    option = charts.heat(_dimension_names(comparative), rows, values, get_language())
    option["visualMap"]["show"] = False  # every square carries its figure
    return image(option, _WIDTH, 60 + 26 * len(rows))


def _radar(comparative: Comparative, part: Sequence[Place]) -> bytes:
    """The stations of one part, and the mean of all of them to hold each against."""
    means = [comparative.dimension_mean(d) for d in range(len(comparative.dimensions))]
    series = [(place.short, _dimension_rates(place)) for place in part if place.score]
    option = charts.radar(_dimension_names(comparative), [*series, (_("Mean of all stations"), means)], get_language())
    option["legend"]["type"] = "plain"  # paper has no arrows to scroll with
    option["radar"]["center"] = ["50%", "58%"]
    option["series"][0]["data"][-1] |= _MEAN
    return image(option, 430, 340)
