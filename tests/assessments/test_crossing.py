"""Figures that do not fit together: shown while they are typed, blocked or explained, read by the reviewer."""

from datetime import date

import pytest
from django.urls import reverse

from assessments import jobs, workflow
from assessments.models import Remark, State, Submission
from assessments.reports import making, receipts
from audit.models import Event
from stationstd.refusals import Refused
from tests import factories
from tests.assessments.sheets import page, save, text_of

pytestmark = pytest.mark.django_db

CHECKS = """
[[check]]
code = "college"
title = "大专以上民警不多于民警"
title_en = "Officers with college education are not more than officers"
holds = "staff.college <= staff.officers"
severity = "error"

[[check]]
code = "residents"
title = "辖区人口一般不少于一千"
title_en = "Residents are usually not fewer than a thousand"
holds = "station.residents >= 1000"
severity = "warning"
"""


@pytest.fixture
def assessment():
    edition = factories.edition_of(factories.TINY.read_text("utf-8") + CHECKS)
    return factories.assessment(factories.period(edition=edition))


@pytest.fixture
def chief(client, assessment):
    chief = factories.user("chief", assessment.station, name="王所长")
    client.force_login(chief)
    client.cookies["django_language"] = "en"
    return chief


def check(client, assessment) -> str:
    return text_of(client.get(reverse("assessments:check", args=[assessment.pk])))


def submit(client, assessment, **said):
    said = {"round": assessment.round, "declared": "on"} | said
    return client.post(reverse("assessments:submit", args=[assessment.pk]), said)


def explain(client, assessment, code, text="新区在建，人口陆续迁入。", round_=1):
    said = {"check": code, "text": text, "round": round_}
    return client.post(reverse("assessments:explain", args=[assessment.pk]), said)


def test_an_error_is_shown_at_once_where_it_is_typed_and_blocks_until_it_is_put_right(client, chief, assessment):
    factories.filled(assessment, {"staff.officers": 7}, by=chief)
    answer = text_of(save(client, assessment, "staff.college", "9", version=1))
    said = "Officers with college education are not more than officers"
    assert 'id="cross-staffing.college"' in answer
    assert said in answer
    assert said in text_of(client.get(page(assessment)))
    assert said in check(client, assessment)
    refused = submit(client, assessment)
    assert refused.status_code == 409
    assert "Figures contradict each other." in text_of(refused)
    assert explain(client, assessment, "college").status_code == 409
    assert said not in text_of(save(client, assessment, "staff.college", "7", version=2))
    assert submit(client, assessment).status_code == 302


def test_a_warning_wants_a_word_which_holds_for_these_figures_alone_and_reaches_the_reviewer(client, chief, assessment):
    factories.filled(assessment, {"station.residents": 900, "staff.officers": 7}, by=chief)
    assert "Some figures need a word of explanation." in text_of(submit(client, assessment))
    assert explain(client, assessment, "residents", text=" ").status_code == 400
    assert explain(client, assessment, "residents").status_code == explain(client, assessment, "residents").status_code
    assert Event.objects.filter(action="assessment.explain").count() == 1
    factories.answered(assessment, {"station.residents": 800}, by=chief)
    assert "The figures have changed since" in check(client, assessment)
    assert submit(client, assessment).status_code == 409
    explain(client, assessment, "residents", text="搬迁。")
    assert submit(client, assessment).status_code == 302
    assert Remark.objects.get().text == "搬迁。"
    client.force_login(factories.user("reviewer", assessment.bureau))
    assert "搬迁。" in text_of(client.get(reverse("assessments:verify", args=[assessment.pk])))


def test_last_periods_word_is_offered_again_while_its_figures_are_the_same(client, chief, assessment):
    figures, word = {"station.residents": 900, "staff.officers": 7}, "新区在建，人口陆续迁入。"
    factories.filled(assessment, figures, by=chief)
    explain(client, assessment, "residents", text=word)
    factories.published(assessment.period)
    day = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31), "previous": assessment.period}
    place, edition = assessment.period.bureau, assessment.period.edition
    here = factories.assessment(factories.period(bureau=place, edition=edition, **day), assessment.station)
    factories.filled(here, figures, by=chief)
    offered = "These are last period’s words"
    assert offered in check(client, here)
    assert f">{word}</textarea>" in check(client, here)
    assert submit(client, here).status_code == 409
    explain(client, here, "residents", text=word)
    assert offered not in check(client, here)
    factories.answered(here, {"station.residents": 800}, by=chief)
    Remark.objects.filter(assessment=here).delete()
    assert offered not in check(client, here)
    assert submit(client, here).status_code == 409


