// Aumento de datos: una imagen y su máscara, con la misma tirada o con tiradas distintas.
import { agreement, augment, DRAWN, likeness, move, transformation } from "../augmentation.mjs";
import { outline } from "../geometry.mjs";
import { judgeSameClass, judgeSeparateDraws } from "../goals.mjs";
import { mapped, nameOf, shape, sum } from "../math.mjs";
import { signs } from "../pictures.mjs";
import { button, challenge, choices, select, sliders } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { number, perHundred } from "../ui/numbers.mjs";
import { grey, mix } from "../ui/theme.mjs";

const HALF = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];
const FORCES = {
  rotation: ["Giro", [0, 0.02, 0.04, ...HALF.slice(1)].sort((a, b) => a - b)],
  shift: ["Desplazar", HALF],
  zoom: ["Zoom", HALF],
  brightness: ["Brillo", [...HALF, 0.6, 0.8, 1]],
  contrast: ["Contraste", [...HALF, 0.6, 0.8, 1]],
};
const CLASSES = ["surface", "input", "kernel", "output"];
const IMAGES = Object.fromEntries(Object.entries(signs).map(([name, { image }]) => [name, image]));

/** El estado y lo que se deduce de él; `sign` es el dibujo de una clase, si lo que se aumenta es uno. */
function look(figure) {
  const state = figure.state();
  const { image, mask, draws, joint } = state;
  const [ours, theirs] = [0, joint ? 0 : 1].map((i) => transformation(state, draws[i]));
  const made = augment(image, mask, ours, theirs);
  const [rows, cols] = shape(image);
  const differences = mapped(image, (v, r, c) => Math.abs(v - made.image[r][c]));
  const change = sum(differences) / (rows * cols);
  const masked = mask.flat().some(Boolean);
  const moves = state.flip || state.rotation || state.shift || state.zoom;
  return {
    ...{ ...state, ours, theirs, made, agreement: agreement(move(mask, ours, true), made.mask) },
    ...{ theme: figure.theme, rows, cols, change, masked, moves, sign: nameOf(IMAGES, image) },
  };
}

/** Una imagen con el color de cada clase encima. */
function scenePanel(figure, title, role) {
  const panel = grid(figure, title, role);
  return {
    el: panel.el,
    draw({ theme, rows, cols }, image, mask, name) {
      panel.draw({
        values: image,
        colour: (v, r, c) => (mask[r][c] ? mix(grey(v), theme[CLASSES[mask[r][c]]], 0.55) : grey(v)),
        text: false,
        title,
        name: `${title}: imagen de ${rows} por ${cols}. ${name}`,
        outlines: [{ d: outline(mask), kind: "mask" }],
      });
    },
  };
}

/** Lo que le ha hecho una tirada a los píxeles: dónde acaban. */
function movement({ flip, rows, cols, rotation, zoom }, now) {
  const side = (part, size, more, less) => {
    const pixels = number(Math.abs(part * size), 1);
    return pixels !== "0" && `${pixels} ${pixels === "1" ? "píxel" : "píxeles"} ${part > 0 ? more : less}`;
  };
  const degrees = Math.round(360 * rotation);
  const scale = number(1 / (1 + zoom));
  const parts = [
    flip && "volteada",
    side(rows, now.rows, "abajo", "arriba"),
    side(cols, now.cols, "a la derecha", "a la izquierda"),
    degrees && `giro de ${number(degrees)}°`,
    scale !== "1" && `tamaño × ${scale}`,
  ];
  return parts.filter(Boolean).join(", ") || "sin mover";
}

/** Lo que ha salido en cada tirada y lo que acierta la máscara. */
function account() {
  const [image, mask, score] = [h("p"), h("p"), h("p.cf-big", { role: "status" })];
  return {
    els: [image, mask, score],
    text: () => [image, mask, score].map((el) => el.textContent).join(" "),
    draw(now) {
      const { ours, theirs, joint, masked } = now;
      const lit = [
        Math.abs(ours.brightness) > 0.005 &&
          `brillo ${ours.brightness > 0 ? "+" : ""}${number(ours.brightness)}`,
        Math.abs(ours.contrast) > 0.005 && `contraste × ${number(1 + ours.contrast)}`,
      ];
      write(image, `Imagen: ${[movement(ours, now), ...lit.filter(Boolean)].join(", ")}.`);
      mask.hidden = score.hidden = !masked;
      write(mask, joint ? "Máscara: la misma tirada." : `Máscara: ${movement(theirs, now)}.`);
      write(score, `La máscara acierta ${perHundred(now.agreement)} de cada 100 píxeles de objeto.`);
    },
  };
}

