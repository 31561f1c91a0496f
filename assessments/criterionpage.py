"""One criterion of a draft on its page: what was typed, what is wrong with it, what it says and gives."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from stations.models import StationClass
from stationstd.i18n import local
from stationstd.keys import unclear

from .forms.criterion import CriterionForm, coefficients_of, proposed_id
from .forms.figures import Figures
from .forms.figures import local as text_of
from .forms.rule import RuleForm
from .layered import language
from .models import Draft
from .scoring import StandardError, rulefields, tomltext
from .scoring.example import NAME, Column, Example, example
from .scoring.problemwords import told
from .scoring.reading import toml

TRY = "try."
_TRIED = re.compile(r"try\.[a-z][a-z0-9_.]{0,120}(@[a-z_]+)?")


def document_of(draft: Draft) -> dict:
    """The parsed text of a draft."""
    return toml(draft.text.removeprefix("\ufeff"))


def class_names(document: Mapping) -> dict[str, str]:
    """code -> name of the classes of a draft, in its order. One query."""
    names = {kind.code: local(kind, "name") for kind in StationClass.objects.all()}
    return {code: names.get(code, code) for code in document.get("classes", ())}


class CriterionPage:
    """The forms of a criterion and what the engine makes of them.

    row   the criterion in the document, None for a new one
    data  what was posted, None for what the document says
    act   what a button does to the rows of a list, None where it is to be written: while somebody still writes it,
          what is missing is no mistake
    """

    def __init__(self, document: dict, row: Mapping | None, data=None, *, section: str = "", act: str | None = None):
        self.document, self.row = document, row
        self.figures, self.classes = Figures(document), class_names(document)
        coefficients = coefficients_of(document)
        given = {"document": document, "row": row, "figures": self.figures, "classes": self.classes}
        if data is None:
            start = {"section": section, "id": proposed_id(document, section)} if row is None else {}
            self.form = CriterionForm(initial=start, **given)
            self.rule = RuleForm.of(row and row.get("rule"), self.figures, self.classes, coefficients)
        else:
            self.form = CriterionForm(data, unfinished=act is not None, **given)
            self.rule = RuleForm.typed(data, self.figures, self.classes, coefficients)
            if act:
                self.rule.act(act)
        self.data = data or {}
        if not all(_TRIED.fullmatch(name) for name in self.data if name.startswith(TRY)):
            raise unclear()
        self.kind = self.data.get("class") or next(iter(self.classes), "")
        self.example: Example | None = None
        self.problems: list[str] = []  # of the engine, that stand at no field
        self.is_refused = False  # by a ban, which nobody may pass over
        self.has_problems = False
        self._read = None if data is None and row is None else self.rule.read(unfinished=act is not None)

    @property
    def is_readable(self) -> bool:
        """Can what was typed be written down?"""
        return self.form.is_valid() and self._read is not None

    @property
    def title(self) -> str:
        return text_of(self.row or {}, "title")

    @property
    def text(self) -> str:
        """The rule as text: what was typed where the text counts, otherwise what the fields say."""
        if self.rule.is_text or self._read is None:
            return self.rule.text
        return "\n".join(tomltext.pairs(self._read))

    @property
    def trying(self) -> list[tuple[Column, str]]:
        """The columns of the example with what stands in their fields."""
        if self.example is None:
            return []
        return [(each, self.facts.get(each.key, self.example.start[each.key])) for each in self.example.columns]

    @property
    def facts(self) -> dict[str, str]:
        """Facts that were typed to try the rule, by column."""
        return {name.removeprefix(TRY): text for name, text in self.data.items() if name.startswith(TRY)}

    def values(self) -> dict:
        """Keys and values for the document's row, its rule among them."""
        return self.form.values() | {"rule": self._read}

    def look(self) -> None:
        """Let the engine read the criterion and try it on facts; what it complains about stands at its field."""
        if self._read is None:
            return
        criterion = self._criterion()
        if criterion.get("points") is None:
            return
        try:
            self.example = example(
                self.document, criterion, kind=self.kind, day=today(), lang=language(), facts=self.facts
            )
        except StandardError as error:
            self._complain(error.problems, criterion.get("id", ""))

    def _criterion(self) -> dict:
        """The criterion as far as it can be read; what is not there or wrong is left out."""
        if self.data:
            cleaned = getattr(self.form, "cleaned_data", {}) if not self.form.is_valid() else self.form.cleaned_data
            own = {key: value for key, value in cleaned.items() if value not in (None, "", [])}
        else:
            own = {key: value for key, value in (self.row or {}).items() if key != "section"}
        own.setdefault("id", (self.row or {}).get("id", "new"))
        return own | {"rule": self._read}

    def _complain(self, lines, id: str) -> None:
        titles = {each.code: each.title for each in self.figures}
        self.has_problems = True
        for line in lines:
            line = line.removeprefix(f"{NAME}: ")
            said = told(line, language(), titles)
            self.is_refused |= "forbidden metric" in line
            place = said.place.removeprefix(f"criterion {id}: ")
            field = rulefields.field_of(place) if place != said.place else ""
            if field:
                self.rule.note(field, said.what)
            elif place in self.form.fields and self.data:
                self.form.add_error(place, said.what)
            elif place != said.place or not said.where:
                self.problems.append(said.what)
            else:
                self.problems.append(_("%(where)s: %(what)s") % {"where": said.where, "what": said.what})


def today() -> date:
    return timezone.localdate()
