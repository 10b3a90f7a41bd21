// Segmenta y cuenta: una escena que se edita, lo que la U-Net del curso dice y tres maneras de contar.
import { clamp, outline } from "../geometry.mjs";
import { judgeCounts } from "../goals.mjs";
import {
  connectedInstances,
  findCenters,
  pixelMaps,
  votedInstances,
  watershedInstances,
} from "../grouping.mjs";
import { predict } from "../nn/network.mjs";
import {
  CLASSES,
  FIRST_OBJECT,
  OBJECTS,
  paintScene,
  randomObject,
  randomScene,
  SEEN,
  SIZE,
  TURNS,
} from "../scene.mjs";
import { instanceIou, objectCount, scoreObjects } from "../segmentation.mjs";
import { button, challenge, choices, slider, warning } from "../ui/controls.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { loadNetwork } from "../ui/files.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import * as palette from "../ui/palette.mjs";
import { grey, mix, rgb } from "../ui/theme.mjs";

const FILE = "unet.bin";
const [RADIUS, MOST] = [{ min: 4, max: 20 }, 9];
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const [MOUSE, FINGER] = [9, 18]; // píxeles de pantalla alrededor del tirador en los que se le agarra
const HANDLE = 2.4; // lado del tirador, en píxeles de la escena
const STEP = 3; // píxeles entre flecha y flecha
const SLOW = 80; // ms: si la red tarda más, espera a que el arrastre pare
const INDICES = rowsOf(Uint16Array.from({ length: SIZE * SIZE }, (_, i) => i));
const [CLASS_COLOURS, OBJECT_COLOURS] = [palette.classes.map(rgb), palette.instances.map(rgb)];
const WAYS = {
  components: ["Componentes", connectedInstances],
  watershed: ["Cuenca", watershedInstances],
  votes: ["Votos", votedInstances],
};

/** Una imagen plana, en filas. */
function rowsOf(values) {
  return Array.from({ length: SIZE }, (_, r) => Array.from(values.subarray(r * SIZE, (r + 1) * SIZE)));
}

/** Los píxeles de una escena, en rojo, verde y azul, y en gris. */
function coloursOf(image) {
  const colours = Array.from({ length: SIZE * SIZE }, (_, i) => image.subarray(3 * i, 3 * i + 3));
  return { colours, greys: colours.map(([r, g, b]) => grey(0.2126 * r + 0.7152 * g + 0.0722 * b, 255)) };
}

/** La escena pintada con los colores que hacen falta, y lo que hay en ella. */
function paintedScene(state) {
  const scene = paintScene(state);
  return { ...scene, ...coloursOf(scene.image), truth: { ...scene.truth, ids: rowsOf(scene.truth.ids) } };
}

/** Lo que la red dice de una escena y los objetos que salen de cada manera, con lo que valen. */
function solve(network, scene) {
  const [{ values }] = predict(network, Float64Array.from(scene.image), [SIZE, SIZE, 3]);
  const maps = pixelMaps(values, SIZE, CLASSES.length);
  const ways = Object.entries(WAYS).map(([name, [, group]]) => {
    const found = group(maps, FIRST_OBJECT);
    const predicted = { ...found, ids: rowsOf(found.ids) };
    return [name, { ...predicted, ...scoreObjects(scene.truth, predicted) }];
  });
  return { scene, maps, ways: Object.fromEntries(ways) };
}

/**
 * La red, que llega aparte, y su última respuesta: answer(escena) la da, aunque sea la de una escena
 * anterior, y pide otra si hace falta. Con una red lenta se espera a que la escena deje de cambiar.
 */
function thinking(figure) {
  const now = { network: null, error: "", answer: null, wanted: null, stop: null, took: 0 };
  const load = () => {
    now.error = "";
    loadNetwork(figure, FILE, [SIZE, SIZE, 3]).then(
      (network) => {
        now.network = network;
        figure.redraw();
      },
      ({ message }) => {
        now.error = message;
        figure.redraw();
      },
    );
  };
  const work = () => {
    now.stop();
    now.stop = null;
    const start = performance.now();
    now.answer = solve(now.network, now.wanted);
    now.took = performance.now() - start;
    figure.redraw();
  };
  load();
  return {
    load: () => {
      load();
      figure.redraw();
    },
    status: () => now,
    answer(scene) {
      if (!now.network || now.answer?.scene === scene || now.wanted === scene) return now.answer;
      now.wanted = scene;
      if (now.took > SLOW) now.stop?.();
      if (!now.stop || now.took > SLOW) now.stop = figure.every(now.took > SLOW ? 200 : 0, work);
      return now.answer;
    },
  };
}

