"""What a request may say when it imposes or withdraws a veto: these words and no others."""

from typing import NamedTuple

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationstd.i18n import local
from stationstd.widgets import DayInput

from .saving import read_whole

_CONTROL = {"class": "form-control"}


class VetoForm(forms.Form):
    """Which veto, why, decided on which day, approved by whom, on file as what."""

    code = forms.ChoiceField(label=gettext_lazy("Veto"), widget=forms.Select(attrs={"class": "form-select"}))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={**_CONTROL, "rows": 3})
    )
    day = forms.DateField(
        label=gettext_lazy("Day of the decision"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(_CONTROL),
    )
    approver = forms.CharField(
        label=gettext_lazy("Approved by"), max_length=120, widget=forms.TextInput(attrs={**_CONTROL})
    )
    evidence = forms.CharField(
        label=gettext_lazy("On file as"), max_length=200, required=False, widget=forms.TextInput(attrs={**_CONTROL})
    )

    def __init__(self, rules, data=None):
        super().__init__(data, initial={"day": timezone.localdate()}, auto_id="veto-%s")
        self.fields["code"].choices = [(rule.code, local(rule, "title")) for rule in rules]

    @classmethod
    def read(cls, request, rules) -> "VetoForm":
        return cls(rules, request.POST)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day of the decision cannot be in the future."), "future")
        return day

    @property
    def round(self) -> int | None:
        return read_whole(self.data.get("round"))


class Withdrawing(NamedTuple):
    """Which veto is taken back, and why."""

    veto: int
    reason: str
    round: int | None

    @classmethod
    def read(cls, request) -> "Withdrawing":
        said = request.POST
        return cls(read_whole(said.get("veto")) or 0, said.get("reason", ""), read_whole(said.get("round")))
