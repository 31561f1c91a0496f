"""A standard that names a parent is taken into use only where the parent is there and nothing of it is weakened."""

import pytest

from assessments import drafting, editions, parents
from assessments.models import Edition
from assessments.scoring import Standard, StandardError, scenario, tomltext
from personnel.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
TINY = factories.TINY.read_text("utf-8")


def child(parent: Edition, **named) -> dict:
    """A document of its own that names `parent`."""
    document = scenario.parsed(TINY)
    of = {"code": parent.code, "version": parent.version, "digest": parent.digest}
    return document | {"code": "county", "parent": of | named}


def loaded(document: dict) -> Edition:
    return editions.load(tomltext.document(document), "county.toml")[0]


def strength(document: dict) -> dict:
    return next(row for row in document["criterion"] if row["id"] == "staffing.strength")["rule"]["at_least"]


def test_a_child_may_raise_what_its_parent_asks():
    parent, _created = editions.load(TINY)
    document = child(parent)
    strength(document)["target"] += 1
    assert parents.parent_of(loaded(document).standard) == parent


def test_a_child_that_weakens_its_parent_is_refused_with_the_facts_that_show_it():
    parent, _created = editions.load(TINY)
    document = child(parent)
    strength(document)["target"] -= 1
    with pytest.raises(StandardError) as refusal:
        loaded(document)
    (line,) = refusal.value.problems
    assert line.startswith("county.toml: criterion staffing.strength: with officers 4 the parent gives 0 of ")
    assert list(Edition.objects.all()) == [parent]


@pytest.mark.parametrize("named", [{"version": "1999"}, {"digest": "0" * 64}], ids=str)
def test_a_parent_that_is_not_in_use_with_this_text_is_refused(named):
    parent, _created = editions.load(TINY)
    document = child(parent, **named)
    with pytest.raises(StandardError, match=r"Parent standard: The parent tiny .* is not in use here with this text"):
        loaded(document)
    (finding,) = parents.weaknesses(Standard.loads(tomltext.document(document)), "zh-hans")
    assert finding.where == "上级标准"


def test_a_standard_that_stands_alone_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert parents.weaknesses(Standard.loads(TINY), "en") == []


def test_a_draft_that_weakens_its_parent_says_so_among_its_problems():
    parent, _created = editions.load(TINY)
    by = factories.user(Role.SYSADMIN)
    document = child(parent)
    strength(document)["target"] -= 1
    draft = drafting.begin(tomltext.document(document), by=by)
    (refused,) = [each for each in drafting.problems(draft) if each.is_refused]
    assert refused.criterion == "staffing.strength"
    assert refused.what == "民警 4 人时，上级标准得 0/2，本标准得 2/2"
    assert drafting.refusals_of([draft]) == [1]
    with pytest.raises(StandardError):
        drafting.publish(draft.pk, draft.revision, by=by)
