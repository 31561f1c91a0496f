"""Cross-field rules: what holds, what is not judged, which a standard gets by itself, and which the library brings."""

import pytest

from assessments.scoring import NOT_APPLICABLE, Frame, Standard, StandardError, checks, library, scenario, tomltext
from assessments.scoring.composing import compose
from assessments.scoring.context import with_derived
from assessments.scoring.editing import drop_unused, used
from assessments.scoring.lint import lint

from .small import criterion, standard

CHECK = """
[[check]]
code = "rooms"
title = "视频覆盖的功能室不多于功能室"
title_en = "Rooms covered are not more than rooms"
holds = "{holds}"
severity = "error"
applies_to = ["rural"]
"""


RULE = "linear = { of = 'm.a', zero_at = 0, full_at = 9 }"
TEXT = standard(criterion(RULE)).text


def found(standard: Standard, kind="rural", **facts) -> list[str]:
    named = {code.replace("_", ".", 1): value for code, value in facts.items()}
    frame = with_derived(Frame.of([("a", kind, named)], standard.metrics), standard)
    return [each.code for each in checks.broken(standard, frame, 0)]


@pytest.fixture(scope="module")
def sound() -> Standard:
    return Standard.loads(TEXT + CHECK.format(holds="m.a <= m.b"))


def test_a_relation_is_broken_by_facts_alone(sound):
    assert found(sound, m_a=3, m_b=2) == ["rooms"]
    assert found(sound, m_a=2, m_b=2) == []
    assert found(sound, m_a=3, m_b=None) == []
    assert found(sound, m_a=3, m_b=NOT_APPLICABLE) == []
    assert found(sound, "urban", m_a=3, m_b=2) == []


def test_what_is_wrong_with_a_relation_is_said():
    for holds, said in (
        ("m.a <= m.nothing", "unknown metric"),
        ("3 > 2", "looks at no metric"),
        ("m.a <=", "too early"),
    ):
        with pytest.raises(StandardError, match=f"check rooms: holds: .*{said}"):
            Standard.loads(TEXT + CHECK.format(holds=holds))
    with pytest.raises(StandardError, match="severity"):
        Standard.loads(TEXT + CHECK.format(holds="m.a <= m.b").replace('"error"', '"fatal"'))


def test_a_standard_that_says_none_asks_about_a_part_larger_than_its_whole():
    standard = Standard.read(library.SHIPPED.parent / "standards/core-2026.toml")
    facts = {"rooms_custody_recording": 5, "rooms_custody": 4, "equip_kits": 9, "staff_officers": 7, "staff_college": 8}
    assert found(standard, **facts) == ["part-of-video.recording", "part-of-staff.college_share"]
    assert {each.severity for each in checks.of(standard)} == {"warning"}


def test_a_figure_that_only_a_relation_looks_at_is_told():
    said = {(each.code, each.where) for each in lint(Standard.loads(TEXT + CHECK.format(holds="m.a <= m.b")))}
    assert {("check_only", "metric m.b"), ("unused", "metric m.c")} < said


def test_the_library_brings_the_relations_whose_figures_are_there_and_they_leave_with_them():
    document = scenario.parsed(TEXT)
    compose(library.shipped(), document, ["video.coverage"], "work")
    assert [each["code"] for each in document["check"]] == ["video.rooms"]
    Standard.loads(tomltext.document(document))
    before = used(document)
    document["criterion"] = [each for each in document["criterion"] if each["id"] != "video.coverage"]
    drop_unused(document, before)
    assert "check" not in document


def test_every_relation_of_the_library_can_be_kept_and_broken():
    """Each compares a part with its whole: one of two extremes breaks it."""
    standard = library.shipped().standard
    for check in standard.checks:
        kind = next(k for k in standard.classes if all(standard.metrics[m].applies(k) for m in check.metrics))
        large, small = (dict.fromkeys(check.metrics, n) | {check.metrics[0]: m} for n, m in ((1, 99), (99, 1)))
        broken = [check.code in found(standard, kind, **_under(facts)) for facts in (large, small)]
        assert sorted(broken) == [False, True], check.code


def _under(facts: dict) -> dict:
    return {code.replace(".", "_", 1): value for code, value in facts.items()}


@pytest.mark.parametrize("edition", ["core-2027", "special-case-area-2027", "yearly-grade-2027"])
def test_every_part_and_whole_of_a_shipped_edition_is_held_together(edition):
    """What a standard without checks would get by itself, an edition with checks of its own says itself."""
    standard = Standard.loads((library.SHIPPED.parent / "standards" / f"{edition}.toml").read_text("utf-8"))
    said = [frozenset(check.metrics) for check in standard.checks]
    assert {frozenset(check.metrics) for check in checks.generic(standard)} <= set(said)
    brought = {check.code for check in library.shipped().standard.checks if standard.metrics.keys() >= {*check.metrics}}
    assert brought <= {check.code for check in standard.checks}


def test_every_part_and_whole_of_the_library_is_held_together():
    standard = library.shipped().standard
    said = {frozenset(check.metrics) for check in standard.checks}
    assert [check.metrics for check in checks.generic(standard) if frozenset(check.metrics) not in said] == []