/** El objeto elegido y los cambios que admite la escena. `chosen` no es un estado: no le importa a Python. */
function editing(figure) {
  let [chosen, refused] = [0, ""];
  const refuse = (why) => {
    refused = why;
    figure.say(why);
    figure.redraw();
  };
  const objects = () => figure.get("objects");
  const at = () => Math.min(chosen, objects().length - 1);
  const one = () => objects()[at()];
  const others = () => objects().filter((_, i) => i !== at());
  const choose = (index) => {
    [chosen, refused] = [index, ""];
    figure.redraw();
  };
  const put = (list, index) => {
    choose(index);
    figure.set({ objects: list });
  };
  const change = (changes) => {
    const changed = { ...one(), ...changes };
    if (JSON.stringify(changed) === JSON.stringify(one())) return;
    put(
      objects().map((old, i) => (i === at() ? changed : old)),
      at(),
    );
  };
  const add = (added) => {
    if (objects().length < MOST) put([added, ...objects()], 0);
    else refuse(`No caben más: hay ${MOST} objetos.`);
  };
  figure.onReset(() => choose(0));
  return {
    at,
    one,
    refused: () => refused,
    choose,
    change,
    move(row, col) {
      const [r, c] = [row, col].map((v) => clamp(Math.round(v), 0, SIZE));
      change({ row: r, col: c });
    },
    resize: (radius) => change({ radius: clamp(Math.round(radius), RADIUS.min, RADIUS.max) }),
    next: (by) => choose((at() + by + objects().length) % objects().length),
    toFront: () => put([one(), ...others()], 0),
    add: () => add(randomObject(Math.random)),
    repeat() {
      const { col, radius } = one();
      add({ ...one(), col: clamp(col + (col < SIZE / 2 ? 2 : -2) * radius, 0, SIZE) });
    },
    remove() {
      if (others().length) put(others(), Math.min(at(), others().length - 1));
      else refuse("Tiene que quedar un objeto.");
    },
    restart(state) {
      choose(0);
      figure.set(state);
    },
  };
}

/** El centro del tirador: la esquina del marco, sin salirse de la escena. */
const handleOf = ({ row, col, radius }) => [row, col].map((v) => Math.min(v + radius, SIZE - HANDLE / 2));

/** Arrastrar un objeto, o su tirador, que cambia el tamaño. `owner()` es el objeto de cada píxel. */
function listenToPointer(box, editor, owner) {
  let drag = null;
  const place = (event) => {
    const area = box.getBoundingClientRect();
    const scale = SIZE / area.width;
    return [(event.clientY - area.top) * scale, (event.clientX - area.left) * scale, scale];
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || !event.isPrimary) return;
    const [row, col, scale] = place(event);
    const { radius } = editor.one();
    const [top, left] = handleOf(editor.one());
    const reach = event.pointerType === "mouse" ? MOUSE : FINGER;
    if (Math.hypot(row - top, col - left) < reach * scale) {
      drag = (r, c) => editor.resize(radius + Math.max(r - row, c - col));
    } else {
      const [r, c] = [row, col].map((v) => clamp(Math.floor(v), 0, SIZE - 1));
      const mine = owner()[r * SIZE + c];
      if (!mine) return;
      editor.choose(mine - 1);
      const one = editor.one();
      drag = (y, x) => editor.move(one.row + y - row, one.col + x - col);
    }
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => event.isPrimary && drag?.(...place(event)));
  const end = () => {
    drag = null;
  };
  box.addEventListener("pointerup", end);
  box.addEventListener("pointercancel", end);
}

