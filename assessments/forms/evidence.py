"""What a request may say of one file of evidence: these words and no others, each by itself or together."""

from django import forms

from stationstd import refusals
from stationstd.keys import unclear

from ..models import Evidence

MOST = 999  # places of files at one criterion


class EvidenceForm(forms.Form):
    """The words of workflow.change_evidence; one that is not sent stays as it is."""

    caption = forms.CharField(max_length=Evidence._meta.get_field("caption").max_length, required=False)
    valid_until = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    turns = forms.IntegerField(min_value=0, max_value=3, required=False)
    place = forms.IntegerField(min_value=1, max_value=MOST, required=False)

    def said(self) -> dict:
        """{word: value} of what was sent. Refused (400) with the first thing that is wrong."""
        if not self.is_valid():
            raise refusals.invalid(next(iter(self.errors.values()))[0])
        sent = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        if not sent or any(sent.get(name, 0) is None for name in ("turns", "place")):
            raise unclear()
        return sent
