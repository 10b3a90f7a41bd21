// Lo común a toda figura: marco, estado, tema, avisos y limpieza.

import { append, h, write } from "./dom.mjs";
import { readFile } from "./files.mjs";
import css from "./style.css";
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

/** El marco de una figura: título, indicación, cuerpo, ayuda y avisos para el lector de pantalla. */
function makeFrame(title, { hint, help }, onreset) {
  const body = h("div.cf-body");
  const live = h("p.cf-live", { "aria-live": "polite" });
  const reset = h("button", { type: "button", class: "cf-button cf-reset", onclick: onreset }, "Restablecer");
  const root = h(
    "div.cf",
    { role: "group", "aria-label": `Figura interactiva: ${title}` }, // en una página puede haber dos iguales
    h("div.cf-header", {}, h("p.cf-title", {}, title), reset),
    h("p.cf-hint", {}, hint),
    body,
    h("details.cf-help", {}, h("summary", {}, "Con el teclado"), h("p", {}, help)),
    live,
  );
  return { root, body, live };
}

/** Un aviso que espera un momento: un arrastre no inunda al lector de pantalla. */
function announcer(live) {
  let timer = 0;
  return {
    say(text) {
      clearTimeout(timer);
      timer = setTimeout(() => write(live, typeof text === "function" ? text() : text), 150);
    },
    hush: () => clearTimeout(timer),
  };
}

/** Intervalos que se paran de uno en uno, o todos con stopAll(). */
function intervals() {
  const stops = new Set();
  return {
    every(milliseconds, fn) {
      const timer = setInterval(fn, milliseconds);
      const stop = () => {
        clearInterval(timer);
        stops.delete(stop);
      };
      stops.add(stop);
      return stop;
    },
    stopAll: () => stops.forEach((stop) => stop()),
  };
}

/** Hace algo cuando `el` esté en la página; devuelve cómo dejar de esperar. */
function whenConnected(el, fn) {
  let frame = 0;
  const arrive = () => {
    if (el.isConnected) fn();
    else frame = requestAnimationFrame(arrive);
  };
  arrive();
  return () => cancelAnimationFrame(frame);
}

/**
 * Monta una figura en `el` y devuelve la función que la desmonta (la forma que pide anywidget).
 *
 * El modelo lleva su título, sus textos y los nombres de los estados que comparte con Python.
 * `compose(figure)` crea los elementos y devuelve `draw()`, que los pone al día con el estado; se llama, como
 * mucho, una vez por fotograma. Dentro, `figure` ofrece:
 *   get(nombre), set({nombre: valor}), setter(nombre), state(), redraw(), theme, say(texto o función),
 *   text(nombre, {hueco: valor}): el texto de la clase de Python con ese nombre,
 *   every(ms, fn),
 *   onReset(fn), onRemove(fn), add(...elementos), file(nombre): los bytes de un archivo, con una promesa.
 */
export function mount({ model, el }, compose) {
  const states = model.get("_states");
  const texts = model.get("_texts");
  const { root, body, live } = makeFrame(model.get("_title"), texts, () => figure.reset());
  el.append(root);
  const { say, hush } = announcer(live);
  const { every, stopAll } = intervals();
  const [resets, removals] = [[], []];
  const initial = structuredClone(Object.fromEntries(states.map((name) => [name, model.get(name)])));
  let draw = () => {};
  let frame = 0;
  let unsaved = false;
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
    state: () => Object.fromEntries(states.map((name) => [name, model.get(name)])),
    set(changes) {
      for (const [name, value] of Object.entries(changes)) model.set(name, value);
      unsaved = true;
      figure.redraw();
    },
    setter:
      (name, others = {}) =>
      (value) =>
        figure.set({ [name]: value, ...others }),
    redraw() {
      frame ||= requestAnimationFrame(paint);
    },
    reset() {
      resets.forEach((restore) => restore());
      figure.set(structuredClone(initial));
      say("La figura vuelve a su estado inicial.");
    },
    text: (name, values) => texts[name].replace(/{(\w+)}/g, (_, gap) => values[gap]),
    say,
    every,
    onReset: (restore) => resets.push(restore),
    onRemove: (clean) => removals.push(clean),
    file: (name) => readFile(model, name),
    add: (...children) => append(body, children),
  };
  figure.theme = watchTheme(el, root, figure.redraw);
  // Jupyter llama a render antes de poner `el` en la página: el estilo y el tema esperan a que esté.
  const stopWaiting = whenConnected(el, () => {
    adoptStyle(el);
    figure.theme.read();
  });
  draw = compose(figure);
  states.forEach((name) => model.on(`change:${name}`, figure.redraw));
  paint();

  return () => {
    states.forEach((name) => model.off(`change:${name}`, figure.redraw));
    draw = () => {}; // lo que llegue tarde ya no dibuja
    cancelAnimationFrame(frame);
    stopWaiting();
    hush();
    stopAll();
    figure.theme.stop();
    removals.forEach((clean) => clean());
    root.remove();
  };
}

/** ¿La persona ha pedido menos movimiento? */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
