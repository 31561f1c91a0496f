"""What a report is called, on its cover and as a file."""

import re

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationstd.i18n import local

from ..models import Report

# Not allowed in the names of files somewhere, or able to hide what a name ends with.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_LONGEST = 120


def title(report) -> str:
    if report.kind == Report.Kind.RULES:
        # Translators: %(title)s评分细则
        return _("Scoring rules: %(title)s") % {"title": local(report.edition, "title")}
    # Translators: %(period)s派出所规范化建设考评对比报告
    return _("Comparative report on police station standardization, %(period)s") % {
        "period": local(report.period, "name")
    }


def file_name(report, stations: int) -> str:
    """The title with the number of stations or the version, in the report's own language."""
    with translation.override(report.language):
        if report.kind == Report.Kind.RULES:
            about = f" ({local(report.station_class, 'name')})" if report.station_class else ""
            return safe_name(f"{title(report)} {report.edition.version}{about}")
        count = ngettext("%(n)s station", "%(n)s stations", stations) % {"n": stations}
        name = f"{title(report)} ({count})"
    return safe_name(name)


def safe_name(name: str) -> str:
    """A name of a PDF that every file system takes."""
    return _UNSAFE.sub("_", name)[:_LONGEST] + ".pdf"
