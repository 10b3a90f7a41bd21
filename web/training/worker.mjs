// El entrenamiento en su hilo. Recibe {start}, {run: sí o no} y avisa a cada trozo; al parar, mide la prueba
// desplazada.
import { DISTANCES, makeSession, TEST, TRAIN } from "../nn/session.mjs";
import { silhouettes } from "../nn/silhouettes.mjs";

let [session, running, pending] = [null, false, []];
let waiting = false;

function turn() {
  waiting = false;
  if (running) {
    const progress = session.advance();
    if (session.finished()) stop();
    postMessage({ progress, weights: session.firstWeights(), finished: session.finished() });
  } else if (pending.length) {
    const distance = pending.shift();
    postMessage({ shifted: [distance, session.shifted(distance)] });
  }
  schedule();
}

/** El siguiente trozo, después de atender lo que haya llegado. */
function schedule() {
  if (waiting || !(running || pending.length)) return;
  waiting = true;
  setTimeout(turn);
}

function stop() {
  running = false;
  pending = [...DISTANCES];
}

/** Atiende a la página: lo único que ejecuta el hilo de un entrenamiento. */
export const work = () => (self.onmessage = receive);

function receive({ data: { start, run } }) {
  if (start) {
    session = makeSession({ ...start, images: start.images ?? silhouettes(TRAIN + TEST, 0) });
    postMessage({ weights: session.firstWeights() });
  }
  if (run && !session.finished()) [running, pending] = [true, []];
  else if (running) stop();
  schedule();
}
