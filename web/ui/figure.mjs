// Lo común a toda figura: marco, estado, tema, avisos y limpieza.
import css from "./style.css";
import { h, write } from "./dom.mjs";
import { watchTheme } from "./theme.mjs";

/** Pone la hoja de estilo una vez en el documento (o en la raíz sombreada) donde esté la figura. */
function adoptStyle(el) {
  const place = el.getRootNode();
  if (place.adoptedStyleSheets.some((sheet) => sheet.courseFigures === css)) return;
  const sheet = new CSSStyleSheet();
  sheet.courseFigures = css;
  sheet.replaceSync(css);
  place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
}

/**
 * Monta una figura en `el` y devuelve la función que la desmonta (la forma que pide anywidget).
 *
 * `names` son los estados que comparte con Python. `compose(figure)` crea los elementos y devuelve `draw()`, que los pone
 * al día con el estado; se llama como mucho una vez por fotograma. Dentro, `figure` ofrece:
 *   get(nombre), set({nombre: valor}), state(), redraw(), theme, say(texto o función), every(ms, fn), onReset(fn),
 *   add(...elementos).
 */
export function mount({ model, el }, { title, hint, help, names }, compose) {
  const stops = new Set();
  const resets = [];
  const live = h("p", { class: "cf-live", "aria-live": "polite" });
  const body = h("div", { class: "cf-body" });
  const reset = h(
    "button",
    { type: "button", class: "cf-button cf-reset", onclick: () => figure.reset() },
    "Restablecer",
  );
  const root = h(
    "section",
    { class: "cf", "aria-label": `Figura interactiva: ${title}` },
    h("header", { class: "cf-header" }, h("p", { class: "cf-title" }, title), reset),
    h("p", { class: "cf-hint" }, hint),
    body,
    h("details", { class: "cf-help" }, h("summary", {}, "Con el teclado"), h("p", {}, help)),
    live,
  );
  el.append(root);

  const initial = Object.fromEntries(names.map((name) => [name, structuredClone(model.get(name))]));
  let draw = () => {};
  let frame = 0;
  let unsaved = false;
  let announcement = 0;
  const paint = () => {
    frame = 0;
    draw();
    if (unsaved) {
      unsaved = false;
      model.save_changes();
    }
  };
  const figure = {
    get: (name) => model.get(name),
    state: () => Object.fromEntries(names.map((name) => [name, model.get(name)])),
    set(changes) {
      for (const [name, value] of Object.entries(changes)) model.set(name, value);
      unsaved = true;
      figure.redraw();
    },
    redraw() {
      frame ||= requestAnimationFrame(paint);
    },
    reset() {
      resets.forEach((restore) => restore());
      figure.set(structuredClone(initial));
      figure.say("La figura vuelve a su estado inicial.");
    },
    say(text) {
      clearTimeout(announcement); // un arrastre no inunda al lector de pantalla
      announcement = setTimeout(() => write(live, typeof text === "function" ? text() : text), 150);
    },
    onReset: (restore) => resets.push(restore),
    every(milliseconds, fn) {
      const timer = setInterval(fn, milliseconds);
      const stop = () => {
        clearInterval(timer);
        stops.delete(stop);
      };
      stops.add(stop);
      return stop;
    },
    add: (...children) => body.append(...children),
  };
  figure.theme = watchTheme(el, root, figure.redraw);
  // Jupyter llama a render antes de poner `el` en la página: el estilo y el tema esperan a que esté.
  let arrival = 0;
  const arrive = () => {
    if (!el.isConnected) {
      arrival = requestAnimationFrame(arrive);
      return;
    }
    adoptStyle(el);
    figure.theme.read();
  };
  arrive();
  draw = compose(figure);
  names.forEach((name) => model.on(`change:${name}`, figure.redraw));
  paint();

  return () => {
    names.forEach((name) => model.off(`change:${name}`, figure.redraw));
    cancelAnimationFrame(frame);
    cancelAnimationFrame(arrival);
    clearTimeout(announcement);
    stops.forEach((stop) => stop());
    figure.theme.stop();
    root.remove();
  };
}

/** ¿La persona ha pedido menos movimiento? */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
