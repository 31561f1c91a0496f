"""The shipped indicator library: complete in words, sound in what it scores, and true to the field catalogue."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from assessments.scoring import Frame, Standard, coverage, evaluate, explain, forbidden, library, lint, prepare
from assessments.scoring.scores import FULL, MISSING, NOT_APPLICABLE
from tests.scoring import librarysheets as sheets

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CORE = library.SHIPPED.parent / "standards" / "core-2026.toml"

# How many rows each chapter of the field catalogue has.
ROWS = {
    "A1": 31,
    "A2": 12,
    "A3": 20,
    "A4": 15,
    "A5": 10,
    "A6": 10,
    "A7": 12,
    "A8": 19,
    "A9": 5,
    "A10": 13,
    "A11": 9,
    "A12": 9,
    "A13": 7,
    "A14": 15,
    "A15": 5,
    "A16": 5,
}


@pytest.fixture(scope="module")
def shelf() -> library.Library:
    return library.shipped()


@pytest.fixture(scope="module")
def document() -> str:
    return coverage.DOCUMENT.read_text("utf-8")


class Scored:
    """The library over rows of (class, facts), each held against the same worse periods before."""

    def __init__(self, standard: Standard, rows):
        self.standard, self.kinds = standard, [kind for kind, _ in rows]
        before = self._frame([(kind, {**facts, **sheets.BEFORE} if facts else {}) for kind, facts in rows])
        self.frame = prepare(
            self._frame(rows),
            standard,
            groups=np.arange(len(rows)),
            past={"before": before, "year_before": before},
        )
        self.scores = evaluate(self.frame, standard)

    def _frame(self, rows) -> Frame:
        own = [(str(i), kind, sheets.of_class(self.standard, kind, facts)) for i, (kind, facts) in enumerate(rows)]
        return Frame.of(own, self.standard.metrics)

    def cells(self):
        """(row, class, criterion, points in units) of each criterion that is asked of the row's class."""
        for i, kind in enumerate(self.kinds):
            for j, criterion in enumerate(self.standard.criteria):
                if criterion.applies(kind):
                    yield i, kind, criterion, int(self.scores.points[i, j])

    def status(self, i: int, criterion) -> str:
        j = self.standard.place(criterion.id)
        if not self.scores.applicable[i, j]:
            return NOT_APPLICABLE
        return FULL if self.scores.answered[i, j] else MISSING


def most(standard: Standard, criterion) -> int:
    """Units that a full sheet earns: what is on offer, or the cap of a bonus."""
    worth = standard.worth(criterion)
    return criterion.full or int(worth.in_units(criterion.rule.most(worth)))


# ---------------------------------------------------------------- what every indicator says


def test_every_indicator_has_metrics_a_shape_help_and_a_basis(shelf):
    for each in shelf.indicators.values():
        assert each.criterion.metrics, each.id
        assert each.shape, each.id
        assert each.help, each.id
        assert each.help_en, each.id
        assert each.basis in library.BASES, each.id
        assert each.rows or each.basis == "published", each.id


def test_every_indicator_speaks_both_languages(shelf):
    for each in shelf.indicators.values():
        said = each.criterion
        assert CHINESE.search(said.title), each.id
        assert CHINESE.search(each.help), each.id
        assert len(said.title) <= 20, each.id
        assert said.title_en, each.id
        assert not CHINESE.search(said.title_en + each.help_en), each.id
        assert bool(said.evidence_note) == bool(said.evidence_note_en), each.id


def test_every_indicator_has_a_source_in_both_languages(shelf):
    for each in shelf.indicators.values():
        assert CHINESE.search(each.criterion.source), each.id
        assert re.search("[A-Za-z]", each.criterion.source_en), each.id


def test_every_source_names_a_row_that_its_indicator_measures(shelf):
    outside = [group.code for group in shelf.groups if group.catalogue == "B"]
    for each in shelf.indicators.values():
        if each.group not in outside:
            named = set(library.ROW.findall(each.criterion.source))
            assert named & set(each.rows), (each.id, each.criterion.source, each.rows)


