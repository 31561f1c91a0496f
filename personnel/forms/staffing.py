"""Who works at a station: numbers that must agree with each other."""

from crispy_forms.bootstrap import AppendedText
from crispy_forms.layout import Column, Fieldset, Row
from django.utils.translation import gettext_lazy as _

from personnel.models import Staffing
from stations.completeness import STAFFING_FIELDS
from stations.forms.fields import form_field
from stations.forms.layout import fields
from stations.forms.rows import RowPage

AGES = ("age_under_40", "age_40_49", "age_50_plus")
EDUCATION = ("edu_college", "edu_secondary", "edu_basic")
# A part of the people and the whole it is a part of.
PARTS = (
    ("community_officers", "officers"),
    ("leaders", "officers"),
    ("over_45", "officers"),
    ("leaders_college", "leaders"),
)


class StaffingForm(RowPage):
    register = "staffing"

    class Meta:
        model = Staffing
        fields = STAFFING_FIELDS
        formfield_callback = form_field

    def __init__(self, station, data=None):
        self.station = station
        super().__init__(data, instance=Staffing.objects.filter(**self.where()).first())
        self.fields["officers"].help_text = _("Police officers on strength, without auxiliaries.")
        self.fields["over_45"].help_text = _("Counted again, across the age bands.")
        self.helper = fields(
            Fieldset(_("Strength"), _columns("officers", "auxiliaries", "community_officers")),
            Fieldset(_("Leaders"), _columns("leaders", "leaders_college")),
            Fieldset(_("Officers by age"), _columns(*AGES), _columns("over_45")),
            Fieldset(_("Officers by education"), _columns(*EDUCATION)),
        )

    def where(self):
        return {"station": self.station}

    def clean(self):
        cleaned = super().clean()
        for part, whole in PARTS:
            self._check_part(part, whole)
        self._check_sum(AGES, _("The age bands add up to %(sum)s, but there are %(officers)s officers."))
        self._check_sum(EDUCATION, _("The education bands add up to %(sum)s, but there are %(officers)s officers."))
        return cleaned

    def _check_part(self, part, whole):
        few, many = self.cleaned_data.get(part), self.cleaned_data.get(whole)
        if few is None or many is None or few <= many:
            return
        words = {"few": few, "many": many, "whole": self.fields[whole].label}
        self.add_error(part, _("%(few)s is more than “%(whole)s”: %(many)s.") % words)

    def _check_sum(self, bands, message):
        """Name the sum as soon as all bands are there, or when those that are there are too many already."""
        officers = self.cleaned_data.get("officers")
        values = [self.cleaned_data.get(band) for band in bands]
        known = [value for value in values if value is not None]
        if officers is None or not known or any(band in self.errors for band in bands):
            return
        if sum(known) > officers or (len(known) == len(bands) and sum(known) != officers):
            self.add_error(bands[-1], message % {"sum": sum(known), "officers": officers})


def _columns(*names):
    return Row(*(Column(AppendedText(name, _("persons")), css_class="col-sm-6 col-lg-4") for name in names))
