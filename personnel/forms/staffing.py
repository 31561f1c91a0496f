"""Who works at a station: numbers that must agree with each other."""

from crispy_forms.bootstrap import AppendedText
from crispy_forms.layout import HTML, Column, Fieldset, Row
from django.utils.translation import gettext_lazy as _

from personnel.models import Staffing
from stations.completeness import STAFFING_FIELDS
from stations.forms.fields import form_field, tidy
from stations.forms.layout import fields
from stations.forms.rows import RowPage

LONGEST_NUMBER = 8  # digits
AGES = ("age_under_40", "age_40_49", "age_50_plus")
EDUCATION = ("edu_college", "edu_secondary", "edu_basic")
QUALIFICATIONS = ("qual_advanced", "qual_intermediate", "qual_basic", "qual_none")
# A part of the people and the whole it is a part of.
PARTS = (
    ("community_officers", "officers"),
    ("leaders", "officers"),
    ("over_45", "officers"),
    ("leaders_college", "leaders"),
)


SETS = (AGES, EDUCATION, QUALIFICATIONS)


class Sum:
    """A set of bands as the page shows it: `state` is "blank", "open" (some are missing), "fits" or "wrong"."""

    def __init__(self, bands, values, officers):
        self.names = " ".join(bands)
        known = [number for number in map(_number, values) if number is not None]
        self.sum, self.officers = sum(known), _number(officers)
        if not known:
            self.state = "blank"
        elif self.officers is None or (len(known) < len(bands) and self.sum <= self.officers):
            self.state = "open"
        else:
            self.state = "fits" if self.sum == self.officers and len(known) == len(bands) else "wrong"


def _number(value) -> int | None:
    """What stands in a field as a number; None for a blank and for what is none."""
    text = tidy(str(value)) if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


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
            Fieldset(_("Officers by age"), _columns(*AGES), _sum(0), _columns("over_45")),
            Fieldset(_("Officers by education"), _columns(*EDUCATION), _sum(1)),
            Fieldset(_("Officers by law-enforcement qualification"), _columns(*QUALIFICATIONS), _sum(2)),
        )

    def where(self):
        return {"station": self.station}

    def clean(self):
        cleaned = super().clean()
        for part, whole in PARTS:
            self._check_part(part, whole)
        self._check_sum(AGES, _("The age bands add up to %(sum)s, but there are %(officers)s officers."))
        self._check_sum(EDUCATION, _("The education bands add up to %(sum)s, but there are %(officers)s officers."))
        self._check_sum(
            QUALIFICATIONS, _("The qualification bands add up to %(sum)s, but there are %(officers)s officers.")
        )
        self._check_over_45()
        return cleaned

    def _post_clean(self):
        """What the database's constraints would say is said above in words; the page writes the row."""

    @property
    def sums(self) -> list[Sum]:
        """What the three sets come to as the fields stand, for the page."""
        return [Sum(bands, [self[band].value() for band in bands], self["officers"].value()) for bands in SETS]

    def _check_over_45(self):
        """Whoever is 50 is over 45, and nobody under 40 is."""
        over, old, middle = (self.cleaned_data.get(name) for name in ("over_45", "age_50_plus", "age_40_49"))
        if over is None or old is None:
            return
        if over < old:
            self.add_error("over_45", _("The %(old)s of 50 and over count here too.") % {"old": old})
        elif middle is not None and over > old + middle:
            most = old + middle
            self.add_error("over_45", _("Only %(most)s are 40 or older.") % {"most": most})

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


def _sum(number):
    return HTML(f'{{% include "personnel/_sum.html" with sum=page.sums.{number} only %}}')
