"""Hypothesis strategies: standards that use every shape, and the facts of a few stations."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tests.scoring.reference import ABSENT

COUNTS = ("m.a", "m.b", "m.c", "m.d")
ANSWERS = ("q.w", "q.x", "q.y", "q.z")
FORMULAS = {
    "d.ratio": "m.a / m.b",
    "d.share": "100 * m.a ÷ m.c",
    "d.less": "m.a - m.b",
    "d.sum": "m.a + m.b × 0.1",
    "d.chosen": "if(m.a >= 3, m.b, m.c / 2)",
    "d.least": "min(m.a, m.b, 7.5) + max(m.c, 2)",
    "d.rounded": "round(m.a / 3, 1)",
    "d.size": "abs(d.less) * (q.w + 1)",
    "d.flag": "m.a > m.b",
}
CLASSES = ("urban", "town", "scenic")
NORMED = ("m.a", "d.ratio")
SHAPES = (
    "yes_no",
    "checklist",
    "ratio",
    "at_least",
    "at_most",
    "steps",
    "linear",
    "band",
    "deduct",
    "per_point_below",
    "best_in_group",
    "bonus",
    "composite",
    "either_or",
)
DAY = date(2026, 6, 30)

halves = st.integers(0, 80).map(lambda n: Decimal(n) / 2)
positive = st.integers(1, 60).map(lambda n: Decimal(n) / 4)
worths = st.integers(1, 40).map(lambda n: Decimal(n) / 4)
columns = st.sampled_from((*COUNTS, *FORMULAS))


@dataclass
class Case:
    """A standard and the facts of stations, for both engines."""

    text: str
    stations: list[tuple[str, dict]]
    groups: list[str]


@st.composite
def targets(draw, *, metric=True, over_zero=False):
    kinds = ["number", "norm", "dated"] + (["metric"] if metric else [])
    kind = draw(st.sampled_from(kinds))
    if kind == "metric":
        return draw(columns)
    if kind == "norm":
        return draw(st.sampled_from(NORMED)) + "@norm"
    if kind == "number":
        return draw(positive if over_zero else halves)
    first = draw(st.sampled_from([date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)]))
    later = date(first.year + 1, 1, 1)
    return [{"from": first, "value": draw(positive)}, {"from": later, "value": draw(positive)}]


@st.composite
def rules(draw, full: Decimal, shapes=SHAPES, depth=0):
    """One rule worth `full` points, as a table {shape: options}."""
    shape = draw(st.sampled_from([s for s in shapes if depth < 2 or s not in ("composite", "either_or")]))
    return {shape: draw(OPTIONS[shape](full, depth))}


def yes_no(full, depth):
    return st.fixed_dictionaries({"of": st.sampled_from((*ANSWERS, "d.flag"))})


@st.composite
def checklist(draw, full, depth):
    items = draw(st.lists(st.sampled_from((*ANSWERS, "m.d", "d.flag")), min_size=1, max_size=5, unique=True))
    options = {"items": items}
    if draw(st.booleans()):
        options["weights"] = {draw(st.sampled_from(items)): draw(positive)}
    if draw(st.booleans()):
        options["mandatory"] = [draw(st.sampled_from(items))]
    if draw(st.booleans()):
        options["items_for"] = {"town": draw(st.lists(st.sampled_from(items), min_size=1, unique=True))}
    return options


def ratio(full, depth):
    return st.fixed_dictionaries({"of": columns, "to": targets(over_zero=True)})


def threshold(full, depth):
    return st.fixed_dictionaries({"of": columns, "target": targets()})


@st.composite
def steps(draw, full, depth):
    bounds = draw(st.lists(halves, min_size=1, max_size=5, unique=True))
    table = [[bound, Decimal(draw(st.integers(0, int(full * 4)))) / 4] for bound in bounds]
    table[draw(st.integers(0, len(table) - 1))][1] = full
    options = {"of": draw(columns), "table": table, "otherwise": draw(st.sampled_from([Decimal(0), -full, full]))}
    return options | draw(st.sampled_from([{}, {"bounds": "at_most"}, {"bounds": "at_least"}]))


@st.composite
def linear(draw, full, depth):
    best = draw(targets(metric=False))
    zero = draw(halves.map(lambda n: n + Decimal("0.13")))  # never equal to a target
    return {"of": draw(columns), "zero_at": zero, "full_at": best}


@st.composite
def band(draw, full, depth):
    low, high = sorted([draw(halves), draw(halves)])
    return {"of": draw(columns), "low": low, "high": high, "below": draw(halves), "above": draw(halves)}


@st.composite
def counted(draw):
    each = draw(st.dictionaries(st.sampled_from((*COUNTS, "d.less")), positive, min_size=1, max_size=3))
    caps = {draw(st.sampled_from(sorted(each))): draw(positive)} if draw(st.booleans()) else {}
    return {"each": each} | ({"caps": caps} if caps else {})


@st.composite
def deduct(draw, full, depth):
    floors = [0, -3, Decimal("-0.25"), "none"] if full else [-3, "none"]
    return draw(counted()) | {"floor": draw(st.sampled_from(floors))}


@st.composite
def bonus(draw, full, depth):
    return draw(counted()) | {"cap": draw(st.sampled_from([2, Decimal("0.75"), "none"]))}


@st.composite
def per_point_below(draw, full, depth):
    options = {"of": draw(columns), "target": draw(targets()), "lose": draw(positive)}
    options["floor"] = draw(st.sampled_from([0, -2, "none"]))
    if draw(st.booleans()):
        options |= {"gain": draw(positive), "cap": draw(st.sampled_from([1, Decimal("2.5"), "none"]))}
    return options


def best_in_group(full, depth):
    higher = {"m.a": "higher", "m.b": "lower", "d.ratio": "lower", "d.sum": "higher"}
    return st.sampled_from(sorted(higher)).map(lambda m: {"of": m, "better": higher[m]})


@st.composite
def composite(draw, full, depth):
    first = Decimal(draw(st.integers(0, int(full * 4)))) / 4
    shares = [first, full - first]
    parts = [draw(part(share, depth)) for share in shares]
    if draw(st.booleans()):
        parts.append(draw(part(Decimal(0), depth)))
    return {"parts": parts}


@st.composite
def part(draw, share, depth):
    shapes = [s for s in SHAPES if s != "bonus"] if share else ["bonus", "deduct"]
    return {"points": share} | draw(rules(share, shapes, depth + 1))


@st.composite
def either_or(draw, full, depth):
    shapes = [s for s in SHAPES if s != "bonus"]
    less = Decimal(draw(st.integers(1, int(full * 4)))) / 4
    return {"parts": [{"points": p} | draw(rules(p, shapes, depth + 1)) for p in (full, less)]}


OPTIONS = {
    "yes_no": yes_no,
    "checklist": checklist,
    "ratio": ratio,
    "at_least": threshold,
    "at_most": threshold,
    "steps": steps,
    "linear": linear,
    "band": band,
    "deduct": deduct,
    "per_point_below": per_point_below,
    "best_in_group": best_in_group,
    "bonus": bonus,
    "composite": composite,
    "either_or": either_or,
}


@st.composite
def standards(draw, shapes=SHAPES) -> str:
    """The text of a standard of a few criteria."""
    criteria = []
    for number in range(draw(st.integers(1, 4))):
        shape = draw(st.sampled_from(shapes))
        full = Decimal(0) if shape == "bonus" else draw(worths)
        criteria.append(
            {
                "id": f"c{number}",
                "section": draw(st.sampled_from(["one", "two"])),
                "points": full,
                "rule": draw(rules(full, [shape])),
                "not_applicable": draw(st.sampled_from(["exclude", "full", "zero"])),
                "applies_to": draw(st.sampled_from([[], [], ["urban", "town"]])),
            }
        )
    for section, criterion in zip(("one", "two"), (criteria[0], criteria[-1]), strict=True):
        criterion["section"] = section
    if len(criteria) == 1:
        criteria.append({**criteria[0], "id": "again", "section": "one"})
    return written(criteria, draw(st.integers(0, 3)))


def written(criteria: list[dict], decimals: int = 2) -> str:
    """The whole file round some criteria."""
    decimals = max(decimals, 2)  # worths are quarters
    lines = [
        f'code = "g"\nversion = "1"\ntitle = "生成"\ntitle_en = "Generated"\nin_force = {DAY}',
        f"decimals = {decimals}\nclasses = {toml(list(CLASSES))}",
        *(f'[[section]]\ncode = "{s}"\ntitle = "{s}"\ntitle_en = "{s}"' for s in ("one", "two")),
    ]
    for code in COUNTS:
        lines.append(f'[metric."{code}"]\nkind = "number"\ntitle = "数"\ntitle_en = "N"\nunit = "个"\nunit_en = "n"')
    lines.append('applies_to = ["urban", "town"]')  # m.d
    for code in ANSWERS:
        lines.append(f'[metric."{code}"]\nkind = "yes_no"\ntitle = "问"\ntitle_en = "Q"')
    for code, formula in FORMULAS.items():
        lines.append(
            f'[derived."{code}"]\nformula = "{formula}"\ntitle = "算"\ntitle_en = "D"\nunit = "个"\nunit_en = "n"'
        )
    for code in NORMED:
        lines.append(f'[norm."{code}"]\nurban = 10\ntown = [{{ from = 2026-01-01, value = 2.5 }}]\ndefault = 4')
    for criterion in criteria:
        words = 'title = "项"\ntitle_en = "Item"\nsource = "(document, clause)"'
        body = "\n".join(f"{key} = {toml(value)}" for key, value in criterion.items())
        lines.append(f"[[criterion]]\n{words}\n{body}")
    return "\n".join(lines)


def toml(value) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else f"{value}"


numbers = st.integers(0, 40) | st.sampled_from([Decimal("0.5"), Decimal("2.25"), Decimal("0.7"), Decimal("33.33")])


@st.composite
def sheets(draw) -> dict:
    """The facts of one station; a metric left out is not answered."""
    facts = {}
    for code in (*COUNTS, *ANSWERS):
        answers = numbers if code in COUNTS else st.integers(0, 1)
        answer = draw(st.one_of(answers, answers, answers, st.sampled_from([None, ABSENT])))
        if answer is not None:
            facts[code] = answer
    return facts


@st.composite
def cases(draw, shapes=SHAPES, stations=(1, 5)) -> Case:
    text = draw(standards(shapes))
    count = draw(st.integers(*stations))
    rows = [(draw(st.sampled_from(CLASSES)), draw(sheets())) for _ in range(count)]
    return Case(text, rows, [draw(st.sampled_from(["A", "B"])) for _ in rows])
