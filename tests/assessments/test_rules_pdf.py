"""The scoring rules of an edition on paper: what they say, in both languages, and for one class of stations."""

import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from assessments import outline
from assessments.models import Report
from assessments.reports import render, requesting, rules, titles
from stations.models import StationClass
from tests import factories

from .test_report_pdf import Complaints, Paper

pytestmark = pytest.mark.django_db


class Rules(Paper):
    """The paper of rules, as a worker renders it."""

    def __init__(self, report):
        complaints = Complaints()
        with translation.override(report.language), complaints:
            self.html = rules.html(report)
            self.pdf = render.pdf(self.html, {})
        self.complaints, self.report = complaints.said, report


def rules_of(edition, language="zh-hans", kind=None, by=None):
    about = StationClass.objects.get(pk=kind) if kind else None
    by = by or factories.anybody("sysadmin", factories.bureau("九所县公安局", name_en="Nine-Station County Bureau"))
    return requesting.request_rules(edition, station_class=about, language=language, op_id=uuid.uuid4(), by=by)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_paper_has_every_criterion_with_its_rule_source_and_digest(language):
    edition = factories.edition()
    paper = Rules(rules_of(edition, language))
    letters = paper.letters()
    english = language == "en"
    for criterion in edition.standard.criteria:
        title = criterion.title_en if english else criterion.title
        assert "".join(title.split()) in letters
    assert edition.digest[:8] in letters
    assert ("Approvedby" if english else "批准人") in letters
    assert paper.complaints == []


def test_the_paper_of_one_class_leaves_out_what_it_is_not_asked():
    edition = factories.edition()
    chapters = outline.variant(edition, "zh-hans", "scenic").chapters
    asked = {line.criterion.title for chapter in chapters for line in chapter.lines}
    with translation.override("zh-hans"):
        html = rules.html(rules_of(edition, kind="scenic"))
    said = {title for c in edition.standard.criteria if f'<th scope="row">{(title := c.title)}<br>' in html}
    assert said == asked < {c.title for c in edition.standard.criteria}


def test_a_leader_asks_for_the_paper_on_the_page_of_the_edition(client):
    edition, leader = factories.edition(), factories.user("leader")
    client.force_login(leader)
    address = reverse("assessments:edition_rules", args=[edition.pk])
    said = {"language": "en", "station_class": "rural", "op_id": str(uuid.uuid4())}
    assert [client.post(address, said).status_code for _ in range(2)] == [302, 302]
    report = Report.objects.get(requested_by=leader)
    assert (report.kind, report.edition, report.station_class_id, report.job.state) == (
        "rules",
        edition,
        "rural",
        "queued",
    )
    assert titles.file_name(report, 0).startswith("Scoring rules_ Standard")
    assert client.get(reverse("assessments:reports")).status_code == 200
    assert client.post(address, said | {"station_class": "moon", "op_id": str(uuid.uuid4())}).status_code == 400
