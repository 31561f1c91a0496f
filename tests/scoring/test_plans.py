"""The shipped editions: what their plans make of the library, and what stations of each class earn by them."""

from decimal import Decimal

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from assessments.scoring import Frame, Standard, StandardError, evaluate, library, plans, prepare
from assessments.scoring.forbidden import SHIPPED
from assessments.scoring.lint import lint
from tests.scoring import librarysheets as sheets

STANDARDS = SHIPPED.parent
CORE = plans.FOLDER / "core-2027.toml"
CLASSES = library.CLASSES

# Points on offer to a class and how many criteria it is asked, in the order of CLASSES.
OFFERED = {
    "core-2027": ([96, 96, 100, 100, 90], [28, 28, 30, 30, 26]),
    "special-case-area-2027": ([100] * 5, [25] * 5),
    "yearly-grade-2027": ([100] * 5, [30, 30, 30, 30, 27]),
}


@pytest.fixture(scope="module", params=plans.shipped(), ids=lambda path: path.stem)
def plan(request):
    return request.param


@pytest.fixture(scope="module")
def edition(plan) -> Standard:
    return Standard.read(STANDARDS / plan.name)


@pytest.fixture(scope="module")
def scores(edition):
    """Five full sheets, five typical and five empty ones, a class each."""
    own = []
    for facts in (sheets.full(edition), sheets.typical(edition), {}):
        facts = {code: value for code, value in facts.items() if code in edition.metrics}
        own += [(f"{len(own)}{kind}", kind, sheets.of_class(edition, kind, facts)) for kind in CLASSES]
    frame = Frame.of(own, edition.metrics)
    return evaluate(prepare(frame, edition, groups=np.arange(len(own))), edition)


def small(*lines: str) -> str:
    """A plan with one page, and these lines after it."""
    head = 'code = "a"\nversion = "1"\ntitle = "甲"\ntitle_en = "A"\nin_force = 2027-01-01\nclasses = ["rural"]'
    page = '[[section]]\ncode = "one"\ntitle = "一"\ntitle_en = "One"'
    grade = '[[grade]]\ncode = "met"\ntitle = "达标"\ntitle_en = "Met"\nfrom = 60'
    return "\n".join([head, page, grade, *lines])


def pick(id: str, *lines: str) -> str:
    return "\n".join(["[[pick]]", 'section = "one"', f'id = "{id}"', *lines])


def composed(*lines: str) -> Standard:
    return Standard.loads(plans.plan_text(library.shipped(), small(*lines)))


def refused(*lines: str) -> str:
    with pytest.raises(StandardError) as refusal:
        plans.plan_text(library.shipped(), small(*lines))
    return str(refusal.value)


# ---------------------------------------------------------------- what is shipped


def test_a_shipped_standard_is_what_its_plan_makes_of_the_library(plan):
    shipped = (STANDARDS / plan.name).read_text("utf-8")
    assert shipped == plans.plan_text(library.shipped(), plan.read_text("utf-8"), plan.name)


def test_a_shipped_standard_has_100_points_at_most_30_criteria_and_nothing_for_the_linter(edition):
    assert edition.full == 100_00
    assert len(edition.criteria) <= 30
    assert lint(edition) == []


def test_every_class_is_offered_what_applies_to_it(plan, scores):
    offered, asked = OFFERED[plan.stem]
    assert scores.offered_total[:5].tolist() == [points * 100 for points in offered]
    assert [sum(scores.applicable[i]) for i in range(5)] == asked
    assert scores.enough_applies.all()


def test_a_full_sheet_of_any_class_earns_everything(scores):
    assert scores.rate[:5].tolist() == [100] * 5


def test_a_typical_sheet_of_any_class_earns_something_and_not_everything(scores):
    assert ((scores.rate[5:10] > 20) & (scores.rate[5:10] < 90)).all()


def test_an_empty_sheet_earns_nothing(scores):
    own = scores.total[10:] - np.where(scores.applicable[10:], 0, scores.points[10:]).sum(axis=1)
    assert own.tolist() == [0] * 5


def test_core_2027_keeps_the_ids_of_core_2026_where_it_asks_the_same():
    before, now = (Standard.read(STANDARDS / name) for name in ("core-2026.toml", "core-2027.toml"))
    kept = {criterion.id for criterion in before.criteria} & {criterion.id for criterion in now.criteria}
    assert len(kept) == 18
    for id in kept:
        old, new = before.criterion(id), now.criterion(id)
        assert (old.title, old.rule.shape, set(old.metrics)) == (new.title, new.rule.shape, set(new.metrics)), id


def test_core_2027_asks_classes_for_different_things():
    edition = Standard.read(STANDARDS / "core-2027.toml")
    teams = edition.criterion("deployment.teams").rule
    assert [len(teams.items_for.get(kind, teams.items)) for kind in ("urban", "town", "rural")] == [4, 3, 1]
    assert not edition.criterion("staffing.village_auxiliary").applies("urban")


# ---------------------------------------------------------------- what a plan may say


def test_points_take_what_the_rule_says_in_points_with_them():
    edition = composed(pick("case_area.straight", "points = 6"))
    assert edition.criterion("case_area.straight").rule.each["zones.bypassed"] == 2


def test_a_changed_rule_brings_what_it_looks_at_and_drops_what_nothing_looks_at():
    edition = composed(
        pick("staffing.strength", 'rule.at_least = { of = "staff.auxiliaries_per_officer", target = 1 }')
    )
    assert list(edition.metrics) == ["staff.officers", "staff.auxiliaries"]
    assert not edition.norms


def test_a_gate_brings_the_metric_it_looks_at():
    gate = '[[gate]]\ncode = "g"\ntitle = "门"\ntitle_en = "Gate"\nmet = "premises.own == 1"\ncaps = "none"'
    assert "premises.own" in composed(gate, pick("zones.closed_line")).metrics


def test_a_norm_of_the_plan_stands_instead_of_the_librarys():
    edition = composed('[norm."staff.officers"]\ndefault = 9', pick("staffing.strength"))
    assert edition.norms["staff.officers"]["default"] == ((None, Decimal(9)),)


def test_a_plan_is_told_what_is_wrong_with_it():
    assert "did you mean 'zones.closed_line'?" in refused(pick("zones.close_line"))
    assert "pick zones.closed_line: id: is picked twice" in refused(
        pick("zones.closed_line"), pick("zones.closed_line")
    )
    assert "is asked of none of the classes" in refused(pick("deployment.teams"))
    assert "pick zones.closed_line: 'section' is missing" in refused('[[pick]]\nid = "zones.closed_line"')
    assert "no TOML" in refused("[[pick")


def test_the_command_writes_what_a_plan_makes_or_says_why_not(tmp_path, capsys):
    call_command("compose_edition", CORE, out=tmp_path / "out.toml")
    assert (tmp_path / "out.toml").read_bytes() == (STANDARDS / "core-2027.toml").read_bytes()
    (tmp_path / "bad.toml").write_text("[[pick")
    with pytest.raises(CommandError, match="no TOML"):
        call_command("compose_edition", tmp_path / "bad.toml")
    with pytest.raises(CommandError, match=r"none\.toml"):
        call_command("compose_edition", tmp_path / "none.toml")
