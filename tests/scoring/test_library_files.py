"""Reading a folder of indicators, finding among them, and putting them into a standard."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.scoring import Standard, StandardError, coverage, library, scenario, tomltext
from assessments.scoring.composing import Clash, bring, compose
from assessments.scoring.library import Library

ZONES = """
[group]
code = "zones"
title = "功能分区"
title_en = "Zones"
catalogue = "A1"

[metric."zones.doors"]
kind = "count"
title = "出入口"
title_en = "Doors"
unit = "处"
unit_en = "doors"

[metric."zones.locked"]
kind = "count"
title = "有门禁的出入口"
title_en = "Locked doors"
unit = "处"
unit_en = "doors"

[[indicator]]
id = "zones.separation"
title = "分区隔离"
title_en = "Separation"
points = 3
rule.ratio = { of = "zones.locked", to = "zones.doors" }
source = "经验材料 (A1.2)"
source_en = "A report (A1.2)"
rows = ["A1.2"]
basis = "material"
help = "有门禁的比例。"
help_en = "Share of doors with a lock."
"""

STAFF = """
[group]
code = "staff"
title = "警力"
title_en = "Staffing"
catalogue = "A3"

[metric."staff.officers"]
kind = "count"
title = "民警"
title_en = "Officers"
unit = "人"
unit_en = "officers"

[metric."station.residents"]
kind = "count"
title = "辖区人口"
title_en = "Residents"
unit = "人"
unit_en = "residents"
applies_to = ["urban", "rural"]

[derived."staff.load"]
formula = "station.residents / staff.officers"
title = "每警人口"
title_en = "Residents per officer"
unit = "人"
unit_en = "residents"

[norm."staff.load"]
urban = 2000
default = 3000

[coefficient.hard]
title = "难度系数"
title_en = "difficulty"
low = 0.8
high = 1.2
values = { urban = 1.1, default = 1 }

[[indicator]]
id = "staff.load"
title = "警力负担"
title_en = "Load"
points = 5
rule.at_most = { of = "staff.load", target = "staff.load@norm" }
rule.coefficient = "hard"
applies_to = ["urban", "rural"]
tier = "high_line"
source = "调研报告 (A3.5)"
source_en = "Another report (A3.5)"
rows = ["A3.5", "A3.6"]
basis = "published"
published = ["ministry"]
help = "每名民警负担的人口。"
help_en = "Residents for each officer."

