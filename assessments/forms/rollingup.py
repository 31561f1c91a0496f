"""How what is in a section, or the whole, makes its result: the roll-up with words and an example, its limits."""

from collections.abc import Mapping

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from ..layered import language
from ..scoring.rollexample import examples, parts_of
from ..scoring.standard import GEOMETRIC, HARMONIC, MAX, MEAN, MIN, MODES, SUM
from ..templatetags.drafts import rollup_name
from .outlining import plain

_POINTS = {"max_digits": 12, "decimal_places": 6, "required": False}
_LIMITS = ("floor", "cap")
_WORDS = {
    SUM: _("the points of all parts together"),
    MEAN: _("every part's rate counts by its weight, however many points it has"),
    GEOMETRIC: _("like the mean, but a weak part pulls down more, and a part with nothing leaves nothing"),
    HARMONIC: _("like the geometric mean, still harder on a weak part"),
    MIN: _("the part with the lowest rate decides alone"),
    MAX: _("the part with the highest rate decides alone"),
}


class RollupForm(forms.Form):
    """The fields that a section and the whole standard share."""

    rollup = forms.ChoiceField(
        label=_("Roll-up"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("How what is in it makes its result."),
    )
    floor = forms.DecimalField(
        label=_("Fewest points"),
        max_value=0,
        help_text=_("Only where points are added up; 0 or less. Example: −3 in all, fewest 0: 0 points count."),
        **_POINTS,
    )
    cap = forms.DecimalField(
        label=_("Most points"),
        help_text=_("Only where points are added up. Example: 103 with a bonus, most 100: 100 points count."),
        **_POINTS,
    )

    def offer(self, document: Mapping, code: str | None) -> None:
        """Say each roll-up in words, with what it makes of what stands in this section (None: in the whole)."""
        lang = language()
        made = examples(parts_of(document, code, lang), lang)
        self.fields["rollup"].choices = [(mode, _choice(mode, made[mode])) for mode in MODES]

    def clean_rollup(self) -> str:
        return self.cleaned_data["rollup"] or SUM

    def clean(self):
        said = super().clean()
        for key in _LIMITS:
            if said.get("rollup", SUM) != SUM and said.get(key) is not None:
                self.add_error(key, forms.ValidationError(_("Counts only where points are added up."), "needless"))
        return said

    def rolled_up(self) -> dict:
        """The keys of the document; None for one that is left out."""
        said = self.cleaned_data
        limits = {key: None if said[key] is None else plain(said[key]) for key in _LIMITS}
        return {"rollup": None if said["rollup"] == SUM else said["rollup"]} | limits


def rolled_up_of(row: Mapping) -> dict:
    """What the fields show first."""
    limits = {key: row[key] for key in _LIMITS if key in row and row[key] != "none"}
    return {"rollup": row.get("rollup", SUM)} | limits


def rollup_rows() -> list[Row]:
    return [
        Row(Column("rollup", css_class="col-12")),
        Row(*(Column(key, css_class="col-md-6") for key in _LIMITS)),
    ]


def _choice(mode: str, made: str) -> str:
    return _("%(name)s: %(words)s. Example: %(made)s") % {
        "name": rollup_name(mode),
        "words": _WORDS[mode],
        "made": made,
    }