def test_a_proposal_says_so_in_its_source_and_nothing_else_does(shelf):
    for each in shelf.indicators.values():
        assert ("建议" in each.criterion.source) == (each.basis == "proposal"), each.id
        assert ("proposal" in each.criterion.source_en) == (each.basis == "proposal"), each.id


def test_every_fact_and_every_value_worked_out_speaks_both_languages(shelf):
    for named in (*shelf.standard.metrics.values(), *shelf.standard.derived.values()):
        english = "".join([named.title_en, named.unit_en, named.short_en, getattr(named, "help_en", "")])
        assert CHINESE.search(named.title), named.code
        assert named.title_en, named.code
        assert not CHINESE.search(english), named.code


def test_no_two_things_have_one_name(shelf):
    """Two facts of one name would be filled in for each other."""
    asked = [*shelf.standard.metrics.values(), *shelf.standard.derived.values()]
    for things in (asked, [each.criterion for each in shelf.indicators.values()]):
        for title in ("title", "title_en"):
            names = Counter(getattr(each, title) for each in things)
            assert [name for name, times in names.items() if times > 1] == []


def test_an_explanation_never_calls_two_facts_by_one_name(shelf):
    for each in shelf.indicators.values():
        named = [shelf.standard.metrics[code] for code in each.criterion.metrics]
        for names in ([fact.short or fact.title for fact in named], [fact.short_en or fact.title_en for fact in named]):
            assert sorted(names) == sorted(set(names)), each.id


def test_every_fact_has_help_and_bounds(shelf):
    for metric in shelf.standard.metrics.values():
        assert CHINESE.search(metric.help), metric.code
        assert metric.help_en, metric.code
        assert metric.high is not None, metric.code


def test_nothing_is_asked_that_no_indicator_uses(shelf):
    used = {code for each in shelf.indicators.values() for code in each.criterion.metrics}
    assert set(shelf.standard.metrics) == used
    named = {column.partition("@")[0] for column in shelf.standard.columns}
    inner = {code for each in shelf.standard.derived.values() for code in each.uses}
    assert set(shelf.standard.derived) <= named | inner | {norm.metric for norm in shelf.published.values()}


def test_what_the_core_edition_asks_is_defined_the_same(shelf):
    core, all_ = Standard.read(CORE), shelf.standard
    for code, metric in core.metrics.items():
        assert replace(metric, dimension="") == replace(all_.metrics[code], dimension=""), code
    for code, derived in core.derived.items():
        assert derived == all_.derived[code]
    for code, norm in core.norms.items():
        assert norm == all_.norms[code], code
    assert [criterion.id for criterion in core.criteria if criterion.id not in shelf.indicators] == []


def test_every_published_norm_says_who_published_it_and_where_or_why_there_is_no_address(shelf):
    for norm in shelf.published.values():
        assert norm.values, norm.code
        assert CHINESE.search(norm.title), norm.code
        assert CHINESE.search(norm.source), norm.code
        assert norm.title_en, norm.code
        assert norm.source_en, norm.code
        assert norm.url.startswith("http") or (norm.note and norm.note_en), norm.code


# ---------------------------------------------------------------- what may not be asked


def test_every_ban_says_what_it_bans_and_by_which_rule():
    assert len(forbidden.shipped()) == 9
    for ban in forbidden.shipped():
        assert CHINESE.search(ban.title), ban.title
        assert CHINESE.search(ban.rule), ban.title
        assert ban.title_en, ban.title
        assert ban.rule_en, ban.title
        assert ban.url == "" or ban.url.startswith("http"), ban.title


def test_no_ban_catches_anything_in_the_library(shelf):
    named = [*shelf.standard.metrics.values(), *shelf.standard.derived.values(), *shelf.published.values()]
    named = [(each.code, each.title, each.title_en) for each in named]
    named += [(each.id, each.criterion.title, each.criterion.title_en) for each in shelf.indicators.values()]
    assert [code for code, *titles in named for ban in forbidden.shipped() if ban.catches(code, *titles)] == []


