"""The form of a period: a bureau's quarter, or any span with free dates."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import Bureau
from stationstd.i18n import local
from stationstd.widgets import DayInput

from ..models import Edition, Period
from .days import near


class _Named(forms.ModelChoiceField):
    """A choice shown by its name in the reader's language."""

    def label_from_instance(self, thing):
        return local(thing, "name")


class _BureauChoice(_Named):
    def label_from_instance(self, bureau):
        return "　" * (bureau.depth - 1) + local(bureau, "name")


class _EditionChoice(forms.ModelChoiceField):
    def label_from_instance(self, edition):
        return f"{local(edition, 'title')} {edition.version}"


class PeriodForm(forms.ModelForm):
    """`by` is the system administrator whose bureaus and periods may be chosen."""

    bureau = _BureauChoice(
        label=_("Bureau"), queryset=Bureau.objects.none(), help_text=_("All active stations below it.")
    )
    edition = _EditionChoice(
        label=_("Standard"), queryset=Edition.objects.defer("text").order_by("-published_at", "-pk")
    )
    previous = _Named(
        label=_("Previous period"),
        queryset=Period.objects.none(),
        required=False,
        help_text=_("What changes of rank and rate are measured against."),
    )
    year_before = _Named(
        label=_("Same period a year before"),
        queryset=Period.objects.none(),
        required=False,
        help_text=_("For rules that compare with last year. A new period finds it by its dates when left empty."),
    )

    class Meta:
        model = Period
        fields = (
            "bureau",
            "name",
            "name_en",
            "starts_on",
            "ends_on",
            "due_at",
            "edition",
            "grouping",
            "objection_days",
            "publicity_days",
            "previous",
            "year_before",
            "is_rehearsal",
        )
        error_messages = {
            NON_FIELD_ERRORS: {
                "unique_together": _("This bureau has a period of this name already. Choose another name.")
            },
        }
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "due_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
        help_texts = {
            "name": _("For example 2026年第四季度."),
            "name_en": _("Shown to readers of the English pages."),
            "due_at": _("Beijing time. Nothing can be filled or submitted afterwards."),
            "ends_on": _("Facts are those of the last day."),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bureau"].queryset = Bureau.objects.visible_to(by)
        earlier = Period.objects.manageable_by(by).counted().select_related("bureau")
        for name in ("previous", "year_before"):
            self.fields[name].queryset = earlier.exclude(pk=self.instance.pk)
            self.fields[name].empty_label = _("None: there is nothing to compare with")
        self.helper = _layout()

    def clean_starts_on(self):
        return near(self.cleaned_data["starts_on"])

    def clean_ends_on(self):
        return near(self.cleaned_data["ends_on"])

    def clean_due_at(self):
        due = self.cleaned_data["due_at"]
        near(due.date())
        if due <= timezone.now():
            raise forms.ValidationError(_("This time has passed already."), "past")
        return due

    def clean_is_rehearsal(self):
        is_rehearsal = self.cleaned_data["is_rehearsal"]
        if is_rehearsal and self.instance.pk and self.instance.is_earlier:
            raise forms.ValidationError(
                _("Another period is compared with this one; it cannot be a rehearsal."), "used"
            )
        return is_rehearsal

    def clean(self):
        cleaned = super().clean()
        for name in ("previous", "year_before"):
            self._check_earlier(name, cleaned)
        return cleaned

    def _check_earlier(self, name: str, cleaned: dict) -> None:
        earlier, bureau, first = cleaned.get(name), cleaned.get("bureau"), cleaned.get("starts_on")
        if earlier and bureau and earlier.bureau_id != bureau.pk:
            self.add_error(name, forms.ValidationError(_("This is a period of another bureau."), "bureau"))
        if earlier and first and earlier.ends_on >= first:
            self.add_error(name, forms.ValidationError(_("It ends after this one begins."), "order"))


def _layout() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        "bureau",
        Row(Column("name", css_class="col-md-6"), Column("name_en", css_class="col-md-6")),
        Row(Column("starts_on", css_class="col-md-6"), Column("ends_on", css_class="col-md-6")),
        Row(Column("due_at", css_class="col-md-6"), Column("grouping", css_class="col-md-6")),
        "edition",
        Row(Column("objection_days", css_class="col-md-6"), Column("publicity_days", css_class="col-md-6")),
        Row(Column("previous", css_class="col-md-6"), Column("year_before", css_class="col-md-6")),
        "is_rehearsal",
    )
    return helper
