// Muchos mapas pequeños en un solo lienzo, uno por canal: se ve una capa entera de un vistazo.
import { clamp } from "../geometry.mjs";
import { h, s, update } from "./dom.mjs";
import { active } from "./grid.mjs";
import { grey, signed } from "./theme.mjs";

const SHADES = 256;

/** Tantos mapas por fila que el conjunto queda casi cuadrado. */
const acrossFor = ([rows, cols, maps]) => Math.ceil(Math.sqrt((maps * (rows + 1)) / (cols + 1)));

/** Los colores de −1 a 1, o de 0 a 1, en una tabla: al mover se piden miles por fotograma. */
function shades(theme, negative) {
  const colour = negative ? (t) => signed(theme, 2 * t - 1, 1) : (t) => grey(t);
  return Uint8ClampedArray.from(
    { length: 3 * SHADES },
    (_, i) => colour(Math.floor(i / 3) / (SHADES - 1))[i % 3],
  );
}

const tables = new WeakMap(); // por la rampa de un tema
function tableFor(theme, negative) {
  if (!tables.has(theme.ramp)) tables.set(theme.ramp, [shades(theme, false), shades(theme, true)]);
  return tables.get(theme.ramp)[Number(negative)];
}

/** Pinta los mapas de {values, shape} con un píxel por valor; devuelve cómo están colocados. */
export function paintMaps(canvas, { values, shape }, theme) {
  const [rows, cols, maps] = shape;
  const across = acrossFor(shape);
  const down = Math.ceil(maps / across);
  const [width, height] = [across * (cols + 1) - 1, down * (rows + 1) - 1];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  let [least, most] = [0, 0];
  for (const value of values) {
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  const top = Math.max(most, -least) || 1;
  const table = tableFor(theme, least < 0);
  const [scale, shift] = least < 0 ? [(SHADES - 1) / 2 / top, (SHADES - 1) / 2] : [(SHADES - 1) / top, 0];
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let at = 0, r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      for (let m = 0; m < maps; m++, at++) {
        const y = Math.floor(m / across) * (rows + 1) + r;
        const to = 4 * (y * width + (m % across) * (cols + 1) + c);
        const shade = 3 * Math.round(values[at] * scale + shift);
        image.data[to] = table[shade];
        image.data[to + 1] = table[shade + 1];
        image.data[to + 2] = table[shade + 2];
        image.data[to + 3] = 255;
      }
    }
  }
  context.putImageData(image, 0, 0);
  return { across, down, width, height, rows, cols, maps };
}

/**
 * Un mosaico en el que se elige un mapa con el dedo, el ratón o las flechas: onpick(número). describe(número)
 * es lo que oye el lector de pantalla. draw({output, theme, chosen, name, title, widest}) lo pone al día.
 */
export function mosaic(figure, { onpick, describe }) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const frame = s("rect.cf-box.cf-here");
  const svg = s("svg", { "aria-hidden": "true" }, frame);
  const box = h("div.cf-mosaic", active("mosaico"), canvas, svg);
  const caption = h("p.cf-caption");
  const now = { chosen: 0, across: 1, down: 1, maps: 1 };
  const pick = (number) => {
    if (number < 0 || number >= now.maps) return;
    now.chosen = number; // dos teclas seguidas caben en un fotograma
    onpick(number);
    figure.say(() => describe(number));
  };
  box.addEventListener("click", (event) => {
    const area = box.getBoundingClientRect();
    const part = (from, size, n) => clamp(Math.floor((from / size) * n), 0, n - 1);
    const row = part(event.clientY - area.top, area.height, now.down);
    pick(row * now.across + part(event.clientX - area.left, area.width, now.across));
  });
  box.addEventListener("keydown", (event) => {
    const { chosen, across, maps } = now;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
    const to = { Home: 0, End: maps - 1 }[event.key] ?? chosen + (steps[event.key] ?? NaN);
    if (event.ctrlKey || event.metaKey || event.altKey || Number.isNaN(to)) return;
    event.stopPropagation();
    event.preventDefault();
    pick(to);
  });
  return {
    el: h("div.cf-panel", {}, caption, box),
    draw({ output, theme, chosen, name, title, widest = 330 }) {
      Object.assign(now, paintMaps(canvas, output, theme), { chosen });
      const { across, width, height, rows, cols } = now;
      const pixel = Math.max(1, Math.floor(widest / Math.max(width, height)));
      box.style.width = `${width * pixel}px`;
      box.style.aspectRatio = `${width} / ${height}`;
      update(svg, { viewBox: `0 0 ${width} ${height}` });
      const [x, y] = [(chosen % across) * (cols + 1), Math.floor(chosen / across) * (rows + 1)];
      update(frame, { x, y, width: cols, height: rows });
      update(box, { "aria-label": name });
      if (caption.textContent !== title) caption.textContent = title;
    },
  };
}
