"""The forms of a draft's head and sections, and of a draft that is begun."""

import re
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import StationClass
from stationstd.i18n import local
from stationstd.widgets import DayInput

from ..models import Draft, Edition
from ..scoring.build import CRITERIA_LIMIT, FINEST
from ..scoring.standard import SUM
from . import bilingual
from .outlining import plain
from .rollingup import RollupForm, rolled_up_of, rollup_rows

_CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", _("Letters, digits, dots, hyphens and underscores only."))
_KEPT = "kept"  # the choice of a parent that this system does not have
_LAST_NUMBER = re.compile(r"(\d+)(?=\D*\Z)")
_POINTS = {"max_digits": 12, "decimal_places": 6, "required": False}
# Bounds of the Ministry's grading rules, to be changed where a bureau has others.
GRADES = (
    ("first", "一级", "Grade one", 95),
    ("second", "二级", "Grade two", 85),
    ("third", "三级", "Grade three", 70),
    ("fourth", "四级", "Grade four", 60),
    ("fifth", "五级（不合格）", "Grade five (unqualified)", 0),
)


class NameForm(forms.Form):
    """What an edition is called. Code and version together are not those of an edition in use."""

    code = forms.CharField(
        label=_("Code"),
        max_length=Draft._meta.get_field("code").max_length,
        validators=[_CODE],
        help_text=_("Editions of one standard share their code."),
    )
    version = forms.CharField(
        label=_("Version"), max_length=Draft._meta.get_field("version").max_length, validators=[_CODE]
    )
    title = forms.CharField(label=_("Title"), max_length=Draft._meta.get_field("title").max_length)
    title_en = forms.CharField(
        label=_("English title"),
        max_length=Draft._meta.get_field("title_en").max_length,
        required=False,
        help_text=bilingual.HINT,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(*self.rows())

    def rows(self) -> list[Row]:
        return [_pair("code", "version"), _pair("title", "title_en")]

    def clean(self):
        said = super().clean()
        bilingual.fill_in(said, "title")
        taken = Edition.objects.filter(code=said.get("code", ""), version=said.get("version", ""))
        if taken.exists():
            words = _("An edition of this code and version is in use. Choose another version.")
            self.add_error("version", forms.ValidationError(words, "taken"))
        return said

    @classmethod
    def of_copy(cls, edition: Edition, data=None) -> "NameForm":
        """The form to copy an edition, with the next version that nobody has."""
        initial = {key: getattr(edition, key) for key in ("code", "title", "title_en")}
        initial |= bilingual.own(initial, "title")
        return cls(data, initial=initial | {"version": next_version(edition)})


def next_version(edition: Edition) -> str:
    """The version with its last number raised until neither an edition nor a draft of the code has it."""
    taken = set(Edition.objects.filter(code=edition.code).values_list("version", flat=True))
    taken |= set(Draft.objects.filter(code=edition.code).values_list("version", flat=True))
    version = edition.version if _LAST_NUMBER.search(edition.version) else f"{edition.version}.1"
    while version in taken:
        version = _LAST_NUMBER.sub(lambda found: str(int(found[1]) + 1), version, count=1)
    return version


class HeadForm(NameForm, RollupForm):
    """The head of a standard. `document` is the one to be changed, {} for a new one."""

    in_force = forms.DateField(
        label=_("In force from"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(),
        help_text=_("Also the day whose norms count when nobody gives one."),
    )
    classes = forms.MultipleChoiceField(
        label=_("Classes of stations"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Norms and lists of a class that is left out go with it."),
    )
    points = forms.DecimalField(
        label=_("Points in all"), min_value=0, help_text=_("What the criteria must sum to; usually 100."), **_POINTS
    )
    decimals = forms.IntegerField(label=_("Decimals of points"), min_value=0, max_value=FINEST, required=False)
    minimum_share = forms.DecimalField(
        label=_("Least share of applicable points (%)"),
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        help_text=_("A station with less is listed without a rank."),
    )
    criteria_limit = forms.IntegerField(
        label=_("Most criteria"),
        min_value=1,
        max_value=CRITERIA_LIMIT,
        help_text=_("National rules allow a station assessment 30 indicators; a bureau may allow itself fewer."),
    )
    parent = forms.ChoiceField(
        label=_("Parent standard"),
        required=False,
        help_text=_("The standard of the bureau above: this one may add to it and ask for more, never for less."),
    )

    def __init__(self, document, *args, **kwargs):
        self.document = document
        super().__init__(*args, initial=_head_of(document), **kwargs)
        self.fields["classes"].choices = _classes(document)
        self.offer(document, None)
        self.fields["parent"].choices = self._parents()

    def rows(self) -> list[Row]:
        more = [
            _pair("in_force", "parent"),
            Row(Column("classes", css_class="col-12")),
            _pair("points", "criteria_limit"),
            *(rollup_rows() if self.document else ()),  # who begins has nothing yet to roll up
            _pair("decimals", "minimum_share"),
        ]
        return [*super().rows(), *more]

    def _parents(self) -> list[tuple[str, str]]:
        self.editions = {str(each.pk): each for each in Edition.objects.order_by("-published_at", "-pk")}
        choices = [("", _("None: it stands alone"))]
        choices += [(pk, f"{local(each, 'title')} {each.version}") for pk, each in self.editions.items()]
        parent = self.document.get("parent", {})
        if parent:
            known = (pk for pk, each in self.editions.items() if each.digest == parent.get("digest"))
            self.initial["parent"] = next(known, _KEPT)
        if self.initial.get("parent") == _KEPT:
            choices.append((_KEPT, f"{parent.get('code', '?')} {parent.get('version', '?')}"))
        return choices

    def values(self) -> dict:
        """What the head of a document says; None for a key that is left out."""
        said = self.cleaned_data
        points, decimals = said["points"], said["decimals"]
        return {
            **{key: said[key] for key in ("code", "version", "title", "title_en", "in_force", "criteria_limit")},
            "classes": said["classes"],
            "points": None if points is None else plain(points),
            "decimals": decimals,
            "minimum_share": plain(said["minimum_share"] / 100),
            "parent": self._parent(),
            **self.rolled_up(),
        }

    def _parent(self) -> dict | None:
        chosen = self.cleaned_data["parent"]
        if chosen == _KEPT:
            return self.document["parent"]
        edition = self.editions.get(chosen)
        return edition and {"code": edition.code, "version": edition.version, "digest": edition.digest}


def _head_of(document) -> dict:
    """What the form shows first."""
    keys = ("code", "version", "title", "title_en", "in_force", "classes", "decimals")
    share = Decimal(document.get("minimum_share", "0.6")) * 100
    usual = {"minimum_share": plain(share), "criteria_limit": document.get("criteria_limit", CRITERIA_LIMIT)}
    usual |= rolled_up_of(document)
    if not document:
        today = timezone.localdate()
        usual |= {"points": 100, "in_force": today.replace(month=1, day=1), "version": f"{today.year}.1"}
        return usual | {"code": _free_code(), "classes": [code for code, _name in _classes({})]}
    return (
        {key: document[key] for key in (*keys, "points") if key in document} | usual | bilingual.own(document, "title")
    )


def _free_code() -> str:
    """A code that no standard has yet: local, local2 …"""
    taken = {*Edition.objects.values_list("code", flat=True), *Draft.objects.values_list("code", flat=True)}
    return next(code for n in range(1, len(taken) + 2) if (code := f"local{n if n > 1 else ''}") not in taken)


def _classes(document) -> list[tuple[str, str]]:
    """Every class of the system, and those that only the document knows."""
    names = {each.code: local(each, "name") for each in StationClass.objects.all()}
    return [*names.items(), *((code, code) for code in document.get("classes", ()) if code not in names)]


class SectionForm(RollupForm):
    """One section. `document` is the draft's, `section` its code, None for a new one."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[_CODE], help_text=_("Cannot be changed later."))
    title = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("English title"), max_length=160, required=False, help_text=bilingual.HINT)
    above = forms.ChoiceField(
        label=_("Stands in"), required=False, help_text=_("A dimension is one page of the form that stations fill.")
    )
    points = forms.DecimalField(
        label=_("Points it is worth"),
        min_value=0,
        help_text=_("What it is worth; of a sum that follows from what is in it."),
        **_POINTS,
    )
    weight = forms.DecimalField(
        label=_("Weight"), min_value=0, help_text=_("Only inside a section that takes a mean."), **_POINTS
    )

    def __init__(self, document, section: str | None, *args, **kwargs):
        row = _section(document, section)
        super().__init__(*args, initial=_section_of(row, document), **kwargs)
        self.row = row
        self.fields["above"].choices = [("", _("Nothing: a dimension")), *_outside(document, section)]
        self.offer(document, section or _free(document))
        if section is not None:
            del self.fields["code"]
        first = [_pair("code", "above")] if section is None else [_pair("above", None)]
        rows = [_pair("title", "title_en"), *rollup_rows(), _pair("points", "weight")]
        self.helper = _helper(*first, *rows)

    def clean(self):
        said = super().clean()
        bilingual.fill_in(said, "title")
        return said

    def values(self) -> dict:
        """The keys of the section; None for one that is left out."""
        said = self.cleaned_data
        numbers = {key: None if said[key] is None else plain(said[key]) for key in ("points", "weight")}
        if said["rollup"] == SUM:
            numbers["points"] = self.row.get("points")  # follows from what is in it
        return {"title": said["title"], "title_en": said["title_en"], "in": said["above"]} | self.rolled_up() | numbers


def _section(document, code: str | None) -> dict:
    return next((each for each in document.get("section", ()) if each.get("code") == code), {}) if code else {}


def _section_of(row, document) -> dict:
    keys = ("title", "title_en", "points", "weight")
    start = {"code": _free(document), "above": row.get("in", "")} | rolled_up_of(row)
    return start | {key: row[key] for key in keys if key in row} | bilingual.own(row, "title")


def _free(document) -> str:
    """A code that no section has."""
    taken = {each.get("code") for each in document.get("section", ())}
    return next(code for n in range(1, len(taken) + 2) if (code := f"part{n}") not in taken)


def _outside(document, section: str | None) -> list[tuple[str, str]]:
    """Sections that this one may stand in: all but itself and those in it."""
    inside, rows = {section}, document.get("section", [])
    for each in rows:  # what stands in a section stands behind it
        if each.get("in") in inside:
            inside.add(each.get("code"))
    return [(each["code"], _title(each)) for each in rows if each.get("code") and each["code"] not in inside]


def _title(row) -> str:
    return f"{row.get('title', '')} ({row['code']})"


def _pair(one: str, other: str | None) -> Row:
    return Row(*(Column(name, css_class="col-md-6") for name in (one, other) if name))


def _helper(*rows: Row) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*rows)
    return helper
