"""What the page of an offline sheet sends: the file, and then the figures that a person takes from it.

value.staff.officers=7          as it stands in the file
estimated.staff.officers=on     marked as an estimate
take.staff.officers=3           based on version 3; blank or left out: what stands on the server stays
"""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from stationstd.keys import unclear

from ..offlinebook import Brought
from .saving import read_whole

_VALUE, _ESTIMATED, _TAKE = "value.", "estimated.", "take."
KEYS = ("op_id", "round")
PATTERNS = (f"{_VALUE}*", f"{_ESTIMATED}*", f"{_TAKE}*")


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("The filled-in sheet"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=_("XLSX, at most 2 MB. You first see what would change; nothing is written before you say so."),
    )


def taken(said, known: Collection[str]) -> dict[str, Brought]:
    """{metric: what is taken} of a POST in the order of `known`. Refused (400) for any other, or without its value."""
    names = {prefix: _named(said, prefix) for prefix in (_VALUE, _ESTIMATED, _TAKE)}
    if not (names[_ESTIMATED] | names[_TAKE]) <= names[_VALUE] <= set(known):
        raise unclear()
    if any(said[_ESTIMATED + code] != "on" for code in names[_ESTIMATED]):
        raise unclear()
    versions = {code: read_whole(said.get(_TAKE + code) or None) for code in known if code in names[_VALUE]}
    return {
        code: Brought(said[_VALUE + code], code in names[_ESTIMATED], version)
        for code, version in versions.items()
        if version is not None
    }


def _named(said, prefix: str) -> set[str]:
    return {name.removeprefix(prefix) for name in said if name.startswith(prefix)}