function listenToKeys(box, editor, tell) {
  const action = ({ key, shiftKey }) => {
    const { row, col, radius } = editor.one();
    const step = shiftKey ? 5 : 1;
    if (key in ARROWS) return () => editor.move(row + step * ARROWS[key][0], col + step * ARROWS[key][1]);
    if (key === "+" || key === "-") return () => editor.resize(radius + (key === "+" ? 1 : -1));
    if (key === "Enter" || key === " ") return () => editor.next(shiftKey ? -1 : 1);
    return key === "Delete" || key === "Backspace" ? () => editor.remove() : null;
  };
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    event.stopPropagation();
    const act = action(event);
    if (!act) return;
    event.preventDefault();
    tell();
    act(); // si tiene algo que decir, va después y es lo que se oye
  });
}

/** La escena, donde se arrastra, se agranda y se mueve con las flechas. */
function scenePanel(figure, editor, tell) {
  let painted = null;
  const panel = grid(figure, "Escena", "input");
  const box = panel.el.querySelector(".cf-grid");
  update(box, {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "escena",
    "data-lm-suppress-shortcuts": "true",
    "data-scroll": "none",
  });
  listenToPointer(box, editor, () => painted.owner);
  listenToKeys(box, editor, tell);
  return {
    el: panel.el,
    draw({ scene, state }) {
      painted = scene;
      const { row, col, radius } = editor.one();
      const [top, left] = [row, col].map((v) => Math.max(v - radius, 0));
      const [bottom, right] = [row, col].map((v) => Math.min(v + radius, SIZE));
      const around = { row: top, col: left, rows: bottom - top, cols: right - left };
      const [y, x] = handleOf(editor.one()).map((v) => v - HANDLE / 2);
      const handle = { row: y, col: x, rows: HANDLE, cols: HANDLE };
      panel.draw({
        values: INDICES,
        colour: (i) => scene.colours[i],
        text: false,
        title: `Escena con ${count(state.objects.length, "objeto")}: arrastra uno`,
        name:
          `Escena con ${count(state.objects.length, "objeto")}. Flechas: mover el elegido; más y menos: su ` +
          "tamaño; espacio: elegir el siguiente; suprimir: quitarlo.",
        boxes: [
          { ...around, kind: "chosen" },
          { ...handle, kind: "handle" },
        ],
      });
    },
  };
}

/** Los mandos del objeto elegido y los de la escena. */
function toolsSide(figure, editor) {
  const kind = choices("Objeto", OBJECTS, (value) => editor.change({ kind: value }));
  const size = slider("Tamaño", RADIUS, (radius) => editor.change({ radius }));
  const turn = slider("Giro", { min: 0, max: TURNS - 1 }, (value) => editor.change({ turn: value }));
  const look = () => {
    const { color, look: drawn } = randomObject(Math.random);
    editor.change({ color, look: drawn });
  };
  const fives = Array.from({ length: 25 }, (_, i) => 5 * i - 60);
  const light = slider("Luz lateral", fives, figure.setter("light"));
  const noise = slider("Grano", { min: 0, max: 60 }, figure.setter("noise"));
  const another = () => editor.restart(randomScene(Math.floor(Math.random() * 10000)));
  return {
    el: h(
      "div.cf-side",
      {},
      kind,
      size,
      turn,
      h(
        "div.cf-row.cf-actions",
        {},
        button("Al frente", editor.toFront),
        button("Duplicar", editor.repeat),
        button("Otro color", look),
        button("Quitar", editor.remove),
      ),
      h("hr"),
      light,
      noise,
      h("div.cf-row.cf-actions", {}, button("Añadir objeto", editor.add), button("Otra escena", another)),
    ),
    draw({ state }) {
      const one = editor.one();
      kind.draw(one.kind);
      size.draw(one.radius);
      turn.draw(one.turn);
      light.draw(state.light);
      noise.draw(state.noise);
    },
  };
}

