"""Draw ECharts options as SVG on the server: the option that a page draws, on paper as vectors."""

from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from py_mini_racer import MiniRacer

# Without quotes: ECharts writes the name into an attribute as it is.
FONT = "Noto Sans CJK SC, sans-serif"

_PAGE = "var setTimeout = function () {}, clearTimeout = setTimeout;"
_DRAW = """
function draw(option, width, height) {
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  try { chart.setOption(option); return chart.renderToSVGString(); } finally { chart.dispose(); }
}
"""


@lru_cache(maxsize=1)
def _engine() -> MiniRacer:
    """One isolate a process, made in that process: it does not survive a fork."""
    engine = MiniRacer()
    for source in (_PAGE, Path(finders.find("echarts/echarts.min.js")).read_text("utf-8"), _DRAW):
        engine.eval(source)
    return engine


def svg(option: dict, width: int, height: int) -> str:
    """`option` as SVG text, `width` by `height` CSS pixels."""
    option = {**option, "animation": False, "textStyle": {**option.get("textStyle", {}), "fontFamily": FONT}}
    return _engine().call("draw", option, width, height)


def image(option: dict, width: int, height: int) -> bytes:
    return svg(option, width, height).encode()
