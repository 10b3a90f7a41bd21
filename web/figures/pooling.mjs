// Pooling: cada ventana se resume en un valor; al mover la imagen se ve qué cambia y qué no.
import { judgeStillOutput } from "../goals.mjs";
import { countChanges, pool2d, replaced, shape, shift } from "../math.mjs";
import { button, challenge, choices, player } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number, parse, short } from "../ui/numbers.mjs";
import { grey } from "../ui/theme.mjs";

const FARTHEST = 3; // píxeles que se puede mover la imagen

function compose(figure) {
  const top = Math.max(1, ...figure.get("image").flat());
  let painting = top;
  const moved = () => [figure.get("shift_rows"), figure.get("shift_cols")];
  const original = ([row, col]) => {
    const [dr, dc] = moved();
    const [rows, cols] = shape(figure.get("image"));
    const cell = [row - dr, col - dc];
    return cell[0] >= 0 && cell[0] < rows && cell[1] >= 0 && cell[1] < cols ? cell : null;
  };
  const setPixel = (cell, value) => figure.set({ image: replaced(figure.get("image"), cell, value) });
  const value = (at) => {
    const cell = original(at);
    return cell ? figure.get("image")[cell[0]][cell[1]] : 0;
  };
  const input = grid(figure, {
    label: "Entrada",
    role: "input",
    onpoint(at, phase) {
      if (phase !== "drag") painting = value(at) === top ? 0 : top;
      const cell = original(at);
      if (cell) setPixel(cell, painting);
    },
    onadjust(at, by) {
      const cell = original(at);
      if (cell) setPixel(cell, Math.min(top, Math.max(0, value(at) + by)));
    },
    ontype(at, text) {
      const cell = original(at);
      const typed = parse(text.at(-1));
      if (cell && !Number.isNaN(typed)) setPixel(cell, Math.min(top, typed));
    },
    describe: (at) => `Fila ${at[0] + 1}, columna ${at[1] + 1}: ${number(value(at))}`,
  });
  let shown = null;
  const output = grid(figure, {
    label: "Salida",
    role: "output",
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * shown.values[0].length + c });
    },
    describe: ([r, c]) => `Salida, fila ${r + 1}, columna ${c + 1}: ${number(shown.values[r][c])}`,
  });
  const before = grid(figure, { label: "Salida sin mover", role: "output" });
  const steps = player(figure, {
    label: "Recorrido de la ventana",
    onstep: (position) => figure.set({ position }),
  });
  const sentence = h("p", { class: "cf-formula", role: "status" });
  const effect = h("p", {});
  const message = h("p", { class: "cf-message" });
  const set = (name) => (v) => figure.set({ [name]: v, position: 0 });
  const mode = choices({
    label: "Se queda con",
    options: [
      ["max", "el máximo"],
      ["average", "el promedio"],
    ],
    onchange: (v) => figure.set({ mode: v }),
  });
  const size = choices({
    label: "Ventana",
    options: [
      [1, "1"],
      [2, "2"],
      [3, "3"],
      [4, "4"],
    ],
    onchange: set("pool_size"),
  });
  const stride = choices({
    label: "Stride",
    options: [
      [1, "1"],
      [2, "2"],
      [3, "3"],
      [4, "4"],
    ],
    onchange: set("stride"),
  });
  const limit = (v) => Math.min(FARTHEST, Math.max(-FARTHEST, v));
  const arrow = (text, label, dr, dc) =>
    button(
      text,
      () => {
        const [rows, cols] = moved();
        figure.set({ shift_rows: limit(rows + dr), shift_cols: limit(cols + dc) });
        figure.say(() => effect.textContent);
      },
      { "aria-label": label },
    );
  const where = h("output", {});
  const arrows = h(
    "div",
    { class: "cf-choices", role: "group", "aria-label": "Mover la imagen" },
    h("span", { class: "cf-label", "aria-hidden": "true" }, "Mover la imagen"),
    h(
      "span",
      { class: "cf-arrows" },
      arrow("←", "Un píxel a la izquierda", 0, -1),
      arrow("↑", "Un píxel hacia arriba", -1, 0),
      arrow("↓", "Un píxel hacia abajo", 1, 0),
      arrow("→", "Un píxel a la derecha", 0, 1),
    ),
    where,
  );
  const goal = challenge({ label: "Reto: mueve la imagen un píxel sin que cambie la salida" });
  figure.onReset(() => steps.pause());
  const stage = h("div", { class: "cf-stage" }, input.el, output.el, before.el);
  figure.add(
    message,
    stage,
    sentence,
    steps.el,
    h("div", { class: "cf-controls" }, mode.el, arrows, size.el, stride.el),
    effect,
    goal.el,
  );

  return () => {
    const { theme } = figure;
    const {
      image,
      pool_size: k,
      stride: s,
      mode: how,
      position,
      shift_rows: dr,
      shift_cols: dc,
    } = figure.state();
    const seen = shift(image, dr, dc);
    const [rows, cols] = shape(seen);
    const options = { size: k, stride: s, mode: how };
    const still = pool2d(image, options);
    shown = pool2d(seen, options);
    message.hidden = Boolean(shown);
    [output.el, before.el, steps.el, sentence, effect].forEach((el) => (el.hidden = !shown));
    mode.draw(how);
    size.draw(k);
    stride.draw(s);
    write(
      where,
      [
        dr && `${count(Math.abs(dr), "píxel", "píxeles")} ${dr > 0 ? "abajo" : "arriba"}`,
        dc && `${count(Math.abs(dc), "píxel", "píxeles")} a la ${dc > 0 ? "derecha" : "izquierda"}`,
      ]
        .filter(Boolean)
        .join(", ") || "sin mover",
    );
    const scale = Math.max(1, ...image.flat());
    const legible = Math.max(rows, cols) <= 12;
    if (!shown) {
      write(message, `La ventana abarca ${k} × ${k} píxeles y la entrada solo tiene ${rows} × ${cols}.`);
      input.draw({
        rows,
        cols,
        title: `Entrada ${rows} × ${cols}`,
        fill: (r, c) => grey(seen[r][c], scale),
        text: legible ? (r, c) => short(seen[r][c]) : null,
      });
      return;
    }
    const [outRows, outCols] = shape(shown.values);
    const now = Math.min(position, outRows * outCols - 1);
    const [r0, c0] = [Math.floor(now / outCols), now % outCols];
    stage.style.setProperty("--sum", cols + 2 * outCols);
    stage.style.setProperty("--two", cols + outCols);
    const differs = (r, c) => Math.abs(shown.values[r][c] - still.values[r][c]) > 1e-9;
    const picked =
      how === "max" ? shown.picked.flat().map(([row, col]) => ({ row, col, kind: "picked" })) : [];
    input.draw({
      rows,
      cols,
      title: `Entrada ${rows} × ${cols}`,
      name: `Entrada de ${rows} por ${cols}. Pinta con el dedo, el ratón o la barra espaciadora.`,
      fill: (r, c) => grey(seen[r][c], scale),
      text: legible ? (r, c) => short(seen[r][c]) : null,
      boxes: [...(legible ? picked : []), { row: r0 * s, col: c0 * s, rows: k, cols: k, kind: "window" }],
    });
    const fill = (map) => (r, c) => grey(map.values[r][c], scale);
    const text = (map) => (legible ? (r, c) => short(map.values[r][c]) : null);
    output.setCursor([r0, c0]);
    const hidden = (r, c) => steps.playing() && r * outCols + c > now;
    output.draw({
      rows: outRows,
      cols: outCols,
      title: `Salida ${outRows} × ${outCols}`,
      name: `Salida de ${outRows} por ${outCols}. Las flechas mueven la ventana.`,
      fill: (r, c) => (hidden(r, c) ? theme.surface : fill(shown)(r, c)),
      text: legible ? (r, c) => (hidden(r, c) ? "" : short(shown.values[r][c])) : null,
      boxes: [
        ...shown.values.flatMap((line, r) =>
          line.flatMap((_, c) => (differs(r, c) ? [{ row: r, col: c, kind: "changed" }] : [])),
        ),
        { row: r0, col: c0, kind: "here" },
      ],
    });
    const isMoved = Boolean(dr || dc);
    before.el.hidden = !isMoved;
    before.draw({
      rows: outRows,
      cols: outCols,
      title: "Antes de mover",
      name: "Salida de la imagen sin mover",
      fill: fill(still),
      text: text(still),
    });
    const inside = seen
      .slice(r0 * s, r0 * s + k)
      .flatMap((line) => line.slice(c0 * s, c0 * s + k))
      .map((v) => number(v));
    const list = inside.length > 9 ? `${inside.slice(0, 9).join("; ")}…` : inside.join("; ");
    sentence.replaceChildren(
      how === "max" ? `máx(${list}) = ` : `promedio(${list}) = `,
      h("b", {}, number(shown.values[r0][c0])),
    );
    const changedInput = countChanges(image, seen);
    const changedOutput = countChanges(still.values, shown.values);
    write(
      effect,
      isMoved
        ? `Al mover la imagen ${changedInput === 1 ? "cambia 1 valor" : `cambian ${changedInput} valores`} de ${rows * cols} en la entrada y ${changedOutput} de ${outRows * outCols} en la salida.`
        : "Mueve la imagen y mira qué valores de la salida cambian.",
    );
    goal.draw(judgeStillOutput(changedInput, changedOutput));
    steps.draw(now, outRows * outCols, `Ventana ${now + 1} de ${outRows * outCols}`);
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Pooling",
        hint: "Cada ventana de la entrada se resume en un valor de la salida. Pinta, cambia la ventana o mueve la imagen.",
        help: "Tabulador: de una cuadrícula a otra. Flechas: mover el cursor o la ventana. Espacio: pintar o borrar; + y −, o una cifra: cambiar el valor.",
        names: ["image", "mode", "pool_size", "stride", "position", "shift_rows", "shift_cols"],
      },
      compose,
    ),
};