function settings(figure, roll) {
  const initial = structuredClone({ image: figure.get("image"), mask: figure.get("mask") });
  const picture = select(
    "Imagen",
    Object.entries(signs).map(([name, { label }]) => [name, label]),
    (name) => {
      if (!name) return figure.set(structuredClone(initial));
      const image = structuredClone(signs[name].image);
      return figure.set({ image, mask: image.map((line) => line.map(() => 0)) });
    },
    "La inicial",
  );
  const flip = choices(
    "Volteo",
    [
      [false, "no"],
      [true, "sí"],
    ],
    figure.setter("flip"),
  );
  const joint = choices(
    "Máscara",
    [
      [true, "misma tirada"],
      [false, "tiradas distintas"],
    ],
    figure.setter("joint"),
  );
  const forces = sliders(FORCES, figure.setter);
  return {
    top: [joint, button("Nueva tirada", roll)],
    els: [picture, flip, ...forces.els],
    draw(now) {
      joint.el.hidden = !now.masked;
      joint.draw(now.joint);
      flip.draw(now.flip);
      picture.draw(now.sign);
      forces.draw(now);
    },
  };
}

/** «¿Sigue siendo…?»: se contesta y se compara con los dos dibujos. */
function classChallenge(figure) {
  let answered = null;
  const text = h("p.cf-label");
  const answer = choices(
    "Tu respuesta",
    [
      ["yes", "sí"],
      ["no", "no"],
    ],
    (value) => {
      answered = { value, draws: JSON.stringify(figure.state()) };
      figure.redraw();
    },
  );
  const goal = challenge(figure, "", [text, answer]);
  figure.onReset(() => {
    answered = null;
  });
  return {
    el: goal.el,
    draw({ sign, made }) {
      goal.el.hidden = !sign;
      if (!sign || answered?.draws !== JSON.stringify(figure.state())) answered = null; // era de otra imagen
      answer.draw(answered?.value);
      if (!sign) return;
      const { image, name, others } = signs[sign];
      const compare = (drawing) => likeness(made.image, drawing);
      const rivals = () => Object.entries(others).map(([rival, drawing]) => [rival, compare(drawing)]);
      write(text, `¿Sigue siendo ${name}?`);
      goal.draw(answered && judgeSameClass(answered.value, [name, compare(image)], rivals()));
    },
  };
}

export default function compose(figure) {
  const before = scenePanel(figure, "Antes", "input");
  const after = scenePanel(figure, "Después", "output");
  const said = account();
  const roll = () => {
    const throwDice = () => DRAWN.map(() => Math.round(200 * Math.random() - 100) / 100);
    figure.set({ draws: [throwDice(), throwDice()] });
    figure.say(() => said.text());
  };
  const controls = settings(figure, roll);
  const question = classChallenge(figure);
  const goal = challenge(figure, "goal");
  const side = h("div.cf-side.cf-steps", {}, controls.top, said.els);
  const stage = h("div.cf-stage.cf-scenes", {}, before, after, side);
  figure.add(stage, h("div.cf-controls", {}, controls.els), question, goal);

  return () => {
    const now = look(figure);
    stage.style.setProperty("--sum", 2 * now.cols);
    stage.style.setProperty("--two", 2 * now.cols);
    for (const part of [said, controls, question]) part.draw(now);
    before.draw(now, now.image, now.mask, now.masked ? "Con su máscara." : "");
    after.draw(now, now.made.image, now.made.mask, said.text());
    goal.el.hidden = !now.masked;
    goal.draw(judgeSeparateDraws(now));
  };
}
