"""Days that a form takes: those of this century.

Other days are reckoned from them, a year back or a period on, and the calendar has an end on both sides.
"""

from datetime import date

from django import forms
from django.utils.translation import gettext as _

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)


def near(day: date) -> date:
    """The day itself. Raises ValidationError for one that nobody means, such as 0026-10-01."""
    if not _FIRST <= day <= _LAST:
        words = _("Choose a day from %(first)s to %(last)s.") % {"first": _FIRST, "last": _LAST}
        raise forms.ValidationError(words, "far")
    return day
