// Pooling: cada ventana se resume en un valor; al mover la imagen se ve qué cambia y qué no.
import { cellFrom, cellOf, clamp } from "../geometry.mjs";
import { judgeStillOutput } from "../goals.mjs";
import { countChanges, pool2d, replaced, shape, shift } from "../math.mjs";
import { button, challenge, choices, group, player } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid, legible, PAINT } from "../ui/grid.mjs";
import { count, dimensions, number, parse, short } from "../ui/numbers.mjs";
import { grey } from "../ui/theme.mjs";

const FARTHEST = 3; // píxeles que se puede mover la imagen
const WRITTEN = 9; // valores de la ventana que se escriben

/** El estado y lo que se deduce de él; `output` y `still` (sin mover) son null si la ventana no cabe. */
function look(figure) {
  const state = figure.state();
  const { image, pool_size: size, stride, mode, shift_rows: down, shift_cols: right } = state;
  const seen = shift(image, down, right);
  const [rows, cols] = shape(seen);
  const pooled = pool2d(seen, { size, stride, mode });
  const output = pooled?.values;
  const still = pool2d(image, { size, stride, mode })?.values;
  const [outRows, outCols] = output ? shape(output) : [1, 1];
  const [row, col] = cellOf(state.position, outRows, outCols);
  return {
    ...{ theme: figure.theme, image, size, stride, mode, down, right, seen, rows, cols, output, still },
    ...{ outRows, outCols, row, col, picked: pooled?.picked },
    scale: Math.max(1, ...image.flat()),
    readable: legible(rows, cols),
  };
}

function inputPanel(figure) {
  const top = Math.max(1, ...figure.get("image").flat());
  let painting = top;
  const pixel = (at) => {
    const { image, shift_rows: down, shift_cols: right } = figure.state();
    return cellFrom(at, down, right, ...shape(image));
  };
  const value = (at) => {
    const cell = pixel(at);
    return cell ? figure.get("image")[cell[0]][cell[1]] : 0;
  };
  const setPixel = (at, to) => {
    const cell = pixel(at);
    if (cell) figure.set({ image: replaced(figure.get("image"), cell, to) });
  };
  const panel = grid(figure, "Entrada", "input", {
    onpoint(at, phase) {
      if (phase !== "drag") painting = value(at) === top ? 0 : top;
      setPixel(at, painting);
    },
    onadjust: (at, by) => setPixel(at, clamp(value(at) + by, 0, top)),
    ontype(at, text) {
      const typed = parse(text.at(-1));
      if (!Number.isNaN(typed)) setPixel(at, Math.min(top, typed));
    },
    describe: (at) => `Fila ${at[0] + 1}, columna ${at[1] + 1}: ${number(value(at))}`,
  });
  return {
    el: panel.el,
    draw({ seen, rows, cols, scale, readable, output, mode, picked, row, col, size, stride }) {
      const window = { row: row * stride, col: col * stride, rows: size, cols: size, kind: "window" };
      const best = output && mode === "max" && readable ? picked.flat() : [];
      panel.draw({
        values: seen,
        colour: (v) => grey(v, scale),
        text: readable,
        title: `Entrada ${dimensions(seen)}`,
        name: output && `Entrada de ${rows} por ${cols}. ${PAINT}`,
        boxes: output ? [...best.map(([r, c]) => ({ row: r, col: c, kind: "picked" })), window] : [],
      });
    },
  };
}

/** La salida, con lo que cambia al mover la imagen, y la de antes de moverla. */
function outputPanels(figure, steps) {
  const panel = grid(figure, "Salida", "output", {
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * look(figure).outCols + c });
    },
    describe: ([r, c]) => `Salida, fila ${r + 1}, columna ${c + 1}: ${number(look(figure).output[r][c])}`,
  });
  const before = grid(figure, "Salida sin mover", "output");
  return {
    els: [panel, before],
    draw({ theme, output, still, outRows, outCols, row, col, scale, readable, down, right }) {
      panel.el.hidden = !output;
      before.el.hidden = !output || !(down || right);
      if (!output) return;
      const now = row * outCols + col;
      const pending = (r, c) => steps.playing() && r * outCols + c > now;
      const changed = output.flatMap((line, r) =>
        line.flatMap((v, c) => (Math.abs(v - still[r][c]) > 1e-9 ? { row: r, col: c, kind: "changed" } : [])),
      );
      panel.setCursor([row, col]);
      panel.draw({
        values: output,
        colour: (v, r, c) => (pending(r, c) ? theme.surface : grey(v, scale)),
        text: readable && ((v, r, c) => (pending(r, c) ? "" : short(v))),
        title: `Salida ${dimensions(output)}`,
        name: `Salida de ${outRows} por ${outCols}. Las flechas mueven la ventana.`,
        boxes: [...changed, { row, col, kind: "here" }],
      });
      before.draw({
        values: still,
        colour: (v) => grey(v, scale),
        text: readable,
        title: "Antes de mover",
        name: "Salida de la imagen sin mover",
      });
      steps.draw(now, outRows * outCols);
    },
  };
}

