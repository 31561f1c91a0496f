"""The HTML of a report, in the language in force."""

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .context import Comparative, written_on
from .titles import title

_CHINESE_NUMERALS = "一二三四五六七八九"
_LANGUAGE_TAGS = {"zh-hans": "zh-CN", "en": "en"}


def html(comparative: Comparative) -> str:
    return render_to_string(
        "reports/comparative.html",
        {
            "report": comparative,
            "title": title(comparative.report),
            "sections": sections(),
            "lang": _LANGUAGE_TAGS[get_language()],
            "written_on": written_on(comparative.report),
        },
    )


def sections() -> list[tuple[str, str, str]]:
    """(anchor, number, title) of the chapters, in order."""
    chapters = (
        ("summary", _("Summary")),
        ("ranking", _("Ranking")),
        ("dimensions", _("Dimensions")),
        ("items", _("Points by criterion")),
        ("reasons", _("Reasons for lost points")),
        ("grounds", _("Grounds and digests")),
    )
    return [(anchor, _number(n), words) for n, (anchor, words) in enumerate(chapters, 1)]


def _number(n: int) -> str:
    """一、 in Chinese, "1  " elsewhere."""
    return f"{_CHINESE_NUMERALS[n - 1]}、" if get_language() == "zh-hans" else f"{n}\u2002"
