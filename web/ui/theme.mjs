// Claro u oscuro, y los colores de cada papel. El tema se deduce del color del texto que rodea a la figura:
// sirve igual en la página, JupyterLab, VS Code y Colab, que marcan el modo oscuro cada uno a su manera.
import palette from "./palette.mjs";

const channels = (css) =>
  css
    .match(/[\d.]+/g)
    ?.slice(0, 3)
    .map(Number);
const luminance = ([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
const WHITE = [247, 247, 247];
const LEVELS = 128; // tonos a cada lado del blanco
// Los colores se calculan una vez: al arrastrar sobre 64 × 64 se piden miles por fotograma.
const GREYS = Array.from({ length: 256 }, (_, level) => [level, level, level]);
/** [r, g, b] de un color #RRGGBB. */
export const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/** Entre dos colores [r, g, b]; t de 0 a 1. */
export const mix = (a, b, t) => a.map((v, i) => Math.round(v + (b[i] - v) * t));

/** Tinta que se lee sobre un color. */
export const inkOn = (colour) => (luminance(colour) > 0.5 ? "#111" : "#fff");

/** Gris de una imagen: 0 es negro y `top`, blanco. */
export function grey(value, top = 1) {
  return GREYS[Math.round(255 * Math.min(Math.max(value / top, 0), 1))];
}

/** Vigila el tema de `el`; llama a `changed` cuando cambia. Devuelve los colores y cómo dejar de vigilar. */
export function watchTheme(el, root, changed) {
  const theme = {};
  const query = matchMedia("(prefers-color-scheme: dark)");
  const read = () => {
    const ink = channels(getComputedStyle(el).color); // sin color si `el` todavía no está en la página
    const dark = ink ? luminance(ink) > 0.5 : query.matches;
    if (dark === theme.dark) return;
    theme.dark = dark;
    for (const [role, hex] of Object.entries(palette[dark ? "dark" : "light"])) {
      theme[role] = rgb(hex);
      root.style.setProperty(`--course-${role}`, hex);
    }
    theme.ramp = Array.from({ length: 2 * LEVELS + 1 }, (_, i) =>
      mix(WHITE, i < LEVELS ? theme.negative : theme.positive, Math.abs(i - LEVELS) / LEVELS),
    );
    root.dataset.theme = dark ? "dark" : "light";
    changed();
  };
  const observer = new MutationObserver(read);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, {
      attributes: true,
      attributeFilter: ["class", "style", "theme", "data-theme", "data-jp-theme-light"],
    });
  }
  query.addEventListener("change", read);
  read();
  theme.read = read;
  theme.stop = () => {
    observer.disconnect();
    query.removeEventListener("change", read);
  };
  return theme;
}

/** Color de un valor con signo: morado si es negativo, blanco en el 0, naranja si es positivo. */
export function signed(theme, value, top) {
  const t = top ? Math.min(Math.max(value / top, -1), 1) : 0;
  return theme.ramp[LEVELS + Math.round(t * LEVELS)];
}

/** Color de un recuento: el fondo en el 0 y, desde 1, el de la entrada cada vez más lleno hasta `top`. */
export function heat(theme, value, top) {
  if (!value) return theme.surface;
  return mix(theme["input-soft"], theme.input, top > 1 ? (value - 1) / (top - 1) : 1);
}
