// RLE y polígono: una máscara pintada, sus cuentas por columnas, su contorno y la vuelta de los dos.
import { clamp } from "../geometry.mjs";
import { judgeFewRuns, judgeHole } from "../goals.mjs";
import { matrix, replaced, shape } from "../math.mjs";
import {
  compress,
  contours,
  decode,
  encode,
  rasterize,
  readCounts,
  readPolygons,
  runAt,
  simplify,
} from "../rle.mjs";
import { pixelCounts, pixelKinds, score } from "../segmentation.mjs";
import { card, challenge, field, player, select, slider } from "../ui/controls.mjs";
import { h, resize, update, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { KINDS, totals } from "../ui/kinds.mjs";
import { count, number } from "../ui/numbers.mjs";

const TOLERANCES = Array.from({ length: 9 }, (_, i) => i / 4);
const [ROWS, COLS] = [6, 8];
const drawn = (inside) => matrix(ROWS, COLS, (r, c) => Number(inside(r, c)));
const between = (v, from, to) => v >= from && v <= to;
const MASKS = {
  columns: ["Tres columnas", drawn((_, c) => between(c, 2, 4))],
  rows: ["Tres filas", drawn((r) => between(r, 1, 3))],
  pieces: ["Dos trozos", drawn((r, c) => (between(r, 1, 3) && c < 3) || (r > 2 && between(c, 5, 6)))],
  disc: ["Un disco", drawn((r, c) => Math.hypot(r - 2.5, c - 3.5) < 2.6)],
  stairs: ["Una escalera", drawn((r, c) => c <= r)],
  empty: ["Vacía", drawn(() => false)],
};
const PIECES = ["cero", "uno"];

/** El estado y lo que se deduce de él: las cuentas, los polígonos y lo que devuelven. */
function look(figure) {
  const state = figure.state();
  const { mask, tolerance } = state;
  const [rows, cols] = shape(mask);
  const position = Math.min(state.position, rows * cols - 1);
  const counts = encode(mask);
  const polygons = contours(mask)
    .map((points) => simplify(points, tolerance))
    .filter((points) => points.length);
  const back = rasterize(polygons, rows, cols);
  const agreement = pixelCounts(mask, back);
  return {
    ...{ theme: figure.theme, mask, tolerance, rows, cols, position, counts, polygons, back, agreement },
    ...{ ...runAt(counts, position), iou: score("iou", agreement), exact: decode(counts, rows, cols) },
  };
}

/** La máscara, que se pinta, con el orden de los píxeles; y lo que devuelve el polígono. */
function maskPanels(figure, steps) {
  let painting = 1;
  const panel = grid(figure, "Máscara", "input", {
    onpoint(cell, phase) {
      const mask = figure.get("mask");
      if (phase !== "drag") painting = 1 - mask[cell[0]][cell[1]];
      figure.set({ mask: replaced(mask, cell, painting) });
    },
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: c * look(figure).rows + r });
    },
    describe: () => place(look(figure)),
  });
  const back = grid(figure, "De vuelta del polígono", "output");
  return {
    els: [panel, back],
    draw({ theme, mask, rows, cols, position, counts, run, polygons, agreement, back: returned }) {
      const [row, col] = [position % rows, Math.floor(position / rows)];
      panel.setCursor([row, col]);
      const line = { d: pathOf(polygons), kind: "predicted" };
      panel.draw({
        values: mask,
        colour: (v, r, c) => {
          const mine = runAt(counts, c * rows + r).run === run;
          return theme[v ? (mine ? "input" : "output") : mine ? "input-soft" : "surface"];
        },
        text: (_, r, c) => String(c * rows + r + 1),
        title: "Máscara, y el orden de sus píxeles",
        name: `Máscara de ${rows} por ${cols}. Pinta con el dedo, el ratón o la barra espaciadora.`,
        boxes: [{ row, col, kind: "here" }],
        outlines: [line],
      });
      back.draw({
        values: pixelKinds(mask, returned),
        colour: (kind) => theme[KINDS[kind].role],
        text: (kind) => KINDS[kind].sign,
        title: "De vuelta del polígono",
        name: `Lo que devuelve el polígono: ${totals(agreement)}.`,
        outlines: [line],
      });
    },
  };
}

const pathOf = (polygons) =>
  polygons.map((points) => `M${points.map((p) => p.join(" ")).join("L")}Z`).join("");

