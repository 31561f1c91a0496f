"""Flags on the pages: what stands out in submitted sheets, for the bureau; what a station had better look at itself.

A station is compared with those stations alone that the reader may see. Nothing is stored and no point is changed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings

from stationstd.i18n import local

from . import answers, crossing, flagsheets
from .answers import Cell
from .flagsheets import Earlier
from .layered import language
from .models import Assessment, Period
from .models.assessment import OPEN_STATES
from .scoring import Standard
from .scoring.flags import Flag, find
from .scoring.flagwords import Said, Speaker, kind_name
from .scoring.limits import Limits

MOST = 600  # stations compared in one request; a larger bureau looks at one county at a time
OWN = ("past", "unchanged")  # what a station is told itself before it submits


@cache
def limits() -> Limits:
    """Those of the setting STATIONSTD_FLAGS. Raises ValueError for a word that is not understood."""
    return Limits.of(settings.FLAG_LIMITS)


@dataclass(frozen=True)
class Note:
    """A flag in the reader's words.

    item    the criterion at which it is shown, "" for the whole sheet
    number  place of that criterion in the paper, from 1; 0 for none
    place   dimension and figure where a station finds it on its sheet, None for the whole sheet
    seen    digest of the facts behind it, "" where they are not at hand
    """

    flag: Flag
    said: Said
    item: str
    number: int
    place: tuple[str, str] | None = None
    seen: str = ""

    @property
    def code(self) -> str:
        """What a word of explanation of it is filed under (models.Remark)."""
        return crossing.flag_code(self.flag.kind, self.flag.metric or self.flag.criterion)


def kinds(assessments: Sequence[Assessment]) -> dict[int, list[tuple[str, int]]] | None:
    """{assessment: [(name of a kind, how often)]} of those of one period that are submitted, and have any.

    None where there are more of them than can be compared in one request. Five queries.
    """
    handed_in = _handed_in(assessments)
    if len(handed_in) > MOST:
        return None
    if not handed_in:
        return {}
    sheets = flagsheets.of(handed_in, Earlier.of(handed_in[0].period), limits())
    found = find(sheets, limits())
    counts = {a.pk: Counter(flag.kind for flag in found.get(str(a.station_id), ())) for a in handed_in}
    return {pk: [(kind_name(kind, language()), n) for kind, n in each.items()] for pk, each in counts.items() if each}


def in_sight(period: Period, user, bureau: str = "") -> dict[int, list[tuple[str, int]]] | None:
    """The same for all of a period that this user may see, or those of the bureau with this code. Six queries."""
    found = Assessment.objects.visible_to(user).for_period(period).exclude(state__in=OPEN_STATES)
    if bureau:
        found = found.filter(bureau__code=bureau)
    return kinds(found.select_related("station", "period__edition").order_by("pk")[: MOST + 1])


def of(assessment: Assessment, user) -> list[Note]:
    """What stands out at one submitted assessment, the strongest first. Six queries."""
    if not _handed_in([assessment]):
        return []
    compared = _handed_in(_compared(assessment, user))
    if all(each.pk != assessment.pk for each in compared):
        compared.append(assessment)
    earlier = Earlier.of(assessment.period)
    sheets = flagsheets.of(compared, earlier, limits())
    mine = str(assessment.station_id)
    flags = find(sheets, limits(), sheets.frame.ids == mine).get(mine, [])
    names = {str(each.station_id): local(each.station, "name") for each in compared}
    return _said(flags, sheets, Speaker(sheets.standard, language(), names, _names(earlier)))


def own(assessment: Assessment, cells: dict[str, Cell] | None = None) -> list[Note]:
    """What a station sees of its own sheet before it submits: figures off its past, nothing changed.

    Two queries, three where the cells are not at hand.
    """
    cells = answers.cells(assessment) if cells is None else cells
    earlier = Earlier.of(assessment.period)
    if not earlier.periods:
        return []
    sheets = flagsheets.own(assessment, cells, earlier)
    found = find(sheets, limits()).get(str(assessment.station_id), [])
    flags = [flag for flag in found if flag.kind in OWN]
    notes = _said(flags, sheets, Speaker(sheets.standard, language(), {}, _names(earlier)))
    return [replace(note, seen=_seen(note, sheets.standard, cells)) for note in notes]


def _seen(note: Note, standard: Standard, cells: dict[str, Cell]) -> str:
    """Of the facts behind the figure; of all of them where it is about the whole sheet."""
    codes = _asked(note.flag.metric, standard) or tuple(standard.metrics)
    return crossing.seen(crossing.figures_of(codes, standard, cells))


def item_of(flag: Flag, standard: Standard) -> str:
    """The criterion at which a flag is shown: its own, or the first that looks at its figure; "" for none."""
    if flag.criterion or not flag.metric:
        return flag.criterion
    looking = (c.id for c in standard.criteria if flag.metric in c.rule.columns())
    asking = (c.id for c in standard.criteria if flag.metric in c.metrics)
    return next(looking, next(asking, ""))


def _said(flags: list[Flag], sheets, speaker: Speaker) -> list[Note]:
    if not flags:
        return []
    row = sheets.frame.ids.tolist().index(flags[0].station)
    facts = {code: float(column[row]) for code, column in sheets.frame.columns.items()}
    return [_note(flag, speaker(flag, facts), sheets.standard) for flag in flags]


def _note(flag: Flag, said: Said, standard: Standard) -> Note:
    item = item_of(flag, standard)
    asked = next(iter(_asked(flag.metric, standard)), None)
    place = (standard.metrics[asked].dimension, asked) if asked else None
    return Note(flag, said, item, standard.place(item) + 1 if item else 0, place)


def _asked(metric: str, standard: Standard) -> tuple[str, ...]:
    """The facts behind a figure; none for "" ."""
    if metric in standard.derived:
        return tuple(code for used in standard.derived[metric].uses for code in _asked(used, standard))
    return (metric,) if metric else ()


def _handed_in(assessments: Sequence[Assessment]) -> list[Assessment]:
    return [a for a in assessments if a.submitted_at is not None and a.state not in OPEN_STATES]


def _compared(assessment: Assessment, user) -> list[Assessment]:
    """Stations of the period in this user's sight; of too many, those of the own bureau."""
    found = Assessment.objects.visible_to(user).for_period(assessment.period_id).exclude(state__in=OPEN_STATES)
    found = found.select_related("station", "period__edition").order_by("pk")
    first = list(found[: MOST + 1])
    return first if len(first) <= MOST else list(found.filter(bureau=assessment.bureau_id)[:MOST])


def _names(earlier: Earlier) -> dict[str, str]:
    return {str(period.pk): local(period, "name") for period in earlier.periods}
