"""The form of one criterion of a draft: every key that stands beside its rule."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..layered import language
from ..scoring import forbidden, typed
from ..scoring.build import EVIDENCE, NA_MODES, TIERS
from ..scoring.differencewords import CHOICES
from ..scoring.metrics import FIXERS
from . import bilingual
from .figures import Figures, local, no_figure, rows, tables

_ID = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$"
_TAKEN = {"new"}  # a part of our own addresses
# What leaving a key out means; a key that was left out and says no more than this stays out.
_USUAL = {"tier": "basic", "fixable_by": "station", "not_applicable": "exclude", "weight": Decimal(1)}
_TEXTS = {
    "title": (gettext_lazy("Title"), 120, True),
    "title_en": (gettext_lazy("English title"), 200, False),
    "source": (gettext_lazy("Source: document and clause"), 500, True),
    "source_en": (gettext_lazy("English source"), 500, False),
    "url": (gettext_lazy("Address of the source"), 500, False),
    "evidence_note": (gettext_lazy("Which evidence"), 300, False),
    "evidence_note_en": (gettext_lazy("Which evidence, in English"), 300, False),
}


# Keys that the form of a criterion posts, but its id.
FIELDS = (
    "section",
    *_TEXTS,
    "points",
    "tier",
    "evidence",
    "fixable_by",
    "applies_to",
    "not_applicable",
    "lever",
    "continues",
    "weight",
)


class Figured(forms.Field):
    """A number as it is typed, kept as a decimal."""

    widget = forms.TextInput({"inputmode": "decimal"})

    def to_python(self, value):
        text = (value or "").strip()
        if not text:
            return None
        try:
            return typed.number(text)
        except ValueError:
            words = _("“%(value)s” is not a number. Type digits only.") % {"value": text[:60]}
            raise forms.ValidationError(words, "number") from None


def choices(name: str, codes) -> list[tuple[str, str]]:
    """(code, words) of values that the format knows, in the reader's language."""
    at = 1 if language() == "en" else 0
    return [(code, (CHOICES.get((name, code)) or CHOICES[code])[at].capitalize()) for code in codes]


