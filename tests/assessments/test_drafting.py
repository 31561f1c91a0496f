"""A draft is begun, changed, published and discarded, each time against the revision that was seen."""

import pytest
from django.utils import translation

from assessments import drafting
from assessments.models import Draft, Edition
from assessments.scoring import editing
from assessments.scoring.reading import toml
from audit.models import Event
from stationstd.refusals import Refused
from tests import factories


@pytest.fixture
def admin(db):
    return factories.user("sysadmin")


@pytest.fixture
def draft(admin):
    return drafting.copy(factories.edition(), code="county", version="1", by=admin)


def points_of(text: str) -> dict:
    return {each["id"]: each["points"] for each in toml(text)["criterion"]}


def test_a_copy_is_the_same_standard_under_another_name(draft):
    edition = Edition.objects.get(pk=draft.based_on_id)
    assert toml(draft.text) == toml(edition.text) | {"code": "county", "version": "1"}
    assert (draft.code, draft.version, draft.title) == ("county", "1", edition.title)


def test_a_change_is_written_with_a_new_revision_and_told_in_the_log(draft, admin):
    first = next(iter(points_of(draft.text)))
    changed = drafting.change(draft.pk, 1, lambda d: editing.change(d, "criterion", first, {"points": 7}), by=admin)
    assert (changed.revision, points_of(changed.text)[first]) == (2, 7)
    assert Event.objects.filter(chain=f"draft:{draft.pk}", action="draft.change", by=admin).count() == 1


def test_a_change_based_on_an_older_revision_is_refused(draft, admin):
    drafting.change(draft.pk, 1, lambda d: d.update(title="甲"), by=admin)
    with pytest.raises(Refused) as refused:
        drafting.change(draft.pk, 1, lambda d: d.update(title="乙"), by=admin)
    assert (refused.value.code, Draft.objects.get().title) == ("stale", "甲")


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: editing.change(d, "criterion", "nowhere", {"points": 1}),
        lambda d: editing.add(d, "section", {"code": d["section"][0]["code"], "title": "重复"}),
        lambda d: editing.remove(d, "section", d["section"][0]["code"]),
        lambda d: d.update(title=" "),
    ],
)
def test_a_change_that_cannot_be_made_says_so_and_writes_nothing(draft, admin, edit):
    with pytest.raises(drafting.EditError):
        drafting.change(draft.pk, 1, edit, by=admin)
    assert Draft.objects.get().revision == 1


def test_a_published_draft_is_an_edition_and_stays_as_it_is(draft, admin):
    edition = drafting.publish(draft.pk, 1, by=admin)
    assert (edition.code, edition.text) == ("county", draft.text)
    with pytest.raises(Refused) as refused:
        drafting.change(draft.pk, 1, lambda d: d.update(title="甲"), by=admin)
    assert refused.value.code == "state"


def test_what_refuses_a_draft_and_what_is_advice_are_told_apart(draft, admin):
    first = toml(draft.text)["criterion"][0]["id"]
    assert not [each for each in drafting.problems(draft) if each.is_refused]
    broken = drafting.change(draft.pk, 1, lambda d: editing.change(d, "criterion", first, {"source": None}), by=admin)
    (problem,) = [each for each in drafting.problems(broken) if each.is_refused]
    assert (problem.criterion, problem.what) == (first, "缺少“依据”")


def test_a_discarded_draft_is_gone_and_the_log_knows(draft, admin):
    drafting.discard(draft.pk, 1, by=admin)
    assert not Draft.objects.exists()
    assert Event.objects.filter(action="draft.discard").count() == 1


def test_what_only_a_removed_criterion_needed_goes_with_it():
    document = {
        "section": [{"code": "s"}],
        "metric": {"a.one": {}, "a.two": {}, "a.three": {}},
        "derived": {"a.rate": {"formula": "a.one / a.two"}},
        "norm": {"a.rate": {"default": 1}},
        "criterion": [
            {"id": "rate", "section": "s", "rule": {"at_least": {"of": "a.rate", "target": "a.rate@norm"}}},
            {"id": "two", "section": "s", "rule": {"ratio": {"of": "a.two", "to": 3}}},
        ],
    }
    editing.remove(document, "criterion", "rate")
    assert document["metric"] == {"a.two": {}, "a.three": {}}  # what nothing used before is somebody's plan
    assert "derived" not in document
    assert "norm" not in document


def test_criteria_move_inside_their_section():
    rows = [("a", "s"), ("x", "t"), ("b", "s"), ("c", "s")]
    document = {"criterion": [{"id": id, "section": section} for id, section in rows]}
    editing.move_by(document, "criterion", "a", 1)
    assert editing.names(document, "criterion") == ["x", "b", "a", "c"]
    editing.move_by(document, "criterion", "c", -2)
    assert editing.names(document, "criterion") == ["x", "c", "b", "a"]
    editing.move_by(document, "criterion", "c", -1)
    assert editing.names(document, "criterion") == ["x", "c", "b", "a"]


@pytest.mark.parametrize(
    ("lang", "words"), [("zh-hans", "“项目 nope”已不存在"), ("en", "“criterion nope” is not there")]
)
def test_what_is_gone_is_named_in_the_readers_language(lang, words):
    with translation.override(lang), pytest.raises(drafting.EditError, match=words):
        drafting.editing_of(
            factories.TINY.read_text("utf-8"), lambda document: editing.row(document, "criterion", "nope")
        )
