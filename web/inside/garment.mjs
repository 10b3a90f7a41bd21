// La prenda: se dibuja, se mueve, se elige una muestra o llega de una foto.
import { cellFrom, clamp } from "../geometry.mjs";
import { matrix } from "../math.mjs";
import { brushed, CLASSES, empty, filledIn, SIDE, sample } from "../nn/garments.mjs";
import { button, choices, select, sliders, warning } from "../ui/controls.mjs";
import { h } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { grey } from "../ui/theme.mjs";
import { camera, photoButton } from "./photo.mjs";

export const FARTHEST = 6; // píxeles que se puede mover
const INK = 220;
const SAMPLES = CLASSES.flatMap((name, label) => [0, 1].map((n) => [2 * label + n, `${name} ${n + 1}`]));

/** Cuadrícula en la que se pinta, o se arrastra la prenda. */
function canvasPanel(figure, tool) {
  let start = null;
  const shifts = () => [figure.get("shift_rows"), figure.get("shift_cols")];
  const drag = (at, phase) => {
    if (phase === "down") start = { at, from: shifts() };
    if (phase !== "drag" || !start) return;
    const [down, right] = [0, 1].map((i) => clamp(start.from[i] + at[i] - start.at[i], -FARTHEST, FARTHEST));
    figure.set({ shift_rows: down, shift_cols: right });
  };
  const paint = (at) => {
    const cell = cellFrom(at, ...shifts(), SIDE, SIDE);
    if (cell) figure.set({ image: brushed(figure.get("image"), cell, tool() === "draw" ? INK : 0) });
  };
  const panel = grid(figure, "Prenda", "input", {
    onpoint: (at, phase) => (tool() === "move" ? drag(at, phase) : paint(at)),
    describe: ([r, c]) => `Fila ${r + 1}, columna ${c + 1}`,
  });
  return {
    el: panel.el,
    draw({ pixels, boxes }) {
      panel.draw({
        values: matrix(SIDE, SIDE, (r, c) => pixels[r * SIDE + c]),
        colour: (v) => grey(v, 255),
        text: false,
        title: `Lo que ve la red, ${SIDE} × ${SIDE}`,
        name: `Prenda de ${SIDE} por ${SIDE} píxeles. Dibuja con el dedo, el ratón o la barra espaciadora.`,
        boxes,
      });
    },
  };
}

/** `files` da las muestras cuando han llegado; `boxes`, lo que se marca sobre la prenda. */
export function garmentPanel(figure, files) {
  let tool = "draw";
  const problem = warning({ role: "alert" });
  let [said, about] = ["", null]; // lo que se dice, y la prenda que había
  const show = (image, trouble = "") => {
    [said, about] = [trouble, figure.get("image")];
    if (image) figure.set({ image, shift_rows: 0, shift_cols: 0 });
    else figure.redraw();
  };
  const tools = choices(
    "Con el dedo o el ratón",
    [
      ["draw", "dibujar"],
      ["erase", "borrar"],
      ["move", "arrastrar"],
    ],
    (chosen) => {
      tool = chosen;
      figure.redraw();
    },
  );
  const options = [["empty", "lienzo vacío"], ...SAMPLES];
  let taken = ["", ""]; // la muestra elegida y sus píxeles
  const choose = (chosen) => {
    if (chosen && chosen !== "empty" && !files.samples) {
      return show(null, figure.text("no_samples"));
    }
    const image = chosen && (chosen === "empty" ? empty() : sample(files.samples, Number(chosen)));
    taken = [chosen, String(image)];
    show(image);
  };
  const samples = select("Muestra", options, choose, "elige…");
  const fill = button("Rellenar", () => show(filledIn(figure.get("image"), INK)));
  const canvas = canvasPanel(figure, () => tool);
  const range = { min: -FARTHEST, max: FARTHEST };
  const shifts = sliders(
    { shift_rows: ["Hacia abajo", range], shift_cols: ["A la derecha", range] },
    figure.setter,
  );
  figure.onReset(() => {
    tool = "draw";
  });
  const refuse = (trouble) => show(null, trouble);
  const photo = photoButton(figure, show, refuse);
  const lens = camera(figure, show, refuse);
  return {
    el: h(
      "div.cf-garment",
      {},
      canvas,
      h(
        "div.cf-side",
        {},
        tools,
        samples,
        h("div.cf-row", {}, fill, photo, lens.open),
        lens,
        shifts.els,
        problem,
      ),
    ),
    draw(now) {
      canvas.draw(now);
      tools.draw(tool);
      samples.draw(String(now.image) === taken[1] ? taken[0] : "");
      shifts.draw({ shift_rows: now.down, shift_cols: now.right });
      if (now.image !== about || (files.samples && said === figure.text("no_samples"))) said = "";
      problem.draw(said);
    },
  };
}