/** Lo que la escena tiene y la red no vio al entrenarse, o nada. */
function unseen({ objects, light, noise }) {
  const [least, most] = SEEN.radius;
  const strange = objects.find(({ radius }) => radius < least || radius > most)?.radius;
  const parts = [
    strange && `un objeto de tamaño ${strange} (vio de ${least} a ${most})`,
    noise > SEEN.noise && `un grano de ${noise} (vio ${SEEN.noise})`,
    Math.abs(light) > SEEN.light && `una luz de ${number(light)} (vio de −${SEEN.light} a ${SEEN.light})`,
  ].filter(Boolean);
  return parts.length ? `Aquí hay algo que la red no vio al entrenarse: ${parts.join("; ")}.` : "";
}

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
function mapPanels(figure) {
  const panels = ["Clases", "Centros", "Flechas"].map((title) => grid(figure, title, "output"));
  const legend = CLASSES.map((name, kind) =>
    h("li.cf-kind", {}, h("i", { style: `--tone: ${palette.classes[kind]}`, "aria-hidden": "true" }), name),
  );
  return {
    el: h(
      "div",
      {},
      h("p.cf-label", {}, "Lo que la red dice de cada píxel"),
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
function wayPanels(figure) {
  const real = objectsPanel(figure, "Verdad");
  const panels = Object.entries(WAYS).map(([name, [title]]) => [name, objectsPanel(figure, title)]);
  return {
    el: h(
      "div",
      {},
      h("p.cf-label", {}, "Los mismos mapas, tres maneras de juntarlos en objetos"),
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
      real.draw(now, scene, truth, own, "Lo que hay.");
      for (const [name, one] of panels) {
        one.el.hidden = !ways[name];
        if (!ways[name]) continue;
        const { found, ap } = ways[name];
        const nothing = "No hay nada que encontrar.";
        const said = truth.classes.length
          ? `Encuentra ${found} de ${truth.classes.length}. AP ${number(ap)}.`
          : nothing;
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
function countsStrip() {
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

/** Lo que impide contestar, y un botón para pedir la red otra vez. */
function networkMessage(brain) {
  const message = warning({ role: "status" });
  const retry = button("Pedirla otra vez", brain.load);
  return {
    el: h("div.cf-row", {}, message, retry),
    draw() {
      const { network, error } = brain.status();
      message.draw(error || (network ? "" : "Cargando la red…"));
      retry.hidden = !error;
    },
  };
}

/** El objeto elegido y lo que cuenta cada manera, para el lector de pantalla. */
function told(figure, editor, brain) {
  const { kind, row, col, radius } = editor.one();
  const { answer } = brain.status();
  const which = `${kind} ${editor.at() + 1} de ${figure.get("objects").length}`;
  const counts = Object.entries(answer?.ways ?? {}).map(
    ([name, { classes }]) => `${WAYS[name][0].toLowerCase()}, ${classes.length}`,
  );
  const there = answer ? ` Verdad, ${answer.scene.truth.classes.length}; ${counts.join("; ")}.` : "";
  return `${which}: fila ${row}, columna ${col}, tamaño ${radius}.${there}`;
}

function compose(figure) {
  const editor = editing(figure);
  const brain = thinking(figure);
  const tell = () => figure.say(() => told(figure, editor, brain));
  const scene = scenePanel(figure, editor, tell);
  const tools = toolsSide(figure, editor);
  const outside = warning();
  const message = networkMessage(brain);
  const counts = countsStrip();
  const maps = mapPanels(figure);
  const ways = wayPanels(figure);
  const goal = challenge("Reto: cuatro objetos o más, y que las tres maneras los encuentren todos");
  const stage = h("div", {}, scene, counts);
  figure.add(h("div.cf-editor", {}, stage, tools), outside, message, maps, ways, goal);
  let known = ["", null];
  return () => {
    const state = figure.state();
    const key = JSON.stringify(state);
    if (key !== known[0]) known = [key, paintedScene(state)];
    const now = { theme: figure.theme, state, scene: known[1], answer: brain.answer(known[1]) };
    maps.el.hidden = !now.answer;
    outside.draw([editor.refused(), unseen(state)].filter(Boolean).join(" "));
    for (const part of [scene, counts, tools, message, maps, ways]) part.draw(now);
    goal.draw(now.answer && judgeCounts(now.answer.scene.truth.classes.length, now.answer.ways));
  };
}

export default {
  hint:
    "Arrastra los objetos, júntalos o tapa unos con otros: la red contesta cada vez, y las tres maneras de " +
    "contar no siempre dicen lo mismo.",
  help:
    "Tabulador: de la escena a los mandos. En la escena, flechas: mover el objeto elegido (con mayúsculas, " +
    "de cinco en cinco); + y −: su tamaño; espacio: elegir el siguiente; suprimir: quitarlo.",
  compose,
};
