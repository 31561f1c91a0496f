"""A child keeps the cross-field rules of its parent as long as it asks for their figures."""

import pytest

from assessments.scoring import Standard, scenario, tomltext
from assessments.scoring.inherited import weakened

from .small import criterion, standard

ROOMS, PATROLS = "Cross-check “Covered rooms”", "Cross-check “Patrols”"
CHECKS = """
[[check]]
code = "rooms"
title = "覆盖的不多于应装的"
title_en = "Covered rooms"
holds = "c.a <= c.b"
severity = "error"

[[check]]
code = "patrols"
title = "完成的一般不多于计划的两倍"
title_en = "Patrols"
holds = "c.d <= 2 * c.b"
severity = "warning"
"""
PARENT = standard(
    criterion('ratio = { of = "c.a", to = "c.b" }', 4, id="one"),
    criterion('at_least = { of = "c.d", target = 1 }', 4, id="two"),
    kinds={"c.a": "count", "c.b": "count", "c.d": "count"},
    more=CHECKS,
)


def changed(place: int = 0, **said) -> Standard:
    """The parent with other words in one check; None takes a key out."""
    document = scenario.parsed(PARENT.text)
    row = document["check"][place] | said
    document["check"][place] = {key: value for key, value in row.items() if value is not None}
    return Standard.loads(tomltext.document(document))


def without(*codes: str) -> Standard:
    document = scenario.parsed(PARENT.text)
    document["check"] = [row for row in document["check"] if row["code"] not in codes]
    return Standard.loads(tomltext.document(document))


@pytest.mark.parametrize(
    ("child", "where", "what"),
    [
        (without("rooms"), ROOMS, "the figures it compares are kept here, and the check is not"),
        (changed(severity="warning"), ROOMS, "an error in the parent, here only a warning"),
        (changed(applies_to=["urban"]), ROOMS, "does not apply to rural; the parent's does"),
        (changed(1, holds="c.d <= 3 * c.b"), PATROLS, "with c.d 3, c.b 1 the parent's is broken and this one is not"),
        (
            changed(holds="c.a <= c.b + c.d"),
            ROOMS,
            "also looks at c.d: where these are not answered it is not judged, and the parent's is",
        ),
    ],
    ids=["gone", "softer", "fewer classes", "looser", "looks at more"],
)
def test_what_is_weaker_is_named(child, where, what):
    assert (where, what) in [(finding.where, finding.what) for finding in weakened(PARENT, child, "en")]
    assert all(len({each.what, each.todo}) == 2 for each in weakened(PARENT, child, "zh-hans"))


def test_nothing_at_all_is_every_check_gone():
    findings = weakened(PARENT, without("rooms", "patrols"), "zh-hans")
    assert [finding.what for finding in findings] == ["本标准保留了它核对的数据，却没有这条勾稽关系"] * 2


@pytest.mark.parametrize(
    "child",
    [
        changed(1, severity="error"),
        changed(1, holds="c.d <= c.b"),
        changed(code="local.rooms", title_en="Rooms with video", title="有视频的不多于应装的"),
        changed(1, title_en="Rounds"),
    ],
    ids=["an error", "sharper", "another code", "other words"],
)
def test_what_is_sharper_or_only_said_otherwise_is_no_weakness(child):
    assert weakened(PARENT, child, "en") == []


def test_a_check_goes_with_its_figures_and_what_is_added_is_free():
    document = scenario.parsed(PARENT.text)
    document["check"].append(dict(document["check"][0], code="more", holds="c.a <= 100"))
    assert weakened(PARENT, Standard.loads(tomltext.document(document)), "en") == []
    document = scenario.parsed(PARENT.text)
    document["criterion"][1]["rule"] = {"at_least": {"of": "c.b", "target": 1}}
    document["check"] = document["check"][:1]
    del document["metric"]["c.d"]
    findings = weakened(PARENT, Standard.loads(tomltext.document(document)), "en")
    assert not any(finding.where.startswith("Cross-check") for finding in findings)


def test_the_warnings_that_a_parent_gets_by_itself_are_nobodys_rule():
    """A child that writes its first check loses them, as its parent would."""
    parent = without("rooms", "patrols")
    assert parent.generic_checks
    assert weakened(parent, without("patrols"), "en") == []
