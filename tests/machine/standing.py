"""What has to hold after every step, read from the database and held against the paper."""

from collections import Counter, defaultdict
from functools import cache
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Count

from assessments.models import (
    AnswerChange,
    Answers,
    Assessment,
    Evidence,
    Exemption,
    Objection,
    OfficialRank,
    Publication,
    Remark,
    Reopening,
    Score,
    Submission,
)
from audit import verifying
from audit.models import Event

from .paper import CRITERIA, Sheet


def acts_since(last: int) -> tuple[list[str], int]:
    """The acts on record after event `last`, without the database's own record of rows; how many of those there are."""
    found = Counter(Event.objects.filter(pk__gt=last).values_list("action", flat=True))
    of_rows = found.pop("row.change", 0)
    return sorted(found.elements()), of_rows


def last_event() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def rows() -> str:
    """A digest of everything that an act could change, the log apart."""
    parts = (f'(SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t)' for table in _changeable())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws(',', {', '.join(parts)})")
        return cursor.fetchone()[0]


@cache
def _changeable() -> tuple[str, ...]:
    """The tables of the work, the people and the places."""
    names = connection.introspection.table_names()
    return tuple(sorted(name for name in names if name.startswith(("assessments_", "personnel_", "stations_"))))


def check(scene, sheets: dict[str, Sheet], frozen: dict) -> None:
    """`frozen` keeps what was published, from the first time it was seen."""
    stored = Assessment.objects.in_bulk(list(scene.sheets.values()))
    for name, sheet in sheets.items():
        _check_state(stored[scene.sheets[name]], sheet)
    _check_facts(scene, sheets)
    _check_lists(scene, sheets)
    _check_scores(scene)
    _check_ranks(scene, stored, sheets)
    _check_frozen(frozen)


def _check_state(stored: Assessment, sheet: Sheet) -> None:
    now = (stored.state, stored.round, stored.due_at, stored.no_objection_at is not None)
    assert now == (sheet.state, sheet.round, sheet.due, sheet.is_content)


def _check_facts(scene, sheets: dict[str, Sheet]) -> None:
    """Each write is one line of history and one more version; whatever is there was written by somebody."""
    pks = list(sheets_by_pk(scene, sheets))
    stands = defaultdict(dict)
    for pk, layer, facts in Answers.objects.filter(assessment__in=pks).values_list("assessment", "layer", "facts"):
        stands[pk, layer] |= {m: (cell["v"], cell["s"], cell["n"]) for m, cell in facts.items()}
    lines = AnswerChange.objects.filter(assessment__in=pks).values_list("assessment", "layer").order_by()
    written = {(pk, layer): n for pk, layer, n in lines.annotate(n=Count("pk"))}
    for pk, sheet in sheets_by_pk(scene, sheets).items():
        for layer in ("self", "verified"):
            assert stands[pk, layer] == {m: tuple(fact) for m, fact in sheet.facts[layer].items()}, layer
            assert written.get((pk, layer), 0) == sheet.history[layer], layer
            prefilled = sheet.unwritten if layer == "self" else 0
            assert sum(cell[2] for cell in stands[pk, layer].values()) == sheet.history[layer] + prefilled, layer


def sheets_by_pk(scene, sheets: dict[str, Sheet]) -> dict[int, Sheet]:
    return {scene.sheets[name]: sheet for name, sheet in sheets.items()}


