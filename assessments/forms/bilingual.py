"""English names that nobody has to write: where one is left empty, the Chinese one stands in both languages."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

HINT = _("Left empty, the Chinese one is used.")


def fill_in(cleaned: dict, *names: str) -> None:
    """Write the Chinese text of `names` where the English one, in name_en, is empty."""
    for name in names:
        if cleaned.get(name) and not cleaned.get(f"{name}_en"):
            cleaned[f"{name}_en"] = cleaned[name]


def own(row: Mapping, *names: str) -> dict[str, str]:
    """What the English fields show: nothing where the row only repeats the Chinese text."""
    return {f"{name}_en": "" for name in names if row.get(name) and row.get(f"{name}_en") == row[name]}
