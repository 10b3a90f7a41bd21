// La CNN por dentro: la red del curso, ejecutándose sobre lo que se dibuja, al lado de una densa.
import { chancesPanel, NETWORKS } from "../inside/chances.mjs";
import { garmentPanel } from "../inside/garment.mjs";
import { layerMaps, layerNames, layerStrip } from "../inside/layers.mjs";
import { occlusionPanel, shiftPanel } from "../inside/probes.mjs";
import { placeOf, tracePanel } from "../inside/trace.mjs";
import { softmax } from "../nn/basics.mjs";
import { CLASSES, moved, SIDE } from "../nn/garments.mjs";
import { run } from "../nn/network.mjs";
import { arrival, choices } from "../ui/controls.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { loadNetwork } from "../ui/files.mjs";
import { number } from "../ui/numbers.mjs";

const SHAPE = [SIDE, SIDE, 1];
const VIEWS = [
  ["layers", "por dentro"],
  ["occlusion", "tapar"],
  ["shift", "mover"],
];

const LAYERS = { cnn: 20, dense: 6 }; // con otras, es otra red

/** Pide las redes y las muestras; `files` lleva lo que ha llegado y, si algo falla, `problem`. */
function fetchFiles(figure) {
  const files = { networks: null, samples: null, problem: "" };
  let removed = false;
  figure.onRemove(() => {
    removed = true;
  });
  const start = async () => {
    files.problem = "";
    try {
      const asked = Object.keys(NETWORKS).map((key) =>
        loadNetwork(figure, `${key}.bin`, SHAPE, ({ layers }) => layers.length === LAYERS[key]),
      );
      const [samples, ...networks] = await Promise.all([figure.file("garments.bin"), ...asked]);
      if (samples.length !== 2 * CLASSES.length * SIDE * SIDE) {
        throw new Error(figure.text("cut"));
      }
      Object.assign(files, { samples, networks: { cnn: networks[0], dense: networks[1] } });
    } catch (error) {
      files.problem = error.message;
    }
    if (!removed) figure.redraw();
  };
  start();
  return { files, start };
}

/** Probabilidades de una red con unos píxeles. */
const chancesOf = (network, pixels) => softmax(run(network, pixels, SHAPE).at(-1).values);

/** El estado y lo que responden las redes; se calcula otra vez solo si cambia la prenda o su sitio. */
function makeLook(figure, files) {
  let [last, found] = [{}, null];
  let [rested, atRest] = [null, null];
  const rest = (image) => {
    if (rested !== image) {
      rested = image;
      atRest = {};
      for (const key in NETWORKS) atRest[key] = chancesOf(files.networks[key], moved(image, 0, 0));
    }
    return atRest;
  };
  const answer = (image, down, right) => {
    if (last.image === image && last.down === down && last.right === right) return found;
    last = { image, down, right };
    const pixels = moved(image, down, right);
    const outputs = run(files.networks.cnn, pixels, SHAPE);
    const chances = { cnn: softmax(outputs.at(-1).values), dense: chancesOf(files.networks.dense, pixels) };
    found = { pixels, outputs, chances, atRest: rest(image), key: {}, imageKey: image };
    return found;
  };
  return () => {
    const { image, shift_rows: down, shift_cols: right, ...state } = figure.state();
    const common = { ...state, image, down, right, theme: figure.theme };
    const ready = files.networks !== null;
    if (!ready) return { ...common, ready, pixels: moved(image, down, right) };
    const network = files.networks.cnn;
    const names = layerNames(network.layers);
    return { ...common, ready, network, names, ...answer(image, down, right) };
  };
}

/** Lo que hay que saber de las redes, con lo que midió quien las entrenó. */
function measuredNote(figure) {
  const el = h("p.cf-label");
  return {
    el,
    draw(files) {
      if (!files.networks || el.textContent) return;
      const { cnn, dense } = files.networks;
      const part = (value) => `${number(100 * value, 1)} %`;
      const values = {
        silhouettes: cnn.notes.silhouettes,
        cnn: part(cnn.notes.test),
        dense: part(dense.notes.test),
        cnnDrawn: part(cnn.notes.drawn),
        denseDrawn: part(dense.notes.drawn),
      };
      write(el, figure.text("measured", values));
    },
  };
}

export default function compose(figure) {
  const { files, start } = fetchFiles(figure);
  const look = makeLook(figure, files);
  const ask = (key, pixels) => chancesOf(files.networks[key], pixels);
  const loading = arrival(start);
  const garment = garmentPanel(figure, files);
  const chances = chancesPanel();
  const strip = layerStrip(figure);
  const view = choices("Mirar", VIEWS, figure.setter("view"));
  const maps = layerMaps(figure);
  const trace = tracePanel(figure, look);
  const inside = h("div.cf-inside", {}, strip, h("div.cf-inspect", {}, maps, trace));
  const occlusion = occlusionPanel(figure, ask);
  const shift = shiftPanel(figure, ask);
  const note = measuredNote(figure);
  figure.add(loading, h("div.cf-top", {}, garment, chances), view, inside, occlusion, shift, note);

  return () => {
    const now = look();
    update(inside.closest(".cf"), { "aria-busy": String(!now.ready && !files.problem) });
    loading.draw(files.problem, files.networks ? "" : figure.text("loading"));
    const shown = (name) => now.ready && now.view === name;
    garment.draw({ ...now, boxes: shown("occlusion") ? [occlusion.box()] : [] });
    chances.draw(now);
    view.draw(now.view);
    view.el.hidden = !now.ready;
    inside.hidden = !shown("layers");
    occlusion.el.hidden = !shown("occlusion");
    shift.el.hidden = !shown("shift");
    note.draw(files);
    if (shown("layers")) {
      strip.draw(now);
      maps.draw({ ...now, channel: placeOf(now).channel });
      trace.draw(now);
    }
    if (shown("occlusion")) occlusion.draw(now);
    if (shown("shift")) shift.draw(now);
  };
}
