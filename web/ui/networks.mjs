// Las redes que una figura pide: cada una se baja y se comprueba una vez por página.
import { readNetwork } from "../nn/network.mjs";

const known = new Map();

async function load(figure, name) {
  let bytes;
  try {
    bytes = await figure.file(name);
  } catch (error) {
    console.warn(error.message); // puede venir del navegador, y no en español
    throw new Error("No ha llegado la red que contesta en esta figura.");
  }
  return readNetwork(bytes);
}

/** Una red, comprobada; si no llega o está cambiada, un error en español. Otro intento la vuelve a pedir. */
export function loadNetwork(figure, name) {
  if (!known.has(name)) {
    const arriving = load(figure, name);
    known.set(name, arriving);
    arriving.catch(() => known.delete(name));
  }
  return known.get(name);
}
