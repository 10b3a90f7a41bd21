// La escena que se edita: se arrastra, se agranda y se mueve con las flechas; y los mandos de lo elegido.
import { clamp } from "../geometry.mjs";
import { OBJECTS, randomObject, randomScene, SEEN, SIZE, TURNS } from "../scene.mjs";
import { button, choices, slider } from "../ui/controls.mjs";
import { h, update } from "../ui/dom.mjs";
import { active, grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import { INDICES } from "./answer.mjs";

const [RADIUS, MOST] = [{ min: 4, max: 20 }, 9];
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const [MOUSE, FINGER] = [9, 18]; // píxeles de pantalla alrededor del tirador en los que se le agarra
const HANDLE = 2.4; // lado del tirador, en píxeles de la escena

/** El objeto elegido y los cambios que admite la escena. `chosen` no es un estado: no le importa a Python. */
export function editing(figure) {
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
    else refuse(figure.text("full", { most: MOST }));
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
      else refuse(figure.text("last"));
    },
    restart(state) {
      choose(0);
      figure.set(state);
    },
  };
}

/** El centro del tirador: la esquina del marco, sin salirse de la escena. */
const handleOf = ({ row, col, radius }) => [row, col].map((v) => Math.min(v + radius, SIZE - HANDLE / 2));

/**
 * Arrastrar un objeto, o su tirador, que cambia el tamaño, hasta que otra mano o una tecla lo cambien.
 * `owner()` es el objeto de cada píxel.
 */
function listenToPointer(box, editor, owner) {
  let [drag, held] = [null, ""];
  const now = () => JSON.stringify(editor.one());
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
    held = now();
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    if (!drag || !event.isPrimary) return;
    if (held !== now()) return end(); // lo elegido ya es otro
    drag(...place(event));
    held = now();
  });
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
export function scenePanel(figure, editor, tell) {
  let painted = null;
  const panel = grid(figure, "Escena", "input");
  const box = panel.el.querySelector(".cf-grid");
  update(box, { ...active("escena"), "data-scroll": "none" });
  listenToKeys(box, editor, tell);
  listenToPointer(box, editor, () => painted.owner);
  return {
    el: panel.el,
    draw({ scene, state }) {
      painted = scene;
      const { row, col, radius } = editor.one();
      const [all, seen] = [state.objects.length, scene.truth.classes.length];
      const there = `Escena con ${count(all, "objeto")}${seen < all ? `, ${seen} a la vista` : ""}`;
      const [top, left] = [row, col].map((v) => Math.max(v - radius, 0));
      const [bottom, right] = [row, col].map((v) => Math.min(v + radius, SIZE));
      const around = { row: top, col: left, rows: bottom - top, cols: right - left };
      const [y, x] = handleOf(editor.one()).map((v) => v - HANDLE / 2);
      const handle = { row: y, col: x, rows: HANDLE, cols: HANDLE };
      panel.draw({
        values: INDICES,
        colour: (i) => scene.colours[i],
        text: false,
        title: `${there}: arrastra uno`,
        name:
          `${there}. Flechas: mover el elegido; más y menos: su tamaño; espacio: elegir el siguiente; ` +
          "suprimir: quitarlo.",
        boxes: [
          { ...around, kind: "chosen" },
          { ...handle, kind: "handle" },
        ],
      });
    },
  };
}

/** Los mandos del objeto elegido y los de la escena. */
export function toolsSide(figure, editor) {
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
export function unseen({ text }, { objects, light, noise }) {
  const [least, most] = SEEN.radius;
  const strange = objects.find(({ radius }) => radius < least || radius > most)?.radius;
  const parts = [
    strange && text("unseen_size", { strange, least, most }),
    noise > SEEN.noise && text("unseen_noise", { noise, seen: SEEN.noise }),
    Math.abs(light) > SEEN.light && text("unseen_light", { light: number(light), most: SEEN.light }),
  ].filter(Boolean);
  return parts.length ? text("unseen", { parts: parts.join("; ") }) : "";
}
