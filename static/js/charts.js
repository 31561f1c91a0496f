// Draws every [data-chart] element: the attribute names the <script type="application/json"> with the ECharts option.
// The same option is drawn on the server for PDFs, so it holds data only, no functions.
// A table or text inside the element stays for those who cannot see the drawing.

(() => {
  function optionOf(element) {
    const option = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    // A tooltip made of HTML would need inline styles, which the content security policy forbids.
    if (option.tooltip) option.tooltip = { ...option.tooltip, renderMode: "richText" };
    return { animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, ...option };
  }

  function canvasIn(element) {
    const canvas = document.createElement("div");
    canvas.className = "chart-canvas";
    canvas.setAttribute("aria-hidden", "true");
    [...element.children].forEach((child) => child.classList.add("visually-hidden"));
    element.append(canvas);
    return canvas;
  }

  function draw(element) {
    if (element.dataset.drawn) return;
    element.dataset.drawn = "true";
    const chart = window.echarts.init(canvasIn(element), null, { renderer: "svg" });
    chart.setOption(optionOf(element));
    new ResizeObserver(() => chart.resize()).observe(element);
  }

  function drawAll(root) {
    root.querySelectorAll("[data-chart]").forEach(draw);
  }

  document.addEventListener("DOMContentLoaded", () => {
    drawAll(document);
    document.body.addEventListener("htmx:load", (event) => drawAll(event.target));
  });
})();
