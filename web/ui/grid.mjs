// Cuadrícula de valores: un lienzo de un píxel por celda que CSS agranda (rápido con 64 × 64) y encima un SVG
// con números, ventanas y cursor. Un solo elemento con foco; las flechas mueven el cursor.
import { cellAt, cellsBetween, clampCell, gridLines, moveCell } from "../geometry.mjs";
import { mapped, shape } from "../math.mjs";
import { h, resize, s, update, write } from "./dom.mjs";
import { short } from "./numbers.mjs";
import { inkOn } from "./theme.mjs";

const DRAG_STEP = 14; // píxeles de arrastre vertical por cada unidad de peso
const NUMBERS_UP_TO = 12; // celdas de lado; más allá, los números no se leerían
const LINES_UP_TO = 24;

export const PAINT = "Pinta con el dedo, el ratón o la barra espaciadora.";

/** ¿Se leen los números de una cuadrícula de este tamaño? */
export const legible = (rows, cols) => Math.max(rows, cols) <= NUMBERS_UP_TO;

/**
 * `label` es el nombre accesible y `role`, el papel: da el color del marco. Opciones: `size` (celda: "small",
 * "large") y lo que se puede hacer:
 *   onpoint(celda, fase)  pulsar o arrastrar; fase es "down", "drag" o "key" (Intro o espacio);
 *   onadjust(celda, ±1)   teclas + y −, o arrastrar arriba y abajo si `scrub`;
 *   ontype(celda, texto)  números tecleados;
 *   oncursor(celda)       el cursor se mueve con las flechas o al pulsar;
 *   describe(celda)       lo que oye el lector de pantalla en cada celda.
 */
export function grid(figure, label, role, options = {}) {
  const { size = "", onpoint, onadjust, oncursor, describe } = options;
  const alive = Boolean(onpoint || onadjust || oncursor);
  const parts = makeParts(label, role, options, alive);
  const { box, caption } = parts;
  const now = { rows: 1, cols: 1, cursor: [0, 0], typed: "", pointer: null };
  const tell = () => describe && figure.say(() => describe(now.cursor)); // cuando ya esté dibujado
  const goTo = (cell) => {
    now.typed = "";
    now.cursor = cell;
    oncursor?.(cell);
    figure.redraw();
  };
  figure.onReset(() => {
    Object.assign(now, { typed: "", cursor: [0, 0], pointer: null }); // y suelta lo que se arrastre
  });
  if (alive) {
    listenToPointer(box, now, options, goTo, tell);
    listenToKeys(box, now, options, goTo, tell);
  }

  return {
    el: h("div", { class: `cf-panel ${size && `cf-${size}`}` }, caption, box),
    cursor: () => now.cursor,
    setCursor: (cell) => {
      now.cursor = cell;
    },
    /**
     * values: matriz; colour(valor, f, c) -> [r, g, b]; text, si se leen los números o text(valor, f, c) ->
     * texto o nada, `scale` veces mayor; boxes: rectángulos {row, col, rows, cols, kind}; outlines: caminos
     * {d, kind}; `name` y `title` cambian el nombre accesible y el rótulo.
     */
    draw({ values, colour, text = true, scale = 1, boxes = [], outlines = [], title, name }) {
      const [rows, cols] = shape(values);
      if (rows !== now.rows || cols !== now.cols || !now.image) fit(parts, now, rows, cols);
      const colours = mapped(values, colour);
      const textOf = text === true ? (value) => short(value) : text;
      paintCells(parts, now, colours);
      writeNumbers(parts, textOf ? mapped(values, textOf) : [], scale, colours);
      drawMarks(parts, boxes, outlines);
      const [y, x] = now.cursor;
      update(parts.cursorBox, { x, y, visibility: alive ? null : "hidden" });
      if (title != null) write(caption, title);
      if (name) update(box, { "aria-label": name });
    },
  };
}

/** Los atributos de lo que se maneja entero con las teclas, y cómo se le llama. */
export const active = (what) => ({
  tabindex: 0,
  role: "application",
  "aria-roledescription": what,
  "data-lm-suppress-shortcuts": "true",
});

function makeParts(label, role, { scrub, onpoint }, alive) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const lines = s("path.cf-lines");
  const regions = s("g");
  const numbers = s("g.cf-numbers");
  const marks = s("g");
  const cursorBox = s("rect.cf-cursor", { width: 1, height: 1 });
  const svg = s("svg", { "aria-hidden": "true" }, lines, regions, marks, numbers, cursorBox);
  const scroll = { "data-role": role, "data-scroll": onpoint || scrub ? "none" : "free" };
  const use = alive ? active("cuadrícula") : { role: "img" };
  const props = { class: "cf-grid", ...scroll, ...use, "aria-label": label };
  const box = h("div", props, canvas, svg);
  const caption = h("p.cf-caption");
  return { canvas, lines, regions, numbers, marks, cursorBox, svg, box, caption };
}

