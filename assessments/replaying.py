"""Score published results again, from the stored facts and what was frozen, and hold them against the record.

The newest version of a publication comes from the facts as they stand; versions before it from the vectors of the
rounds that they published.

Every difference is one line: which period and bureau, which station, which figure, what is stored and what comes out.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from django.db.models import Q

from . import answers, bases, digests, ranking, scores
from .models import Assessment, Layer, OfficialRank, Period, Publication, Score, Standing, State, Vector
from .models.score import Scored
from .ranking import Ranking, had_result
from .scoring import rank
from .vetoes import struck

_SCORE = (
    "edition_digest",
    "facts_digest",
    "total",
    "offered_total",
    "rate",
    "applicable_share",
    "grade",
    "is_rankable",
)
_BATCH = 2000  # stations whose facts are in memory at once
_RANK = ("group", "rank", "group_size", "rate", "unranked")


def differences(publication: Publication) -> Iterator[str]:
    """One line for each stored figure that does not come out again; none when the record holds.

    `publication` has its period, the period's edition and its bureau at hand.
    """
    where = f"{publication.period} · {named(publication)}"
    return (f"{where}: {line}" for line in _differences(publication))


def named(publication: Publication) -> str:
    """The bureau, and the version where it is not the first."""
    version = f" ({publication.version})" if publication.version > 1 else ""
    return f"{publication.bureau}{version}"


def standings(period: Period) -> Iterator[str]:
    """One line for each final place in a county, city, province or the nation that its rates do not give again.

    Rates are the published ones, which `differences` holds against the facts. Two queries.
    """
    found = list(
        Standing.objects.for_period(period).final().select_related("bureau", "assessment__station").order_by("pk")
    )
    rates = dict(OfficialRank.objects.for_period(period).values_list("assessment", "rate"))
    now = np.array([rates.get(each.assessment_id) or 0 for each in found], dtype=np.int64)
    bureaus = np.array([each.bureau_id for each in found], dtype=np.int64)
    ranks = rank(now, bureaus, np.ones(len(found), dtype=bool))
    sizes = Counter(bureaus.tolist())
    for i, each in enumerate(found):
        where = f"{period} · {each.bureau}: {_station(each.assessment)}"
        again = {"rank": int(ranks[i]), "of": sizes[each.bureau_id], "rate": rates.get(each.assessment_id)}
        for field, value in again.items():
            if getattr(each, field) != value:
                yield _line(where, getattr(each, field), value, f"place among all: {field}")


def _differences(publication: Publication) -> Iterator[str]:
    edition = publication.period.edition
    stored = sha256(edition.text.encode("utf-8")).hexdigest()  # the standard may have been compiled before
    if stored != edition.digest:
        yield _line("the edition's text", edition.digest, stored, "digest")
    ranks = {place.assessment_id: place for place in publication.ranks.all()}
    is_newest = Publication.objects.newest().filter(pk=publication.pk).exists()
    members = list(_members(publication, is_newest))
    if is_newest:
        yield from _pointed(members, ranks)
    confirmed = [a for a in members if had_result(ranks.get(a.pk))]
    record = _as_it_stands(publication, confirmed) if is_newest else _as_it_was(publication, confirmed)
    again = ranking.ranked(publication.period, members, confirmed, record.evaluation)
    yield from _frozen(publication, again)
    yield from _scores(again, record)
    yield from _ranks(ranks, again)


def _members(publication: Publication, is_newest: bool):
    """Those that have a place in this version; with the newest one, those too that must be without one by mistake."""
    members = ranking.members(publication.period, publication.bureau)
    listed = Q(pk__in=publication.ranks.values("assessment"))
    return members.filter(listed | Q(official_rank=None, state=State.PUBLISHED) if is_newest else listed)


def _pointed(members: list[Assessment], ranks: dict[int, OfficialRank]) -> Iterator[str]:
    for assessment in members:
        place = ranks.get(assessment.pk)
        if place and assessment.official_rank_id != place.pk:
            yield _line(_station(assessment), assessment.official_rank_id, place.pk, "the place that counts")


class _Record(NamedTuple):
    """What the facts of those with a result earn again, beside the scores stored of them."""

    evaluation: scores.Evaluation | None
    stored: dict[int, Scored]
    digests: list[str]


def _as_it_stands(publication: Publication, confirmed: list[Assessment]) -> _Record:
    """The newest version, from the stored facts."""
    if not confirmed:
        return _Record(None, {}, [])
    evaluation = scores.of(confirmed, Layer.CONFIRMED, publication.bests)
    made = [digest for some in _batches(confirmed) for digest in _digests(some)]
    found = Score.objects.layer(Layer.CONFIRMED).filter(assessment__in=confirmed)
    return _Record(evaluation, {score.assessment_id: score for score in found}, made)


def _as_it_was(publication: Publication, confirmed: list[Assessment]) -> _Record:
    """A version that was replaced, from the facts frozen in the rounds that it published. Three queries."""
    if not confirmed:
        return _Record(None, {}, [])
    stored = {score.assessment_id: score for score in publication.past_scores.all()}
    frozen = _vectors({pk: score.round for pk, score in stored.items()})
    period, standard = publication.period, publication.period.edition.standard
    nothing = ("", np.full(len(standard.metrics), np.nan))
    pairs = [frozen.get(a.pk, nothing) for a in confirmed]
    cells = np.ascontiguousarray(np.array([cells for _digest, cells in pairs], dtype=float).T)
    kinds = [a.station_class_id for a in confirmed]
    evaluation = scores.evaluated(
        answers.frame_of_cells(cells, standard.metrics, [a.pk for a in confirmed], kinds),
        standard,
        np.array([a.group for a in confirmed]),
        period.ends_on,
        layer=Layer.CONFIRMED,
        best=publication.bests,
        beside=bases.frozen([publication], confirmed, Layer.CONFIRMED),
        decided=_decided(publication, confirmed),
    )
    return _Record(evaluation, stored, [digest for digest, _cells in pairs])


def _vectors(rounds: dict[int, int]) -> dict[int, tuple[str, list[float]]]:
    """{assessment: (digest of its facts, cells)} of the rounds asked for. One query."""
    found = Vector.objects.filter(assessment__in=rounds, layer=Layer.CONFIRMED)
    rows = found.values_list("assessment", "round", "facts_digest", "cells")
    return {pk: (digest, cells) for pk, round_, digest, cells in rows if rounds[pk] == round_}


def _decided(publication: Publication, confirmed: list[Assessment]) -> list[tuple[int, str]]:
    """(row, code) of the vetoes that people had decided, as the publication froze them."""
    known = {veto.code for veto in publication.period.edition.standard.decided_vetoes}
    return [(i, code) for i, a in enumerate(confirmed) for code in struck(publication.judged, a.pk) if code in known]


def _frozen(publication: Publication, again: Ranking) -> Iterator[str]:
    """What the publication as a whole keeps."""
    kept = {
        "edition_digest": again.standard.digest,
        "norms": again.norms,
        "bests": again.bests,
        **again.beside,
        "judged": again.judged,
        "digest": digests.of_json(again.frozen()),
    }
    for name, now in kept.items():
        stored = getattr(publication, name)
        if digests.of_json(stored) != digests.of_json(now):
            yield _line("publication", _short(stored), _short(now), name)


def _scores(again: Ranking, record: _Record) -> Iterator[str]:
    if not again.confirmed:
        return
    for now in scores.rows(again.confirmed, Layer.CONFIRMED, again.evaluation, record.digests):
        name = _station(now.assessment)
        if now.assessment_id in record.stored:
            yield from _score(name, record.stored[now.assessment_id], now, again)
        else:
            yield f"{name}: no score is stored"


def _batches(confirmed: list[Assessment]) -> Iterator[list[Assessment]]:
    return (confirmed[start : start + _BATCH] for start in range(0, len(confirmed), _BATCH))


def _digests(some: list[Assessment]) -> list[str]:
    """Of the confirmed facts, as a Score keeps it. One query."""
    facts = answers.stored([a.pk for a in some], Layer.CONFIRMED)
    return [answers.digest(facts.get(a.pk, {})) for a in some]


def _score(name: str, stored: Scored, now: Score, again: Ranking) -> Iterator[str]:
    for field in _SCORE:
        if getattr(stored, field) != getattr(now, field):
            yield _line(name, getattr(stored, field), getattr(now, field), field)
    criteria = [criterion.id for criterion in again.standard.criteria]
    for field in ("points", "offered"):
        old, new = getattr(stored, field), getattr(now, field)
        if len(old) != len(new):
            yield _line(name, f"{len(old)} criteria", f"{len(new)} criteria", field)
            continue
        for id, before, after in zip(criteria, old, new, strict=True):
            if before != after:
                yield _line(name, before, after, f"{field} of {id}")
    for code in sorted({*stored.sections, *now.sections}):
        before, after = stored.sections.get(code), now.sections.get(code)
        if before != after:
            yield _line(name, before, after, f"section {code}")


def _ranks(ranks: dict[int, OfficialRank], again: Ranking) -> Iterator[str]:
    for row in again.rows:
        name, stored = _station(row.assessment), ranks.pop(row.assessment.pk, None)
        if stored is None:
            yield f"{name}: no place is stored"
            continue
        now = {name: getattr(row, name) for name in _RANK[1:]} | {"group": row.assessment.group}
        for field in _RANK:
            if getattr(stored, field) != now[field]:
                yield _line(name, getattr(stored, field), now[field], f"place: {field}")
    for pk in ranks:
        yield f"assessment {pk}: a place is stored, and the assessment is not below this bureau"


def _station(assessment: Assessment) -> str:
    return f"{assessment.station.code} {assessment.station.name}"


def _line(where: str, stored, again, field: str) -> str:
    return f"{where}: {field}: stored {_shown(stored)}, again {_shown(again)}"


def _shown(value) -> str:
    return "nothing" if value is None or value == "" else str(value)


def _short(value) -> str:
    """Frozen tables by their digest: they are too long for a line."""
    return value[:16] if isinstance(value, str) else f"a table with digest {digests.of_json(value)[:16]}"
