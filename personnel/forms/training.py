"""One training held."""

from crispy_forms.bootstrap import AppendedText
from crispy_forms.layout import Column, Row
from django import forms
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from personnel.models import Training
from stations import registers
from stations.forms.fields import form_field
from stations.forms.layout import fields
from stations.forms.rows import Page
from stationstd.widgets import DayInput


class TrainingForm(Page, forms.ModelForm):
    class Meta:
        model = Training
        fields = ("held_on", "topic", "days", "participants")
        formfield_callback = form_field

    def __init__(self, station, training=None, data=None):
        """`training` is a row of this station, None for a new one."""
        self.station, self.training = station, training
        self.register = "training"
        super().__init__(data, instance=training)
        self.fields["held_on"].widget = DayInput()
        self.fields["days"].help_text = _("Half a day is 0.5.")
        self.helper = fields(
            "topic",
            Row(
                Column("held_on", css_class="col-sm-4"),
                Column(AppendedText("days", _("days")), css_class="col-sm-4"),
                Column(AppendedText("participants", _("persons")), css_class="col-sm-4"),
            ),
        )

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise forms.ValidationError(_("Enter a training that has been held; this date is in the future."))
        return held_on

    def clean_days(self):
        days = self.cleaned_data["days"]
        if days == 0:
            raise forms.ValidationError(_("Enter more than 0."))
        return days

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.training and self._is_on_the_list():
            raise forms.ValidationError(_("This training is on the list already."))
        return cleaned

    def _is_on_the_list(self):
        return Training.objects.filter(station=self.station, **self.cleaned_data).exists()

    def stored(self):
        """The training as the database holds it; {} for a new one."""
        row = self.training and Training.objects.filter(pk=self.training.pk).first()
        return _flat(row.pk, model_to_dict(row, fields=self._meta.fields)) if row else {}

    def typed(self):
        return _flat(self.training.pk if self.training else 0, self.cleaned_data)

    def write(self):
        """A second click on a new training, which the first one has just saved, is stale."""
        if not self.training and self._is_on_the_list():
            raise registers.Stale
        self.instance.station = self.station
        self.instance.save()
        self.training = self.instance

    def label(self, key):
        return self.fields[key.split(".")[1]].label


class TrainingRemoval(Page):
    """Take one training off the list."""

    register = "training"

    def __init__(self, station, training, data):
        self.station, self.training, self.data = station, training, data

    def is_valid(self):
        return True

    def stored(self):
        return TrainingForm(self.station, self.training).stored()

    def typed(self):
        return {}

    def write(self):
        Training.objects.filter(pk=self.training.pk, station=self.station).delete()

    def label(self, key):
        return Training._meta.get_field(key.split(".")[1]).verbose_name


def _flat(pk, values):
    return {f"training {pk}.{column}": value for column, value in values.items()}