function listenToPointer(box, now, { scrub, onpoint, onadjust }, goTo, tell) {
  const scrolls = box.dataset.scroll === "free"; // el dedo que se arrastra desplaza la página
  let [last, scrubFrom] = [null, 0]; // la última celda, o nada fuera; `now.pointer` es el dedo que arrastra
  const at = (event) => {
    const area = box.getBoundingClientRect();
    const [x, y] = [event.clientX - area.left, event.clientY - area.top];
    if (x < 0 || y < 0 || x > area.width || y > area.height) return null;
    return cellAt(x, y, area.width, area.height, now.rows, now.cols);
  };
  const adjustBy = (event) => {
    const steps = Math.trunc((scrubFrom - event.clientY) / DRAG_STEP);
    if (!steps) return;
    scrubFrom -= steps * DRAG_STEP;
    onadjust(now.cursor, steps);
  };
  const moveTo = (cell) => {
    for (const step of cell ? (last ? cellsBetween(last, cell) : [cell]) : []) {
      goTo(step);
      onpoint?.(step, "drag");
    }
    last = cell;
  };
  const end = ({ pointerId }) => {
    if (pointerId !== now.pointer) return;
    if (scrub) tell();
    now.pointer = null;
  };
  const press = (event) => {
    last = at(event);
    if (!last) return;
    goTo(last);
    onpoint?.(last, "down");
    tell();
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || !event.isPrimary || (scrolls && event.pointerType !== "mouse")) return;
    now.pointer = event.pointerId;
    box.setPointerCapture(now.pointer);
    scrubFrom = event.clientY;
    press(event);
  });
  // un dedo que desplaza acaba en pointercancel, y aquí no llega
  if (scrolls) box.addEventListener("pointerup", (event) => event.pointerType !== "mouse" && press(event));
  box.addEventListener("pointermove", (event) => {
    if (event.pointerId !== now.pointer) return;
    if (scrub) adjustBy(event);
    else moveTo(at(event));
  });
  box.addEventListener("pointerup", end);
  box.addEventListener("pointercancel", end);
}

function listenToKeys(box, now, { onpoint, onadjust, ontype }, goTo, tell) {
  /** Lo que hace una tecla, o nada si no hace nada. */
  const action = (key) => {
    const to = moveCell(now.cursor, key, now.rows, now.cols);
    if (to) return () => goTo(to);
    if (onpoint && (key === "Enter" || key === " ")) return () => onpoint(now.cursor, "key");
    if (onadjust && (key === "+" || key === "-")) return () => onadjust(now.cursor, key === "+" ? 1 : -1);
    if (!ontype || !/^[\d.,]$/.test(key)) return null;
    return () => {
      now.typed += key;
      ontype(now.cursor, now.typed);
    };
  };
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    event.stopPropagation();
    const act = action(event.key);
    if (!act) return;
    act();
    event.preventDefault();
    tell();
  });
  box.addEventListener("blur", () => {
    now.typed = "";
  });
}

/** Prepara el lienzo y las líneas para otro número de celdas. */
function fit({ canvas, svg, lines, box }, now, rows, cols) {
  Object.assign(now, { rows, cols, cursor: clampCell(now.cursor, rows, cols) });
  canvas.width = cols;
  canvas.height = rows;
  now.image = canvas.getContext("2d").createImageData(cols, rows);
  now.image.data.fill(255); // opaco
  update(svg, { viewBox: `0 0 ${cols} ${rows}` });
  const large = Math.max(rows, cols) > LINES_UP_TO;
  update(lines, { d: large ? `M0 0H${cols}V${rows}H0Z` : gridLines(rows, cols) });
  box.style.setProperty("--rows", rows);
  box.style.setProperty("--cols", cols);
}

function paintCells({ canvas }, { image }, colours) {
  colours.flat().forEach((colour, i) => image.data.set(colour, 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function writeNumbers({ numbers }, texts, scale, colours) {
  const labels = texts.flatMap((line, r) =>
    line.flatMap((value, c) => (value ? [[r, c, value, colours[r][c]]] : [])),
  );
  const nodes = resize(numbers, labels.length, () => s("text"));
  labels.forEach(([r, c, value, colour], i) => {
    const size = (scale * Math.min(0.46, 1.45 / Math.max(2.4, value.length))).toFixed(2);
    update(nodes[i], { x: c + 0.5, y: r + 0.5, "font-size": size, fill: inkOn(colour) });
    write(nodes[i], value);
  });
}

function drawMarks({ regions, marks }, boxes, outlines) {
  const paths = resize(regions, outlines.length, () => s("path"));
  outlines.forEach(({ d, kind }, i) => update(paths[i], { class: `cf-box cf-outline-${kind}`, d }));
  const shapes = resize(marks, boxes.length, () => s("rect"));
  boxes.forEach(({ row, col, rows = 1, cols = 1, kind }, i) =>
    update(shapes[i], { class: `cf-box cf-${kind}`, x: col, y: row, width: cols, height: rows }),
  );
}
