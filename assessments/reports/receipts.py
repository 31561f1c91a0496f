"""The receipt of what a station handed in: who, when, how many points, which facts, and the digest over all of it."""

from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stationstd.i18n import local

from .. import crossing, digests
from ..models import Assessment, Exemption, Remark, Report, Submission
from ..scoring import Criterion
from ..sheet import Sheet
from .titles import safe_name

_LANGUAGE_TAGS = {"zh-hans": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Told:
    """A submission, and the sheet as it stands now: the same as long as `is_same`."""

    submission: Submission

    @property
    def assessment(self) -> Assessment:
        return self.submission.assessment

    @cached_property
    def sheet(self) -> Sheet:
        return Sheet.of(self.assessment)

    @cached_property
    def is_same(self) -> bool:
        """Does the digest over what stands there now give what was kept when it was handed in?"""
        return digests.of_assessment(self.assessment, self.submission.digest_form) == self.submission.digest

    @cached_property
    def facts(self) -> list[tuple]:
        """[(dimension, [(metric, cell)])] of every fact that concerns the station, in paper order."""
        kind, sheet = self.assessment.station_class_id, self.sheet
        return [
            (section, [(m, sheet.cell(m.code)) for m in sheet.standard.metrics_of(section.code) if m.applies(kind)])
            for section in sheet.standard.dimensions
        ]

    @cached_property
    def remarks(self) -> list[tuple[crossing.Conflict, Remark]]:
        """What did not fit together, and the word of explanation."""
        found = crossing.of(self.sheet.evaluation, self.sheet.cells, crossing.remarks(self.assessment))
        return [(each, each.remark) for each in found if each.is_explained]

    @cached_property
    def requests(self) -> list[tuple[Criterion, Exemption]]:
        """What the station asks to have left out as not applicable, whatever the bureau answers, in paper order."""
        asked = Exemption.objects.filter(assessment=self.assessment).exclude(outcome=Exemption.Outcome.WITHDRAWN)
        standard = self.sheet.standard
        found = ((standard.criterion(each.criterion), each) for each in asked)
        return sorted(found, key=lambda pair: standard.place(pair[0].id))

    @property
    def files(self) -> int:
        return len(self.sheet.files)


def of(submission: Submission) -> Told:
    return Told(submission)


def html(report: Report) -> str | None:
    """The page of a report of kind "receipt", in the language in force; None once the facts are not those any more."""
    told = Told(report.submission)
    if not told.is_same:
        return None
    context = {"report": report, "told": told, "lang": _LANGUAGE_TAGS[get_language()], "title": title(report)}
    return render_to_string("reports/receipt.html", context)


def title(report: Report) -> str:
    assessment = report.submission.assessment
    # Translators: %(station)s%(period)s自评提交回执
    return _("Receipt of the self-assessment: %(station)s, %(period)s") % {
        "station": local(assessment.station, "name"),
        "period": local(assessment.period, "name"),
    }


def file_name(report: Report) -> str:
    """The title with the round, in the report's own language."""
    with translation.override(report.language):
        return safe_name(f"{title(report)} {report.submission.round}")
