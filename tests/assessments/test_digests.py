"""What a receipt's digest covers: all that the station says on its sheet; an older form stays what it was."""

import json
from datetime import date
from hashlib import sha256
from uuid import uuid4

import pytest

from assessments import answers, crossing, digests, workflow
from assessments.models import Evidence, Exemption, Submission
from assessments.reports import receipts
from tests import factories

pytestmark = pytest.mark.django_db
OTHER, ASKED = "zones.service", "zones.video_linked"


@pytest.fixture
def chief(assessment):
    return factories.user("chief", assessment.station)


@pytest.fixture
def files(assessment, chief):
    return [factories.evidence(assessment, OTHER, by=chief, place=at) for at in range(2)]


def ask(assessment, chief) -> Exemption:
    said = {"reason": "无单独线路。", "round_": assessment.round, "op_id": uuid4(), "by": chief}
    return workflow.request_exemption(assessment.pk, ASKED, **said)


def explain(assessment, chief, text: str):
    (found,) = crossing.conflicts(assessment)
    return workflow.explain(assessment.pk, found.check.code, text, round_=assessment.round, by=chief)


def old_form(assessment) -> str:
    """Worked out here once more, as receipts of the first form have it on paper."""
    facts = answers.digest(answers.cells(assessment))
    files = sorted(Evidence.objects.present().filter(assessment=assessment).values_list("criterion", "digest"))
    said = json.dumps({"evidence": files, "facts": facts}, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


@pytest.mark.parametrize(
    "said",
    [{"caption": "正门"}, {"turns": 1}, {"valid_until": date(2030, 12, 31)}, {"place": 2}],
    ids=lambda said: next(iter(said)),
)
def test_it_covers_what_is_said_of_a_file_and_how_it_is_shown(assessment, chief, files, said):
    Evidence.objects.update(shown_digest="0" * 64)
    before, old = digests.of_assessment(assessment), digests.of_assessment(assessment, 1)
    workflow.change_evidence(files[0].pk, said, by=chief)
    assert digests.of_assessment(assessment) != before
    assert digests.of_assessment(assessment, 1) == old


def test_it_covers_every_word_of_explanation(assessment, chief):
    factories.answered(assessment, {"staff.officers": 5, "staff.college": 7}, by=chief)
    before = digests.of_assessment(assessment)
    explain(assessment, chief, "流动人口多。")
    between = digests.of_assessment(assessment)
    explain(assessment, chief, "集体户多。")
    assert len({before, between, digests.of_assessment(assessment)}) == 3


def test_it_covers_a_request_until_it_is_taken_back_and_not_the_answer(assessment, chief):
    before = digests.of_assessment(assessment)
    asked = ask(assessment, chief)
    assert digests.of_assessment(assessment) != before
    workflow.withdraw_exemption(assessment.pk, asked.pk, round_=1, by=chief)
    assert digests.of_assessment(assessment) == before
    asked = ask(assessment, chief)
    factories.submitted(assessment, by=chief)
    submission = Submission.objects.get()
    reviewer = factories.user("reviewer", assessment.bureau)
    workflow.decline_exemption(assessment.pk, asked.pk, why="有线路图。", round_=1, by=reviewer)
    assert receipts.of(submission).is_same
    ((criterion, request),) = receipts.of(submission).requests
    assert (criterion.id, request) == (ASKED, asked)


def test_what_is_handed_in_now_says_its_form_and_is_held_against_it(assessment, chief, files):
    factories.submitted(assessment, by=chief)
    submission = Submission.objects.get()
    assert (submission.digest_form, submission.digest) == (2, digests.of_assessment(assessment))
    Evidence.objects.filter(pk=files[0].pk).update(caption="换了说明")
    assert not receipts.of(submission).is_same


def test_a_receipt_of_the_first_form_is_held_against_what_it_was_given_for(assessment, chief, files):
    factories.answered(assessment, {"station.residents": 2000}, by=chief)
    given = Submission.objects.create(assessment=assessment, round=1, by=chief, digest=old_form(assessment))
    assert given.digest_form == 1
    Evidence.objects.filter(pk=files[0].pk).update(caption="当时不在摘要里")
    assert receipts.of(given).is_same
    Evidence.objects.filter(pk=files[0].pk).update(digest="f" * 64)
    assert not receipts.of(given).is_same


def test_many_sheets_cost_as_many_queries_as_one(assessment, django_assert_num_queries):
    sheets = list(assessment.period.assessments.with_places())
    with django_assert_num_queries(4):
        assert set(digests.of_assessments(sheets)) == {sheet.pk for sheet in sheets}
