"""Charts as ECharts options: data only, no functions, so that page and PDF draw the same picture.

Rates are in percent, 0 to 100; None leaves a gap. Colours are those of Okabe and Ito, told apart with any colour
vision; the n-th line also differs in symbol and stroke. `lang` is "zh-hans" or "en" and decides the font.
"""

import textwrap
from collections.abc import Sequence

Series = Sequence[tuple[str, Sequence[float | None]]]

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#5d4a00", "#000000")
_SYMBOLS = ("circle", "triangle", "rect", "diamond", "pin", "arrow", "roundRect", "emptyCircle")
_STROKES = ("solid", "dashed", "dotted")
_INK, _FAINT, _LINE = "#1c2430", "#45505f", "#d3d9e1"
_FONTS = {
    "zh-hans": '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif',
    "en": '"Noto Sans", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", sans-serif',
}
_MANY_BARS = 12  # more than this get smaller letters
_STEP = 10  # scales begin and end at multiples of this
_LETTERS, _CHARACTERS = 12, 8  # in a line of a name around the radar: more is cut off on a phone
_WIDTH = 400  # pixels that the labels under a heat map share


def radar(names: Sequence[str], series: Series, lang: str = "zh-hans") -> dict:
    """One polygon a station over the dimensions `names`."""
    return _base(lang, [label for label, _values in series]) | {
        "radar": {
            "indicator": [{"name": _in_lines(name), "min": 0, "max": 100} for name in names],
            "center": ["50%", "54%"],
            "radius": "60%",
            "axisName": {"color": _INK, "fontSize": 12},
            "splitNumber": 5,
            "splitLine": {"lineStyle": {"color": _LINE}},
            "splitArea": {"show": False},
            "axisLine": {"lineStyle": {"color": _LINE}},
        },
        "series": [
            {
                "type": "radar",
                "data": [
                    {"name": label, "value": _gaps(values), **_line(i), "areaStyle": {"opacity": 0.04}}
                    for i, (label, values) in enumerate(series)
                ],
            }
        ],
    }


def bars(names: Sequence[str], series: Series, lang: str = "zh-hans", *, unit: str = "%", most: float = 100) -> dict:
    """Lying bars, the first name on top; several series stand beside each other."""
    many = len(names) * len(series) > _MANY_BARS
    return _base(lang, [label for label, _values in series] if len(series) > 1 else []) | {
        "grid": {"left": 8, "right": 48, "top": 34 if len(series) > 1 else 8, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "max": most, "axisLabel": _label(11, unit), "splitLine": _faint()},
        "yAxis": {
            "type": "category",
            "data": list(names),
            "inverse": True,
            "axisLabel": {**_label(11 if many else 12), "interval": 0},
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": _LINE}},
        },
        "series": [
            {
                "type": "bar",
                "name": label,
                "data": [_bar(value) for value in values],
                "barMaxWidth": 18,
                "itemStyle": {"color": COLOURS[i % len(COLOURS)]},
                "label": {"show": True, "position": "right", "color": _INK, "fontSize": 10 if many else 11},
            }
            for i, (label, values) in enumerate(series)
        ],
    }


def trend(names: Sequence[str], series: Series, lang: str = "zh-hans", *, unit: str = "%") -> dict:
    """Lines over the periods `names`, oldest first; a period without a value interrupts its line."""
    return _base(lang, [label for label, _values in series] if len(series) > 1 else []) | {
        "grid": {"left": 8, "right": 24, "top": 40 if len(series) > 1 else 24, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": list(names),
            "boundaryGap": True,  # else the first value stands on the axis and hides its figures
            "axisLabel": {**_label(11), "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": _LINE}},
        },
        "yAxis": {"type": "value", **_range(series), "axisLabel": _label(11, unit), "splitLine": _faint()},
        "series": [
            {
                "type": "line",
                "name": label,
                "data": _gaps(values),
                **_line(i),
                "label": {"show": len(series) == 1, "color": _INK, "fontSize": 11},
            }
            for i, (label, values) in enumerate(series)
        ],
    }


