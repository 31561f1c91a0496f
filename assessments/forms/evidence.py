"""What a request may say of one file of evidence: these words and no others, each by itself or together."""

from django import forms

from stationstd import refusals
from stationstd.keys import unclear

from ..models import Evidence

MOST = 999  # places of files at one criterion


_WAS = "was_"


class EvidenceForm(forms.Form):
    """The words of workflow.change_evidence; one that is not sent stays as it is.

    was_caption and was_valid_until are what the page showed: a word that is still the same was not typed, and one that
    was typed is refused where somebody else has changed it since.
    """

    caption = forms.CharField(max_length=Evidence._meta.get_field("caption").max_length, required=False)
    valid_until = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    turns = forms.IntegerField(min_value=0, max_value=3, required=False)
    place = forms.IntegerField(min_value=1, max_value=MOST, required=False)
    was_caption = forms.CharField(required=False)
    was_valid_until = forms.DateField(input_formats=["%Y-%m-%d"], required=False)

    def said(self) -> dict:
        """{word: value} of what was sent and is not what the page showed. Refused (400) with the first thing that is
        wrong."""
        if not self.is_valid():
            raise refusals.invalid(next(iter(self.errors.values()))[0])
        sent = {name: each for name, each in self.cleaned_data.items() if name in self.data and _WAS not in name}
        if not sent or any(sent.get(name, 0) is None for name in ("turns", "place")):
            raise unclear()
        return {name: each for name, each in sent.items() if name not in self.shown or self.shown[name] != each}

    @property
    def shown(self) -> dict:
        """{word: what stood there on the page} of those that say so; of a form that is valid."""
        every = self.cleaned_data.items()
        return {name.removeprefix(_WAS): each for name, each in every if name in self.data and name.startswith(_WAS)}
