"""The ranking as XLSX. Numbers are numbers; whatever a person typed is a plain string, never a formula or a link."""

from io import BytesIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from stationstd.i18n import local

from .board import Group, Row
from .models import OfficialRank, Period

_WIDTHS = (22, 8, 26, 18)


def ranking(period: Period, groups: list[Group]) -> bytes:
    """One sheet, one line a station."""
    file = BytesIO()
    # Text of others begins with = + - @ now and then; Excel must not run it.
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#edf1f7", "text_wrap": True, "valign": "top"})
        two = book.add_format({"num_format": "0.00"})
        sheet = book.add_worksheet(_("Ranking"))
        _head(sheet, period, bold)
        for at, (group, row) in enumerate(((g, r) for g in groups for r in g.rows), start=1):
            _line(sheet, at, _cells(period, group, row), two)
        sheet.freeze_panes(1, 3)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
    return file.getvalue()


def _head(sheet, period: Period, bold) -> None:
    dimensions = [f"{local(section, 'title')} (%)" for section in period.edition.standard.dimensions]
    titles = [
        _("Group"),
        _("Rank"),
        _("Station"),
        _("Class"),
        f"{_('Rate')} (%)",
        _("Points"),
        *dimensions,
        _("Grade"),
        _("Change of rank"),
        f"{_('Change of rate')} (%)",
        f"{_('Self-assessed rate')} (%)",
        f"{_('Over-reported')} (%)",
        _("Note"),
    ]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)


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


def _line(sheet, at: int, cells: list, two) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(at, column, cell)
        elif cell is not None:
            sheet.write_number(at, column, cell, two if isinstance(cell, float) else None)


def _percent(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _why(place: OfficialRank) -> str:
    return {
        OfficialRank.Unranked.NOT_SUBMITTED: _("Not submitted in time"),
        OfficialRank.Unranked.TOO_LITTLE: _("Too few criteria apply"),
    }.get(place.unranked, "")
