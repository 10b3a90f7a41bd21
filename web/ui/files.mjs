// Los archivos de una figura (redes, imágenes), que llegan cuando hacen falta: en la página los sirve el
// sitio; en un cuaderno, donde el resultado puede estar en un marco aislado, los manda Python.
import { readNetwork } from "../nn/network.mjs";

const PATIENCE = 20000; // milisegundos que se espera al núcleo

/** Pide a Python un archivo por el canal del widget. */
function ask(model, name) {
  if (!model.send) throw new Error("aquí no hay quien lo mande.");
  return new Promise((resolve, reject) => {
    const finish = (settle, value) => {
      clearTimeout(timer);
      model.off("msg:custom", receive);
      settle(value);
    };
    const receive = ({ file }, [data]) => {
      if (file === name)
        finish(resolve, new Uint8Array(data.buffer ?? data, data.byteOffset, data.byteLength));
    };
    const late = () => finish(reject, new Error("el núcleo no responde; ejecuta otra vez la celda."));
    const timer = setTimeout(late, PATIENCE);
    model.on("msg:custom", receive);
    model.send({ file: name });
  });
}

/** Los bytes de un archivo, o un error que dice cuál no ha llegado y por qué. */
export async function readFile(model, name) {
  try {
    return new Uint8Array(await (model.file?.(name) ?? ask(model, name)));
  } catch (error) {
    const lost = error instanceof TypeError; // lo que da fetch sin red, en inglés
    const why = lost ? "no hay conexión o el servidor no contesta." : error.message;
    throw new Error(`No ha llegado ${name}: ${why}`);
  }
}

const networks = new Map(); // las leídas: cada una se pide una vez por página

/** La red de un archivo, que mira imágenes `shape` y cumple `fits`; si falla, se puede volver a pedir. */
export async function loadNetwork(figure, name, shape, fits = () => true) {
  if (!networks.has(name)) networks.set(name, figure.file(name).then(readNetwork));
  try {
    const network = await networks.get(name);
    if (String(network.reference.shape) === String(shape) && fits(network)) return network;
    throw new Error(`En ${name} ha llegado otra red: recarga la página.`);
  } catch (error) {
    networks.delete(name);
    if (error.constructor === Error) throw error;
    throw new Error(`En ${name} no ha llegado una red del curso: recarga la página.`);
  }
}
