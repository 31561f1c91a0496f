"""The comparative report on paper: what it says, and that it cannot be made to say or fetch anything else."""

import logging
import re
import subprocess
import tempfile
import uuid

import pikepdf
import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import translation

from assessments import jobs, scores, sealed, workflow
from assessments.models import Job, Layer, Score
from assessments.reports import charts, context, making, page, pictures, render, requesting
from assessments.reports.splitting import evenly
from audit import seals
from audit.events import record
from stations.models import Station
from tests import factories

pytestmark = pytest.mark.django_db


def nine_station_county(edition):
    """A published period of 城关 with 7 officers and 北社 with 4."""
    place = factories.bureau("九所县公安局", name_en="Nine-Station County Bureau")
    factories.chengguan(place), factories.beishe(place)
    period = factories.period(bureau=place, edition=edition)
    factories.published(period)
    return period


def report_of(period, language="zh-hans"):
    person = factories.user("sysadmin", period.bureau)
    return requesting.request(period, list(period.assessments.all()), language=language, op_id=uuid.uuid4(), by=person)


class Paper:
    """A rendered report: its content as data, its bytes, and what the libraries complained about."""

    def __init__(self, report):
        complaints = Complaints()
        seals.seal()
        with translation.override(report.language), complaints:
            self.content = context.of(report)
            self.html = page.html(self.content)
            self.pdf = render.pdf(self.html, pictures.draw(self.content))
        self.complaints = complaints.said
        self.report = report

    def text(self, *options) -> str:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(self.pdf.content)
            file.flush()
            command = ["pdftotext", *options, file.name, "-"]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def letters(self, *options) -> str:
        """The text without any space: layout breaks lines where it likes."""
        return "".join(self.text("-raw", *options).split())


class Complaints(logging.Handler):
    """Warnings of WeasyPrint and fontTools: glyphs that are not there, fonts that cannot be cut."""

    NAMES = ("weasyprint", "fontTools")

    def __enter__(self):
        self.said = []
        for name in self.NAMES:
            logging.getLogger(name).addHandler(self)

    def __exit__(self, *_):
        for name in self.NAMES:
            logging.getLogger(name).removeHandler(self)

    def emit(self, record):
        if record.levelno >= logging.WARNING:
            self.said.append(record.getMessage())


