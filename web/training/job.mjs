// Un entrenamiento de las dos redes, cada una en su Worker, y lo que se sabe de él.
import { DISTANCES, EPOCHS, POINTS, TEST, TRAIN } from "../nn/session.mjs";
import { h } from "../ui/dom.mjs";
import { percent } from "../ui/numbers.mjs";

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
      if (progress.accuracy !== undefined) {
        network.accuracy.push([epoch, progress.accuracy]);
        network.score = progress.accuracy;
      }
    }
    if (shifted) {
      if (!shifted[0]) network.shifted = []; // empieza a medir, quizá otra vez
      network.shifted.push(shifted);
      network.score = network.shifted[0][1]; // al parar se mide otra vez, sin mover
    }
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

/** Qué pasa ahora, en una frase. Una red puede ir por delante de la otra. */
export function statusOf(figure, { phase, networks }) {
  if (phase === "ready" || phase === "loading") return figure.text(phase);
  const kinds = KINDS.map((kind) => networks[kind]);
  const [dense, cnn] = kinds.map(({ loss }) => Math.min(EPOCHS, 1 + Math.floor(loss.length / POINTS)));
  const where = figure.text(dense === cnn ? "epoch" : "epochs", { dense, cnn, all: EPOCHS });
  if (phase === "running") return where;
  if (kinds.some(({ shifted }) => shifted.length < DISTANCES.length)) {
    return `${where} ${figure.text("measuring")}`;
  }
  const [a, b, c, d] = kinds.flatMap(({ shifted }) =>
    [shifted[0], shifted.at(-1)].map(([, v]) => percent(v)),
  );
  return `${where} ${figure.text("moved", { a, b, c, d, distance: DISTANCES.at(-1) })}`;
}
