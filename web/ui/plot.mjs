// Gráfica de un cuadrado de 0 a 1 por 0 a 1, con sus ejes rotulados.
import { h, s } from "./dom.mjs";
import { number } from "./numbers.mjs";

const [SIDE, LEFT, TOP, BOTTOM] = [240, 46, 10, 44];
const ticks = [0, 0.25, 0.5, 0.75, 1];

/**
 * `el` es el elemento, `svg` donde se dibuja encima de los ejes, x(v) e y(v) las coordenadas, y line(puntos) el camino que
 * los une. onpick(valor del eje horizontal) al pulsar o arrastrar.
 */
export function unitPlot({ xLabel, yLabel, onpick }) {
  const x = (v) => LEFT + v * SIDE;
  const y = (v) => TOP + (1 - v) * SIDE;
  const axis = s("g", { class: "cf-axis" });
  for (const v of ticks) {
    axis.append(
      s("path", { d: `M${x(0)} ${y(v)}H${x(1)}` }),
      s("text", { x: x(0) - 6, y: y(v) + 4, "text-anchor": "end" }, number(v)),
      s("text", { x: x(v), y: y(0) + 17, "text-anchor": "middle" }, number(v)),
    );
  }
  axis.append(
    s("text", { x: x(0.5), y: y(0) + 37, "text-anchor": "middle" }, xLabel),
    s("text", { transform: `translate(12 ${y(0.5)}) rotate(-90)`, "text-anchor": "middle" }, yLabel),
  );
  const marks = s("g", {});
  const svg = s(
    "svg",
    { class: "cf-diagram", role: "img", viewBox: `0 0 ${LEFT + SIDE + 16} ${TOP + SIDE + BOTTOM}` },
    axis,
    marks,
  );
  const el = h("div", { class: "cf-unit cf-touch" }, svg);
  const pick = (event) => {
    if (!event.buttons && event.type !== "pointerdown") return;
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * (LEFT + SIDE + 16);
    onpick(Math.min(Math.max((at - LEFT) / SIDE, 0), 1));
  };
  el.addEventListener("pointerdown", pick);
  el.addEventListener("pointermove", pick);
  return {
    el,
    svg,
    marks,
    x,
    y,
    line: (points) => `M${points.map(([a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("L")}`,
  };
}
