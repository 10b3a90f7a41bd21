// Gráficas que se tocan, y la de un cuadrado de 0 a 1 por 0 a 1 con sus ejes rotulados.
import { clamp } from "../geometry.mjs";
import { h, s } from "./dom.mjs";
import { number } from "./numbers.mjs";

const [SIDE, LEFT, TOP, BOTTOM] = [240, 46, 10, 44];
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** Al pulsar o arrastrar sobre `area`, dice a qué parte de la anchura de `svg`, de 0 a 1. */
export function onSweep(area, svg, onmove) {
  const sweep = (event) => {
    if (!event.buttons && event.type !== "pointerdown") return;
    const box = svg.getBoundingClientRect();
    onmove((event.clientX - box.left) / box.width);
  };
  area.addEventListener("pointerdown", sweep);
  area.addEventListener("pointermove", sweep);
}

/**
 * `el` es el elemento, `svg` donde se dibuja encima de los ejes, x(v) e y(v) las coordenadas, y line(puntos)
 * el camino que los une. onpick(valor del eje horizontal) al pulsar o arrastrar.
 */
export function unitPlot({ xLabel, yLabel, onpick }) {
  const x = (v) => LEFT + v * SIDE;
  const y = (v) => TOP + (1 - v) * SIDE;
  const axis = s("g.cf-axis");
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
  const marks = s("g");
  const width = LEFT + SIDE + 16;
  const viewBox = `0 0 ${width} ${TOP + SIDE + BOTTOM}`;
  const svg = s("svg.cf-diagram", { role: "img", viewBox }, axis, marks);
  const el = h("div.cf-unit.cf-touch", {}, svg);
  onSweep(el, svg, (part) => onpick(clamp((part * width - LEFT) / SIDE, 0, 1)));
  return {
    el,
    svg,
    marks,
    x,
    y,
    line: (points) => `M${points.map(([a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("L")}`,
  };
}
