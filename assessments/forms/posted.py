"""What a page of the sheet sends: "staff.officers" with "staff.officers.version" and "staff.officers.estimated"."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

from stationstd.keys import unclear

from .. import answers
from ..answers import Cell
from ..sheet import Figure


def require_known(data: Mapping[str, str], figures: Iterable[Figure]) -> None:
    """Refused (400) for a field that is not on this page."""
    known = {"csrfmiddlewaretoken"}
    for figure in figures:
        known |= {figure.metric.code, f"{figure.metric.code}.version", f"{figure.metric.code}.estimated"}
    if set(data) - known:
        raise unclear()


def says_estimated(data: Mapping[str, str], code: str) -> bool:
    return data.get(f"{code}.estimated") == "on"


def cleaned(data: Mapping[str, str], figures: Iterable[Figure]) -> dict[str, float | None]:
    """{metric: number, None for a blank} of what was sent and is valid, without the cost of form fields."""
    found = {}
    for metric in (figure.metric for figure in figures if figure.metric.code in data):
        try:
            found[metric.code] = answers.clean(metric, data[metric.code].strip())
        except ValidationError:
            continue
    return found


def typed(data: Mapping[str, str], figures: Iterable[Figure], values: Mapping[str, float | None]) -> dict[str, Cell]:
    """{metric: cell as typed} of those that have a valid value and differ from what stands there."""
    found = {}
    for figure in figures:
        code = figure.metric.code
        if code not in values or code not in data:
            continue
        value = values[code]
        state = "missing" if value is None else "estimated" if says_estimated(data, code) else "answered"
        if (value, state) != (figure.cell.value, figure.cell.state):
            found[code] = Cell(value, state, "typed", figure.cell.version)
    return found
