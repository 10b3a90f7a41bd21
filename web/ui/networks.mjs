// Las redes que una figura pide aparte: cada una se baja y se comprueba una vez por página.
import { readNetwork } from "../nn/network.mjs";

const PATIENCE = 20000; // ms que se espera al kernel
const known = new Map();

/** Los bytes de un archivo del curso: los trae la página o, en un cuaderno, los manda el kernel. */
function loadBytes(model, name) {
  if (model.load) return model.load(name);
  return new Promise((done, fail) => {
    const finish = (settle, value) => {
      clearTimeout(timer);
      model.off("msg:custom", listen);
      settle(value);
    };
    const silent = new Error("El cuaderno no ha mandado la red: vuelve a ejecutar la celda.");
    const timer = setTimeout(() => finish(fail, silent), PATIENCE);
    const listen = ({ file }, [view]) =>
      file === name && finish(done, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    model.on("msg:custom", listen);
    model.send({ load: name });
  });
}

async function load(model, name) {
  let bytes;
  try {
    bytes = await loadBytes(model, name);
  } catch (error) {
    console.warn(`${name}:`, error);
    throw new Error("No ha llegado la red que contesta en esta figura. La escena se puede editar igual.");
  }
  return readNetwork(bytes);
}

/** Una red, comprobada; si no llega o está cambiada, un error en español. Otro intento la vuelve a pedir. */
export function loadNetwork({ model }, name) {
  if (!known.has(name)) {
    const arriving = load(model, name);
    known.set(name, arriving);
    arriving.catch(() => known.delete(name));
  }
  return known.get(name);
}
