// Un entrenamiento de las dos redes, cada una en su Worker, y lo que se sabe de él.
import { EPOCHS, POINTS, TEST, TRAIN } from "../nn/session.mjs";
import { h } from "../ui/dom.mjs";

const SPRITE = "../vendor/fashion-mnist/garments.png";
const KINDS = ["dense", "cnn"];
const SIDE = 28;

/** Los píxeles de la lámina, prenda a prenda. */
async function readSprite(bytes) {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = bitmap;
  const context = h("canvas", { width, height }).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const across = width / SIDE;
  const images = new Uint8Array((TRAIN + TEST) * SIDE * SIDE);
  if (String([width, height]) !== "1120,840") throw new Error(); // otra lámina
  for (let line = 0; line < (TRAIN + TEST) / across; line++) {
    const { data } = context.getImageData(0, line * SIDE, width, SIDE);
    for (let i = 0; i < across * SIDE * SIDE; i++) {
      const [r, c] = [Math.floor(i / width), i % width];
      const garment = line * across + Math.floor(c / SIDE);
      images[(garment * SIDE + r) * SIDE + (c % SIDE)] = data[4 * i];
    }
    if (line % 8 === 7) await new Promise((done) => setTimeout(done)); // la página respira
  }
  return images;
}

/** El hilo ejecuta este mismo paquete: «course», la función en que lo mete web/build.mjs, sabe su texto. */
function makeWorker() {
  const url = URL.createObjectURL(new Blob([`(${course})().work()`], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

const blank = () => ({ loss: [], accuracy: [], shifted: [], weights: null, finished: false });

/**
 * `job` lleva lo que se sabe: `phase` ("ready", "loading", "running", "paused", "done"), `networks` con las
 * curvas y los pesos de cada red, `drawn` si las prendas son dibujadas, `asked` los estados con que se
 * entrena y `problem` si algo falla.
 */
export function makeJob(figure) {
  let [workers, images, turn] = [[], null, 0];
  const job = { phase: "ready", networks: {}, drawn: false, problem: "" };
  const listen = (kind, { progress, weights, shifted, finished }) => {
    const network = job.networks[kind];
    if (weights) network.weights = weights;
    if (progress) {
      const epoch = (network.loss.length + 1) / POINTS;
      network.loss.push([epoch, progress.loss]);
      network.shifted = []; // lo medido al parar ya no vale
      if (progress.accuracy !== undefined) network.accuracy.push([epoch, progress.accuracy]);
    }
    if (shifted) network.shifted.push(shifted);
    network.finished ||= finished === true;
    if (KINDS.every((one) => job.networks[one].finished)) job.phase = "done";
    figure.redraw();
  };
  const clear = () => {
    turn++;
    for (const worker of workers) worker.terminate();
    workers = [];
    for (const kind of KINDS) job.networks[kind] = blank();
    Object.assign(job, { phase: "ready", problem: "", asked: null });
    figure.redraw();
  };
  const load = async () => {
    if (images) return;
    try {
      images = await readSprite(await figure.file(SPRITE));
    } catch {} // el Worker las dibuja
    job.drawn = !images;
  };
  const tell = (run) => {
    job.phase = run ? "running" : "paused";
    for (const worker of workers) worker.postMessage({ run });
    figure.redraw();
  };
  clear();
  figure.onRemove(clear);
  return {
    job,
    clear,
    async start(settings) {
      const own = ++turn;
      Object.assign(job, { phase: "loading", asked: settings });
      figure.redraw();
      await load();
      if (own !== turn) return; // mientras tanto, alguien ha cambiado algo
      try {
        workers = KINDS.map(makeWorker);
      } catch {
        Object.assign(job, { phase: "ready", problem: figure.text("no_worker") });
        return figure.redraw();
      }
      workers.forEach((worker, i) => {
        worker.onmessage = ({ data }) => listen(KINDS[i], data);
        worker.onerror = () => {
          clear();
          job.problem = figure.text("cut");
        };
        worker.postMessage({ start: { ...settings, kind: KINDS[i], images } });
      });
      tell(true);
    },
    pause: () => tell(false),
    resume: () => tell(true),
  };
}

/** Época en que va la red más atrasada. */
export const epochOf = ({ networks }) =>
  Math.min(EPOCHS, 1 + Math.floor(Math.min(...KINDS.map((kind) => networks[kind].loss.length)) / POINTS));