def _range(series: Series) -> dict:
    """The axis of a trend: from the step under its lowest value to one over its highest, so that a change is seen."""
    known = [value for _label, values in series for value in values if value is not None] or [100]
    low, high = _STEP * int(min(known) // _STEP), min(100, _STEP * (int(max(known) // _STEP) + 1))
    low = max(0, min(low, high - 2 * _STEP))  # a wobble must not look like a fall
    return {"min": low, "max": high, "interval": _STEP if high - low > 3 * _STEP else _STEP // 2}


def heat(columns: Sequence[str], rows: Sequence[str], values: Sequence[Sequence[float | None]], lang: str = "zh-hans"):
    """Heat map: `values[r][c]` in percent of row r (station) and column c (dimension), first row on top."""
    known = [value for row in values for value in row if value is not None]
    least = min(_STEP * int(min(known, default=0) // _STEP), 100 - _STEP)
    cells = [[c, r, value] for r, row in enumerate(values) for c, value in enumerate(row) if value is not None]
    return _base(lang, []) | {
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 48, "containLabel": True},
        "xAxis": {"type": "category", "data": list(columns), "axisLabel": _broken(columns)},
        "yAxis": {
            "type": "category",
            "data": list(rows),
            "inverse": True,
            "axisLabel": {**_label(11), "interval": 0},
        },
        "visualMap": {
            "type": "continuous",
            "min": least,
            "max": 100,
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "itemHeight": 120,
            "itemWidth": 10,
            "text": ["100%", f"{least}%"],
            "textStyle": {"color": _FAINT},
            "inRange": {"color": ["#fdecc8", "#e9f1f8", "#a9cbe6", "#64a6d6"]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": [_cell(cell) for cell in cells],
                "itemStyle": {"borderColor": "#ffffff", "borderWidth": 1},
            }
        ],
    }


def _cell(cell: list) -> dict:
    """One square with its figure; every colour of the scale is light enough for dark letters."""
    label = {"show": True, "fontSize": 11, "color": _INK, "formatter": f"{cell[2]:.1f}"}
    return {"value": cell, "label": label}


def _bar(value: float | None):
    """A bar with two decimals at its end."""
    return "-" if value is None else {"value": value, "label": {"formatter": f"{value:.2f}"}}


def _in_lines(name: str) -> str:
    """A long name in several lines: at its spaces, or after eight characters where it has none."""
    return "\n".join(textwrap.wrap(name, _LETTERS if name.isascii() else _CHARACTERS))


def _broken(names: Sequence[str]) -> dict:
    """Labels under columns, broken into lines rather than over each other."""
    return {**_label(11), "interval": 0, "width": _WIDTH // max(len(names), 1), "overflow": "break"}


def _base(lang: str, legend: list[str]) -> dict:
    font = {"fontFamily": _FONTS.get(lang, _FONTS["zh-hans"]), "color": _INK}
    base = {"color": list(COLOURS), "textStyle": font, "animation": False, "tooltip": {}}
    if legend:
        base["legend"] = {"data": legend, "type": "scroll", "top": 0, "textStyle": {"color": _INK}}
    return base


def _line(i: int) -> dict:
    """Colour, symbol and stroke of the i-th series."""
    stroke = _STROKES[i // len(COLOURS) % len(_STROKES)]
    return {
        "symbol": _SYMBOLS[i % len(_SYMBOLS)],
        "symbolSize": 7,
        "lineStyle": {"width": 2, "type": stroke},
        "itemStyle": {"color": COLOURS[i % len(COLOURS)]},
    }


def _label(size: int, unit: str = "") -> dict:
    return {"color": _FAINT, "fontSize": size} | ({"formatter": "{value}" + unit} if unit else {})


def _faint() -> dict:
    return {"lineStyle": {"color": "#e4e8ee"}}


def _gaps(values: Sequence[float | None]) -> list:
    """ECharts writes "no value" as a dash."""
    return ["-" if value is None else value for value in values]
