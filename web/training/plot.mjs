// Una gráfica de dos curvas que crecen: la densa y la convolucional.
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { number } from "../ui/numbers.mjs";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [300, 190, 40, 12, 22, 34];
export const CURVES = { dense: "densa", cnn: "convolucional" };
const CLASS = { dense: "dense", cnn: "conv" };

/** Marcas redondas de 0 a `most`. */
function ticks(most) {
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5].find((size) => most / size <= 5) ?? most;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** draw({curves: {dense: [[x, y], …], cnn: …}, xMax, yMax}) la pone al día. */
export function curvesPlot({ title, xLabel }) {
  const x = (v, most) => LEFT + (v / most) * (WIDTH - LEFT - RIGHT);
  const y = (v, most) => HEIGHT - BOTTOM - (v / most) * (HEIGHT - TOP - BOTTOM);
  const axis = s("g.cf-axis");
  const lines = Object.fromEntries(
    Object.keys(CURVES).map((key) => [key, s("path", { class: `cf-curve cf-curve-${CLASS[key]}` })]),
  );
  const svg = s(
    "svg.cf-diagram",
    { role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}` },
    axis,
    Object.values(lines),
  );
  let drawn = "";
  const drawAxis = (xMax, yMax) => {
    if (drawn === `${xMax} ${yMax}`) return;
    drawn = `${xMax} ${yMax}`;
    axis.replaceChildren(s("text", { x: LEFT, y: 13, class: "cf-plot-title" }, title));
    for (const v of ticks(yMax)) {
      axis.append(
        s("path", { d: `M${LEFT} ${y(v, yMax)}H${WIDTH - RIGHT}` }),
        s("text", { x: LEFT - 6, y: y(v, yMax) + 4, "text-anchor": "end" }, number(v)),
      );
    }
    for (const v of ticks(xMax)) {
      axis.append(s("text", { x: x(v, xMax), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }, number(v)));
    }
    axis.append(s("text", { x: (LEFT + WIDTH) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, xLabel));
  };
  return {
    el: h("div.cf-plot-small", {}, svg),
    draw({ curves, xMax, yMax }) {
      drawAxis(xMax, yMax);
      const said = [];
      for (const [key, points] of Object.entries(curves)) {
        const path = points.map(([a, b]) => `${x(a, xMax).toFixed(1)} ${y(b, yMax).toFixed(1)}`).join("L");
        update(lines[key], { d: path && `M${path}` });
        if (points.length) said.push(`la ${CURVES[key]}, ${number(points.at(-1)[1])}`);
      }
      update(svg, { "aria-label": `${title}: ${said.join("; ") || "todavía nada"}.` });
    },
  };
}

/** Qué línea es cada red. */
export function legend() {
  const el = h("p.cf-label.cf-legend", { "aria-hidden": "true" });
  const keys = resize(el, 2, () => h("span"));
  Object.entries(CURVES).forEach(([key, name], i) => {
    write(keys[i], name);
    const line = s("path", { class: `cf-curve cf-curve-${CLASS[key]}`, d: "M1 5H27" });
    keys[i].prepend(s("svg", { viewBox: "0 0 28 10" }, line));
  });
  return { el };
}
