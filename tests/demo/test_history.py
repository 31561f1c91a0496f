"""The published quarters are what the workflow would have made of the same facts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Avg, Count
from django.utils import timezone

from assessments import answers, digests, ranking, scores, sealed, workflow
from assessments.models import (
    AnswerChange,
    Answers,
    Assessment,
    Evidence,
    Layer,
    OfficialRank,
    Period,
    Publication,
    Reopening,
    Review,
    Score,
    State,
)
from stations.models import Bureau
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def published():
    return list(Period.objects.filter(publications__isnull=False).distinct().order_by("starts_on"))


def latest():
    return published()[-1]


def test_eight_quarters_are_published_by_each_county_and_one_is_open():
    assert [period.name_en for period in published()] == [
        *("2024 Q4", "2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1", "2026 Q2", "2026 Q3"),
    ]
    assert Publication.objects.newest().count() == 8 * 3
    assert Period.objects.get(publications=None).name_en == "2026 Q4"


def test_each_quarter_follows_the_one_before():
    periods = [*published(), Period.objects.get(publications=None)]

    assert [period.previous for period in periods] == [None, *periods[:-1]]


def test_a_stored_score_is_what_its_facts_score_today():
    sample = list(Assessment.objects.filter(period=latest()).with_places())[::5]
    for layer in Layer.values:
        evaluation = scores.of(sample, layer)
        for i, assessment in enumerate(sample):
            stored = Score.objects.get(assessment=assessment, layer=layer)
            assert stored.total == evaluation.scores.total[i]
            assert [points or 0 for points in stored.points] == evaluation.scores.points[i].tolist()
            assert stored.facts_digest == answers.digest(answers.cells(assessment, layer))
            assert stored.edition_digest == assessment.period.edition.digest


def test_the_total_is_the_sum_of_the_items():
    for score in Score.objects.all():
        assert score.total == sum(points or 0 for points in score.points)
        assert score.total == sum(earned for earned, _ in score.sections.values())


@pytest.mark.parametrize("county", ["JS", "KY", "ST"])
def test_published_ranks_are_those_of_a_fresh_evaluation(county):
    bureau = Bureau.objects.get(code=county)
    for period in published():
        fresh = ranking.compute(period, _as_confirmed(ranking.members(period, bureau)))
        stored = OfficialRank.objects.for_period(period).filter(assessment__bureau=bureau)

        assert {row.assessment.pk: (row.rank, row.rate, row.change) for row in fresh.rows} == {
            row.assessment_id: (row.rank, row.rate, row.change) for row in stored
        }
        assert digests.of_json(fresh.frozen()) == Publication.objects.newest().get(period=period, bureau=bureau).digest


def _as_confirmed(assessments):
    """As they stood just before publication: those without a confirmed score were never handed in."""
    scored = set(Score.objects.filter(layer=Layer.CONFIRMED).values_list("assessment", flat=True))
    for assessment in assessments:
        assessment.state = State.CONFIRMED if assessment.pk in scored else State.DRAFT
    return list(assessments)


def test_one_result_was_corrected_by_two_people_and_published_anew():
    corrected = Reopening.objects.get(decision="approved")
    assert (corrected.publication.version, corrected.led_to.version) == (1, 2)
    assert corrected.by != corrected.decided_by
    places = corrected.assessment.ranks.order_by("publication__version")
    assert places[1].rate > places[0].rate
    assert Reopening.objects.undecided().count() == 1


def test_equal_rates_share_a_rank_and_higher_rates_come_first():
    for period in published():
        for county in Bureau.objects.filter(level="county"):
            rows = OfficialRank.objects.for_period(period).filter(assessment__bureau=county)
            rates = [row.rate for row in rows if row.rank]
            for row in rows:
                if row.rank:
                    assert row.rank == 1 + sum(rate > row.rate for rate in rates)


def test_a_station_that_handed_nothing_in_is_listed_unranked():
    unranked = OfficialRank.objects.filter(rank=None)

    assert set(unranked.values_list("assessment__station__code", "unranked")) == {
        ("ST28", "not_submitted"),
        ("JS09", "not_submitted"),
    }


def test_rates_rise_over_the_years_with_some_drops():
    for county in ("JS", "KY", "ST"):
        rows = OfficialRank.objects.filter(assessment__bureau__code=county)
        means = list(
            rows.values_list("publication__period__starts_on")
            .annotate(mean=Avg("rate"))
            .order_by("publication__period__starts_on")
            .values_list("mean", flat=True)
        )
        assert means[-1] > means[0]
    assert OfficialRank.objects.filter(rate_change__lt=0).count() > 20
    assert OfficialRank.objects.filter(rate_change__gt=0).count() > 100


def test_every_correction_has_a_reason_and_a_line_of_history():
    corrections = Answers.objects.filter(layer=Layer.VERIFIED, assessment__state=State.PUBLISHED)
    corrected = {(pk, metric) for pk, facts in corrections.values_list("assessment", "facts") for metric in facts}
    history = AnswerChange.objects.filter(layer=Layer.VERIFIED, assessment__state=State.PUBLISHED).exclude(reason="")

    assert len(corrected) > 50
    assert set(history.values_list("assessment", "metric")) == corrected


def test_every_criterion_that_a_correction_touches_is_reviewed_as_changed():
    standard = latest().edition.standard
    corrections = Answers.objects.filter(layer=Layer.VERIFIED, assessment__period=latest())
    touched = {
        (pk, criterion.id)
        for pk, facts in corrections.values_list("assessment", "facts")
        for criterion in standard.criteria
        if set(criterion.metrics) & set(facts)
    }
    changed = Review.objects.filter(assessment__period=latest(), outcome=Review.Outcome.CHANGED)

    assert set(changed.values_list("assessment", "criterion")) == touched


def test_chengguan_was_corrected_in_its_last_quarter():
    corrections = AnswerChange.objects.filter(
        assessment__period=latest(), assessment__station__name="城关派出所", layer=Layer.VERIFIED
    )

    assert corrections.exists()


def test_a_correction_never_raises_a_score():
    verified = dict(Score.objects.filter(layer=Layer.VERIFIED).values_list("assessment", "total"))

    assert all(
        verified[pk] <= total
        for pk, total in Score.objects.filter(layer=Layer.SELF).values_list("assessment", "total")
        if pk in verified
    )


def test_required_evidence_is_there_and_its_files_are_whole():
    handed_in = Assessment.objects.filter(period=latest()).with_places()
    for assessment in handed_in:
        assert scores.missing(assessment) == []
    for digest in Evidence.objects.values_list("digest", flat=True).distinct():
        assert sealed.evidence.unseal(digest)


def test_the_open_quarter_is_in_the_middle_of_its_work():
    period = Period.objects.get(publications=None)
    states = dict(period.assessments.values_list("state").annotate(n=Count("pk")).order_by())

    assert set(states) == set(State) - {State.PUBLISHED}
    assert period.due_at > timezone.now() + timedelta(days=9)


@pytest.mark.parametrize("name", ["城关派出所", "北社派出所"])
def test_the_story_s_stations_lack_a_few_figures_and_one_photo(name):
    assessment = Assessment.objects.with_places().get(period__publications=None, station__name=name)

    assert assessment.state == State.DRAFT
    assert {item["code"] for item in scores.missing(assessment)} == {
        *("video.blind_spots", "equip.records", "equip.records_electronic"),
        "video.seamless",
    }


def test_the_story_ends_in_a_publication_that_needs_only_the_printed_logins():
    bureau, period = Bureau.objects.get(code="JS"), Period.objects.get(publications=None)
    for name in ("城关派出所", "北社派出所"):
        factories.submitted(Assessment.objects.with_places().get(period=period, station__name=name))
    publication = factories.published(period, bureau=bureau)

    assert publication.ranks.filter(rank__isnull=False).count() == 9


def test_the_nine_stations_worked_through_the_real_acts_score_and_rank_the_same():
    """The last quarter once more, answer by answer, in a period of its own."""
    bureau, old = Bureau.objects.get(code="JS"), latest()
    again = factories.period(
        bureau=bureau,
        edition=old.edition,
        name="再来一遍",
        starts_on=old.starts_on,
        ends_on=old.ends_on,
        previous=old.previous,
    )
    for assessment in Assessment.objects.for_period(again).with_places():
        _repeat(Assessment.objects.with_places().get(period=old, station=assessment.station), assessment)
    workflow.publish(again.pk, bureau=bureau, by=factories.anybody("reviewer", bureau))

    assert _results(again) == _results(old, bureau)


def _repeat(old: Assessment, new: Assessment) -> None:
    claimed, prefilled = answers.cells(old, Layer.SELF), answers.cells(new, Layer.SELF)
    chief = factories.anybody("chief", new.station)
    differing = {m: c.value for m, c in claimed.items() if m not in prefilled or prefilled[m].value != c.value}
    factories.submitted(new, differing, by=chief)
    reviewer = factories.anybody("reviewer", new.bureau)
    for metric, cell in answers.own_cells(old, Layer.VERIFIED).items():
        workflow.change(
            *(new.pk, metric, cell.value),
            state="answered",
            reason="同前。",
            version=0,
            round_=new.round,
            op_id=uuid4(),
            by=reviewer,
        )
    factories.confirmed(Assessment.objects.with_places().get(pk=new.pk), by=reviewer)


def _results(period: Period, bureau: Bureau | None = None) -> dict:
    within = Assessment.objects.for_period(period).filter(bureau=bureau or period.bureau)
    ranks = OfficialRank.objects.filter(assessment__in=within).select_related("assessment__station")
    found = Score.objects.filter(assessment__in=within).select_related("assessment__station")
    return {(s.assessment.station.code, s.layer): (s.points, s.rate, s.grade, s.facts_digest) for s in found} | {
        r.assessment.station.code: (r.rank, r.rate, r.change, r.rate_change, r.group_size) for r in ranks
    }