class CriterionForm(forms.Form):
    """`row` is the criterion as it stands in the document, None for a new one; `classes` is {code: name}.

    unfinished  somebody still writes it: what is missing is no mistake yet
    """

    def __init__(
        self,
        *args,
        document: Mapping,
        row: Mapping | None,
        figures: Figures,
        classes: Mapping,
        unfinished: bool = False,
        **kwargs,
    ):
        self.document, self.row, self.figures, self.unfinished = document, row, figures, unfinished
        super().__init__(*args, **kwargs)
        if row is None:
            self.fields["id"] = forms.RegexField(
                _ID,
                label=_("Id"),
                max_length=80,
                strip=True,
                help_text=_("Letters, digits, dots and hyphens. It stays for good: results are compared by it."),
                error_messages={"invalid": _("Letters, digits, dots, hyphens and underscores only.")},
            )
        sections = [(each.get("code", ""), local(each, "title")) for each in rows(document, "section")]
        self.fields["section"] = forms.ChoiceField(label=_("Section"), choices=sections)
        for name, (label, most, required) in _TEXTS.items():
            self.fields[name] = forms.CharField(label=label, max_length=most, required=required)
        self.fields["title_en"].help_text = bilingual.HINT
        self.fields["points"] = Figured(label=_("Points it is worth"))
        self.fields["tier"] = forms.ChoiceField(label=_("Tier"), choices=choices("tier", TIERS))
        self.fields["evidence"] = forms.ChoiceField(label=_("Evidence"), choices=choices("evidence", EVIDENCE))
        self.fields["fixable_by"] = forms.ChoiceField(
            label=_("Who can win lost points back"), choices=choices("fixable_by", FIXERS)
        )
        self.fields["applies_to"] = forms.MultipleChoiceField(
            label=_("Classes it is asked of"),
            choices=list(classes.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
            help_text=_("None ticked: all classes."),
        )
        self.fields["not_applicable"] = forms.ChoiceField(
            label=_("Where it does not apply"), choices=choices("not_applicable", NA_MODES)
        )
        self.fields["lever"] = forms.CharField(
            label=_("Figure to move first"),
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"list": "figures"}),
            help_text=_("Left empty, the rule decides."),
        )
        self.fields["continues"] = forms.CharField(
            label=_("Id in an earlier edition"),
            required=False,
            max_length=80,
            help_text=_("Only where it had another one: trends follow it."),
        )
        if self._in_mean():
            self.fields["weight"] = Figured(label=_("Weight"), required=False)
        if not self.is_bound:
            self.initial |= self._written()
        for name, field in self.fields.items():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            if name != "applies_to":
                field.widget.attrs.setdefault("class", kind)
        for name in self.errors if self.is_bound else ():
            self.fields[name].widget.attrs["class"] = f"{self.fields[name].widget.attrs.get('class', '')} is-invalid"

    def full_clean(self):
        super().full_clean()
        if self.unfinished:
            data = self.errors.as_data()
            for name in [name for name, errors in data.items() if all(each.code == "required" for each in errors)]:
                del self.errors[name]

    def _written(self) -> dict:
        """What the row says, as the fields show it."""
        row = self.row or {}
        usual = {"tier": "basic", "evidence": "optional", "fixable_by": "station", "not_applicable": "exclude"}
        found = usual | {name: row[name] for name in self.fields if name in row} | bilingual.own(row, "title")
        for name in ("points", "weight"):
            if name in found:
                found[name] = typed.shown(found[name])
        if "lever" in found:
            found["lever"] = self.figures.shown(found["lever"])
        return found

    def _in_mean(self) -> bool:
        """Does a weight count anywhere in this draft, or is one written?"""
        headings = (self.document, *rows(self.document, "section"))
        means = any(each.get("rollup") in ("mean", "geometric", "harmonic") for each in headings)
        return means or "weight" in (self.row or {})

    def clean_id(self):
        id = self.cleaned_data["id"]
        if id in _TAKEN or id in [each.get("id") for each in rows(self.document, "criterion")]:
            raise forms.ValidationError(_("“%(name)s” is there already. Choose another name.") % {"name": id}, "taken")
        return id

    def clean_lever(self):
        text = self.cleaned_data["lever"]
        code = self.figures.code_of(text) if text else ""
        if code is None:
            raise forms.ValidationError(no_figure(self.figures, text), "unknown")
        return code

    def clean(self):
        cleaned = super().clean()
        bilingual.fill_in(cleaned, "title")
        refuse_forbidden(self, cleaned.get("id") or (self.row or {}).get("id", ""), cleaned)
        return cleaned

    def values(self) -> dict:
        """Keys and values for the row; None takes a key out."""
        found = {name: value or None for name, value in self.cleaned_data.items() if name not in ("points", "weight")}
        found |= {name: self.cleaned_data[name] for name in ("points", "weight") if name in self.cleaned_data}
        row = self.row or {}
        return {name: None if name not in row and value == _USUAL.get(name) else value for name, value in found.items()}


def refuse_forbidden(form: forms.Form, code: str, cleaned: Mapping, field: str = "title") -> None:
    """Note every ban that a title runs into, with the rule that bans it."""
    english = language() == "en"
    for ban in forbidden.shipped():
        if ban.catches(code, cleaned.get("title"), cleaned.get("title_en")):
            words = {
                "what": ban.title_en if english else ban.title,
                "rule": ban.rule_en if english else ban.rule,
            }
            text = _("This may not be a target: %(what)s. It is banned by %(rule)s.") % words
            form.add_error(field, forms.ValidationError(text, "forbidden"))


def proposed_id(document: Mapping, section: str) -> str:
    """An id for a new criterion of a section: its code and a running number."""
    there = {each.get("id") for each in rows(document, "criterion")}
    number = 1
    while f"{section}.n{number}" in there:
        number += 1
    return f"{section}.n{number}" if section else ""


def coefficients_of(document: Mapping) -> dict[str, str]:
    """code -> title of the coefficients of a document."""
    return {code: local(row, "title") or code for code, row in tables(document, "coefficient").items()}
