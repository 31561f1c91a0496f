"""Forms of the second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stations.forms.layout import fields

from .accounts import reason

_DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "form-control"}


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Six-digit code"), max_length=20, widget=forms.TextInput(_DIGITS))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields()


class ResetForm(forms.Form):
    reason = reason()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="reset_%s", **kwargs)
        self.helper = fields()
