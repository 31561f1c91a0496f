"""python -m bench: the engine against plain NumPy and a loop over dicts, a preview, and the certainty of ranks.

Each round runs all of them one after the other, so that what else the machine does meets them alike; the ratio is of
the medians. Nothing is stored and no database is asked.
"""

import argparse
from statistics import median, quantiles
from time import perf_counter

import numpy as np

from assessments.scoring import Frame, evaluate, prepare, robustness

from . import rules

GOALS = {"engine ÷ plain NumPy": "≤ 1.0", "dict loop ÷ engine": "≥ 40", "certainty ÷ two products": "≤ 6"}


def main() -> None:
    options = _options()
    stations, criteria = options.stations, options.criteria
    edition, columns = rules.standard(criteria), rules.facts(stations, criteria)
    frame = prepare(Frame(np.arange(stations).astype(str), np.full(stations, "any"), columns), edition)
    few = range(0, stations, max(1, stations // options.dicts))
    rows = [{code: float(column[i]) for code, column in columns.items()} for i in few]
    scores = evaluate(frame, edition)
    _same(scores.points, columns, rows, few, criteria)
    work = {
        "engine": lambda: evaluate(frame, edition),
        "numpy": lambda: rules.in_numpy(columns, criteria),
        "dicts": lambda: rules.in_python(rows, criteria),
        "certainty": lambda: robustness.of(scores, np.zeros(stations), np.ones(stations, dtype=bool)),
        "products": lambda: _products(scores),
    }
    took = {name: median(each) for name, each in _interleaved(work, options.rounds).items()}
    took["dicts"] *= stations / len(rows)
    print(f"{stations:,} stations × {criteria} criteria, median of {options.rounds} rounds, every point the same")
    for name, seconds in took.items():
        print(f"  {name:<10} {seconds * 1000:12,.1f} ms{'  (from a sample)' if name == 'dicts' else ''}")
    _print("engine ÷ plain NumPy", took["engine"] / took["numpy"])
    _print("dict loop ÷ engine", took["dicts"] / took["engine"])
    _print("certainty ÷ two products", took["certainty"] / took["products"])
    print(f"one station scored: p95 {_preview(frame, edition):.2f} ms (goal ≤ 5 ms)")


def _options():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--stations", type=int, default=43_000)
    parser.add_argument("--criteria", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dicts", type=int, default=1000, help="stations that the loop over dicts scores")
    return parser.parse_args()


def _same(points: np.ndarray, columns: dict, rows: list, few: range, criteria: int) -> None:
    """Raises AssertionError when the three ways differ anywhere: then a ratio means nothing."""
    assert np.array_equal(points, rules.in_numpy(columns, criteria)), "the engine and plain NumPy differ"
    assert points[few].tolist() == rules.in_python(rows, criteria), "the engine and the loop over dicts differ"


def _interleaved(work: dict, rounds: int) -> dict[str, list[float]]:
    took = {name: [] for name in work}
    for _ in range(rounds):
        for name, run in work.items():
            start = perf_counter()
            run()
            took[name].append(perf_counter() - start)
    return took


def _products(scores) -> None:
    """W·F and W·A, block by block, and nothing else."""
    full = np.array([criterion.full for criterion in scores.standard.criteria], dtype=float)
    weights = robustness.weights(full)
    shares = (scores.points / full).T, (scores.offered / full).T
    step = max(1, robustness.CELLS // len(scores))
    for start in range(0, len(weights), step):
        for share in shares:
            weights[start : start + step] @ share


def _preview(frame: Frame, edition) -> float:
    """p95 of 200 previews of one station, in milliseconds."""
    took = []
    for i in range(200):
        one = Frame(frame.ids[i : i + 1], frame.kinds[i : i + 1], {m: frame[m][i : i + 1] for m in edition.metrics})
        start = perf_counter()
        evaluate(prepare(one, edition), edition)
        took.append(perf_counter() - start)
    return quantiles(took, n=20)[-1] * 1000


def _print(name: str, ratio: float) -> None:
    print(f"{name}: {ratio:.2f} (goal {GOALS[name]})")


main()
