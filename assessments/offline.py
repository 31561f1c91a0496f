"""A sheet that was filled in without a network: what its file says beside what stands on the server now.

brought = offline.read(upload, assessment)
offline.compare(sheet, around, brought)         # a line for each figure; nothing is written
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationstd import refusals
from stationstd.refusals import Refused

from . import answers, offlinebook, unlocking
from .answers import Cell
from .evidence import safe_name
from .importing import LARGEST_FILE, unreadable
from .models import Assessment
from .offlinebook import Brought
from .scoring import Metric
from .sheet import Figure, Sheet, Surroundings
from .tables import FileFault

WRITTEN, SAME, CONFLICT, REFUSED = "written", "same", "conflict", "refused"


@dataclass(frozen=True)
class Line:
    """One figure of a file.

    stands   on the server now; what is taken is based on its version
    typed    in the file; None where it cannot be read as a value
    raw      the same as text
    outcome  WRITTEN, SAME (or not touched in the file), CONFLICT (somebody changed it meanwhile) or REFUSED
    why      words for a refusal
    """

    metric: Metric
    stands: Cell
    typed: Cell | None
    raw: str
    is_estimated: bool
    where: str
    outcome: str
    why: str = ""

    @property
    def can_be_taken(self) -> bool:
        return self.outcome in (WRITTEN, CONFLICT)


def read(upload, assessment: Assessment) -> dict[str, Brought]:
    """{metric: what the file says} of an uploaded workbook.

    Refused (413) when it is too large, (415) when it is no XLSX, (422) when nobody can read it or when it is the sheet
    of another assessment, round or edition.
    """
    name = safe_name(upload.name)
    if PurePosixPath(name).suffix.lower() != ".xlsx":
        raise refusals.unsupported(_("“%(name)s”: only XLSX files are accepted.") % {"name": name})
    if upload.size > LARGEST_FILE:
        words = _("“%(name)s” is too large: at most %(limit)s MB.")
        raise refusals.too_large(words % {"name": name, "limit": LARGEST_FILE // 1024**2})
    standard = assessment.period.edition.standard
    try:
        filled = offlinebook.read(upload.read(), name, standard.metrics)
    except FileFault as error:
        raise unreadable(str(error)) from error
    if filled is None:
        raise unreadable(_("This is no offline sheet. Download one here and fill that in."))
    _require_ours(filled, assessment)
    return filled.brought


def _require_ours(filled: offlinebook.Filled, assessment: Assessment) -> None:
    if filled.assessment != str(assessment.pk):
        raise _another(_("This file is the sheet of another station or another period. Choose the file of this one."))
    if filled.round != str(assessment.round):
        raise _another(_("This file is from before the sheet was returned. Download a new one and fill that in."))
    if filled.edition != assessment.period.edition.standard.digest:
        raise _another(_("This file was made from another edition of the standard. Download a new one."))


def _another(message: str) -> Refused:
    return Refused(422, "another_sheet", message)


def compare(sheet: Sheet, around: Surroundings, brought: Mapping[str, Brought]) -> list[Line]:
    """What would become of each figure of a file, in paper order. No query, and nothing is written."""
    every = [row for section in sheet.standard.dimensions for row in offlinebook.rows(sheet, section, around)]
    asked = [row.figure for row in every if row.figure.metric.code in brought]
    return [_line(figure, brought[figure.metric.code]) for figure in asked]


def _line(figure: Figure, said: Brought) -> Line:
    cell, outcome, why = None, REFUSED, said.wrong
    if not said.wrong:
        cell, outcome, why = _judged(figure, said)
    return Line(figure.metric, figure.cell, cell, said.raw, said.estimated, said.where, outcome, why)


def _judged(figure: Figure, said: Brought) -> tuple[Cell | None, str, str]:
    if said.base == (said.raw, said.estimated):
        return figure.cell, SAME, ""
    try:
        value = answers.clean(figure.metric, said.raw)
    except ValidationError as error:
        is_question = figure.metric.kind == "yes_no"
        return None, REFUSED, _("Answer Yes or No, or leave it blank.") if is_question else error.messages[0]
    state = "missing" if value is None else "estimated" if said.estimated else "answered"
    cell = Cell(value, state, "typed", figure.cell.version)
    if (cell.value, cell.state) == (figure.cell.value, figure.cell.state):
        return cell, SAME, ""
    if figure.is_locked:
        return cell, REFUSED, str(unlocking.LOCKED)
    return cell, WRITTEN if said.version == figure.cell.version else CONFLICT, ""
