"""The ranking as XLSX."""

from django.utils.translation import gettext as _

from stationstd.i18n import local
from stationstd.workbook import Sheet, book

from . import across
from .board import Group, Row
from .models import OfficialRank, Period

_WIDTHS = (22, 8, 26, 18)


def ranking(period: Period, groups: list[Group]) -> bytes:
    """One sheet, one line a station."""
    lines = (_cells(period, group, row) for group in groups for row in group.rows)
    return book([Sheet(_("Ranking"), _heads(period), lines, _WIDTHS, frozen=3)])


def _heads(period: Period) -> list[str]:
    basis = across.measures(period)
    gained = _("Change of rate over %(n)s like criteria") % {"n": basis.count} if basis else _("Change of rate")
    dimensions = [f"{local(section, 'title')} (%)" for section in period.edition.standard.dimensions]
    return [
        _("Group"),
        _("Rank"),
        _("Station"),
        _("Class"),
        f"{_('Rate')} (%)",
        _("Points"),
        *dimensions,
        _("Grade"),
        _("Change of rank"),
        f"{gained} (%)",
        f"{_('Self-assessed rate')} (%)",
        f"{_('Over-reported')} (%)",
        _("Note"),
    ]


def _cells(period: Period, group: Group, row: Row) -> list:
    """Text and numbers of one line, None for an empty cell."""
    place, decimals = row.place, period.edition.standard.decimals
    return [
        group.name,
        place.rank,
        local(row.assessment.station, "name"),
        local(row.assessment.station_class, "name"),
        _percent(place.rate),
        row.score.total / 10**decimals if row.score else None,
        *(_percent(rate) for rate in row.dimensions),
        row.grade,
        place.change,
        _percent(place.rate_change),
        _percent(row.self_rate),
        _percent(row.gap),
        _why(place),
    ]


def _percent(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _why(place: OfficialRank) -> str:
    return {
        OfficialRank.Unranked.NOT_SUBMITTED: _("Not submitted in time"),
        OfficialRank.Unranked.TOO_LITTLE: _("Too few criteria apply"),
    }.get(place.unranked, "")