@pytest.fixture(scope="module")
def papers(django_db_setup, django_db_blocker):
    """The report of the county by the shipped edition in both languages; rendered once for all tests that read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        period = nine_station_county(factories.edition())
        made = {language: Paper(report_of(period, language)) for language in ("zh-hans", "en")}
        transaction.set_rollback(True)
    return made


@pytest.fixture(params=["zh-hans", "en"])
def paper(request, papers):
    return papers[request.param]


@pytest.fixture
def report(db):
    """A small one, not rendered yet."""
    return report_of(nine_station_county(factories.tiny_edition()))


def test_the_report_says_why_a_point_was_lost_and_what_would_win_it(paper):
    letters = paper.letters()
    assert "6,852.86" in letters
    assert "9,052.75" in letters
    assert "3,000" in letters
    assert "9" in letters[letters.index("6,852.86") :][:200].split("3,000")[1]


def test_the_english_report_says_it_in_english(papers):
    assert "16 officers needed: 9 more win full points" in " ".join(papers["en"].text("-raw").split())


def test_every_glyph_is_there_and_every_font_is_cut(paper):
    assert paper.complaints == []


def test_the_report_prints_the_published_totals_in_the_order_of_the_ranks(paper):
    letters = paper.letters()
    for place in paper.content.places:
        assert f"{place.score.total / 100:.2f}" in letters
    ranks = [place.official.rank for place in paper.content.places]
    assert ranks == sorted(ranks)


def test_the_last_page_has_the_seal_over_the_publication(paper):
    assert re.fullmatch(r"([0-9A-F]{4}-){2}[0-9A-F]{4}", paper.content.seal.code)
    assert paper.content.seal.code in paper.letters("-f", str(paper.pdf.pages))


def test_a_report_made_later_names_the_same_seal(report):
    assert context.of(report).seal is None
    first = seals.seal()
    record("login", "account:1")
    seals.seal()
    assert context.of(report).seal == first != seals.latest()


def test_the_last_page_names_edition_and_digests(paper):
    last = paper.letters("-f", str(paper.pdf.pages))
    assert paper.content.standard.digest in last
    assert paper.content.publications[0].digest in last
    assert str(paper.report.pk) in last


def test_points_that_do_not_follow_from_the_facts_stop_the_report(report):
    Score.objects.filter(layer=Layer.CONFIRMED).update(total=1)
    with translation.override("zh-hans"), pytest.raises(context.Inconsistent):
        context.of(report)


def test_a_station_that_never_handed_in_is_listed_with_the_reason():
    period = factories.period()
    first, second = period.assessments.with_places()
    factories.confirmed(first)
    factories.due(second)
    workflow.publish(period.pk, bureau=period.bureau, by=factories.anybody("reviewer", period.bureau))
    with translation.override("en"):
        content = context.of(report_of(period, "en"))
        html = page.html(content)
        assert [place.name for place in content.unranked] == [second.station.name_en]
    assert "Not submitted in time" in html


def test_the_report_costs_the_same_queries_for_any_number_of_stations(report, django_assert_max_num_queries):
    with translation.override("en"), django_assert_max_num_queries(15):
        comparative = context.of(report)
    with translation.override("en"), django_assert_max_num_queries(0):
        page.html(comparative)


def test_the_document_is_tagged_and_has_language_bookmarks_and_embedded_fonts(paper, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(paper.pdf.content)
    with pikepdf.open(file) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == {"zh-hans": "zh-CN", "en": "en"}[paper.report.language]
        assert len(document.pages) == paper.pdf.pages
        with document.open_outline() as outline:
            assert len(outline.root) == 6
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout
    lines = fonts.splitlines()[2:]
    assert lines
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines), fonts


def test_every_page_says_its_number_and_how_many_there_are(paper):
    with translation.override(paper.report.language):
        footer = translation.gettext("Page {page} of {pages}")
    pages = paper.text().split("\f")[: paper.pdf.pages]
    for number, text in enumerate(pages[1:], 2):
        expected = footer.format(page=number, pages=paper.pdf.pages)
        assert "".join(expected.split()) in "".join(text.split())


def test_rendering_twice_gives_the_same_bytes(report):
    assert Paper(report).pdf.content == Paper(report).pdf.content


def test_making_registers_the_file_and_ends_the_job(report):
    making.make(jobs.claim(report.job_id))
    report.refresh_from_db()
    assert Job.objects.get(pk=report.job_id).state == Job.State.DONE
    assert len(sealed.reports.unseal(report.digest)) == report.size


def test_a_worker_that_lost_the_lease_registers_nothing(report):
    dead = jobs.claim(report.job_id)
    Job.objects.filter(pk=dead.pk).update(token=uuid.uuid4())
    with pytest.raises(jobs.LeaseLost):
        making.make(dead)
    report.refresh_from_db()
    assert report.digest == ""


def many_pages():
    return "<html lang=en><title>x</title>" + "<p style='break-after: page'>page</p>" * 30


def test_progress_grows_while_pages_are_laid_out(monkeypatch):
    monkeypatch.setattr(render, "_REPORT_EVERY", 0)
    seen = []
    render.pdf(many_pages(), {}, progress=seen.append)
    assert seen == sorted(seen)
    assert len(set(seen)) > 10
    assert seen[-1] < 100


def test_losing_the_lease_stops_the_rendering(monkeypatch):
    monkeypatch.setattr(render, "_REPORT_EVERY", 0)

    def lost(percent):
        raise jobs.LeaseLost

    with pytest.raises(jobs.LeaseLost):
        render.pdf(many_pages(), {}, progress=lost)


# What people type stays text


HOSTILE = '<img src="http://127.0.0.1:9/x"><link rel=attachment href="file:///etc/passwd">'


def test_markup_in_a_name_is_printed_not_obeyed(report):
    Station.objects.filter(name="城关派出所").update(name=HOSTILE[:100])
    paper = Paper(report)
    assert "<imgsrc=" in paper.letters()
    assert b"/EmbeddedFile" not in paper.pdf.content


@pytest.mark.parametrize(
    "payload",
    [
        '<img src="http://127.0.0.1:9/x">',
        '<img src="file:///etc/passwd">',
        '<img src="chart:nobody">',
        '<img src="data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27/%3E">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<style>@import url("http://127.0.0.1:9/x.css");</style>',
        '<p style="background: url(http://127.0.0.1:9/x)">x</p>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="file:///etc/passwd">',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:9/x" width="9" height="9"/></svg>',
    ],
)
def test_a_document_that_asks_for_anything_else_is_not_made(payload):
    with pytest.raises(render.UnsafeAddress):
        render.pdf(f'<!doctype html><html lang="zh-CN"><title>x</title>{payload}</html>', {})


def test_a_picture_cannot_fetch_either():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'
    with pytest.raises(render.UnsafeAddress):
        render.pdf('<html lang="en"><title>x</title><img src="chart:a" alt="a"></html>', {"a": svg})


@pytest.mark.parametrize("cause", [MemoryError, SoftTimeLimitExceeded])
def test_a_document_without_one_of_its_pictures_is_none(monkeypatch, cause):
    """WeasyPrint would leave the picture out and go on."""

    def fail(*_, **__):
        raise cause

    monkeypatch.setattr("weasyprint.images.SVG.draw", fail)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
    with pytest.raises(render.Incomplete):
        render.pdf('<html lang="en"><title>x</title><img src="chart:a" alt="a"></html>', {"a": svg})


def test_markup_in_a_chart_is_text():
    option = {"xAxis": {"type": "category", "data": [HOSTILE]}, "yAxis": {}, "series": [{"type": "bar", "data": [1]}]}
    assert "<img" not in charts.svg(option, 400, 200)
    assert "<link" not in charts.svg(option, 400, 200)


# Layout


@pytest.mark.parametrize(
    ("stations", "parts"), [(2, [2]), (6, [6]), (7, [4, 3]), (9, [5, 4]), (13, [5, 4, 4]), (30, [6, 6, 6, 6, 6])]
)
def test_stations_are_split_evenly_over_tables(stations, parts):
    assert [len(part) for part in evenly(range(stations), context.STATIONS_IN_A_TABLE)] == parts


def test_thirty_stations_with_long_names_stay_on_the_page():
    place = factories.bureau()
    for n in range(30):
        name_en = f"Wulanhadasumubayanhushu {n} Police Station"
        factories.station(f"第{n}乌兰哈达苏木巴彦呼舒镇派出所", bureau=place, name_en=name_en)
    period = factories.period(bureau=place)
    publish_as_they_are(period)
    paper = Paper(report_of(period, "en"))
    assert len(paper.content.parts) == 5
    edges = [float(part.split('"')[1]) for part in paper.text("-bbox").split("xMax=")[1:]]
    assert max(edges) <= RIGHT_EDGE_PT


RIGHT_EDGE_PT = (210 - 20) / 25.4 * 72 + 0.5  # of A4 with a margin of 20 mm


def publish_as_they_are(period):
    """Confirm every sheet as it stands, without the clicks, and publish."""
    everybody = list(period.assessments.with_places())
    for layer in Layer.values:
        scores.record(everybody, layer)
    period.assessments.update(state="confirmed")
    workflow.publish(period.pk, bureau=period.bureau, by=factories.anybody("reviewer", period.bureau))


def test_the_cover_names_the_bureau_that_published_what_is_compared():
    city = factories.bureau("示范市公安局", level="city")
    county = factories.bureau("九所县公安局", above=city)
    factories.chengguan(county), factories.beishe(county)
    period = factories.period(bureau=city)
    factories.published(period, bureau=county)
    assert context.of(report_of(period)).issuer == county