[[published]]
code = "ministry"
metric = "staff.load"
title = "每警人口标准"
title_en = "Norm of residents per officer"
source = "公开标准"
source_en = "A published norm"
url = "https://example.org/norm"
year = 2020
values = { default = 3000 }
"""

HEAD = {
    "code": "own",
    "version": "1",
    "title": "本县标准",
    "title_en": "Our own",
    "in_force": date(2026, 1, 1),
    "classes": ["urban", "town"],
}


def folder(path, **files: str):
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Library:
    """A small library of two groups."""
    return Library.read(folder(tmp_path_factory.mktemp("library"), a=ZONES, b=STAFF))


def standard(document: dict) -> Standard:
    return Standard.loads(tomltext.document(document))


# ---------------------------------------------------------------- reading


def test_a_folder_is_read_as_groups_of_indicators(two):
    assert [(group.code, group.catalogue, group.file) for group in two.groups] == [
        ("zones", "A1", "a.toml"),
        ("staff", "A3", "b.toml"),
    ]
    load = two.indicators["staff.load"]
    assert (load.group, load.shape, load.basis, load.rows) == ("staff", "at_most", "published", ("A3.5", "A3.6"))
    assert load.criterion.points == 5
    assert two.published["ministry"].values == {"default": Decimal(3000)}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"zones.locked", to', '"zones.lockd", to', "unknown metric 'zones.lockd'; did you mean 'zones.locked'?"),
        ('basis = "material"', 'basis = "guess"', "unknown value 'guess'"),
        ('basis = "material"', 'basis = "published"', "must name its norms"),
        ('rows = ["A1.2"]', "rows = []", "must name a row of the catalogue"),
        ('rows = ["A1.2"]', 'rows = ["one"]', "'one' is no row of the catalogue"),
        ("points = 3", 'points = 3\nsection = "zones"', "the edition says so"),
        ("help =", "hlep =", "'help' is missing"),
        ('title_en = "Separation"', 'title_en = "Detentions"', "forbidden metric"),
    ],
)
def test_a_mistake_in_an_indicator_is_told_with_its_file_and_its_place(tmp_path, old, new, problem):
    assert ZONES.count(old) >= 1
    lines = library.check(folder(tmp_path, a=ZONES.replace(old, new), b=STAFF))
    assert any(line.startswith("a.toml: indicator zones.separation: ") and problem in line for line in lines), lines


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('unit = "处"', "", "a.toml: metric zones.doors: 'unit' is missing"),
        ('kind = "count"', 'kind = "count"\ndimension = "zones"', "a.toml: metric zones.doors: dimension: "),
        ('catalogue = "A1"', "", "a.toml: group: 'catalogue' is missing"),
        ("[group]", "[groups]", "a.toml: unknown key 'groups'; did you mean 'group'?"),
        ("[group]", "[group", "a.toml: no TOML: "),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(tmp_path, old, new, problem):
    lines = library.check(folder(tmp_path, a=ZONES.replace(old, new, 1), b=STAFF))
    assert any(line.startswith(problem) for line in lines), lines


def test_nothing_is_written_twice_in_a_library(tmp_path):
    lines = library.check(folder(tmp_path, a=ZONES, b=ZONES, c=STAFF, d=STAFF))
    assert "b.toml: metric zones.doors: is there twice, first in a.toml" in lines
    assert "b.toml: indicator zones.separation: is there twice, first in a.toml" in lines
    assert "d.toml: norm staff.load: is there twice, first in c.toml" in lines
    assert "d.toml: published ministry: is there twice, first in c.toml" in lines


def test_a_published_norm_is_about_something_in_the_library(tmp_path):
    text = STAFF.replace('metric = "staff.load"', 'metric = "staff.laod"')
    with pytest.raises(StandardError, match=r"b\.toml: published ministry: metric: unknown metric 'staff\.laod'"):
        Library.read(folder(tmp_path, b=text))


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize(
    ("words", "filters", "found"),
    [
        ("", {}, ["zones.separation", "staff.load"]),
        ("门禁", {}, ["zones.separation"]),
        ("LOCKED doors", {}, ["zones.separation"]),
        ("A3.5", {}, ["staff.load"]),
        ("经验材料", {}, ["zones.separation"]),
        ("report", {"basis": "published"}, ["staff.load"]),
        ("report", {"group": "zones"}, ["zones.separation"]),
        ("", {"tier": "high_line"}, ["staff.load"]),
        ("", {"shape": "ratio"}, ["zones.separation"]),
        ("", {"shape": "ratio", "tier": "high_line"}, []),
        ("nothing of the kind", {}, []),
    ],
)
def test_indicators_are_found_by_words_and_filters(two, words, filters, found):
    assert [each.id for each in two.search(words, **filters)] == found


# ---------------------------------------------------------------- composing


def test_an_indicator_brings_all_that_it_rests_on(two):
    document = dict(HEAD)
    composed = compose(two, document, ["staff.load"])
    assert composed.added == ("staff.load",)
    made = standard(document)
    assert list(made.metrics) == ["station.residents", "staff.officers"]
    assert list(made.derived) == ["staff.load"]
    assert list(made.norms["staff.load"]) == ["urban", "default"]
    assert list(made.coefficients) == ["hard"]
    assert [(section.code, section.title) for section in made.sections] == [("staff", "警力")]
    assert "zones" not in tomltext.document(document)


def test_classes_that_the_standard_does_not_know_are_left_out(two):
    document = dict(HEAD)
    compose(two, document, ["staff.load"])
    assert document["criterion"][0]["applies_to"] == ["urban"]
    assert document["metric"]["station.residents"]["applies_to"] == ["urban"]


def test_an_indicator_of_no_class_of_the_standard_is_told_and_not_put_in(two):
    document = {**HEAD, "classes": ["town"]}
    composed = compose(two, document, ["staff.load"])
    assert (composed.nowhere, composed.added) == (("staff.load",), ())
    assert document == {**HEAD, "classes": ["town"]}


def test_what_the_document_says_differently_is_kept_and_told(two):
    document = {**HEAD, "section": [{"code": "all", "title": "全部", "title_en": "All"}]}
    compose(two, document, ["zones.separation", "staff.load"], "all")
    document["criterion"].pop()
    document["norm"]["staff.load"]["default"] = 2500
    document["criterion"][0]["points"] = 4
    composed = compose(two, document, ["zones.separation", "staff.load"], "all")
    assert composed.there == ("zones.separation",)
    assert composed.added == ("staff.load",)
    assert composed.clashes == (
        Clash("criterion", "zones.separation", "zones.separation"),
        Clash("norm", "staff.load", "staff.load"),
    )
    assert document["norm"]["staff.load"]["default"] == 2500
    assert document["criterion"][0]["points"] == 4
    assert [row["section"] for row in document["criterion"]] == ["all", "all"]


def test_what_is_there_already_and_the_same_is_no_clash(two):
    document = dict(HEAD)
    compose(two, document, ["zones.separation"])
    again = compose(two, document, ["zones.separation"])
    assert (again.there, again.added, again.clashes) == (("zones.separation",), (), ())


def test_the_library_stays_as_it_is_when_a_document_is_changed(two):
    document = dict(HEAD)
    compose(two, document, ["zones.separation", "staff.load"])
    document["metric"]["zones.doors"]["title"] = "门"
    document["criterion"][0]["rule"]["ratio"]["to"] = 5
    document["coefficient"]["hard"]["values"]["urban"] = 2
    fresh = dict(HEAD)
    compose(two, fresh, ["zones.separation", "staff.load"])
    assert standard(fresh).metrics["zones.doors"].title == "出入口"
    assert standard(fresh).criterion("zones.separation").rule.to.column == "zones.doors"
    assert fresh["coefficient"]["hard"]["values"]["urban"] == Decimal("1.1")


def test_a_value_is_brought_with_what_it_is_worked_out_from_and_its_norm(two):
    document = dict(HEAD)
    assert bring(two, document, "staff.load", norm=True)
    assert sorted(document["metric"]) == ["staff.officers", "station.residents"]
    assert list(document["derived"]) == list(document["norm"]) == ["staff.load"]


def test_a_value_of_no_class_of_the_standard_or_of_no_library_is_not_brought(two):
    document = {**HEAD, "classes": ["town"]}
    assert not bring(two, document, "staff.load")
    assert document == {**HEAD, "classes": ["town"]}
    with pytest.raises(KeyError):
        bring(two, document, "staff.nobody")


def test_the_whole_shipped_library_makes_one_standard():
    shelf = library.shipped()
    document = {**HEAD, "classes": list(library.CLASSES), "criteria_limit": 1000}
    composed = compose(shelf, document, shelf.indicators)
    made = standard(document)
    assert composed.added == tuple(each.id for each in made.criteria) == tuple(shelf.indicators)
    assert set(made.metrics) == set(shelf.standard.metrics)
    assert set(made.derived) <= set(shelf.standard.derived)
    for each in made.criteria:
        assert each.rule == shelf.indicators[each.id].criterion.rule, each.id


def test_the_core_edition_has_every_indicator_it_shares_with_the_library_already():
    shelf = library.shipped()
    document = scenario.parsed((library.SHIPPED.parent / "standards" / "core-2026.toml").read_text("utf-8"))
    before = tomltext.document(document)
    ids = [row["id"] for row in document["criterion"]]
    composed = compose(shelf, document, ids)
    assert composed.there == tuple(ids)
    assert tomltext.document(document) == before


# ---------------------------------------------------------------- the document of rows

ROWS = """# Rows

| row | what it says | indicators | why not |
|---|---|---|---|
| A1.2 | Doors | `zones.old` |  |
| A3.5 | Load |  | too hard |
| A3.7 | Age | `staff.age` | nobody asks |
"""


def test_the_ids_of_rows_are_written_anew_and_the_rest_is_kept(two):
    text = coverage.rewritten(ROWS, two.indicators.values())
    assert [(row.row, row.ids, row.reason) for row in coverage.read(text)] == [
        ("A1.2", ("zones.separation",), ""),
        ("A3.5", ("staff.load",), "too hard"),
        ("A3.7", (), "nobody asks"),
    ]
    assert text.splitlines()[:4] == ROWS.splitlines()[:4]


def test_what_a_library_holds_is_counted(two):
    assert list(library.counts(two)) == [
        "A1      1  功能分区  Zones  (a.toml)",
        "A3      1  警力  Staffing  (b.toml)",
        "2 indicators (1 material, 1 published, 0 proposal)",
        "4 metrics, 1 derived",
        "1 published norms, 9 forbidden metrics",
    ]