/** Dónde está el píxel resaltado y en qué cuenta. */
function place({ mask, rows, position, counts, run, within }) {
  const [row, col] = [position % rows, Math.floor(position / rows)];
  const value = PIECES[mask[row][col]];
  const where = `Píxel ${position + 1}: fila ${row + 1}, columna ${col + 1}, un ${value}`;
  return `${where}. Es el ${within + 1} de ${count(counts[run], value)} de la cuenta ${run + 1}.`;
}

/** Las cuentas, una ficha por tanda, y las dos formas escritas, que también se editan. */
function codes(figure) {
  const chips = h("ol.cf-runs");
  const where = h("p");
  const apply = (read) => (text) => {
    const { mask, error } = read(text, ...shape(figure.get("mask")));
    if (mask) figure.set({ mask });
    return error;
  };
  const counts = field(figure, "Cuentas del RLE", apply(readCounts));
  const polygon = field(figure, "Polígonos: x1, y1, x2, y2…", apply(readPolygons));
  return {
    els: [chips, where],
    fields: [counts, polygon],
    draw(now) {
      resize(chips, now.counts.length, () => h("li")).forEach((chip, i) => {
        update(chip, { class: `cf-run cf-run-${i % 2}`, "aria-current": i === now.run ? "true" : null });
        write(chip, count(now.counts[i], PIECES[i % 2]));
      });
      write(where, place(now));
      counts.draw(now.counts.join(", "));
      polygon.draw(now.polygons.map((points) => `[${points.flat().join(", ")}]`).join("; "));
    },
  };
}

/** Cuánto ocupa cada forma y lo que devuelve. */
function sizes() {
  const titles = ["Píxeles", "Cuentas", "Letras del comprimido", "Números del polígono"];
  const cards = titles.map((title) => card(title));
  const effect = h("p", { role: "status" });
  return {
    els: [h("div.cf-cards.cf-four", {}, cards), effect],
    draw({ rows, cols, counts, polygons, agreement, iou }) {
      const text = compress(counts);
      const numbers = polygons.flat(2).length;
      const notes = [`${rows} × ${cols}`, "ceros, unos…", text, count(polygons.length, "polígono")];
      [rows * cols, counts.length, text.length, numbers].forEach((value, i) =>
        cards[i].draw(number(value, 0), notes[i]),
      );
      const { extra, missing } = agreement;
      const lost = `píxeles de más, ${extra}; de menos, ${missing}: IoU ${number(iou)}`;
      const returned = extra || missing ? `Del polígono, no: ${lost}.` : "Del polígono, también.";
      write(effect, `De las cuentas vuelve siempre la misma máscara. ${returned}`);
    },
  };
}

export default function compose(figure) {
  const initial = structuredClone(figure.get("mask"));
  const steps = player(figure, "Recorrido por columnas", "Píxel", (to) => figure.set({ position: to }));
  const panels = maskPanels(figure, steps);
  const written = codes(figure);
  const size = sizes();
  const preset = select(
    "Máscara",
    Object.entries(MASKS).map(([name, [label]]) => [name, label]),
    (name) => figure.set({ mask: structuredClone(name ? MASKS[name][1] : initial), position: 0 }),
    "La inicial o la tuya",
  );
  const tolerance = slider("Tolerancia", TOLERANCES, figure.setter("tolerance"));
  const goals = [challenge(figure, "goal_runs"), challenge(figure, "goal_hole")];
  const stage = h("div.cf-stage.cf-codes", {}, panels.els, h("div.cf-side.cf-steps", {}, steps, written.els));
  figure.add(stage, h("div.cf-controls", {}, preset, tolerance, written.fields), size.els, goals);

  return () => {
    const now = look(figure);
    const { rows, cols, mask, position } = now;
    stage.style.setProperty("--sum", 2 * cols);
    stage.style.setProperty("--two", 2 * cols);
    const shown = JSON.stringify(mask);
    preset.draw(Object.keys(MASKS).find((name) => JSON.stringify(MASKS[name][1]) === shown) ?? "");
    tolerance.draw(now.tolerance);
    steps.draw(clamp(position, 0, rows * cols - 1), rows * cols);
    for (const part of [panels, written, size]) part.draw(now);
    goals[0].draw(judgeFewRuns(now.counts));
    goals[1].draw(judgeHole(now));
  };
}
