// Cuadrícula de valores: un lienzo de un píxel por celda que CSS agranda (rápido con 64 × 64) y encima un SVG con números,
// ventanas y cursor. Un solo elemento con foco; las flechas mueven el cursor.
import { cellAt, cellsBetween, gridLines, moveCell } from "../geometry.mjs";
import { h, resize, s, update, write } from "./dom.mjs";
import { inkOn } from "./theme.mjs";

const DRAG_STEP = 14; // píxeles de arrastre vertical por cada unidad de peso

/**
 * Opciones: `label` (nombre accesible), `role` (papel: da el color del marco), `size` (celda: "small", "large"), y lo que
 * se puede hacer, todo opcional:
 *   onpoint(celda, fase)  pulsar o arrastrar; fase es "down", "drag" o "key" (Intro o espacio);
 *   onadjust(celda, ±1)   teclas + y −, o arrastrar arriba y abajo si `scrub`;
 *   ontype(celda, texto)  números tecleados;
 *   oncursor(celda)       el cursor se mueve con las flechas o al pulsar;
 *   describe(celda)       lo que oye el lector de pantalla en cada celda.
 */
export function grid(
  figure,
  { label, role, size = "", scrub = false, onpoint, onadjust, ontype, oncursor, describe },
) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  const lines = s("path", { class: "cf-lines" });
  const regions = s("g", {});
  const numbers = s("g", { class: "cf-numbers" });
  const marks = s("g", {});
  const cursorBox = s("rect", { class: "cf-cursor", width: 1, height: 1 });
  const svg = s("svg", { "aria-hidden": "true" }, lines, regions, marks, numbers, cursorBox);
  const active = Boolean(onpoint || onadjust || oncursor);
  const caption = h("p", { class: "cf-caption" });
  const box = h(
    "div",
    {
      class: "cf-grid",
      "data-role": role,
      "data-scroll": onpoint || scrub ? "none" : "free",
      ...(active
        ? {
            tabindex: 0,
            role: "application",
            "aria-roledescription": "cuadrícula",
            "data-lm-suppress-shortcuts": "true",
          }
        : { role: "img" }),
      "aria-label": label,
    },
    canvas,
    svg,
  );
  let [rows, cols] = [1, 1];
  let cursor = [0, 0];
  let typed = "";
  let image;

  const tell = () => describe && figure.say(() => describe(cursor)); // cuando ya esté dibujado
  const goTo = (cell) => {
    typed = "";
    cursor = cell;
    oncursor?.(cell);
    figure.redraw();
  };

  figure.onReset(() => {
    cursor = [0, 0];
    typed = "";
  });
  if (active) {
    let last = null;
    let scrubFrom = 0;
    const at = (event) => {
      const area = box.getBoundingClientRect();
      return cellAt(event.clientX - area.left, event.clientY - area.top, area.width, area.height, rows, cols);
    };
    box.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      box.setPointerCapture(event.pointerId);
      last = at(event);
      scrubFrom = event.clientY;
      goTo(last);
      onpoint?.(last, "down");
      tell();
    });
    box.addEventListener("pointermove", (event) => {
      if (!last) return;
      if (scrub) {
        const steps = Math.trunc((scrubFrom - event.clientY) / DRAG_STEP);
        if (!steps) return;
        scrubFrom -= steps * DRAG_STEP;
        onadjust(cursor, steps);
        return;
      }
      const now = at(event);
      for (const cell of cellsBetween(last, now)) {
        goTo(cell);
        onpoint?.(cell, "drag");
      }
      last = now;
    });
    const end = () => {
      if (last && scrub) tell();
      last = null;
    };
    box.addEventListener("pointerup", end);
    box.addEventListener("pointercancel", end);
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
      event.stopPropagation();
      const to = moveCell(cursor, event.key, rows, cols);
      if (to) goTo(to);
      else if (onpoint && (event.key === "Enter" || event.key === " ")) onpoint(cursor, "key");
      else if (onadjust && (event.key === "+" || event.key === "-"))
        onadjust(cursor, event.key === "+" ? 1 : -1);
      else if (ontype && /^[\d.,]$/.test(event.key)) ontype(cursor, (typed += event.key));
      else return;
      event.preventDefault();
      tell();
    });
    box.addEventListener("blur", () => {
      typed = "";
    });
  }

  return {
    el: h("div", { class: `cf-panel ${size && `cf-${size}`}` }, caption, box),
    box,
    cursor: () => cursor,
    setCursor: (cell) => {
      cursor = cell;
    },
    /**
     * fill(f, c) -> [r, g, b]; text(f, c) -> texto o nada, `scale` veces mayor; boxes: rectángulos {row, col, rows, cols, kind};
     * outlines: caminos {d, kind}; `name` cambia
     * el nombre accesible y el rótulo.
     */
    draw({
      rows: newRows,
      cols: newCols,
      fill,
      text,
      scale = 1,
      boxes = [],
      outlines = [],
      title,
      name,
      showCursor = true,
    }) {
      if (newRows !== rows || newCols !== cols || !image) {
        [rows, cols] = [newRows, newCols];
        cursor = [Math.min(cursor[0], rows - 1), Math.min(cursor[1], cols - 1)];
        canvas.width = cols;
        canvas.height = rows;
        image = context.createImageData(cols, rows);
        update(svg, { viewBox: `0 0 ${cols} ${rows}` });
        update(lines, { d: Math.max(rows, cols) <= 24 ? gridLines(rows, cols) : `M0 0H${cols}V${rows}H0Z` });
        box.style.setProperty("--rows", rows);
        box.style.setProperty("--cols", cols);
      }
      const colours = [];
      for (let r = 0, i = 0; r < rows; r++) {
        for (let c = 0; c < cols; c++, i += 4) {
          const colour = fill(r, c);
          if (text) colours.push(colour);
          [image.data[i], image.data[i + 1], image.data[i + 2]] = colour;
          image.data[i + 3] = 255;
        }
      }
      context.putImageData(image, 0, 0);

      const labels = [];
      if (text) {
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < cols; c++) {
            const value = text(r, c);
            if (value != null && value !== "") labels.push([r, c, value]);
          }
        }
      }
      const nodes = resize(numbers, labels.length, () => s("text", {}));
      labels.forEach(([r, c, value], i) => {
        const width = Math.max(2.4, value.length);
        update(nodes[i], {
          x: c + 0.5,
          y: r + 0.5,
          "font-size": (scale * Math.min(0.46, 1.45 / width)).toFixed(2),
          fill: inkOn(colours[r * cols + c]),
        });
        write(nodes[i], value);
      });

      const paths = resize(regions, outlines.length, () => s("path", {}));
      outlines.forEach(({ d, kind }, i) => update(paths[i], { class: `cf-box cf-outline-${kind}`, d }));
      const shapes = resize(marks, boxes.length, () => s("rect", {}));
      boxes.forEach((b, i) =>
        update(shapes[i], {
          class: `cf-box cf-${b.kind}`,
          x: b.col,
          y: b.row,
          width: b.cols ?? 1,
          height: b.rows ?? 1,
        }),
      );
      update(cursorBox, { x: cursor[1], y: cursor[0], visibility: active && showCursor ? null : "hidden" });
      if (title != null) write(caption, title);
      if (name) update(box, { "aria-label": name });
    },
  };
}
