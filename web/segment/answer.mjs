// Lo que la red dice de una escena, y los objetos que salen de ella de tres maneras.
import { connectedInstances, pixelMaps, votedInstances, watershedInstances } from "../grouping.mjs";
import { predict } from "../nn/network.mjs";
import { CLASSES, FIRST_OBJECT, paintScene, SIZE } from "../scene.mjs";
import { scoreObjects } from "../segmentation.mjs";
import { loadNetwork } from "../ui/files.mjs";
import { grey } from "../ui/theme.mjs";

const FILE = "unet.bin";
const SLOW = 80; // ms: si la red tarda más, espera a que el arrastre pare
export const WAYS = {
  components: ["Componentes", connectedInstances],
  watershed: ["Cuenca", watershedInstances],
  votes: ["Votos", votedInstances],
};

/** Una imagen plana, en filas. */
function rowsOf(values) {
  return Array.from({ length: SIZE }, (_, r) => Array.from(values.subarray(r * SIZE, (r + 1) * SIZE)));
}

/** El número de cada píxel, en filas. */
export const INDICES = rowsOf(Uint16Array.from({ length: SIZE * SIZE }, (_, i) => i));

/** Los píxeles de una escena, en rojo, verde y azul, y en gris. */
function coloursOf(image) {
  const colours = Array.from({ length: SIZE * SIZE }, (_, i) => image.subarray(3 * i, 3 * i + 3));
  return { colours, greys: colours.map(([r, g, b]) => grey(0.2126 * r + 0.7152 * g + 0.0722 * b, 255)) };
}

/** La escena pintada con los colores que hacen falta, y lo que hay en ella. */
export function paintedScene(state) {
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
export function thinking(figure) {
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
