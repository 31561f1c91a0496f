"""The forms of a standard that comes in as a file: the file, and what is begun or replaced by it."""

from collections.abc import Mapping

from crispy_forms.layout import Column, Row
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from stationstd import refusals
from stationstd.widgets import DayInput

from ..importing import Brought
from ..models import Draft
from .drafting import NameForm

_SALT = "assessments.importing"
_HOURS = 2  # between the dry run and the confirmation


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("TOML or XLSX file"),
        widget=forms.FileInput(attrs={"accept": ".toml,.xlsx"}),
        help_text=_("At most 2 MB. Nothing is saved before you have seen what is in it."),
    )


class TakeForm(NameForm):
    """What the new draft is called; asked because a paper scheme does not say."""

    in_force = forms.DateField(
        label=_("In force from"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(),
    )
    title_en = forms.CharField(
        label=_("English title"),
        required=False,
        max_length=Draft._meta.get_field("title_en").max_length,
        help_text=_("Blank: the Chinese one."),
    )
    payload = forms.CharField(widget=forms.HiddenInput)

    def rows(self):
        return [*super().rows(), Row(Column("in_force", css_class="col-md-6"), "payload")]

    def head(self) -> dict:
        """The keys of the head as typed. Only after is_valid()."""
        said = {key: self.cleaned_data[key] for key in ("code", "version", "title", "title_en", "in_force")}
        return said | {"title_en": said["title_en"] or said["title"]}


def sealed(brought: Brought, user, draft: Draft | None) -> str:
    """The text of a dry run as its page carries it: signed, for this person and this draft alone."""
    told = {"text": brought.text, "user": user.pk, "draft": draft and draft.pk, "name": brought.name}
    return signing.dumps(told, salt=_SALT, compress=True)


def unsealed(payload: str, user, draft: Draft | None) -> Mapping:
    """What `sealed` said. Refused (400) where it is not ours, another's, of another draft, or too old."""
    try:
        told = signing.loads(payload, salt=_SALT, max_age=_HOURS * 60 * 60)
    except signing.BadSignature as error:
        raise _gone() from error
    if (told["user"], told["draft"]) != (user.pk, draft and draft.pk):
        raise _gone()
    return told


def _gone():
    return refusals.invalid(_("The dry run is over two hours old or was not yours. Choose the file again."))