def _check_lists(scene, sheets: dict[str, Sheet]) -> None:
    """Photos in their order, what was said, asked for and handed in, objections and corrections."""
    pks = list(sheets_by_pk(scene, sheets))
    photos = _photos(pks)
    remarks = _lists(Remark.objects.filter(assessment__in=pks), "round", "code", "text")
    exemptions = _lists(Exemption.objects.filter(assessment__in=pks), "round", "criterion", "outcome")
    handed_in = _lists(Submission.objects.filter(assessment__in=pks), "round", "digest")
    objections = _lists(Objection.objects.filter(assessment__in=pks), "round", "criterion", "outcome")
    reopenings = _lists(Reopening.objects.filter(assessment__in=pks), "decision")
    for pk, sheet in sheets_by_pk(scene, sheets).items():
        for criterion in CRITERIA:
            assert photos[pk, criterion] == [photo.shown for photo in sheet.photos_of(criterion)], criterion
        assert remarks[pk] == sorted((*where, remark.text) for where, remark in sheet.remarks.items())
        assert exemptions[pk] == sorted((e.round, e.criterion, e.outcome) for e in sheet.exemptions)
        assert handed_in[pk] == sorted(sheet.handed_in.items())
        assert objections[pk] == sorted((o.round, o.criterion, o.outcome) for o in sheet.objections)
        assert reopenings[pk] == sorted((r.decision,) for r in sheet.reopenings)
        if not sheet.is_open and sheet.had_result | (sheet.state != "published"):
            assert sheet.digest() == sheet.handed_in[max(sheet.handed_in)]


def _photos(pks) -> dict[tuple, list[tuple]]:
    found = defaultdict(list)
    for each in Evidence.objects.present().filter(assessment__in=pks):
        until = each.valid_until.isoformat() if each.valid_until else ""
        found[each.assessment_id, each.criterion].append((each.digest, each.caption, until, each.turns))
    return found


def _lists(rows, *columns) -> dict[int, list[tuple]]:
    found = defaultdict(list)
    for pk, *row in rows.order_by().values_list("assessment", *columns):
        found[pk].append(tuple(row))
    return defaultdict(list, {pk: sorted(listed) for pk, listed in found.items()})


def _check_scores(scene) -> None:
    """A total is the sum of its items, section by section."""
    for score in Score.objects.filter(assessment__in=scene.sheets.values()):
        assert score.total == sum(points or 0 for points in score.points)
        assert score.offered_total == sum(points or 0 for points in score.offered)
        assert (score.total, score.offered_total) == tuple(map(sum, zip(*score.sections.values(), strict=True)))


def _check_ranks(scene, stored: dict[int, Assessment], sheets: dict[str, Sheet]) -> None:
    """A place is there after publication only; whoever has a higher rate stands before."""
    assert OfficialRank.objects.filter(assessment__in=stored).values("assessment").distinct().count() == sum(
        sheet.rank_of is not None for sheet in sheets.values()
    )
    official = [each.official_rank_id for each in stored.values()]
    current = OfficialRank.objects.filter(pk__in=official).select_related("publication__bureau")
    bureau_of = {row.pk: name for name, row in scene.bureaus.items()}
    by_pk = sheets_by_pk(scene, sheets)
    known = {rank.assessment_id: rank for rank in current}
    assert set(known) == {pk for pk, sheet in by_pk.items() if sheet.rank_of}
    for pk, rank in known.items():
        assert (bureau_of[rank.publication.bureau_id], rank.publication.version) == by_pk[pk].rank_of
    ordered = sorted((r for r in known.values() if r.rank), key=lambda r: (r.publication_id, r.group))
    for _together, ranks in groupby(ordered, key=lambda r: (r.publication_id, r.group)):
        ranks = list(ranks)
        for rank in ranks:
            assert rank.rank == 1 + sum(other.rate > rank.rate for other in ranks)
    rates = dict(Score.objects.filter(layer="confirmed", assessment__in=known).values_list("assessment", "rate"))
    assert rates == {pk: rank.rate for pk, rank in known.items() if by_pk[pk].had_result}


def _check_frozen(frozen: dict) -> None:
    """Every version that was ever published is there as it was."""
    present = {}
    ranks = OfficialRank.objects.order_by("pk").values_list("publication", "assessment", "group", "rank", "rate")
    for publication, *row in ranks:
        present.setdefault(publication, []).append(tuple(row))
    found = {
        row["id"]: (row, present.get(row["id"]))
        for row in Publication.objects.values("id", "version", "digest", "edition_digest", "norms", "bests", "judged")
    }
    for pk, was in frozen.items():
        assert found[pk] == was
    frozen.update(found)


def check_log() -> None:
    """The chains of the log, its seals, and the rows that it keeps a record of."""
    with transaction.atomic():
        verdict = verifying.verify()
        transaction.set_rollback(True)  # with the settings of this reading
    assert verdict.is_whole, verdict.broken
