// Lo que se ve de la respuesta: los tres mapas, los objetos de cada manera y sus cuentas.
import { outline } from "../geometry.mjs";
import { findCenters } from "../grouping.mjs";
import { CLASSES, FIRST_OBJECT, SIZE } from "../scene.mjs";
import { instanceIou, objectCount } from "../segmentation.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import * as palette from "../ui/palette.mjs";
import { grey, mix, rgb } from "../ui/theme.mjs";
import { INDICES, WAYS } from "./answer.mjs";

const STEP = 3; // píxeles entre flecha y flecha
const [CLASS_COLOURS, OBJECT_COLOURS] = [palette.classes.map(rgb), palette.instances.map(rgb)];

/** Una flecha de cada pocos píxeles de objeto: desde el píxel, adonde vota. */
function arrows({ classes, offsets }) {
  let path = "";
  for (let i = 0; i < classes.length; i++) {
    const [r, c] = [Math.floor(i / SIZE), i % SIZE];
    if (classes[i] < FIRST_OBJECT || r % STEP || c % STEP) continue;
    path += `M${c + 0.5} ${r + 0.5}l${offsets[2 * i + 1].toFixed(1)} ${offsets[2 * i].toFixed(1)}`;
  }
  return path;
}

/** Los tres mapas: clases, centros y votos. */
export function mapPanels(figure) {
  const panels = ["Clases", "Centros", "Flechas"].map((title) => grid(figure, title, "output"));
  const legend = CLASSES.map((name, kind) =>
    h("li.cf-kind", {}, h("i", { style: `--tone: ${palette.classes[kind]}`, "aria-hidden": "true" }), name),
  );
  return {
    el: h(
      "div",
      {},
      h("p.cf-label", {}, figure.text("maps")),
      h("div.cf-thumbs.cf-three", {}, panels),
      h("ul.cf-kinds.cf-inline", {}, legend),
    ),
    draw({ theme, answer }) {
      if (!answer) return;
      const { maps, scene } = answer;
      const peaks = findCenters(maps);
      const spots = peaks.map((i) => {
        return { row: Math.floor(i / SIZE) - 1, col: (i % SIZE) - 1, rows: 3, cols: 3, kind: "peak" };
      });
      const kinds = CLASSES.filter((_, kind) => maps.classes.includes(kind)).join(", ");
      const common = { values: INDICES, text: false };
      const [classes, centers, votes] = panels;
      classes.draw({
        ...common,
        colour: (i) => CLASS_COLOURS[maps.classes[i]],
        title: "Clases",
        name: `Clase que la red da a cada píxel: ${kinds}.`,
      });
      centers.draw({
        ...common,
        colour: (i) => grey(maps.center[i]),
        title: `Centros: ${peaks.length}`,
        name: `Mapa de centros, con ${count(peaks.length, "máximo")}.`,
        boxes: spots,
      });
      votes.draw({
        ...common,
        colour: (i) => mix(scene.greys[i], theme.surface, 0.55),
        title: "Flechas",
        name: "Flechas: de cada píxel de objeto sale una hacia donde cree que está su centro.",
        outlines: [{ d: arrows(maps), kind: "way" }],
      });
    },
  };
}

/** El color de cada objeto predicho: el del verdadero que más tapa, si otro no lo tiene ya. */
function tones(truth, predicted) {
  const overlaps = instanceIou(truth.ids, predicted.ids);
  const taken = new Set();
  let spare = overlaps.length;
  return predicted.classes.map((_, p) => {
    const best = overlaps.reduce((most, line, t) => (line[p] > (overlaps[most]?.[p] ?? 0) ? t : most), -1);
    const tone = best < 0 || taken.has(best) ? spare++ : best;
    taken.add(tone);
    return OBJECT_COLOURS[tone % OBJECT_COLOURS.length];
  });
}

/** Un panel con objetos pintados, su cuenta y, si se juzgan, su nota. */
function objectsPanel(figure, title) {
  const panel = grid(figure, title, "output");
  const note = h("p.cf-note");
  return {
    el: h("div", {}, panel, note),
    draw({ theme }, { greys }, found, colours, said) {
      const { ids } = found;
      const total = objectCount(ids);
      const tone = (i) => {
        const id = ids[Math.floor(i / SIZE)][i % SIZE];
        const dim = mix(greys[i], theme.surface, 0.4);
        return id ? mix(dim, colours[id - 1], 0.75) : dim;
      };
      panel.draw({
        values: INDICES,
        colour: tone,
        text: false,
        title: `${title}: ${total}`,
        name: `${title}: ${count(total, "objeto")}. ${said}`,
        outlines: [{ d: outline(ids), kind: "guess" }],
      });
      write(note, said);
    },
  };
}

/** La verdad y las tres maneras de juntar los mismos píxeles. */
export function wayPanels(figure) {
  const real = objectsPanel(figure, "Verdad");
  const panels = Object.entries(WAYS).map(([name, [title]]) => [name, objectsPanel(figure, title)]);
  return {
    el: h(
      "div",
      {},
      h("p.cf-label", {}, figure.text("ways")),
      h(
        "div.cf-thumbs.cf-four",
        {},
        real,
        panels.map(([, one]) => one),
      ),
    ),
    draw(now) {
      const { scene, ways } = now.answer ?? { scene: now.scene, ways: {} };
      const { truth } = scene;
      const own = truth.classes.map((_, i) => OBJECT_COLOURS[i % OBJECT_COLOURS.length]);
      real.draw(now, scene, truth, own, figure.text("truth"));
      for (const [name, one] of panels) {
        one.el.hidden = !ways[name];
        if (!ways[name]) continue;
        const { found, ap } = ways[name];
        const total = truth.classes.length;
        const said = figure.text(total ? "found" : "nothing", { found, total, ap: number(ap) });
        one.draw(now, scene, ways[name], tones(truth, ways[name]), said);
      }
    },
  };
}

/** Una cuenta y, si se compara con lo que hay, si es esa o por cuánto falla. */
function drawCount({ total, sign, el }, shown, there) {
  write(total, shown === undefined ? "…" : String(shown));
  if (there === null || shown === undefined) return;
  const wrong = `${shown > there ? "+" : "−"}${Math.abs(shown - there)}`;
  write(sign, shown === there ? " ✓" : ` ${wrong}`);
  update(el, { "data-right": String(shown === there) });
}

/** Cuántos objetos hay y cuántos cuenta cada manera, junto a la escena. */
export function countsStrip() {
  const cells = ["Verdad", ...Object.values(WAYS).map(([title]) => title)].map((title) => {
    const [total, sign] = [h("strong"), h("span", { "aria-hidden": "true" })];
    return { total, sign, el: h("li", {}, h("span", {}, title), h("span", {}, total, sign)) };
  });
  const list = h("ul.cf-counts", {}, cells);
  return {
    el: list,
    draw({ scene, answer }) {
      update(list, { "aria-busy": String(answer?.scene !== scene) }); // la red aún no ha visto esta escena
      const there = (answer?.scene ?? scene).truth.classes.length;
      const counts = Object.keys(WAYS).map((name) => answer?.ways[name].classes.length);
      cells.forEach((cell, i) => drawCount(cell, i ? counts[i - 1] : there, i ? there : null));
    },
  };
}