/** La cuenta de la ventana, lo que cambia al mover la imagen y, si la ventana no cabe, por qué. */
function explanations(figure) {
  const account = h("p.cf-formula", { role: "status" });
  const effect = h("p");
  const message = h("p.cf-message");
  const writeAccount = ({ seen, size, stride, mode, output, row, col }) => {
    const lines = seen.slice(row * stride, row * stride + size);
    const values = lines
      .flatMap((line) => line.slice(col * stride, col * stride + size))
      .map((v) => number(v));
    const list = values.slice(0, WRITTEN).join("; ") + (values.length > WRITTEN ? "…" : "");
    const name = mode === "max" ? "máx" : "promedio";
    account.replaceChildren(`${name}(${list}) = `, h("b", {}, number(output[row][col])));
  };
  const effectOf = ({ down, right, rows, cols, outRows, outCols }, changedInput, changedOutput) => {
    if (!down && !right) return figure.text("move");
    const changes = changedInput === 1 ? "cambia 1 valor" : `cambian ${changedInput} valores`;
    const inside = `${changedOutput} de ${outRows * outCols} en la salida.`;
    return `Al mover la imagen ${changes} de ${rows * cols} en la entrada y ${inside}`;
  };
  return {
    account,
    effect,
    message,
    draw(now) {
      const { output, size, rows, cols } = now;
      message.hidden = Boolean(output);
      account.hidden = effect.hidden = !output;
      if (!output) {
        write(message, figure.text("does_not_fit", { size, rows, cols }));
        return;
      }
      writeAccount(now);
      write(effect, effectOf(now, countChanges(now.image, now.seen), countChanges(now.still, output)));
    },
  };
}

function settings(figure, effect) {
  const restart = { position: 0 };
  const mode = choices(
    "Se queda con",
    [
      ["max", "el máximo"],
      ["average", "el promedio"],
    ],
    figure.setter("mode"),
  );
  const sides = [1, 2, 3, 4];
  const size = choices("Ventana", sides, figure.setter("pool_size", restart));
  const stride = choices("Stride", sides, figure.setter("stride", restart));
  const arrow = (text, label, down, right) => {
    const move = () => {
      const { shift_rows: rows, shift_cols: cols } = figure.state();
      figure.set({
        shift_rows: clamp(rows + down, -FARTHEST, FARTHEST),
        shift_cols: clamp(cols + right, -FARTHEST, FARTHEST),
      });
      figure.say(() => effect.textContent);
    };
    return button(text, move, { "aria-label": label });
  };
  const where = h("output");
  const arrows = h(
    "span.cf-arrows",
    {},
    arrow("←", "Un píxel a la izquierda", 0, -1),
    arrow("↑", "Un píxel hacia arriba", -1, 0),
    arrow("↓", "Un píxel hacia abajo", 1, 0),
    arrow("→", "Un píxel a la derecha", 0, 1),
  );
  const mover = group("Mover la imagen", arrows, where);
  const pixels = (n) => count(Math.abs(n), "píxel", "píxeles");
  return {
    el: h("div.cf-controls", {}, mode, mover, size, stride),
    draw({ down, right, ...now }) {
      mode.draw(now.mode);
      size.draw(now.size);
      stride.draw(now.stride);
      const moved = [
        down && `${pixels(down)} ${down > 0 ? "abajo" : "arriba"}`,
        right && `${pixels(right)} a la ${right > 0 ? "derecha" : "izquierda"}`,
      ];
      write(where, moved.filter(Boolean).join(", ") || "sin mover");
    },
  };
}

export default function compose(figure) {
  const steps = player(figure, "Recorrido de la ventana", "Ventana", figure.setter("position"));
  const input = inputPanel(figure);
  const outputs = outputPanels(figure, steps);
  const said = explanations(figure);
  const controls = settings(figure, said.effect);
  const goal = challenge(figure, "goal");
  const stage = h("div.cf-stage", {}, input, outputs.els);
  figure.add(said.message, stage, said.account, steps, controls, said.effect, goal);

  return () => {
    const now = look(figure);
    for (const part of [input, outputs, said, controls]) part.draw(now);
    steps.el.hidden = !now.output;
    if (!now.output) return;
    stage.style.setProperty("--sum", now.cols + 2 * now.outCols);
    stage.style.setProperty("--two", now.cols + now.outCols);
    goal.draw(judgeStillOutput(countChanges(now.image, now.seen), countChanges(now.still, now.output)));
  };
}
