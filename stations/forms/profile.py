"""Residents, households and premises of a station."""

from crispy_forms.bootstrap import AppendedText, InlineRadios
from django.utils.translation import gettext_lazy as _

from stations.models import Station

from .fields import form_field
from .layout import fields
from .rows import RowPage


class ProfileForm(RowPage):
    register = "profile"

    class Meta:
        model = Station
        fields = ("residents", "households", "has_own_premises")
        formfield_callback = form_field

    def __init__(self, station, data=None):
        self.station = station
        super().__init__(data, instance=station)
        self.fields["residents"].help_text = _("Everybody who lives in the area of the station.")
        self.fields["has_own_premises"].help_text = _("The building belongs to the police, it is not rented.")
        self.helper = fields(
            AppendedText("residents", _("persons")),
            AppendedText("households", _("households")),
            InlineRadios("has_own_premises"),
        )

    def where(self):
        return {"pk": self.station.pk}

    def clean(self):
        cleaned = super().clean()
        residents, households = cleaned.get("residents"), cleaned.get("households")
        if residents is not None and households is not None and households > residents:
            self.add_error("households", _("There cannot be more households than residents."))
        return cleaned
