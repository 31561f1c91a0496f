"""What the log can be searched for."""

from datetime import date, datetime, time, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stationstd.widgets import DayInput

from .actions import ACTIONS
from .rows import ROW_CHANGE


class _Day(forms.DateField):
    """A day of this century: further ones cannot be turned into a time everywhere."""

    def __init__(self, **kwargs):
        within = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
        super().__init__(required=False, widget=DayInput(), validators=within, **kwargs)


class SearchForm(forms.Form):
    action = forms.ChoiceField(label=_("Action"), required=False)
    person = forms.CharField(label=_("Person"), required=False, max_length=40)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=80, help_text=_("For example station:12"))
    since = _Day(label=_("From"))
    until = _Day(label=_("To"))
    rows = forms.BooleanField(label=_("With the database's own records"), required=False)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = sorted(((code, str(label)) for code, label in ACTIONS.items()), key=lambda pair: pair[1])
        self.fields["action"].choices = [("", _("All")), *choices]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        names = ("action", "person", "subject", "since", "until")
        self.helper.layout = Layout(Row(*(Column(name, css_class="col-6 col-lg") for name in names)), "rows")

    def narrow(self, events):
        """The events that fit a valid form, newest first."""
        found = self.cleaned_data
        tests = {
            "action": found["action"],
            "by__username__icontains": found["person"],
            "chain": found["subject"],
            "at__gte": _midnight(found["since"]),
            "at__lt": _midnight(found["until"] and found["until"] + timedelta(days=1)),
            "pk__lt": found["before"],
        }
        if not found["rows"] and found["action"] != ROW_CHANGE:
            events = events.exclude(action=ROW_CHANGE)
        return events.filter(**{test: value for test, value in tests.items() if value})

    def words(self):
        """What was searched for, as the record of this reading keeps it."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