# ---------------------------------------------------------------- what it scores


@pytest.fixture(scope="module")
def rows(shelf) -> Scored:
    """A full, a typical and an empty sheet of every class, and the full one with what cannot stand on it."""
    standard = shelf.standard
    full = sheets.full(standard)
    apart = [{**full, **facts} for facts in sheets.APART.values()]
    kinds = [(kind, facts) for facts in (full, sheets.typical(standard), {}, *apart) for kind in standard.classes]
    return Scored(standard, kinds)


def test_a_full_sheet_earns_all_points_of_every_class_that_has_what_is_counted(shelf, rows):
    full = len(shelf.standard.classes)
    metrics = shelf.standard.metrics
    for i, kind, criterion, points in rows.cells():
        if i in (range(3 * full, len(rows.kinds)) if criterion.id in sheets.APART else range(full)):
            if all(metrics[code].applies(kind) for code in criterion.metrics):
                assert points == most(shelf.standard, criterion), (criterion.id, kind, points)
            else:
                assert rows.status(i, criterion) == NOT_APPLICABLE or points, (criterion.id, kind)


def test_an_empty_sheet_earns_nothing_and_is_not_answered(shelf, rows):
    full = len(shelf.standard.classes)
    for i, kind, criterion, points in rows.cells():
        if 2 * full <= i < 3 * full:
            assert points == 0, (criterion.id, kind)
            assert rows.status(i, criterion) in (MISSING, NOT_APPLICABLE), (criterion.id, kind)


def test_a_typical_sheet_earns_no_more_than_a_full_one_and_most_of_it_less(shelf, rows):
    full = len(shelf.standard.classes)
    less = Counter()
    for i, kind, criterion, points in rows.cells():
        if full <= i < 2 * full:
            assert points <= most(shelf.standard, criterion), (criterion.id, kind)
            less[points < most(shelf.standard, criterion)] += 1
    assert less[True] > less[False]


@pytest.mark.parametrize("sheet", ["full", "typical", "empty"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_score_is_explained(shelf, rows, sheet, lang):
    first = ["full", "typical", "empty"].index(sheet) * len(shelf.standard.classes)
    for i in range(first, first + len(shelf.standard.classes)):
        for each in explain(rows.frame, rows.scores, i, lang=lang):
            assert each.source, each.criterion.id
            for text in (each.formula, each.reason):
                assert bool(CHINESE.search(text)) == (lang == "zh"), text


def test_the_linter_has_nothing_to_say_about_any_indicator(shelf):
    assert [str(each) for each in lint.lint(shelf.standard) if each.where.startswith("criterion ")] == []


# ---------------------------------------------------------------- the catalogue


def test_the_coverage_names_every_row_of_the_catalogue_once(document):
    wanted = [f"{chapter}.{i}" for chapter, rows in ROWS.items() for i in range(1, rows + 1)]
    assert [row.row for row in coverage.read(document)] == wanted
    assert len(wanted) == 197


def test_the_coverage_names_the_indicators_that_the_files_name(shelf, document):
    assert coverage.rewritten(document, shelf.indicators.values()) == document
    assert set(coverage.covering(shelf.indicators.values())) <= {row.row for row in coverage.read(document)}


def test_a_row_that_nothing_measures_says_why(document):
    assert [row.row for row in coverage.read(document) if not row.ids and not row.reason] == []
    assert [row.row for row in coverage.read(document) if not row.says] == []


def test_every_group_is_a_chapter_of_the_catalogue(shelf):
    chapters = [group.catalogue for group in shelf.groups]
    assert chapters == [*ROWS, "B"]
    for each in shelf.indicators.values():
        chapter = next(group.catalogue for group in shelf.groups if group.code == each.group)
        assert chapter == "B" or any(row.startswith(chapter + ".") for row in each.rows), each.id