def test_a_word_needs_its_round_an_open_sheet_and_something_to_explain(client, chief, assessment):
    factories.filled(assessment, {"station.residents": 900, "staff.officers": 7}, by=chief)
    assert explain(client, assessment, "residents", round_=2).status_code == 409
    assert explain(client, assessment, "nothing").status_code == 409
    factories.due(assessment)
    assert explain(client, assessment, "residents").status_code == 409
    assert not Remark.objects.exists()


def test_without_the_declaration_nothing_is_submitted(client, chief, assessment):
    factories.filled(assessment, {"station.residents": 2000, "staff.officers": 7}, by=chief)
    refused = submit(client, assessment, declared="off")
    assert refused.status_code == 400
    assert "Tick the declaration" in text_of(refused)
    assert submit(client, assessment, declared="on", round="2").status_code == 409
    assert not Submission.objects.exists()


def test_after_a_return_only_what_came_back_and_its_figures_can_be_changed(client, chief, assessment):
    assessment = factories.submitted(assessment, {"station.residents": 2000, "staff.officers": 7}, by=chief)
    back = factories.returned(assessment, items={"staffing.strength": "请核对。"})
    locked = save(client, back, "station.residents", "2100", version=2)
    assert locked.status_code == 409
    assert "The bureau did not return this item" in text_of(locked)
    assert save(client, back, "staff.officers", "8", version=2).status_code == 200
    form = text_of(client.get(page(back)))
    assert 'data-figure="staff.officers"' in form
    assert 'data-figure="station.residents"' not in form
    assert "Not returned: it stays as it was handed in." in form
    with pytest.raises(Refused, match="locked"):
        workflow.add_evidence(back.pk, "zones.service", None, by=chief)


def test_a_figure_that_contradicts_another_can_be_put_right_whatever_came_back(chief, assessment):
    assessment = factories.submitted(
        assessment, {"station.residents": 2000, "staff.officers": 7, "staff.college": 7}, by=chief
    )
    back = factories.returned(assessment, items={"staffing.load": "请核对。"})
    with pytest.raises(Refused, match="locked"):
        factories.answered(back, {"staff.college": 5}, by=chief)
    factories.answered(back, {"staff.officers": 5}, by=chief)
    factories.answered(back, {"staff.college": 5}, by=chief)
    workflow.submit(back.pk, round_=2, by=chief)


def test_a_return_of_the_whole_opens_everything(chief, assessment):
    assessment = factories.submitted(assessment, {"station.residents": 2000, "staff.officers": 7}, by=chief)
    back = factories.returned(assessment)
    factories.answered(back, {"station.residents": 2100, "video.blind_spots": 1}, by=chief)


def test_the_receipt_says_what_was_handed_in_and_is_made_for_the_station_and_its_bureau(client, chief, assessment):
    factories.filled(assessment, {"station.residents": 2000, "staff.officers": 7}, by=chief)
    address = submit(client, assessment).url
    digest = Submission.objects.get().digest
    shown = text_of(client.get(address))
    assert digest in shown
    assert "unchanged since" in shown
    assert "The PDF is being made" in shown
    report = receipts.Report.objects.get(submission__assessment=assessment)
    making.make(jobs.claim(report.job_id))
    for person in (chief, factories.user("reviewer", assessment.bureau), factories.user("clerk", assessment.station)):
        client.force_login(person)
        client.cookies["django_language"] = report.language
        pdf = client.get(address + "pdf/")
        assert pdf.status_code == 200
        assert pdf.content.startswith(b"%PDF")
    client.force_login(factories.user("chief", factories.station(bureau=assessment.bureau)))
    assert client.get(address).status_code == client.get(address + "pdf/").status_code == 404


def test_a_receipt_of_what_has_changed_since_is_not_made(chief, assessment):
    assessment = factories.submitted(assessment, {"station.residents": 2000, "staff.officers": 7}, by=chief)
    submission = Submission.objects.get()
    told = receipts.of(submission)
    assert told.is_same
    assert {s.code: len(f) for s, f in told.facts} == {"zones": 3, "staffing": 3}
    back = factories.returned(assessment)
    assert back.state == State.RETURNED
    factories.answered(back, {"station.residents": 2100}, by=chief)
    assert not receipts.of(submission).is_same
