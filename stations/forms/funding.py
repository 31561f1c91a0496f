"""The money of one station in one year."""

from crispy_forms.bootstrap import AppendedText
from django.utils.translation import gettext_lazy as _

from stations.models import Funding

from .fields import form_field
from .layout import fields
from .rows import RowPage

HELP = {
    "public_funds_yuan": _("For all officers together, the whole year. The share of one officer is computed."),
    "running_need_yuan": _("Fuel, repairs, telephone, water, heating and the like, as estimated."),
    "running_received_yuan": _("What the budget paid towards these costs."),
    "non_budget_yuan": _("Sponsors, returned fines and fees. Enter 0 if there was none."),
}


class FundingForm(RowPage):
    class Meta:
        model = Funding
        fields = tuple(HELP)
        formfield_callback = form_field

    def __init__(self, station, year, data=None):
        self.station, self.year = station, year
        self.register = f"funding {year}"
        super().__init__(data, instance=Funding.objects.filter(**self.where()).first())
        for name, help_text in HELP.items():
            self.fields[name].help_text = help_text
        self.helper = fields(*(AppendedText(name, _("yuan")) for name in HELP))

    def where(self):
        return {"station": self.station, "year": self.year}
