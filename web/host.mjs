// Monta sin kernel las figuras de una página: <div class="course-figure" data-figure="…"><script
// type="application/json">.
const bundle = new URL("./figures.mjs", import.meta.url);

/** Los bytes de un archivo que sirve el sitio junto a este módulo; la edición sin conexión trae su lector. */
async function file(name) {
  if (globalThis.courseFile) return courseFile(name);
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`el sitio responde ${answer.status}.`);
  return answer.arrayBuffer();
}

/** El modelo que espera un módulo de anywidget, sobre un objeto de JavaScript. */
export function createModel(state) {
  const listeners = {};
  const fire = (name) => listeners[name]?.forEach((listener) => listener());
  return {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      fire(`change:${name}`);
      fire("change");
    },
    on(name, listener) {
      listeners[name] ??= new Set();
      listeners[name].add(listener);
    },
    off: (name, listener) => listeners[name]?.delete(listener),
    save_changes() {},
    file,
  };
}

/** Cambia la imagen fija por la figura y devuelve la función que lo deshace. */
export async function mount(place) {
  const { _texts, ...state } = JSON.parse(place.querySelector("script[type='application/json']").textContent);
  const title = place.querySelector("figcaption strong").textContent.slice(0, -1); // sin su punto
  const { default: figures } = await import(bundle);
  const el = document.createElement("div");
  const still = [...place.children];
  place.append(el);
  const told = { figure: place.dataset.figure, _title: title, _texts, _states: Object.keys(state) };
  const stop = await figures.render({ model: createModel({ ...state, ...told }), el });
  for (const child of still) child.hidden = true;
  return () => {
    stop();
    el.remove();
    for (const child of still) child.hidden = false;
  };
}

const start = (place) =>
  mount(place).catch((error) => console.error(`figura ${place.dataset.figure}:`, error));

/** Monta las figuras que haya bajo `root` cuando se acercan a la pantalla. */
function mountAll(root = document) {
  const places = root.querySelectorAll(".course-figure[data-figure]");
  if (!("IntersectionObserver" in window)) return places.forEach(start);
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        start(target);
      }
    },
    { rootMargin: "400px" },
  );
  places.forEach((place) => observer.observe(place));
  // el paquete llega en un rato libre, sin ejecutarse: quien salte a una figura ya lo tiene
  if (places.length) (window.requestIdleCallback ?? setTimeout)(fetchAhead);
}

function fetchAhead() {
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: bundle }));
}

/** Al saltar a un sitio, lo que crece encima al montarse no lo aparta, hasta que alguien mueva la página. */
function holdJumps() {
  let [target, timer] = [null, 0];
  const leave = () => {
    target = null;
  };
  const aim = () => {
    target = document.getElementById(location.hash.slice(1));
    clearTimeout(timer);
    timer = setTimeout(leave, 5000); // con un lector de pantalla no se nota cuándo se mueve
  };
  for (const name of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(name, leave);
  addEventListener("hashchange", aim);
  new ResizeObserver(() => target?.scrollIntoView({ behavior: "instant" })).observe(document.body);
  aim();
}

mountAll();
if (globalThis.ResizeObserver) holdJumps();
